package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.run.Direction;
import dev.orkestra.run.Evidence;
import dev.orkestra.run.LastGood;
import dev.orkestra.run.LedgerView;
import dev.orkestra.run.PlanSummary;
import dev.orkestra.run.PruneResult;
import dev.orkestra.run.RunEvent;
import dev.orkestra.run.RunMachine;
import dev.orkestra.run.RunSpec;
import dev.orkestra.run.RunState;
import dev.orkestra.run.Trigger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What people read in the conditions of a ConfigRepo. All texts are in one golden file, so that one reading shows
 * whether each says what happened, where the environment stands, and what to do.
 */
class RunReportTest {
    private static final String COMMIT = "c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3";
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final LastGood LAST_GOOD =
            new LastGood("b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2", 2, "sha256:good");
    private static final Wave FIRST = Wave.sync(0, 0);
    private static final Wave SECOND = Wave.sync(2, 2);
    private static final Evidence PULL = unhealthy("web", "ImagePullBackOff: nowhere/web:9");
    private static final Diagnostic NO_ANSWER =
            Diagnostic.error(ErrorCode.ClusterUnreachable, "no answer within 10 s", null, "");

    @Test
    void everyEndSaysWhatHappenedWhereTheEnvironmentStandsAndWhatToDo() throws IOException {
        StringBuilder page = new StringBuilder();
        show(page, "good, several waves", good(14, PruneResult.NOTHING));
        show(page, "good, one object", oneObject());
        show(page, "good, content known already", knownAlready());
        show(
                page,
                "good, pruned and something kept",
                good(
                        14,
                        new PruneResult(
                                PruneResult.Kind.COMPLETE,
                                1,
                                0,
                                findings("Namespace/old is not wanted any more and stays"))));
        show(
                page,
                "good, prune incomplete",
                good(
                        14,
                        new PruneResult(
                                PruneResult.Kind.INCOMPLETE,
                                2,
                                1,
                                findings("ConfigMap/shop/old is not gone: held by finalizers"))));
        show(
                page,
                "good, prune incomplete in five places",
                good(14, new PruneResult(PruneResult.Kind.INCOMPLETE, 0, 5, findings("a", "b", "c", "d", "e"))));
        show(
                page,
                "good, prune over budget",
                good(
                        14,
                        new PruneResult(
                                PruneResult.Kind.OVER_BUDGET,
                                0,
                                9,
                                List.of(Diagnostic.warning(
                                        ErrorCode.ApprovalRequired,
                                        "9 objects are not wanted any more, and the budget"
                                                + " allows 3: nothing was deleted",
                                        null,
                                        "Check the commit")))));
        show(page, "good, prune disabled", good(14, new PruneResult(PruneResult.Kind.DISABLED, 0, 0, List.of())));
        show(page, "invalid, one finding", invalid(finding(ErrorCode.WrongType, 1)));
        show(
                page,
                "invalid, five findings",
                invalid(IntStream.rangeClosed(1, 5)
                        .mapToObj(line -> finding(ErrorCode.UnknownField, line))
                        .toArray(Diagnostic[]::new)));
        show(
                page,
                "invalid, duplicate object",
                invalid(finding(ErrorCode.UnknownField, 1), finding(ErrorCode.DuplicateObject, 2)));
        show(page, "invalid, too large", invalid(finding(ErrorCode.TooLarge, 1)));
        show(
                page,
                "invalid, after the API server was away",
                after(
                        begun(),
                        new RunEvent.Troubled(at(1), NO_ANSWER),
                        new RunEvent.Waited(at(9)),
                        new RunEvent.Invalid(at(10), List.of(finding(ErrorCode.WrongType, 1)))));
        show(page, "held, quarantined content", after(begun(), composed(view(LAST_GOOD, "sha256:new"))));
        show(
                page,
                "held, quarantined content, after the API server was away",
                after(
                        begun(),
                        new RunEvent.Troubled(at(1), NO_ANSWER),
                        new RunEvent.Waited(at(9)),
                        composed(view(LAST_GOOD, "sha256:new"))));
        show(
                page,
                "held, three failures in a row",
                after(begun(), composed(new LedgerView(LAST_GOOD, Set.of(), "sha256:good", true))));
        show(
                page,
                "held, failed without last-good",
                after(
                        awaitingSecond(view(null)),
                        failed(PULL),
                        new RunEvent.QuarantineRecorded(at(10)),
                        new RunEvent.FailHooksRan(at(10), List.of())));
        show(page, "held, refused before anything was changed", refusedByThePlan());
        show(page, "rolled back", rolledBack(PruneResult.NOTHING, PULL));
        show(
                page,
                "rolled back, four objects to blame",
                rolledBack(PruneResult.NOTHING, PULL, unhealthy("a", "x"), unhealthy("b", "y"), unhealthy("c", "z")));
        show(
                page,
                "rolled back, something of the commit is left",
                rolledBack(
                        new PruneResult(PruneResult.Kind.INCOMPLETE, 0, 1, findings("Job.batch/shop/seed is not gone")),
                        PULL));
        show(
                page,
                "rolled back, something stays on purpose",
                rolledBack(
                        new PruneResult(
                                PruneResult.Kind.COMPLETE,
                                2,
                                0,
                                List.of(Diagnostic.warning(
                                        ErrorCode.ApprovalRequired,
                                        "Namespace/annex is not wanted any more and stays: what hangs on it would go with"
                                                + " it, so it is deleted only once that is approved",
                                        null,
                                        "To let it go, look at it"))),
                        PULL));
        show(page, "rollback failed", rollbackFailed());
        show(
                page,
                "rollback failed, last-good is not kept",
                after(
                        awaitingSecond(view(LAST_GOOD)),
                        failed(PULL),
                        new RunEvent.QuarantineRecorded(at(10)),
                        new RunEvent.FailHooksRan(at(10), List.of()),
                        new RunEvent.NoLastGood(
                                at(11),
                                Diagnostic.error(
                                        ErrorCode.RollbackFailed,
                                        "the resolved state of last-good is not kept any more",
                                        null,
                                        "push a commit that works"))));
        show(
                page,
                "superseded before anything was changed",
                after(begun(), new RunEvent.NewerCommit(at(1), "d4d4d4d4d4d4d4d4d4d4")));
        show(page, "superseded while it waited to try again", supersededHalfWay());
        show(
                page,
                "superseded on the way back",
                after(
                        awaitingSecond(view(LAST_GOOD)),
                        failed(PULL),
                        new RunEvent.QuarantineRecorded(at(10)),
                        new RunEvent.FailHooksRan(at(10), List.of()),
                        new RunEvent.LastGoodLoaded(at(11), List.of(FIRST)),
                        new RunEvent.WaveApplied(at(12), Direction.ROLLBACK, FIRST),
                        new RunEvent.DeadlinePassed(
                                at(4000),
                                Direction.ROLLBACK,
                                FIRST,
                                List.of(new Evidence(
                                        null,
                                        Evidence.Kind.UNAVAILABLE,
                                        Evidence.Before.NOT_KNOWN,
                                        false,
                                        "the registry is away"))),
                        new RunEvent.NewerCommit(at(4001), "d4d4d4d4d4d4d4d4d4d4")));
        check("apply/run-report.txt", page.toString());
    }

