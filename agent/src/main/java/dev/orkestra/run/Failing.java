package dev.orkestra.run;

import dev.orkestra.desired.Wave;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** The steps from a failure on: verdict, quarantine, rollback (DESIGN.md §4.11, §4.12). */
final class Failing {
    private Failing() {}

    /** The commit's own waves, or its plan, have failed. */
    static RunState failed(RunState state, Instant at, List<Evidence> evidence) {
        Verdict verdict = judge(state, evidence);
        RunState judged = Draft.of(state).judgement(verdict, evidence).done();
        List<Diagnostic> findings = findings(evidence);
        return switch (verdict) {
            case ENVIRONMENT -> RunMachine.retry(judged, at, Step.Plan, findings);
            case COMMIT, UNKNOWN ->
                Draft.of(judged).findings(findings).to(Step.RecordQuarantine).done();
        };
    }

    private static Verdict judge(RunState state, List<Evidence> evidence) {
        LastGood lastGood = state.known().lastGood();
        if (lastGood != null && lastGood.digest().equals(state.digest())) {
            // Content that was healthy once is not at fault now, and there is nothing to go back to but itself.
            return Verdict.ENVIRONMENT;
        }
        return state.touched() ? Verdicts.judge(evidence) : Verdicts.judgeUntouched(evidence);
    }

    static RunState next(RunState state, RunEvent.OfStep event) {
        return switch (state.step()) {
            case RecordQuarantine ->
                event instanceof RunEvent.QuarantineRecorded(Instant at)
                        ? failHooks(Draft.of(state), state, at).done()
                        : state;
            case RunFailHooks ->
                event instanceof RunEvent.FailHooksRan(Instant _, List<Diagnostic> warnings)
                        ? quarantined(Draft.of(state).findings(warnings).done())
                        : state;
            case PrepareRollback -> prepared(state, event);
            case RemoveNew ->
                event instanceof RunEvent.Removed(Instant _, PruneResult result)
                        ? Draft.of(state)
                                .removed(result)
                                .to(Step.RecordRollback)
                                .done()
                        : state;
            case RecordRollback ->
                event instanceof RunEvent.RollbackRecorded
                        ? Draft.of(state)
                                .rollback(RunState.Rollback.Phase.Good)
                                .finish(Phase.RolledBack)
                                .done()
                        : state;
            case LiftQuarantine ->
                event instanceof RunEvent.QuarantineLifted
                        ? Draft.of(state).finish(Phase.RollbackFailed).done()
                        : state;
            case Compose,
                    StoreState,
                    Plan,
                    AwaitApproval,
                    StoreIntent,
                    ApplyWave,
                    AwaitWave,
                    Soak,
                    RecordGood,
                    Prune,
                    RetryWait,
                    RollbackApplyWave,
                    RollbackAwaitWave,
                    Finish,
                    End -> state;
        };
    }

    private static RunState prepared(RunState state, RunEvent.OfStep event) {
        if (event instanceof RunEvent.LastGoodLoaded(Instant at, List<Wave> waves)) {
            Draft draft = Draft.of(state)
                    .rollback(new RunState.Rollback(
                            target(state), RunState.Rollback.Phase.Applying, WaveState.pending(waves)));
            return Waves.beginRollback(draft, waves.size(), at);
        }
        if (event instanceof RunEvent.NoLastGood(Instant _, Diagnostic reason)) {
            return Draft.of(state)
                    .rollback(RunState.Rollback.Phase.Failed)
                    .findings(List.of(reason))
                    .finish(Phase.RollbackFailed)
                    .done();
        }
        return state;
    }

    /** The verdict is recorded already, so that nothing a hook does can change it; and the rollback must not wait long. */
    static Draft failHooks(Draft draft, RunState state, Instant at) {
        return draft.waitIn(Step.RunFailHooks, at.plus(state.spec().limits().wave()), Step.PrepareRollback);
    }

