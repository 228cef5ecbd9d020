package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.executor.ChangeSignal;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives one Workflow from its first node to its end.
 *
 * <p>Two kinds of threads: the one that has news (a step's, or the watch's) moves the run forward and starts what
 * follows, so that an edge costs no more than starting a thread; one other writes the status behind. A crash between
 * the two runs a step again, which does no harm. Thread-safe: guarded by {@code this}.
 */
final class WorkflowDriver {
    private static final Logger LOG = LoggerFactory.getLogger(WorkflowDriver.class);
    private static final Duration IDLE_LOOK = Duration.ofMinutes(5);
    private static final Duration WRITE_AGAIN = Duration.ofSeconds(1);
    private static final Duration WRITE_AGAIN_AT_MOST = Duration.ofSeconds(30);
    private static final Duration LAST_STEPS = Duration.ofSeconds(10);

    private static final WorkflowStep.End STOPPED =
            new WorkflowStep.End(WorkflowNode.Phase.Pending, "stopped; it is run again when the workflow goes on");

    private final Cluster cluster;
    private final ResourceType type;
    private final ObjectKey key;
    private final String uid;
    private final WorkflowStep step;
    private final InstantSource clock;
    private final ChangeSignal news = new ChangeSignal();
    private final Map<String, Thread> steps = new HashMap<>();
    /** Steps that were told to stop: what they say of their end then is not their own fault. */
    private final Set<String> cutOff = new HashSet<>();

    private WorkflowRun run;
    private ObjectNode written;
    private WorkflowOrder order = WorkflowOrder.GO;
    private boolean stopped;
    private boolean abandoned;
    /** Why the last write was refused; only the thread that writes uses it. */
    private Optional<ClusterException.Reason> refusal = Optional.empty();

    /** Something that may be interrupted. */
    private interface Background {
        void run() throws InterruptedException;
    }

    WorkflowDriver(Cluster cluster, ResourceType type, ObjectNode workflow, WorkflowStep step, InstantSource clock) {
        this.cluster = cluster;
        this.type = type;
        this.key = ObjectKey.of(workflow);
        this.uid = workflow.path("metadata").path("uid").asText();
        this.step = step;
        this.clock = clock;
        this.written = JsonNodeFactory.instance.objectNode();
        this.run = switch (WorkflowReader.read(workflow)) {
            case Outcome.Done<WorkflowSpec>(WorkflowSpec spec) -> WorkflowRun.resume(spec, workflow.path("status"));
            case Outcome.Terminal<WorkflowSpec>(Diagnostic reason) ->
                WorkflowRun.refused(key.name(), reason.message(), clock.instant());
            case Outcome.Retry<WorkflowSpec>(Duration _, Diagnostic reason) ->
                WorkflowRun.refused(key.name(), reason.message(), clock.instant());
        };
    }

    void start() {
        Thread.ofVirtual()
                .name("workflow-" + key.namespace() + "-" + key.name())
                .start(this::writeBehind);
    }

    boolean drives(ObjectNode workflow) {
        return workflow.path("metadata").path("uid").asText().equals(uid);
    }

    /** The Workflow as the watch sees it: only what people change in it matters here. */
    synchronized void saw(ObjectNode workflow) {
        order = WorkflowOrder.of(workflow);
        if (workflow.path("metadata").hasNonNull("deletionTimestamp")) {
            abandon();
        } else {
            forward();
        }
    }

    /** Stops the steps and writes no more; what is under way is run again when the Workflow is driven anew. */
    synchronized void stop() {
        stopped = true;
        steps.values().forEach(Thread::interrupt);
        news.raise();
    }

    /** Stops for good, since the Workflow is being deleted: its pods go with it. */
    synchronized void abandon() {
        if (abandoned) {
            return;
        }
        abandoned = true;
        stop();
        List<Thread> last = List.copyOf(steps.values());
        Collection<WorkflowNode> nodes = run.nodes().values();
        inBackground("tidy-", () -> {
            // One of them might be about to create a pod.
            for (Thread each : last) {
                each.join(LAST_STEPS);
            }
            step.removePods(nodes);
        });
    }

