package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.outcome.Outcome;
import java.time.Instant;

/** What the engine's status of a Workflow comes to when every step succeeds. */
public final class EndedWorkflow {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private EndedWorkflow() {}

    public static ObjectNode status(ObjectNode workflow) {
        if (!(WorkflowReader.read(workflow) instanceof Outcome.Done<WorkflowSpec>(WorkflowSpec spec))) {
            throw new IllegalArgumentException("the engine cannot read this Workflow");
        }
        WorkflowRun run = WorkflowRun.resume(spec, JsonNodeFactory.instance.missingNode());
        while (!run.isOver()) {
            run = run.advance(WorkflowOrder.GO, NOW);
            for (WorkflowWalk.Work work : run.underWay()) {
                run = run.stepIs(work.id(), WorkflowNode.Phase.Succeeded, "", NOW);
            }
        }
        return run.toStatus(NOW);
    }
}
