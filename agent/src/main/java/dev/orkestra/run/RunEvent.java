package dev.orkestra.run;

import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import java.time.Instant;
import java.util.List;

/** What has happened. An event that does not fit the step (a late or doubled one) changes nothing. */
public sealed interface RunEvent {
    /** When. */
    Instant at();

    /** The answer to a command that is not about a wave. */
    sealed interface OfStep extends RunEvent {}

    /** What can come at any step. */
    sealed interface AtAnyStep extends RunEvent {}

    /** About a wave. One of another wave or direction than the current one changes nothing. */
    sealed interface OfWave extends RunEvent {
        Direction direction();

        Wave wave();
    }

    /**
     * The commit was composed.
     *
     * @param digest digest of its desired state
     * @param waves its waves, in order
     * @param objects how many objects it wants
     * @param ledger what the ledger knows now
     * @param warnings findings that stop nothing
     */
    record Composed(
            Instant at, String digest, List<Wave> waves, int objects, LedgerView ledger, List<Diagnostic> warnings)
            implements OfStep {}

    /** The commit can't be composed or is not valid. */
    record Invalid(Instant at, List<Diagnostic> diagnostics) implements OfStep {}

    record StateStored(Instant at) implements OfStep {}

    /**
     * The plan was made.
     *
     * @param unhealthyBefore which of the live objects that the commit wants were not healthy, before this run
     *     changed anything
     * @param caution what the policies ask for
     */
    record Planned(Instant at, PlanSummary plan, List<ObjectKey> unhealthyBefore, Caution caution) implements OfStep {
        /** A plan that nobody has to approve and that can be undone. */
        public Planned(Instant at, PlanSummary plan, List<ObjectKey> unhealthyBefore) {
            this(at, plan, unhealthyBefore, Caution.NONE);
        }
    }

    /**
     * Somebody has said something about a plan that waits.
     *
     * @param hash hash of the plan that is approved; empty: a new look is asked for
     * @param sync the sync request that came with it, or empty
     */
    record ConsentGiven(Instant at, String hash, String sync) implements OfStep {}

    /** The API server refused a dry-run, or could not be asked. Nothing was changed. */
    record PlanRefused(Instant at, List<Evidence> evidence) implements OfStep {}

    record IntentStored(Instant at) implements OfStep {}

    record WaveApplied(Instant at, Direction direction, Wave wave) implements OfWave {}

    /** At least one object was not applied. */
    record WaveRefused(Instant at, Direction direction, Wave wave, List<Evidence> evidence) implements OfWave {}

    /** Only for people; whether it is persisted is the caller's choice. */
    record StillWaiting(Instant at, Direction direction, Wave wave, String waitingFor) implements OfWave {}

    record WaveHealthy(Instant at, Direction direction, Wave wave) implements OfWave {}

    /** An object of the wave is terminally unhealthy. */
    record WaveFailed(Instant at, Direction direction, Wave wave, List<Evidence> evidence) implements OfWave {}

    /**
     * The wave is not healthy at its deadline. Before the deadline it changes nothing.
     *
     * @param evidence one of {@link Evidence.Kind#DEADLINE} per object that is not healthy
     */
    record DeadlinePassed(Instant at, Direction direction, Wave wave, List<Evidence> evidence) implements OfWave {}

    record Soaked(Instant at) implements OfStep {}

    record SoakFailed(Instant at, List<Evidence> evidence) implements OfStep {}

    record GoodRecorded(Instant at) implements OfStep {}

    record Pruned(Instant at, PruneResult result) implements OfStep {}

    record QuarantineRecorded(Instant at) implements OfStep {}

    /**
     * The hooks for failure have run, or there are none.
     *
     * @param warnings what did not go well: it is told, and changes nothing
     */
    record FailHooksRan(Instant at, List<Diagnostic> warnings) implements OfStep {}

    record LastGoodLoaded(Instant at, List<Wave> waves) implements OfStep {}

    /** Last-good's state is not there, or can't be read. */
    record NoLastGood(Instant at, Diagnostic reason) implements OfStep {}

    record Removed(Instant at, PruneResult result) implements OfStep {}

    record RollbackRecorded(Instant at) implements OfStep {}

    record QuarantineLifted(Instant at) implements OfStep {}

    record Waited(Instant at) implements OfStep {}

    /** A wait was broken off because there is other news. It changes nothing: the command is repeated after the news. */
    record Woken(Instant at) implements AtAnyStep {}

    record Finished(Instant at) implements OfStep {}

    /** A command could not be carried out for a reason that passes: wait, then the same again. */
    record Troubled(Instant at, Diagnostic reason) implements AtAnyStep {}

    /**
     * The run goes on after a crash, a change of leader or of the spec. Sent once, before anything else.
     *
     * @param basis the ConfigRepo as it is now
     */
    record Resumed(Instant at, long leaseEpoch, RunState.Basis basis) implements AtAnyStep {
        public Resumed(Instant at, long leaseEpoch) {
            this(at, leaseEpoch, RunState.Basis.UNKNOWN);
        }
    }

    /**
     * The run is not wanted any more: its ConfigRepo is being deleted or, while nothing is touched, has another spec.
     */
    record Withdrawn(Instant at, Diagnostic reason, boolean evenIfTouched) implements AtAnyStep {}

    /**
     * Another commit is wanted by now: the ref has moved on, or somebody wants one back. Who is pinned to the run's own
     * commit is not told of the ref.
     */
    record NewerCommit(Instant at, String commit) implements AtAnyStep {}
}
