package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.embedded.WorkflowNode.Phase;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Retries, deadlines and orders to stop. */
class WorkflowLimitsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void triesAgainAfterTheClustersTroubleAndNotAfterTheStepsOwnFailure() {
        WorkflowRun run = begun("", "'retryStrategy': {'limit': '2', 'retryPolicy': 'OnError'}");
        run = end(run, "a(0)", Phase.Error, NOW).advance(WorkflowOrder.GO, NOW);
        assertThat(open(run)).containsExactly("a(1)", "b(0)");
        run = end(run, "a(1)", Phase.Failed, NOW).advance(WorkflowOrder.GO, NOW);
        assertThat(open(run)).containsExactly("b(0)");
        assertThat(node(run, "a")).hasToString("w.a failed: because of Failed");
        assertThat(node(run, "a").kind()).isEqualTo(WorkflowNode.Kind.RETRY);
    }

    @Test
    void pausesLongerBeforeEachTryAndSaysWhenToLookAgain() {
        WorkflowRun run = begun(
                "",
                "'retryStrategy': {'limit': 3, 'retryPolicy': 'Always', 'backoff': {'duration': '10',"
                        + " 'factor': '2'}}");
        run = end(run, "b(0)", Phase.Succeeded, NOW);
        run = end(run, "a(0)", Phase.Failed, NOW).advance(WorkflowOrder.GO, NOW);
        assertThat(open(run)).isEmpty();
        assertThat(run.wake(NOW)).contains(NOW.plusSeconds(10));
        Instant then = NOW.plusSeconds(10);
        run = run.advance(WorkflowOrder.SUSPEND, then);
        assertThat(open(run)).isEmpty();
        run = run.advance(WorkflowOrder.GO, then);
        assertThat(open(run)).containsExactly("a(1)");
        run = end(run, "a(1)", Phase.Failed, then).advance(WorkflowOrder.GO, then);
        assertThat(run.wake(then)).contains(then.plusSeconds(20));
    }

    @Test
    void givesUpAfterTheLimit() {
        WorkflowRun run = begun("", "'retryStrategy': {'limit': '1', 'retryPolicy': 'Always'}");
        run = end(run, "b(0)", Phase.Succeeded, NOW);
        run = end(run, "a(0)", Phase.Failed, NOW).advance(WorkflowOrder.GO, NOW);
        run = end(run, "a(1)", Phase.Error, NOW).advance(WorkflowOrder.GO, NOW);
        assertThat(node(run, "a")).hasToString("w.a error: No more retries left");
        assertThat(run.phase()).isEqualTo(Phase.Error);
    }

    @Test
    void endsAllThatRunsAtTheWorkflowsDeadlineAndBeginsNothingMore() {
        WorkflowRun run = begun("'activeDeadlineSeconds': 8", "");
        run = end(run, "b", Phase.Succeeded, NOW).advance(WorkflowOrder.GO, NOW);
        assertThat(run.wake(NOW)).contains(NOW.plusSeconds(8));
        run = run.stepIs(id("a"), Phase.Pending, "ImagePullBackOff", NOW);
        assertThat(run.advance(WorkflowOrder.GO, NOW.plusMillis(7999)).isOver()).isFalse();
        run = run.advance(WorkflowOrder.GO, NOW.plusSeconds(8));
        assertThat(run.phase()).isEqualTo(Phase.Failed);
        assertThat(node(run, "a").message()).isEqualTo("Step exceeded its deadline; it waited: ImagePullBackOff");
        assertThat(node(run, "b").phase()).isEqualTo(Phase.Succeeded);
    }

    @Test
    void endsOneStepAtItsOwnDeadlineEvenWhileSuspended() {
        WorkflowRun run = begun("", "'activeDeadlineSeconds': 3").advance(WorkflowOrder.SUSPEND, NOW.plusSeconds(3));
        assertThat(node(run, "a")).hasToString("w.a failed: Step exceeded its deadline");
    }

    @Test
    void aShutdownBeforeTheFirstStepEndsItAsWell() {
        for (WorkflowOrder order : List.of(WorkflowOrder.TERMINATE, WorkflowOrder.STOP)) {
            WorkflowRun run = fresh("", "").advance(order, NOW);
            assertThat(run.phase()).isEqualTo(Phase.Failed);
            assertThat(open(run)).isEmpty();
            assertThat(run.toStatus(NOW).path("message").asText())
                    .isEqualTo("Stopped with strategy '" + (order == WorkflowOrder.STOP ? "Stop" : "Terminate") + "'");
        }
    }

    @Test
    void refusesWhatItWouldCarryOutDifferently() {
        assertThat(refusal("", "'retryStrategy': {}"))
                .isEqualTo("invalid spec: templates.ex.retryStrategy.limit must be a number up to 9999, not ''");
        assertThat(refusal("", "'retryStrategy': {'limit': 1, 'retryPolicy': 'Maybe'}"))
                .contains("Maybe");
        assertThat(refusal("", "'retryStrategy': {'limit': 1, 'expression': 'true'}"))
                .contains("expression");
        assertThat(refusal("", "'retryStrategy': {'limit': 1, 'backoff': {'duration': 'soon'}}"))
                .contains("soon");
        assertThat(refusal("'activeDeadlineSeconds': 0", "")).contains("spec.activeDeadlineSeconds");
        assertThat(refusal("", "'volumes': []")).contains("volumes");
    }

    /** Whatever happens in whatever order: it ends, tries are never more than allowed, and a restart changes nothing. */
    @Test
    void comesToAnEndWhateverHappens() {
        for (long seed = 1; seed <= 300; seed++) {
            Random random = new Random(seed);
            WorkflowRun run = fresh(
                    random.nextBoolean() ? "'activeDeadlineSeconds': 60" : "'parallelism': 1",
                    "'retryStrategy': {'limit': 2, 'retryPolicy': '" + (random.nextBoolean() ? "Always" : "OnError")
                            + "', 'backoff': {'duration': '5s'}}");
            Instant now = NOW;
            for (int moves = 0; !run.isOver(); moves++) {
                assertThat(moves).as("moves, seed %d", seed).isLessThan(500);
                WorkflowOrder order = random.nextInt(40) == 0
                        ? WorkflowOrder.TERMINATE
                        : random.nextInt(5) == 0 ? WorkflowOrder.SUSPEND : WorkflowOrder.GO;
                run = run.advance(order, now);
                assertThat(run.advance(order, now))
                        .as("a second look, seed %d", seed)
                        .isEqualTo(run);
                if (random.nextInt(4) == 0) {
                    List<String> open = open(run);
                    run = WorkflowRun.resume(run.spec(), run.toStatus(now));
                    assertThat(open(run)).as("after a restart, seed %d", seed).isEqualTo(open);
                }
                List<String> open = open(run);
                if (!open.isEmpty()) {
                    Phase[] ends = {Phase.Succeeded, Phase.Failed, Phase.Error};
                    run = end(run, open.get(random.nextInt(open.size())), ends[random.nextInt(3)], now);
                }
                now = now.plusSeconds(random.nextInt(6));
            }
            assertThat(run.nodes()).as("seed %d", seed).doesNotContainKeys(id("a(3)"), id("b(3)"));
            assertThat(run.nodes().values())
                    .as("seed %d", seed)
                    .allMatch(node -> node.phase().isEnd());
        }
    }

    private static WorkflowRun begun(String spec, String template) {
        return fresh(spec, template).advance(WorkflowOrder.GO, NOW);
    }

    private static WorkflowRun fresh(String spec, String template) {
        ObjectNode workflow = workflow(spec, template);
        return switch (WorkflowReader.read(workflow)) {
            case Outcome.Done<WorkflowSpec>(WorkflowSpec read) -> WorkflowRun.resume(read, workflow.path("status"));
            case Outcome.Terminal<WorkflowSpec>(Diagnostic reason) -> throw new AssertionError(reason);
            case Outcome.Retry<WorkflowSpec>(Duration _, Diagnostic reason) -> throw new AssertionError(reason);
        };
    }

    private static String refusal(String spec, String template) {
        return WorkflowReader.read(workflow(spec, template))
                        instanceof Outcome.Terminal<WorkflowSpec>(Diagnostic reason)
                ? reason.message()
                : "accepted";
    }

    /** Tasks a and b, and c after a. */
    private static ObjectNode workflow(String spec, String template) {
        String text = """
                {'metadata': {'name': 'w'}, 'spec': {%s 'entrypoint': 'entry', 'templates': [
                 {'name': 'entry', 'dag': {'tasks': [{'name': 'a', 'template': 'ex'}, {'name': 'b', 'template': 'ex'},
                  {'name': 'c', 'template': 'ex', 'dependencies': ['a']}]}},
                 {'name': 'ex', %s 'container': {'image': 'i'}}]}}""".formatted(comma(spec), comma(template));
        try {
            return (ObjectNode) new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static String comma(String fields) {
        return fields.isEmpty() ? "" : fields + ",";
    }

    private static String id(String task) {
        return WorkflowNode.idOf("w", "w." + task);
    }

    private static WorkflowRun end(WorkflowRun run, String task, Phase phase, Instant now) {
        return run.stepIs(id(task), phase, phase.isBad() ? "because of " + phase : "", now);
    }

    private static WorkflowNode node(WorkflowRun run, String task) {
        WorkflowNode node = run.nodes().get(id(task));
        if (node == null) {
            throw new AssertionError("no node " + task + " in " + run.nodes());
        }
        return node;
    }

    private static List<String> open(WorkflowRun run) {
        return run.underWay().stream().map(work -> work.name().substring(2)).toList();
    }
}
