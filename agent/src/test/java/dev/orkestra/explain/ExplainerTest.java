package dev.orkestra.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.Wave;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.run.Direction;
import dev.orkestra.run.LastGood;
import dev.orkestra.run.Ledger;
import dev.orkestra.run.LedgerView;
import dev.orkestra.run.PlanSummary;
import dev.orkestra.run.RunEvent;
import dev.orkestra.run.RunMachine;
import dev.orkestra.run.RunSpec;
import dev.orkestra.run.RunState;
import dev.orkestra.run.RunStateJson;
import dev.orkestra.run.Step;
import dev.orkestra.run.Trigger;
import dev.orkestra.testing.GoldenText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExplainerTest {
    private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");
    private static final Instant NOW = START.plusSeconds(75);
    private static final Wave FIRST = Wave.sync(0, 0);
    private static final Wave SECOND = Wave.sync(2, 2);
    private static final LastGood GOOD = new LastGood("b2b2b2b2b2b2b2b2", 6, "sha256:b2");
    private static final Observed.Leader LEADER = new Observed.Leader("agent-1", NOW.plusSeconds(10));

    private static ObjectNode configRepo(String status) {
        try {
            return (ObjectNode) new ObjectMapper().readTree("""
                    {"metadata": {"namespace": "orkestra", "name": "staging", "creationTimestamp": "2026-11-29T11:00:00Z"},
                     "spec": {"source": {"url": "http://git.test/config.git", "secretRef": {"name": "git"}},
                              "schedule": {"interval": "1m"}},
                     "status": %s}
                    """.formatted(status));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String ready(String status, String reason, String message) {
        return """
                {"headCommit": "c3c3c3c3c3c3c3c3", "lastRun": "staging-7",
                 "lastGood": {"commit": "b2b2b2b2b2b2b2b2", "run": 6},
                 "conditions": [{"type": "Ready", "status": "%s", "reason": "%s", "message": "%s",
                                 "lastTransitionTime": "2026-11-29T12:00:30Z"}]}
                """.formatted(status, reason, message);
    }

    private static RunState after(RunEvent... events) {
        RunSpec.Limits limits =
                new RunSpec.Limits(Duration.ofMinutes(5), Duration.ofMinutes(30), Duration.ofSeconds(30));
        RunState state = RunState.begin(
                new RunSpec("orkestra", "staging", 7, "c3c3c3c3c3c3c3c3", Trigger.SCHEDULE, START, limits), 1);
        for (RunEvent event : events) {
            state = RunMachine.next(state, event);
        }
        return state;
    }

    private static RunEvent[] untilApplying(RunEvent... more) {
        return Stream.concat(
                        Stream.of(
                                new RunEvent.Composed(
                                        START,
                                        "sha256:c3",
                                        List.of(FIRST, SECOND),
                                        14,
                                        new LedgerView(GOOD, Set.of(), "sha256:b2", false),
                                        List.of()),
                                new RunEvent.StateStored(START),
                                new RunEvent.Planned(START, new PlanSummary("sha256:aa", 1, 2, 0, 1, 10), List.of()),
                                new RunEvent.IntentStored(START),
                                new RunEvent.WaveApplied(START.plusSeconds(2), Direction.FORWARD, FIRST)),
                        Stream.of(more))
                .toArray(RunEvent[]::new);
    }

    private static Observed observed(ObjectNode repo, @Nullable RunState run) {
        return new Observed(repo, Optional.ofNullable(run), Optional.of(LEADER), NOW);
    }

    private static Map<String, Observed> cases() {
        ObjectNode good = configRepo(ready("True", "Good", "commit c3 is good"));
        Map<String, Observed> cases = new LinkedHashMap<>();
        cases.put("good", observed(good, null));
        cases.put("composing", observed(good, after()));
        cases.put(
                "waits-for-a-wave",
                observed(
                        good,
                        after(untilApplying(
                                new RunEvent.WaveHealthy(START.plusSeconds(9), Direction.FORWARD, FIRST),
                                new RunEvent.WaveApplied(START.plusSeconds(10), Direction.FORWARD, SECOND),
                                new RunEvent.StillWaiting(
                                        START.plusSeconds(20),
                                        Direction.FORWARD,
                                        SECOND,
                                        "ApplicationGroup.orkestra.azure.microsoft.com/shop (cart is being installed),"
                                                + " Deployment.apps/shop/web (1 of 3 replicas available)"),
                                new RunEvent.NewerCommit(START.plusSeconds(60), "d4d4d4d4d4d4d4d4")))));
        cases.put(
                "waits-for-trouble-to-pass",
                observed(
                        good,
                        after(new RunEvent.Troubled(
                                START.plusSeconds(70),
                                Diagnostic.error(
                                        ErrorCode.ClusterUnreachable,
                                        "the API server does not answer",
                                        null,
                                        "it is tried again")))));
        RunState applying = after(untilApplying());
        cases.put("waits-for-approval", observed(good, in(applying, Step.AwaitApproval)));
        cases.put(
                "suspended",
                observed(
                        configRepo(ready("False", "Suspended", "suspended until 2026-11-30T08:00:00Z: the big sale")),
                        null));
        cases.get("suspended").configRepo().withObject("/spec/suspend").put("until", "2026-11-30T08:00:00Z");
        ObjectNode pinned = configRepo(
                ready(
                        "False",
                        "Suspended",
                        "pinned to commit b2b2b2b2b2b2 by ann: orders fail; newer commits wait (to go on: ork resume staging)"));
        pinned.withObject("/status/pinned").put("commit", "b2b2b2b2b2b2b2b2");
        cases.put("pinned", observed(pinned, null));
        for (String reason : List.of(
                "Invalid",
                "Held",
                "RolledBack",
                "RollbackFailed",
                "FetchFailed",
                "AuthenticationFailed",
                "PlanStale",
                "OwnedElsewhere",
                "MissingKind")) {
            cases.put(reason, observed(configRepo(ready("False", reason, "what the condition says")), null));
        }
        cases.put(
                "on-hold",
                observed(configRepo(ready("False", "Held", "commit c3c3c3c3c3c3 is held: " + Ledger.ON_HOLD)), null));
        cases.put("nobody-looked", observed(configRepo("{}"), null));
        cases.put(
                "no-agent",
                new Observed(
                        good,
                        Optional.of(applying),
                        Optional.of(new Observed.Leader("agent-1", START.plusSeconds(15))),
                        NOW));
        ObjectNode leaving = configRepo(ready("False", "Deleting", "3 objects are still there"));
        leaving.withObject("/metadata").put("deletionTimestamp", "2026-11-29T12:01:00Z");
        cases.put("leaving", observed(leaving, null));
        return cases;
    }

    private static RunState in(RunState state, Step step) {
        return RunStateJson.read(RunStateJson.write(state).put("step", step.name()));
    }

    @TestFactory
    Stream<DynamicTest> anEnvironmentSaysWhatItWaitsFor() {
        return cases().entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(each.getKey(), () -> {
                    Explanation explanation = Explainer.explain(each.getValue());
                    String text = String.join("\n", ExplanationText.lines("orkestra/staging", explanation, NOW, false));
                    GoldenText.check("explain/" + each.getKey() + ".txt", text + "\n");
                }));
    }

    @ParameterizedTest
    @EnumSource(value = Step.class, names = "End", mode = EnumSource.Mode.EXCLUDE)
    void eachStepOfARunIsExplained(Step step) {
        RunState state = after(untilApplying());
        boolean backwards = step == Step.RollbackApplyWave || step == Step.RollbackAwaitWave;

        Explanation explanation = Explainer.explain(observed(configRepo("{}"), backwards ? state : in(state, step)));

        assertThat(explanation.waiting()).isTrue();
        assertThat(explanation.what()).startsWith("run staging-7 ");
        assertThat(explanation.since()).isPresent();
    }

    @Test
    void nothingFromTheClusterSteersTheTerminal() {
        Explanation explanation = Explainer.explain(
                observed(configRepo(ready("False", "Held", "red \\u001b[31m and a line\\nmore")), null));

        assertThat(ExplanationText.lines("a", explanation, NOW, false))
                .noneMatch(line -> line.contains("\u001b") || line.contains("\n"));
    }

    @Test
    void programsGetTheSameAsJson() {
        Explanation explanation = Explainer.explain(Objects.requireNonNull(cases().get("waits-for-a-wave")));

        GoldenText.check(
                "explain/waits-for-a-wave.json",
                ExplanationJson.of("orkestra", "staging", explanation).toPrettyString() + "\n");
    }
}
