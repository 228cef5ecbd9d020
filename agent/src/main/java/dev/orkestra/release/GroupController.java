package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.WatchListener;
import dev.orkestra.cluster.WorkQueue;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns ApplicationGroups into staged charts and Workflows, and their status back. All state is in the cluster: it can
 * be ended and started at any moment, and goes on from what it finds.
 *
 * <p>Whatever happens to a group, its Workflows or its HelmReleases makes the group looked at; looks at one group never
 * overlap.
 */
public final class GroupController implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GroupController.class);
    private static final int PARALLELISM = 4;
    /**
     * How late the group's status may tell of its releases: they change several times a second while a Workflow runs,
     * and nothing waits for the copy.
     */
    private static final Duration MIRRORED = Duration.ofSeconds(1);

    private final Cluster agentCluster;
    private final ChartStore charts;
    private final GroupSettings settings;
    private final InstantSource clock;
    private final ReleaseSeal seal;
    private final GroupSubmission submission;
    private final GroupProgress progress;
    private final GroupRemoval removal;
    private final List<AutoCloseable> open = new ArrayList<>();

    /**
     * @param agentCluster the cluster with the agent's own rights
     * @param identities in whose name namespaces are made, Secrets read and HelmReleases removed
     * @param seal marks the HelmReleases that are planned
     */
    public GroupController(
            Cluster agentCluster,
            Identities identities,
            ChartStore charts,
            GroupSettings settings,
            ReleaseSeal seal,
            InstantSource clock) {
        GroupTools tools = new GroupTools(identities, charts, settings, seal);
        this.agentCluster = agentCluster;
        this.charts = charts;
        this.settings = settings;
        this.seal = seal;
        this.clock = clock;
        this.submission = new GroupSubmission(tools);
        this.progress = new GroupProgress(new GroupRemediation(tools));
        this.removal = new GroupRemoval(tools);
    }

    /**
     * Opens the watches and begins.
     *
     * @throws ClusterException MISSING_KIND when a CRD is not there; nothing is open then
     */
    public void start() {
        GroupCluster cluster = new GroupCluster(agentCluster, settings);
        WorkQueue<String> queue = WorkQueue.start("groups", PARALLELISM, name -> look(cluster, name));
        open.add(queue);
        submission.wake(queue::add);
        open.add(submission);
        String ours = GroupNames.HERITAGE + "=" + GroupNames.HERITAGE_VALUE;
        open.add(agentCluster.watch(cluster.groups(), "", "", (_, group) -> queue.add(name(group))));
        open.add(agentCluster.watch(
                cluster.workflows(),
                settings.namespace(),
                ours,
                (change, workflow) -> owner(workflow).ifPresent(group -> {
                    if (change == WatchListener.Change.DELETED || decides(workflow)) {
                        queue.add(group);
                    } else {
                        queue.addAfter(group, MIRRORED);
                    }
                })));
        open.add(agentCluster.watch(
                cluster.releases(),
                "",
                ours,
                (_, release) -> owner(release).ifPresent(group -> queue.addAfter(group, MIRRORED))));
    }

    /** Ends the watches; a look that goes on is let finish. */
    @Override
    public void close() {
        for (AutoCloseable each : open.reversed()) {
            try {
                each.close();
            } catch (Exception e) {
                LOG.atWarn().setCause(e).log("a watch or queue did not close");
            }
        }
        open.clear();
    }

    private Optional<Duration> look(GroupCluster cluster, String name) throws IOException, InterruptedException {
        try {
            return lookOnce(cluster, name);
        } catch (ClusterException e) {
            // Somebody else wrote in between, or the server is away: what there is now decides anew.
            if (e.reason() == ClusterException.Reason.STALE || e.reason() == ClusterException.Reason.ALREADY_EXISTS) {
                return Optional.of(Duration.ofMillis(200));
            }
            throw e;
        }
    }

    private Optional<Duration> lookOnce(GroupCluster cluster, String name) throws IOException, InterruptedException {
        Optional<ObjectNode> found = cluster.group(name);
        if (found.isEmpty()) {
            letWorkflowsGo(cluster, name);
            submission.forget(name);
            charts.forget(name);
            return Optional.empty();
        }
        if (found.get().path("metadata").has("deletionTimestamp")) {
            // Let go after the look, and only what was dying before it: a reverse Workflow that somebody deletes ends
            // the wait for it, so the look must have seen that.
            List<ObjectNode> dying = dyingWorkflows(cluster, name);
            submission.leaving(name);
            Optional<Duration> again = removal.look(new GroupPass(cluster, seal, found.get(), clock.instant()));
            dying.forEach(cluster::releaseWorkflow);
            return again;
        }
        letWorkflowsGo(cluster, name);
        GroupPass pass = new GroupPass(cluster, seal, cluster.withFinalizer(found.get()), clock.instant());
        if (GroupStatus.observedGeneration(pass.group()) != pass.generation()) {
            return submission.look(pass);
        }
        Optional<ObjectNode> forward = pass.workflow(WorkflowType.FORWARD);
        if (forward.isPresent()) {
            submission.restage(pass, forward.get());
            return progress.look(pass, forward.get());
        }
        String reason = GroupStatus.readyReason(pass.group());
        boolean unfinished = reason.isEmpty() || reason.equals(GroupStatus.PROGRESSING);
        // A Workflow that somebody removed before its end is submitted again.
        return unfinished || GroupStatus.LOOKED_AT_AGAIN.contains(reason) ? submission.look(pass) : Optional.empty();
    }

    private static void letWorkflowsGo(GroupCluster cluster, String group) {
        dyingWorkflows(cluster, group).forEach(cluster::releaseWorkflow);
    }

    private static List<ObjectNode> dyingWorkflows(GroupCluster cluster, String group) {
        return Stream.of(WorkflowType.values())
                .flatMap(type -> cluster.workflow(type, group).stream())
                .filter(workflow -> workflow.path("metadata").has("deletionTimestamp"))
                .filter(workflow -> owner(workflow).filter(group::equals).isPresent())
                .toList();
    }

    /** Whether the group's next step waits for what {@code workflow} has become. */
    private static boolean decides(JsonNode workflow) {
        return workflow.path("metadata").has("deletionTimestamp")
                || WorkflowPhase.of(workflow).finished();
    }

    private static String name(JsonNode object) {
        return object.path("metadata").path("name").asText();
    }

    private static Optional<String> owner(JsonNode object) {
        return Optional.of(object.path("metadata")
                        .path("labels")
                        .path(GroupNames.OWNER)
                        .asText(""))
                .filter(owner -> !owner.isEmpty());
    }
}