    /** Removes the pods of a Workflow that was over, or is being deleted, before this process saw it. */
    void tidyUp(boolean deleted) {
        WorkflowRun now = run();
        if (deleted || removesPods(now)) {
            inBackground("tidy-", () -> step.removePods(now.nodes().values()));
        }
    }

    private static boolean removesPods(WorkflowRun over) {
        return switch (over.spec().podGc()) {
            case NEVER -> false;
            case WHEN_OVER -> true;
            case WHEN_SUCCEEDED -> over.phase() == WorkflowNode.Phase.Succeeded;
        };
    }

    private synchronized void forward() {
        if (stopped || run.isOver()) {
            return;
        }
        run = run.advance(order, clock.instant());
        steps.forEach((id, thread) -> {
            boolean over = isOver(id);
            if (over || (order == WorkflowOrder.SUSPEND && !isPod(id))) {
                cutOff.add(id);
                thread.interrupt();
            }
        });
        for (WorkflowWalk.Work work : run.underWay()) {
            boolean pod = WorkflowStep.isPod(work.template());
            // A pod that runs is followed to its end even while nothing may begin, as Argo does.
            boolean may = order == WorkflowOrder.GO || (pod && work.phase() == WorkflowNode.Phase.Running);
            if (may && !steps.containsKey(work.id())) {
                if (!pod) {
                    run = run.stepIs(work.id(), WorkflowNode.Phase.Running, "", clock.instant());
                }
                steps.put(
                        work.id(), Thread.ofVirtual().name("step-" + work.id()).start(() -> carryOut(work)));
            }
        }
        news.raise();
    }

    private boolean isPod(String id) {
        return Optional.ofNullable(run.nodes().get(id))
                .filter(node -> WorkflowStep.isPod(node.template()))
                .isPresent();
    }

    private synchronized boolean isOver(String id) {
        return Optional.ofNullable(run.nodes().get(id))
                .filter(node -> node.phase().isEnd())
                .isPresent();
    }

    private void carryOut(WorkflowWalk.Work work) {
        WorkflowStep.End end;
        try {
            end = step.run(work, state -> report(work.id(), state));
        } catch (InterruptedException e) {
            end = STOPPED;
        } catch (RuntimeException defect) {
            LOG.atError()
                    .addKeyValue("workflow", key)
                    .addKeyValue("node", work.id())
                    .setCause(defect)
                    .log("step failed");
            end = new WorkflowStep.End(WorkflowNode.Phase.Error, "a defect of the engine: " + defect);
        }
        if (isOver(work.id())) {
            // It was late, or all was shut down: the pod must not work on behind a node that has failed.
            discard(work.id());
        }
        ended(work.id(), end);
    }