    private static RunState quarantined(RunState state) {
        LastGood lastGood = state.known().lastGood();
        Draft draft = Draft.of(state);
        if (lastGood == null) {
            return draft.findings(List.of(Diagnostic.error(
                            ErrorCode.Held,
                            "There is no last-good commit to go back to, so everything stays as it is",
                            null,
                            "push a commit that mends it")))
                    .finish(Phase.Held)
                    .done();
        }
        boolean wholeAndUntouched =
                !state.touched() && !state.known().settledDigest().isEmpty();
        if (wholeAndUntouched) {
            return draft.findings(List.of(Diagnostic.error(
                            ErrorCode.Held,
                            "Nothing was changed: the environment stays on commit " + lastGood.commit(),
                            null,
                            "push a commit that mends it")))
                    .finish(Phase.Held)
                    .done();
        }
        if (NoReturn.holds(state)) {
            return draft.findings(List.of(Diagnostic.error(
                            ErrorCode.Held,
                            "It is past a point of no return, so nothing is rolled back: " + NoReturn.words(state),
                            null,
                            "push a commit that mends it, or one with the content of commit " + lastGood.commit()
                                    + " if it can still run; spec.rollback: auto rolls back all the same")))
                    .finish(Phase.Held)
                    .done();
        }
        return draft.rollback(new RunState.Rollback(lastGood, RunState.Rollback.Phase.Preparing, List.of()))
                .to(Step.PrepareRollback, Phase.RollingBack)
                .done();
    }

    static RunState lastGoodHealthy(Draft draft) {
        return draft.rollback(RunState.Rollback.Phase.Removing)
                .to(Step.RemoveNew)
                .done();
    }

    /**
     * A wave of last-good has failed. API trouble is waited out, however long: giving up is for good (there is no
     * second try), and trouble that passes is no reason for it. Only a newer commit takes over from it, see
     * {@link RunMachine#canYieldBefore}. What somebody has to remove does not pass.
     */
    static RunState rollbackFailed(RunState state, Instant at, List<Evidence> evidence) {
        boolean onlyApiTrouble = !evidence.isEmpty() && evidence.stream().allMatch(Verdicts::isApiTrouble);
        if (onlyApiTrouble) {
            RunState again = Draft.of(state)
                    .wave(Direction.ROLLBACK, wave -> wave.in(WaveState.Phase.Applying))
                    .done();
            return RunMachine.waitOut(again, at, Step.RollbackApplyWave, findings(evidence));
        }
        RunState.Judgement judgement = Objects.requireNonNull(state.judgement(), "a rollback without a verdict");
        Draft draft = Draft.of(state)
                .rollback(RunState.Rollback.Phase.Failed)
                .findings(findings(evidence))
                .findings(List.of(Diagnostic.error(
                        ErrorCode.RollbackFailed,
                        "Commit " + target(state).commit() + " did not become healthy again; nothing more is tried",
                        null,
                        "mend what is named here, then push a commit or run: ork sync "
                                + state.spec().configRepo())));
        return switch (judgement.verdict()) {
            case UNKNOWN ->
                draft.judgement(Verdict.ENVIRONMENT, judgement.evidence())
                        .to(Step.LiftQuarantine)
                        .done();
            case COMMIT, ENVIRONMENT -> draft.finish(Phase.RollbackFailed).done();
        };
    }

    static LastGood target(RunState state) {
        return Objects.requireNonNull(state.rollback(), () -> state.step() + " without a rollback")
                .to();
    }

    /** Whether everything that the failed commit brought is gone, as far as it may go. */
    static boolean isWhole(RunState state) {
        PruneResult removed = state.report().removed();
        return removed != null && removed.kind() == PruneResult.Kind.COMPLETE;
    }

    /** The first item of evidence, for {@code ConfigRepo.status.quarantined[].reason}. */
    static String reason(RunState state) {
        RunState.Judgement judgement = state.judgement();
        if (judgement == null || judgement.evidence().isEmpty()) {
            return ErrorCode.Unhealthy.name();
        }
        return code(judgement.evidence().getFirst()).name();
    }

    private static List<Diagnostic> findings(List<Evidence> evidence) {
        return evidence.stream()
                .map(item -> Diagnostic.error(code(item), item.toString(), null, ""))
                .toList();
    }

    private static ErrorCode code(Evidence evidence) {
        return switch (evidence.kind()) {
            case REFUSED_INVALID -> ErrorCode.Refused;
            case REFUSED_FORBIDDEN, QUOTA_EXCEEDED -> ErrorCode.Forbidden;
            case FIELD_CONFLICT -> ErrorCode.FieldConflict;
            case OWNED_ELSEWHERE -> ErrorCode.OwnedElsewhere;
            case MISSING_KIND -> ErrorCode.MissingKind;
            case MISSING_NAMESPACE -> ErrorCode.NotFound;
            case UNREACHABLE, UNAVAILABLE -> ErrorCode.ClusterUnreachable;
            case UNHEALTHY, GONE -> ErrorCode.Unhealthy;
            case DEADLINE, STILL_THERE -> ErrorCode.DeadlineExceeded;
        };
    }
}
