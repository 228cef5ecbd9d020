package dev.orkestra.run;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** The steps that apply and await waves, the same for the commit and for last-good. */
final class Waves {
    private Waves() {}

    /** The first write of an attempt: from here on the cluster may be changed, and the clock runs. */
    static RunState begin(RunState state, Instant at) {
        Draft draft = Draft.of(state)
                .touched()
                .waves(state.waves().stream()
                        .map(wave -> WaveState.pending(wave.wave()))
                        .toList())
                .deadline(at.plus(state.spec().limits().run()));
        return enter(draft, Direction.FORWARD, 0, state.waves().size(), at);
    }

    static RunState beginRollback(Draft draft, int waves, Instant at) {
        return enter(draft, Direction.ROLLBACK, 0, waves, at);
    }

    private static RunState enter(Draft draft, Direction direction, int index, int size, Instant at) {
        if (index < size) {
            return draft.to(direction == Direction.FORWARD ? Step.ApplyWave : Step.RollbackApplyWave)
                    .position(index)
                    .wave(direction, wave -> wave.in(WaveState.Phase.Applying))
                    .armWave(direction, at)
                    .passing(direction)
                    .done();
        }
        return direction == Direction.FORWARD ? allHealthy(draft, at) : Failing.lastGoodHealthy(draft);
    }

    private static RunState allHealthy(Draft draft, Instant at) {
        RunState state = draft.to(Step.RecordGood, Phase.Verifying).done();
        return state.spec().limits().soak().isPositive()
                ? Draft.of(state)
                        .waitIn(Step.Soak, at.plus(state.spec().limits().soak()), Step.RecordGood)
                        .done()
                : state;
    }

    static RunState next(RunState state, RunEvent.OfWave event) {
        return switch (state.step()) {
            case ApplyWave, RollbackApplyWave -> fits(state, event) ? applying(state, event) : state;
            case AwaitWave, RollbackAwaitWave -> fits(state, event) ? awaiting(state, event) : state;
            case Compose,
                    StoreState,
                    Plan,
                    AwaitApproval,
                    StoreIntent,
                    Soak,
                    RecordGood,
                    Prune,
                    RetryWait,
                    RecordQuarantine,
                    RunFailHooks,
                    PrepareRollback,
                    RemoveNew,
                    RecordRollback,
                    LiftQuarantine,
                    Finish,
                    End -> state;
        };
    }

    private static boolean fits(RunState state, RunEvent.OfWave event) {
        return event.direction() == state.direction() && event.wave().equals(state.currentWave());
    }

    private static RunState applying(RunState state, RunEvent.OfWave event) {
        return switch (event) {
            case RunEvent.WaveApplied _ ->
                Draft.of(state)
                        .to(state.isBackwards() ? Step.RollbackAwaitWave : Step.AwaitWave)
                        .wave(state.direction(), wave -> wave.in(WaveState.Phase.Waiting))
                        .done();
            case RunEvent.WaveRefused refused ->
                failed(notPassed(state, refused.evidence()), refused.at(), refused.evidence());
            case RunEvent.DeadlinePassed passed -> deadlinePassed(state, passed);
            // A namespace or definition that the rest of the wave needs.
            case RunEvent.WaveFailed failed -> failed(state, failed.at(), failed.evidence());
            case RunEvent.StillWaiting _, RunEvent.WaveHealthy _, RunEvent.SafePoint _ -> state;
        };
    }

    private static RunState notPassed(RunState state, List<Evidence> evidence) {
        return state.isBackwards()
                ? state
                : Draft.of(state)
                        .noReturn(points -> NoReturn.refused(points, state.currentWave(), evidence))
                        .done();
    }

    private static RunState awaiting(RunState state, RunEvent.OfWave event) {
        return switch (event) {
            case RunEvent.StillWaiting waiting ->
                Draft.of(state)
                        .wave(state.direction(), wave -> wave.waitingFor(waiting.waitingFor()))
                        .done();
            case RunEvent.WaveHealthy healthy -> healthy(state, healthy.at());
            case RunEvent.WaveFailed failed -> failed(state, failed.at(), failed.evidence());
            case RunEvent.DeadlinePassed passed -> deadlinePassed(state, passed);
            case RunEvent.SafePoint point ->
                Preemption.fromWhileWaiting(state)
                                .filter(from -> !point.at().isBefore(from))
                                .isPresent()
                        ? Preemption.superseded(state)
                        : state;
            case RunEvent.WaveApplied _, RunEvent.WaveRefused _ -> state;
        };
    }

    private static RunState healthy(RunState state, Instant at) {
        RunState.Rollback back = state.rollback();
        int size = state.isBackwards() && back != null
                ? back.waves().size()
                : state.waves().size();
        Draft draft = Draft.of(state).wave(state.direction(), wave -> wave.in(WaveState.Phase.Healthy));
        int next = state.position() + 1;
        return !state.isBackwards() && next < size && Preemption.betweenWaves(state, at)
                ? Preemption.superseded(draft.done())
                : enter(draft, state.direction(), next, size, at);
    }

    private static RunState deadlinePassed(RunState state, RunEvent.DeadlinePassed event) {
        Instant deadline = state.current().deadline();
        return deadline != null && event.at().isBefore(deadline) ? state : failed(state, event.at(), event.evidence());
    }

    private static RunState failed(RunState state, Instant at, List<Evidence> evidence) {
        String why = evidence.stream().limit(3).map(Evidence::toString).collect(Collectors.joining("; "));
        RunState marked = Draft.of(state)
                .wave(state.direction(), wave -> wave.in(WaveState.Phase.Failed).waitingFor(why))
                .done();
        return state.isBackwards()
                ? Failing.rollbackFailed(marked, at, evidence)
                : Failing.failed(marked, at, evidence);
    }
}
