package dev.orkestra.embedded;

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
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
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
    private WorkflowRun run;
    private ObjectNode written;
    private boolean suspended;
    private boolean stopped;

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
        suspended = workflow.path("spec").path("suspend").asBoolean();
        if (workflow.path("metadata").hasNonNull("deletionTimestamp")) {
            stop();
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

    private synchronized void forward() {
        if (stopped || run.isOver()) {
            return;
        }
        run = run.advance(suspended, clock.instant());
        if (suspended) {
            steps.values().forEach(Thread::interrupt);
        } else {
            for (WorkflowWalk.Work work : run.underWay()) {
                if (!steps.containsKey(work.id())) {
                    run = run.stepIs(work.id(), WorkflowNode.Phase.Running, "", clock.instant());
                    steps.put(
                            work.id(),
                            Thread.ofVirtual().name("step-" + work.id()).start(() -> carryOut(work)));
                }
            }
        }
        news.raise();
    }

    private void carryOut(WorkflowWalk.Work work) {
        WorkflowStep.End end;
        try {
            end = step.run(work);
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
        ended(work.id(), end);
    }

    private synchronized void ended(String id, WorkflowStep.End end) {
        steps.remove(id);
        if (!stopped) {
            // A request that was cut off looks like a failure of the server's; only success is believed then.
            boolean cutOff = suspended && end.phase() != WorkflowNode.Phase.Succeeded;
            WorkflowStep.End known = cutOff ? STOPPED : end;
            run = run.stepIs(id, known.phase(), known.message(), clock.instant());
            forward();
        }
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    private synchronized WorkflowRun run() {
        return run;
    }

    private void writeBehind() {
        try {
            while (!isStopped()) {
                long seen = news.seen();
                WorkflowRun now = run();
                boolean done = write(now);
                if (done && now.isOver()) {
                    return;
                }
                news.awaitAfter(seen, done ? IDLE_LOOK : WRITE_AGAIN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
        patch.set("status", status);
        try {
            // Argo's definition has no status subresource, and ours follows it.
            cluster.mergePatch(type, key.namespace(), key.name(), patch, false, ReleaseObject.FIELD_MANAGER);
            written = status;
            return true;
        } catch (ClusterException refused) {
            LOG.atWarn()
                    .addKeyValue("workflow", key)
                    .addKeyValue("reason", refused.reason())
                    .log("status not written: {}", refused.getMessage());
            if (!refused.isTransient() || refused.reason() == ClusterException.Reason.STALE) {
                stop();
            }
            return false;
        }
    }
}
