package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.WorkQueue;
import dev.orkestra.outcome.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    /** Troubles that end when something else in the cluster changes. */
    private static final Set<String> LOOKED_AT_AGAIN = Set.of(
            ErrorCode.NoIdentity.name(),
            ErrorCode.ConditionFailed.name(),
            ErrorCode.OwnedElsewhere.name(),
            GroupStatus.CHART_PULL_FAILED,
            GroupStatus.GENERATION_FAILED);

    private final Cluster agentCluster;
    private final ChartStore charts;
    private final GroupSettings settings;
    private final InstantSource clock;
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
                (_, workflow) -> owner(workflow).ifPresent(queue::add)));
        open.add(agentCluster.watch(
                cluster.releases(), "", ours, (_, release) -> owner(release).ifPresent(queue::add)));
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
            // Before the Workflows are let go: a reverse Workflow that somebody deletes ends the wait for it.
            Optional<Duration> again = removal.look(new GroupPass(cluster, found.get(), clock.instant()));
            letWorkflowsGo(cluster, name);
            return again;
        }
        letWorkflowsGo(cluster, name);
        GroupPass pass = new GroupPass(cluster, cluster.withFinalizer(found.get()), clock.instant());
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
        return unfinished || LOOKED_AT_AGAIN.contains(reason) ? submission.look(pass) : Optional.empty();
    }

    private static void letWorkflowsGo(GroupCluster cluster, String group) {
        for (WorkflowType type : WorkflowType.values()) {
            cluster.workflow(type, group)
                    .filter(workflow -> workflow.path("metadata").has("deletionTimestamp"))
                    .filter(workflow -> owner(workflow).filter(group::equals).isPresent())
                    .ifPresent(cluster::releaseWorkflow);
        }
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