    @Test
    void aRunThatGoesOnHasNoReport() {
        assertThatThrownBy(() -> RunReport.of(awaitingSecond(view(LAST_GOOD))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has not ended");
    }

    private static void show(StringBuilder page, String title, RunState run) {
        RunReport report = RunReport.of(run);
        page.append("## ").append(title).append('\n');
        page.append("Ready=")
                .append(report.ready() ? "True " : "False ")
                .append(report.reason())
                .append(": ");
        page.append(report.message()).append('\n');
        report.pruned()
                .ifPresent(pruned -> page.append("Pruned=")
                        .append(pruned.well() ? "True " : "False ")
                        .append(pruned.reason())
                        .append(": ")
                        .append(pruned.message())
                        .append('\n'));
        page.append('\n');
    }

    /** {@code -Dorkestra.golden=write} writes the file anew: read the diff then. */
    private static void check(String name, String actual) throws IOException {
        if ("write".equals(System.getProperty("orkestra.golden"))) {
            Files.writeString(Path.of("src/test/resources", name), actual);
        }
        try (var stream = RunReportTest.class.getResourceAsStream("/" + name)) {
            assertThat(actual)
                    .isEqualTo(new String(Objects.requireNonNull(stream, name).readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static RunState good(int objects, PruneResult pruned) {
        return after(
                awaitingSecond(view(LAST_GOOD), objects, FIRST, SECOND),
                new RunEvent.WaveHealthy(at(9), Direction.FORWARD, SECOND),
                new RunEvent.Soaked(at(40)),
                new RunEvent.GoodRecorded(at(41)),
                new RunEvent.Pruned(at(42), pruned));
    }

    private static RunState oneObject() {
        return after(
                awaitingSecond(view(LAST_GOOD), 1, FIRST),
                new RunEvent.Soaked(at(40)),
                new RunEvent.GoodRecorded(at(41)),
                new RunEvent.Pruned(at(42), PruneResult.NOTHING));
    }

    private static RunState knownAlready() {
        LastGood same = new LastGood(LAST_GOOD.commit(), 2, "sha256:new");
        return after(
                begun(),
                composed(new LedgerView(same, Set.of(), "sha256:new", false)),
                new RunEvent.GoodRecorded(at(3)),
                new RunEvent.Pruned(at(4), PruneResult.NOTHING));
    }

    private static RunState invalid(Diagnostic... findings) {
        return after(begun(), new RunEvent.Invalid(at(1), List.of(findings)));
    }

    private static RunState refusedByThePlan() {
        Evidence refused = new Evidence(
                key("web"),
                Evidence.Kind.REFUSED_INVALID,
                Evidence.Before.HEALTHY,
                true,
                "spec.replicas: Invalid value");
        return after(
                begun(),
                composed(view(LAST_GOOD)),
                new RunEvent.StateStored(at(2)),
                new RunEvent.PlanRefused(at(3), List.of(refused)),
                new RunEvent.QuarantineRecorded(at(4)),
                new RunEvent.FailHooksRan(at(4), List.of()));
    }

    private static RunState rolledBack(PruneResult removed, Evidence... evidence) {
        return after(
                awaitingSecond(view(LAST_GOOD)),
                failed(evidence),
                new RunEvent.QuarantineRecorded(at(10)),
                new RunEvent.FailHooksRan(at(10), List.of()),
                new RunEvent.LastGoodLoaded(at(11), List.of(FIRST)),
                new RunEvent.WaveApplied(at(12), Direction.ROLLBACK, FIRST),
                new RunEvent.WaveHealthy(at(13), Direction.ROLLBACK, FIRST),
                new RunEvent.Removed(at(14), removed),
                new RunEvent.RollbackRecorded(at(15)));
    }

    private static RunState rollbackFailed() {
        RunState failed = after(
                awaitingSecond(view(LAST_GOOD)),
                failed(PULL),
                new RunEvent.QuarantineRecorded(at(10)),
                new RunEvent.FailHooksRan(at(10), List.of()),
                new RunEvent.LastGoodLoaded(at(11), List.of(FIRST)),
                new RunEvent.WaveApplied(at(12), Direction.ROLLBACK, FIRST),
                new RunEvent.WaveFailed(
                        at(13), Direction.ROLLBACK, FIRST, List.of(unhealthy("database", "CrashLoopBackOff"))));
        return failed.phase().isFinal() ? failed : after(failed, new RunEvent.QuarantineLifted(at(14)));
    }

    private static RunState supersededHalfWay() {
        Evidence away = new Evidence(
                null, Evidence.Kind.UNREACHABLE, Evidence.Before.NOT_KNOWN, false, "no answer within 10 s");
        return after(
                awaitingSecond(view(LAST_GOOD)),
                new RunEvent.WaveFailed(at(9), Direction.FORWARD, SECOND, List.of(away)),
                new RunEvent.NewerCommit(at(10), "d4d4d4d4d4d4d4d4d4d4"));
    }

    private static RunEvent failed(Evidence... evidence) {
        return new RunEvent.WaveFailed(at(9), Direction.FORWARD, SECOND, List.of(evidence));
    }

    private static RunState awaitingSecond(LedgerView view) {
        return awaitingSecond(view, 14, FIRST, SECOND);
    }

    /** All waves but the last are healthy; the last is applied, and healthy too if there is only one. */
    private static RunState awaitingSecond(LedgerView view, int objects, Wave... waves) {
        List<RunEvent> events = new ArrayList<>(List.of(
                new RunEvent.Composed(at(1), "sha256:new", List.of(waves), objects, view, List.of()),
                new RunEvent.StateStored(at(2)),
                new RunEvent.Planned(at(3), new PlanSummary("sha256:plan", 0, 1, 0, 0, 13), List.of()),
                new RunEvent.IntentStored(at(4)),
                new RunEvent.WaveApplied(at(5), Direction.FORWARD, FIRST),
                new RunEvent.WaveHealthy(at(6), Direction.FORWARD, FIRST)));
        Arrays.stream(waves)
                .skip(1)
                .forEach(wave -> events.add(new RunEvent.WaveApplied(at(7), Direction.FORWARD, wave)));
        return after(begun(), events.toArray(RunEvent[]::new));
    }

    private static RunEvent composed(LedgerView view) {
        return new RunEvent.Composed(at(10), "sha256:new", List.of(FIRST, SECOND), 14, view, List.of());
    }

    private static LedgerView view(@Nullable LastGood lastGood, String... quarantined) {
        return new LedgerView(lastGood, Set.of(quarantined), lastGood == null ? "" : lastGood.digest(), false);
    }

    private static RunState begun() {
        RunSpec.Limits limits =
                new RunSpec.Limits(Duration.ofMinutes(5), Duration.ofMinutes(30), Duration.ofSeconds(30));
        return RunState.begin(new RunSpec("orkestra", "staging", 3, COMMIT, Trigger.SCHEDULE, START, limits), 7);
    }

    private static RunState after(RunState state, RunEvent... events) {
        RunState now = state;
        for (RunEvent event : events) {
            now = RunMachine.next(now, event);
            if (event instanceof RunEvent.QuarantineRecorded) {
                // None of these commits has hooks for its failure.
                now = RunMachine.next(now, new RunEvent.FailHooksRan(event.at(), List.of()));
            }
        }
        return now;
    }

    private static Instant at(long seconds) {
        return START.plusSeconds(seconds);
    }

    private static Evidence unhealthy(String name, String message) {
        return new Evidence(key(name), Evidence.Kind.UNHEALTHY, Evidence.Before.HEALTHY, true, message);
    }

    private static ObjectKey key(String name) {
        return new ObjectKey("apps", "Deployment", "shop", name);
    }

    private static Diagnostic finding(ErrorCode code, int line) {
        return Diagnostic.error(
                code, "finding " + line + " of this kind", new Position("a/b.yaml", line, 3), "write it so");
    }

    private static List<Diagnostic> findings(String... messages) {
        return Stream.of(messages)
                .map(message -> Diagnostic.warning(ErrorCode.DeadlineExceeded, message, null, ""))
                .toList();
    }
}
