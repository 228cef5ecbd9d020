package dev.orkestra.run;

import dev.orkestra.desired.Wave;
import java.time.Instant;
import java.util.Optional;

/**
 * What is to be done in a state. Each is idempotent: after a crash it is carried out again from its beginning. Each is
 * answered by one of the events that its comment names; every one but {@link End} also by
 * {@link RunEvent.Troubled}, which waits and repeats it.
 */
public sealed interface RunCommand {
    /** Read, compose and validate the commit. → Composed | Invalid */
    record Compose() implements RunCommand {}

    /** Keep the resolved state under {@code digest}. → StateStored */
    record StoreState(String digest) implements RunCommand {}

    /** Plan against the live cluster. → Planned | PlanRefused */
    record MakePlan() implements RunCommand {}

    /**
     * Put an entry into the inventory for each desired object that has none, and {@link Ledger#unsettled} into the
     * ledger. An attempt after another one first removes hooks of this run that failed: they are run again, and those
     * that succeeded are not. → IntentStored
     */
    record StoreIntent() implements RunCommand {}

    /**
     * Apply all objects of {@code wave}, those that are unchanged may be left out; then start its hooks that this run
     * has not started yet. → WaveApplied | WaveRefused
     */
    record ApplyWave(Direction direction, Wave wave, Instant deadline) implements RunCommand {}

    /**
     * Look at the wave's health first, then watch it: at once healthy is healthy even past the deadline. →
     * WaveHealthy | WaveFailed | DeadlinePassed | SafePoint, and StillWaiting any number of times
     *
     * @param yieldsFrom from then on the answer is SafePoint as soon as nothing of the wave is in flight; empty: never
     */
    record AwaitHealth(Direction direction, Wave wave, Instant deadline, Optional<Instant> yieldsFrom)
            implements RunCommand {
        /** One that nobody waits for the end of. */
        public AwaitHealth(Direction direction, Wave wave, Instant deadline) {
            this(direction, wave, deadline, Optional.empty());
        }
    }

    /** Watch all waves until then. → Soaked | SoakFailed */
    record Soak(Instant until) implements RunCommand {}

    /** Do nothing until then. → Waited */
    record Wait(Instant until) implements RunCommand {}

    /** {@link Ledger#good} with this run's commit and digest. → GoodRecorded */
    record RecordGood() implements RunCommand {}

    /** Delete what the inventory holds and the commit does not want ({@link PruneRules#afterGood}). → Pruned */
    record Prune() implements RunCommand {}

    /** {@link Ledger#quarantine} with this run's commit and digest. → QuarantineRecorded */
    record RecordQuarantine(String reason) implements RunCommand {}

    /** Wait until somebody says something about the plan; no deadline runs. → ConsentGiven */
    record AwaitApproval() implements RunCommand {}

    /**
     * Remove hooks that failed, where they say so; then run the commit's SyncFail hooks of all layers that the run had
     * reached ({@link RunState#reached}), layer by layer and wave by wave, until {@code deadline}. → FailHooksRan
     */
    record RunFailHooks(Instant deadline) implements RunCommand {}

    /** Load the resolved state of {@code to}. → LastGoodLoaded | NoLastGood */
    record LoadLastGood(LastGood to) implements RunCommand {}

    /** Delete what the failed commit brought ({@link PruneRules#newSince}). → Removed */
    record RemoveNew(LastGood to) implements RunCommand {}

    /**
     * {@link Ledger#rolledBack}. → RollbackRecorded
     *
     * @param whole whether the cluster is known to hold last-good and nothing else
     */
    record RecordRollback(LastGood to, boolean whole) implements RunCommand {}

    /** {@link Ledger#lift} with this run's digest. → QuarantineLifted */
    record LiftQuarantine() implements RunCommand {}

    /** {@link Ledger#finished}; conditions, events and metrics. → Finished */
    record Finish(Phase phase) implements RunCommand {}

    /** The run is over. */
    record End(Phase phase) implements RunCommand {}
}
