package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.group.Groups;
import dev.orkestra.outcome.Outcome;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WorkflowScaleTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final int TASKS = 2_000;

    /** A look at all nodes for each task would take more than a minute here. */
    @Test
    void aWalkCostsNoMoreForEachTaskWhereThereAreMany() {
        ObjectNode workflow = Groups.json("""
                {apiVersion: argoproj.io/v1alpha1, kind: Workflow, metadata: {name: w, namespace: orkestra},
                 spec: {entrypoint: entry, parallelism: 10, templates: [
                   {name: entry, dag: {tasks: []}}, {name: own, container: {image: x, args: []}}]}}
                """);
        var tasks = workflow.withArray("/spec/templates/0/dag/tasks");
        for (int i = 0; i < TASKS; i++) {
            tasks.addObject().put("name", "a" + i).put("template", "own");
        }
        WorkflowSpec spec = WorkflowReader.read(workflow) instanceof Outcome.Done<WorkflowSpec>(WorkflowSpec read)
                ? read
                : org.assertj.core.api.Assertions.fail("not read");
        WorkflowRun run = WorkflowRun.resume(spec, JsonNodeFactory.instance.missingNode());
        long before = cpu();
        for (int i = 0; i < 20; i++) {
            run = run.advance(WorkflowOrder.GO, NOW);
            assertThat(run.underWay()).hasSize(10);
            run = run.stepIs(run.underWay().getFirst().id(), WorkflowNode.Phase.Succeeded, "", NOW);
        }
        assertThat(Duration.ofNanos(cpu() - before)).isLessThan(Duration.ofSeconds(10));
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