    private void discard(String id) {
        Optional<WorkflowNode> node = Optional.ofNullable(run().nodes().get(id));
        // The interrupt has done its work, and would end the request as well.
        Thread.interrupted();
        try {
            step.removePods(node.stream().toList());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void report(String id, WorkflowStep.End state) {
        Optional<WorkflowNode> node = Optional.ofNullable(run.nodes().get(id));
        boolean news = node.filter(known ->
                        known.phase() != state.phase() || !known.message().equals(state.message()))
                .isPresent();
        if (news && !stopped) {
            run = run.stepIs(id, state.phase(), state.message(), clock.instant());
            this.news.raise();
        }
    }

    private synchronized void ended(String id, WorkflowStep.End end) {
        steps.remove(id);
        // A request that was cut off looks like a failure of the server's; only success is believed then.
        boolean wasCutOff = cutOff.remove(id) && end.phase() != WorkflowNode.Phase.Succeeded;
        if (!stopped) {
            WorkflowStep.End known = wasCutOff ? STOPPED : end;
            run = run.stepIs(id, known.phase(), known.message(), clock.instant());
            forward();
        }
    }

    private void inBackground(String what, Background work) {
        Thread.ofVirtual().name(what + key.namespace() + "-" + key.name()).start(() -> {
            try {
                work.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    synchronized boolean isStopped() {
        return stopped;
    }

    /** Whether nothing more comes of it; its thread may still be writing and tidying. */
    synchronized boolean isOver() {
        return run.isOver();
    }

    private synchronized WorkflowRun run() {
        return run;
    }

    private void writeBehind() {
        try {
            Duration again = WRITE_AGAIN;
            while (!isStopped()) {
                long seen = news.seen();
                WorkflowRun now = run();
                boolean done = write(now);
                again = done ? WRITE_AGAIN : again;
                if (done && now.isOver()) {
                    if (removesPods(now)) {
                        step.removePods(now.nodes().values());
                    }
                    return;
                }
                Optional<Instant> wake = now.wake(clock.instant());
                boolean more = news.awaitAfter(seen, pause(done ? IDLE_LOOK : again, wake));
                if (!done && !more) {
                    again = Collections.min(List.of(again.multipliedBy(2), WRITE_AGAIN_AT_MOST));
                }
                if (wake.filter(at -> !clock.instant().isBefore(at)).isPresent()) {
                    forward();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration pause(Duration atMost, Optional<Instant> wake) {
        return wake.map(at -> Duration.between(clock.instant(), at))
                .filter(until -> until.compareTo(atMost) < 0)
                .orElse(atMost);
    }

    /** The merge patch that makes {@code after} of {@code before}: of 500 nodes most stay as they are. */
    static ObjectNode changes(ObjectNode before, ObjectNode after) {
        ObjectNode changes = JsonNodeFactory.instance.objectNode();
        after.properties().forEach(each -> {
            JsonNode known = before.path(each.getKey());
            if (known instanceof ObjectNode inner && each.getValue() instanceof ObjectNode more) {
                ObjectNode part = changes(inner, more);
                if (!part.isEmpty()) {
                    changes.set(each.getKey(), part);
                }
            } else if (!known.equals(each.getValue())) {
                changes.set(each.getKey(), each.getValue());
            }
        });
        before.fieldNames().forEachRemaining(field -> {
            if (!after.has(field)) {
                changes.putNull(field);
            }
        });
        return changes;
    }

    /** Whether the status stands in the cluster. */
    private boolean write(WorkflowRun now) {
        ObjectNode status = now.toStatus(clock.instant());
        if (status.equals(written)) {
            return true;
        }
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        // With another uid it is another Workflow of the same name, and the server refuses.
        patch.putObject("metadata")
                .put("uid", uid)
                .putObject("labels")
                .put("workflows.argoproj.io/phase", now.phase().name())
                .put("workflows.argoproj.io/completed", Boolean.toString(now.isOver()));
        patch.set("status", changes(written, status));
        try {
            // Argo's definition has no status subresource, and ours follows it.
            cluster.mergePatch(type, key.namespace(), key.name(), patch, false, ReleaseObject.FIELD_MANAGER);
            written = status;
            refusal = Optional.empty();
            return true;
        } catch (ClusterException refused) {
            if (refusal.filter(known -> known == refused.reason()).isEmpty()) {
                LOG.atWarn()
                        .addKeyValue("workflow", key)
                        .addKeyValue("reason", refused.reason())
                        .log("status not written, tried again: {}", refused.getMessage());
            }
            refusal = Optional.of(refused.reason());
            if (isGone(refused)) {
                stop();
            }
            return false;
        }
    }

    /**
     * Whether there is no such Workflow any more, or another one of its name. A webhook or a right that is missing for a
     * moment is no reason to stop: nobody would drive the Workflow until the agent starts anew.
     */
    private boolean isGone(ClusterException refused) {
        return switch (refused.reason()) {
            case NOT_FOUND -> true;
            case STALE -> {
                try {
                    yield cluster.get(type, key.namespace(), key.name())
                            .filter(this::drives)
                            .isEmpty();
                } catch (ClusterException unknown) {
                    yield false;
                }
            }
            default -> false;
        };
    }
}
