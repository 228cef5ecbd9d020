package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.embedded.WorkflowNode.Phase;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkflowRunTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void makesNodeIdsAsArgoDoes() {
        assertThat(WorkflowNode.idOf("chain", "chain")).isEqualTo("chain");
        assertThat(WorkflowNode.idOf("chain", "chain.a")).isEqualTo("chain-2032851755");
        assertThat(WorkflowNode.idOf("ff", "ff.c")).isEqualTo("ff-439900654");
    }

    @Test
    void runsAChainInOrderAndSucceeds() {
        WorkflowRun run = run("{a: [], b: [a]}").advance(WorkflowOrder.GO, NOW);
        assertThat(open(run)).containsExactly("a");
        run = end(run, "a", Phase.Succeeded).advance(WorkflowOrder.GO, NOW);
        assertThat(open(run)).containsExactly("b");
        run = end(run, "b", Phase.Succeeded).advance(WorkflowOrder.GO, NOW);
        assertThat(run.phase()).isEqualTo(Phase.Succeeded);
        assertThat(run.toStatus(NOW).path("progress").asText()).isEqualTo("2/2");
    }

    @Test
    void letsASiblingFinishAndLeavesOutWhatDependsOnAFailure() {
        WorkflowRun run = run("{a: [], b: [], c: [a], d: [b]}").advance(WorkflowOrder.GO, NOW);
        run = end(run, "a", Phase.Failed).advance(WorkflowOrder.GO, NOW);
        assertThat(run.isOver()).isFalse();
        assertThat(node(run, "c").phase()).isEqualTo(Phase.Omitted);
        assertThat(node(run, "c").message()).isEqualTo("omitted: depends condition not met");
        assertThat(node(run, "c").kind()).isEqualTo(WorkflowNode.Kind.SKIPPED);
        run = end(run, "b", Phase.Succeeded).advance(WorkflowOrder.GO, NOW);
        assertThat(run.phase()).isEqualTo(Phase.Failed);
        assertThat(run.nodes()).doesNotContainKey(WorkflowNode.idOf("w", "w.d"));
        assertThat(node(run, "a").message()).isEqualTo("because");
        assertThat(run.toStatus(NOW).path("progress").asText()).isEqualTo("1/2");
    }

    @Test
    void refusesADependencyThatIsNotThereInArgosWords() {
        assertThat(refusal("{a: [zzz]}"))
                .isEqualTo("invalid spec: templates.entry sorting failed: invalid dependency zzz");
        assertThat(refusal("{a: [b], b: [a]}")).contains("cycle a <- b");
        assertThat(WorkflowRun.refused("w", "invalid spec", NOW)
                        .toStatus(NOW)
                        .path("phase")
                        .asText())
                .isEqualTo("Failed");
    }

    @Test
    void beginsNothingWhileSuspendedAndRunsStoppedStepsAgain() {
        WorkflowRun run = run("{a: [], b: [a]}").advance(WorkflowOrder.GO, NOW);
        run = end(run, "a", Phase.Pending).advance(WorkflowOrder.SUSPEND, NOW);
        assertThat(node(run, "a").phase()).isEqualTo(Phase.Pending);
        run = end(run, "a", Phase.Succeeded).advance(WorkflowOrder.SUSPEND, NOW);
        assertThat(open(run)).isEmpty();
        assertThat(open(run.advance(WorkflowOrder.GO, NOW))).containsExactly("b");
    }

    @Test
    void handsParametersThroughNestedTemplates() throws Exception {
        ObjectNode workflow = (ObjectNode) new ObjectMapper().readTree("""
                {"metadata": {"name": "w"}, "spec": {"entrypoint": "entry", "templates": [
                 {"name": "entry", "dag": {"tasks": [{"name": "app", "template": "app",
                   "arguments": {"parameters": [{"name": "x", "value": "1"}]}}]}},
                 {"name": "app", "inputs": {"parameters": [{"name": "x"}]}, "dag": {"tasks": [
                   {"name": "s", "template": "ex", "arguments": {"parameters": [
                     {"name": "y", "value": "{{inputs.parameters.x}}2"}]}},
                   {"name": "t", "template": "ex"}]}},
                 {"name": "ex", "inputs": {"parameters": [{"name": "y"}, {"name": "timeout", "default": "5m"}]},
                  "container": {"args": ["--y", "{{inputs.parameters.y}}", "--timeout",
                    "{{inputs.parameters.timeout}}"]}}]}}""");
        WorkflowRun run = read(workflow).advance(WorkflowOrder.GO, NOW);
        assertThat(run.underWay()).singleElement().satisfies(work -> {
            assertThat(work.id()).isEqualTo(WorkflowNode.idOf("w", "w.app.s"));
            assertThat(work.arguments()).containsExactly("--y", "12", "--timeout", "5m");
        });
        WorkflowNode withoutValue = run.nodes().get(WorkflowNode.idOf("w", "w.app.t"));
        assertThat(withoutValue).isNotNull().hasToString("w.app.t error: parameter y of template ex has no value");
    }

    /** Any order of ends, failures, suspensions and restarts: order, limits and fail-fast hold, and it comes to an end. */
    @Test
    void holdsOrderParallelismAndFailFastWhateverHappens() {
        for (long seed = 1; seed <= 400; seed++) {
            Random random = new Random(seed);
            int size = 1 + random.nextInt(9);
            int limit = 1 + random.nextInt(4);
            Map<String, List<String>> tasks = new HashMap<>();
            for (int i = 0; i < size; i++) {
                List<String> before = new ArrayList<>();
                for (int j = 0; j < i; j++) {
                    if (random.nextInt(3) == 0) {
                        before.add("t" + j);
                    }
                }
                tasks.put("t" + i, before);
            }
            carryOutAtRandom(random, tasks, limit, seed);
        }
    }

    private static void carryOutAtRandom(Random random, Map<String, List<String>> tasks, int limit, long seed) {
        WorkflowRun run = read(workflow(tasks, limit));
        Set<String> begun = new HashSet<>();
        boolean failed = false;
        int moves = 0;
        while (!run.isOver()) {
            assertThat(moves++).as("moves, seed %d", seed).isLessThan(500);
            WorkflowOrder order = random.nextInt(5) == 0 ? WorkflowOrder.SUSPEND : WorkflowOrder.GO;
            run = run.advance(order, NOW);
            assertThat(run.advance(order, NOW))
                    .as("a second look changes nothing, seed %d", seed)
                    .isEqualTo(run);
            List<String> open = open(run);
            assertThat(open.size()).as("parallelism, seed %d", seed).isLessThanOrEqualTo(limit);
            for (String task : open) {
                WorkflowRun now = run;
                assertThat(tasks.getOrDefault(task, List.of()))
                        .as("%s's dependencies, seed %d", task, seed)
                        .allMatch(before -> node(now, before).phase() == Phase.Succeeded);
                assertThat(begun.add(task) && failed)
                        .as("begun after a failure, seed %d", seed)
                        .isFalse();
            }
            if (random.nextInt(4) == 0) {
                // A restart: only what stands in the status is known.
                run = WorkflowRun.resume(run.spec(), run.toStatus(NOW));
                assertThat(open(run)).as("steps after a restart, seed %d", seed).isEqualTo(open);
            }
            if (!open.isEmpty()) {
                Phase end = random.nextInt(6) == 0 ? Phase.Failed : Phase.Succeeded;
                failed |= end == Phase.Failed;
                run = end(run, open.get(random.nextInt(open.size())), end);
            }
        }
        assertThat(run.phase()).as("seed %d", seed).isEqualTo(failed ? Phase.Failed : Phase.Succeeded);
        if (!failed) {
            assertThat(begun).as("seed %d", seed).isEqualTo(tasks.keySet());
        }
    }

    private static WorkflowRun run(String tasks) {
        return read(workflow(tasks(tasks), 10));
    }

    private static String refusal(String tasks) {
        return WorkflowReader.read(workflow(tasks(tasks), 10))
                        instanceof Outcome.Terminal<WorkflowSpec>(Diagnostic reason)
                ? reason.message()
                : "accepted";
    }

    private static WorkflowRun read(ObjectNode workflow) {
        return switch (WorkflowReader.read(workflow)) {
            case Outcome.Done<WorkflowSpec>(WorkflowSpec spec) -> WorkflowRun.resume(spec, workflow.path("status"));
            case Outcome.Terminal<WorkflowSpec>(Diagnostic reason) -> throw new AssertionError(reason);
            case Outcome.Retry<WorkflowSpec>(Duration _, Diagnostic reason) -> throw new AssertionError(reason);
        };
    }

    /** {@code {a: [], b: [a]}}. */
    private static Map<String, List<String>> tasks(String text) {
        Map<String, List<String>> tasks = new java.util.LinkedHashMap<>();
        java.util.regex.Matcher task =
                java.util.regex.Pattern.compile("(\\w+): \\[([^]]*)]").matcher(text);
        while (task.find()) {
            tasks.put(
                    task.group(1),
                    task.group(2).isEmpty() ? List.of() : List.of(task.group(2).split(", ", -1)));
        }
        return tasks;
    }

    private static ObjectNode workflow(Map<String, List<String>> tasks, int parallelism) {
        ObjectNode workflow = new ObjectMapper().createObjectNode();
        workflow.putObject("metadata").put("name", "w");
        ObjectNode spec = workflow.putObject("spec").put("entrypoint", "entry").put("parallelism", parallelism);
        var templates = spec.putArray("templates");
        var dag = templates.addObject().put("name", "entry").putObject("dag").putArray("tasks");
        tasks.forEach((name, before) -> {
            ObjectNode task = dag.addObject().put("name", name).put("template", "ex");
            before.forEach(task.putArray("dependencies")::add);
        });
        templates.addObject().put("name", "ex").putObject("container").putArray("args");
        return workflow;
    }

    private static WorkflowRun end(WorkflowRun run, String task, Phase phase) {
        return run.stepIs(WorkflowNode.idOf("w", "w." + task), phase, phase.isBad() ? "because" : "", NOW);
    }

    private static WorkflowNode node(WorkflowRun run, String task) {
        WorkflowNode node = run.nodes().get(WorkflowNode.idOf("w", "w." + task));
        if (node == null) {
            throw new AssertionError("no node " + task + " in " + run.nodes());
        }
        return node;
    }

    private static List<String> open(WorkflowRun run) {
        return run.underWay().stream()
                .map(work -> run.nodes().values().stream()
                        .filter(node -> node.id().equals(work.id()))
                        .findFirst()
                        .orElseThrow()
                        .task())
                .toList();
    }
}
