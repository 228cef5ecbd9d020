package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.Identity;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.document.GoDuration;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.executor.Deadline;
import dev.orkestra.executor.HelmReleaseExecutor;
import dev.orkestra.executor.ObjectWatch;
import dev.orkestra.executor.Persistence;
import dev.orkestra.executor.Refusals;
import dev.orkestra.executor.StepArguments;
import dev.orkestra.outcome.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the steps of one Workflow whose container is not ours as pods. They are created, watched, read and deleted in the
 * name of the group's identity: an identity that may not create pods has no custom executors.
 */
final class WorkflowPods {
    private static final Logger LOG = LoggerFactory.getLogger(WorkflowPods.class);
    private static final ResourceType PODS = new ResourceType("", "v1", "Pod", "pods", true);
    private static final String FIELD_MANAGER = ReleaseObject.FIELD_MANAGER;
    /** An executor ends itself after its --timeout; this is for the start of its pod, and for those that don't. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration REMOVAL = Duration.ofMinutes(2);

    private final Cluster agentCluster;
    private final ObjectNode workflow;
    private final String uid;
    private final InstantSource clock;

    WorkflowPods(Cluster agentCluster, ObjectNode workflow, InstantSource clock) {
        this.agentCluster = agentCluster;
        this.workflow = workflow;
        this.uid = workflow.path("metadata").path("uid").asText();
        this.clock = clock;
    }

    /**
     * Runs the step's pod, or follows the one that is there already.
     *
     * @param report told of every state before the end
     */
    WorkflowStep.End run(Identity identity, WorkflowWalk.Work work, Consumer<WorkflowStep.End> report)
            throws InterruptedException {
        Cluster cluster = agentCluster.as(identity);
        ObjectKey key = new ObjectKey("", "Pod", namespace(work, identity), name(work.template(), work.name()));
        try (ObjectWatch watch = ObjectWatch.open(cluster, PODS, key, PodDocument.WORKFLOW_UID + "=" + uid)) {
            Optional<ObjectNode> pod = watch.look();
            if (pod.isEmpty()) {
                if (work.phase() == WorkflowNode.Phase.Running) {
                    return end(PodVerdict.lost(key.name()), "");
                }
                if (!clock.instant().isBefore(latestStart(work))) {
                    return late("its pod was never started");
                }
                pod = Optional.of(create(cluster, work, key));
            }
            if (pod.filter(live -> PodDocument.isOf(live, uid, work)).isEmpty()) {
                return new WorkflowStep.End(WorkflowNode.Phase.Failed, key + " is there, and it is not this step's");
            }
            return follow(cluster, watch, work, pod.get(), report);
        } catch (ClusterException refused) {
            return WorkflowStep.failed(Refusals.of(refused, "running " + key + " as " + identity));
        }
    }

    private ObjectNode create(Cluster cluster, WorkflowWalk.Work work, ObjectKey key) throws InterruptedException {
        ObjectNode pod = PodDocument.of(workflow, work, key.namespace(), active(work));
        Deadline deadline = Deadline.in(left(latestStart(work)));
        try {
            return Persistence.ask(deadline, () -> cluster.create(PODS, pod, FIELD_MANAGER));
        } catch (ClusterException refused) {
            if (refused.reason() != ClusterException.Reason.ALREADY_EXISTS) {
                throw refused;
            }
            // Created by a request whose answer was lost.
            return Persistence.ask(deadline, () -> cluster.get(PODS, key.namespace(), key.name()))
                    .orElseThrow(() -> refused);
        }
    }

    private WorkflowStep.End follow(
            Cluster cluster,
            ObjectWatch watch,
            WorkflowWalk.Work work,
            ObjectNode started,
            Consumer<WorkflowStep.End> report)
            throws InterruptedException {
        ObjectKey key = ObjectKey.of(started);
        String podUid = started.path("metadata").path("uid").asText();
        while (true) {
            long seen = watch.seen();
            Optional<ObjectNode> live = watch.look();
            Instant end = latestStart(work);
            String why = "";
            switch (PodVerdict.of(key.name(), live, podUid)) {
                case PodVerdict.Ended ended -> {
                    return end(ended, ended.hasLog() ? lastWords(cluster, key) : "");
                }
                case PodVerdict.Waiting waiting -> {
                    why = waiting.why();
                    report.accept(new WorkflowStep.End(WorkflowNode.Phase.Pending, why));
                }
                case PodVerdict.Running _ -> {
                    report.accept(new WorkflowStep.End(WorkflowNode.Phase.Running, ""));
                    // The kubelet ends it. This is for a kubelet that is no more.
                    end = startTime(live).plus(active(work)).plus(GRACE);
                }
            }
            if (!clock.instant().isBefore(end)) {
                remove(cluster, key);
                return late(why);
            }
            Duration left = left(end);
            watch.awaitAfter(
                    seen, left.compareTo(HelmReleaseExecutor.SAFETY_LOOK) < 0 ? left : HelmReleaseExecutor.SAFETY_LOOK);
        }
    }

    private static WorkflowStep.End late(String why) {
        return new WorkflowStep.End(WorkflowNode.Phase.Failed, WorkflowWalk.late(why));
    }

    private static WorkflowStep.End end(PodVerdict.Ended ended, String words) {
        return new WorkflowStep.End(
                ended.phase(), words.isEmpty() ? ended.message() : ended.message() + "; the end of its log: " + words);
    }

    private static String lastWords(Cluster cluster, ObjectKey pod) {
        try {
            return LogTail.of(cluster.podLog(pod.namespace(), pod.name(), PodDocument.CONTAINER, LogTail.LINES));
        } catch (ClusterException refused) {
            return "(it cannot be read: " + refused.getMessage() + ")";
        }
    }

    /** When a pod that has not started by then has failed. */
    private Instant latestStart(WorkflowWalk.Work work) {
        return work.started().plus(active(work));
    }

    private Duration left(Instant end) {
        Duration left = Duration.between(clock.instant(), end);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private Instant startTime(Optional<ObjectNode> pod) {
        String written =
                pod.map(live -> live.path("status").path("startTime").asText()).orElse("");
        try {
            return Instant.parse(written);
        } catch (DateTimeParseException none) {
            return clock.instant();
        }
    }

    /** The step's own --timeout, and some more. */
    private static Duration active(WorkflowWalk.Work work) {
        List<String> arguments = work.arguments();
        int flag = arguments.indexOf("--timeout");
        return (flag < 0 || flag + 1 >= arguments.size()
                        ? Optional.<Duration>empty()
                        : GoDuration.parse(arguments.get(flag + 1)).filter(Duration::isPositive))
                .orElse(DEFAULT_TIMEOUT)
                .plus(GRACE);
    }

    private String name(String template, String node) {
        return PodDocument.name(ObjectKey.of(workflow).name(), uid, template, node);
    }

    /** Where the step's release is; a step that tells of none runs where its identity is. */
    private static String namespace(WorkflowWalk.Work work, Identity identity) {
        return StepArguments.parse(work.arguments()) instanceof Outcome.Done<StepArguments>(StepArguments arguments)
                ? arguments.release().path("metadata").path("namespace").asText()
                : identity.namespace();
    }

    /** Deletes the pods of {@code nodes}, by id, wherever the Workflow's releases are. */
    void remove(Identity identity, Set<String> nodes) throws InterruptedException {
        Cluster cluster = agentCluster.as(identity);
        Set<String> namespaces = new TreeSet<>(WorkflowReader.releaseNamespaces(workflow));
        namespaces.add(identity.namespace());
        for (String namespace : namespaces) {
            for (ObjectNode pod : pods(cluster, namespace)) {
                if (nodes.contains(pod.path("metadata")
                        .path("annotations")
                        .path(PodDocument.NODE_ID)
                        .asText())) {
                    remove(cluster, ObjectKey.of(pod));
                }
            }
        }
    }

    /** Those of this Workflow; none in a namespace where the identity may not list them, for there it has made none. */
    private List<ObjectNode> pods(Cluster cluster, String namespace) throws InterruptedException {
        try {
            return Persistence.ask(
                    Deadline.in(REMOVAL), () -> cluster.list(PODS, namespace, PodDocument.WORKFLOW_UID + "=" + uid));
        } catch (ClusterException refused) {
            LOG.atDebug().addKeyValue("namespace", namespace).log("pods not listed: {}", refused.getMessage());
            return List.of();
        }
    }

    private static void remove(Cluster cluster, ObjectKey pod) throws InterruptedException {
        try {
            Persistence.ask(Deadline.in(REMOVAL), () -> {
                cluster.delete(PODS, pod.namespace(), pod.name(), "");
                return pod;
            });
        } catch (ClusterException refused) {
            LOG.atWarn()
                    .addKeyValue("pod", pod)
                    .addKeyValue("reason", refused.reason())
                    .log("pod of a workflow not removed: {}", refused.getMessage());
        }
    }
}
