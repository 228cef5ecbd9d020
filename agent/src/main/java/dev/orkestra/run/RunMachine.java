package dev.orkestra.run;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of a run (DESIGN.md §4). The shell's loop is: carry out {@link #command}, hand the event to
 * {@link #next}, persist the state, repeat until {@link RunState#isEnd}.
 *
 * <pre>
 * Compose → StoreState → Plan (→ AwaitApproval → Plan)* → StoreIntent → (ApplyWave → AwaitWave)* → Soak → RecordGood → Prune → Finish → End
 *     any failure:  environment → RetryWait → Plan
 *                   commit, unknown → RecordQuarantine → RunFailHooks → PrepareRollback
 *                       → (RollbackApplyWave → RollbackAwaitWave)* → RemoveNew → RecordRollback → Finish → End
 * </pre>
 */
public final class RunMachine {
    /** How many findings or items of evidence a run keeps; its resource must stay far below 1 MiB. */
    public static final int MOST_LISTED = 100;

    /** Restarts that give a wave its time anew. A run that crashes the agent for ever must meet its deadline. */
    static final int MOST_EXTENSIONS = 3;

    /** So often in a row a rollback meets trouble, which takes four minutes, before a newer commit takes over. */
    static final int MOST_ROLLBACK_TROUBLES = 8;

    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(5);
    /** A server that restarts is back soon, and asking it costs one request. */
    private static final Duration FIRST_TROUBLE_BACKOFF = Duration.ofSeconds(1);

    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);

    private RunMachine() {}

    /** What is to be done in {@code state}. */
    public static RunCommand command(RunState state) {
        return switch (state.step()) {
            case Compose -> new RunCommand.Compose();
            case StoreState -> new RunCommand.StoreState(state.digest());
            case Plan -> new RunCommand.MakePlan();
            case AwaitApproval -> new RunCommand.AwaitApproval();
            case StoreIntent -> new RunCommand.StoreIntent();
            case ApplyWave, RollbackApplyWave ->
                new RunCommand.ApplyWave(state.direction(), state.currentWave(), waveDeadline(state));
            case AwaitWave, RollbackAwaitWave ->
                new RunCommand.AwaitHealth(
                        state.direction(),
                        state.currentWave(),
                        waveDeadline(state),
                        Preemption.fromWhileWaiting(state));
            case Soak -> new RunCommand.Soak(waiting(state).until());
            case RecordGood -> new RunCommand.RecordGood();
            case Prune -> new RunCommand.Prune();
            case RetryWait -> new RunCommand.Wait(waiting(state).until());
            case RecordQuarantine -> new RunCommand.RecordQuarantine(Failing.reason(state));
            case RunFailHooks -> new RunCommand.RunFailHooks(waiting(state).until());
            case PrepareRollback -> new RunCommand.LoadLastGood(Failing.target(state));
            case RemoveNew -> new RunCommand.RemoveNew(Failing.target(state));
            case RecordRollback -> new RunCommand.RecordRollback(Failing.target(state), Failing.isWhole(state));
            case LiftQuarantine -> new RunCommand.LiftQuarantine();
            case Finish -> new RunCommand.Finish(state.phase());
            case End -> new RunCommand.End(state.phase());
        };
    }

    /** The state after {@code event}; the same state when the event does not fit the step. */
    public static RunState next(RunState state, RunEvent event) {
        if (state.isEnd()) {
            return state;
        }
        RunState next = switch (event) {
            case RunEvent.Resumed resumed -> Resuming.resumed(state, resumed);
            case RunEvent.NewerCommit newer -> newer(state, newer);
            case RunEvent.Woken _ -> state;
            case RunEvent.Withdrawn withdrawn -> withdrawn(state, withdrawn);
            case RunEvent.Troubled troubled -> troubled(state, troubled);
            case RunEvent.OfWave ofWave -> Waves.next(state, ofWave);
            case RunEvent.OfStep ofStep -> byStep(state, ofStep);
        };
        if (next.equals(state)) {
            return state;
        }
        Draft draft = Draft.of(next).updatedAt(event.at());
        return works(event) ? draft.troubles(0).done() : draft.done();
    }

    /** Whether a command was carried out: the wait for its turn is over, and trouble that comes now is new trouble. */
    private static boolean works(RunEvent event) {
        return switch (event) {
            case RunEvent.Waited _,
                    RunEvent.StillWaiting _,
                    RunEvent.PlanRefused _,
                    RunEvent.WaveRefused _,
                    RunEvent.WaveFailed _,
                    RunEvent.DeadlinePassed _,
                    RunEvent.SafePoint _,
                    RunEvent.SoakFailed _ -> false;
            case RunEvent.OfStep _, RunEvent.OfWave _ -> true;
            case RunEvent.AtAnyStep _ -> false;
        };
    }

    private static RunState byStep(RunState state, RunEvent.OfStep event) {
        return switch (state.step()) {
            case Compose -> compose(state, event);
            case StoreState -> event instanceof RunEvent.StateStored ? planning(state) : state;
            case Plan -> plan(state, event);
            case StoreIntent -> event instanceof RunEvent.IntentStored ? Waves.begin(state, event.at()) : state;
            case Soak -> soak(state, event);
            case RecordGood -> event instanceof RunEvent.GoodRecorded ? to(state, Step.Prune) : state;
            case Prune ->
                event instanceof RunEvent.Pruned(Instant _, PruneResult result)
                        ? Draft.of(state)
                                .pruned(result)
                                .absolved()
                                .finish(Phase.Good)
                                .done()
                        : state;
            case RetryWait -> event instanceof RunEvent.Waited ? waited(state, event.at()) : state;
            case AwaitApproval -> Approvals.awaiting(state, event);
            case RecordQuarantine, RunFailHooks, PrepareRollback, RemoveNew, RecordRollback, LiftQuarantine ->
                Failing.next(state, event);
            case Finish -> event instanceof RunEvent.Finished ? to(state, Step.End) : state;
            case ApplyWave, AwaitWave, RollbackApplyWave, RollbackAwaitWave, End -> state;
        };
    }

    private static RunState compose(RunState state, RunEvent event) {
        if (event instanceof RunEvent.Invalid(Instant _, List<Diagnostic> diagnostics)) {
            return Draft.of(state).findings(diagnostics).finish(Phase.Invalid).done();
        }
        if (!(event instanceof RunEvent.Composed composed)) {
            return state;
        }
        Draft draft = Draft.of(state).composed(composed);
        LedgerView ledger = composed.ledger();
        LastGood lastGood = ledger.lastGood();
        boolean knownGood = lastGood != null && lastGood.digest().equals(composed.digest());
        boolean retried = state.spec().trigger() == Trigger.RETRY;
        if (!knownGood && !retried && ledger.quarantinedDigests().contains(composed.digest())) {
            return draft.findings(List.of(Held.quarantined(state.spec())))
                    .finish(Phase.Held)
                    .done();
        }
        boolean goesBack = state.spec().trigger() == Trigger.ROLLBACK;
        if (!knownGood && !retried && !goesBack && ledger.onHold()) {
            return draft.findings(List.of(Held.onHold(state.spec(), lastGood)))
                    .finish(Phase.Held)
                    .done();
        }
        // A revert brings back known content: last-good moves on to the new commit, with the same digest, so that
        // people see the head of the branch as good. A sync or retry is asked for to be done again.
        boolean again = retried
                || state.spec().trigger() == Trigger.SYNC
                || !state.consent().sync().isEmpty();
        if (knownGood && !again && ledger.settledDigest().equals(composed.digest())) {
            return draft.to(Step.RecordGood, Phase.Verifying).done();
        }
        return draft.waves(WaveState.pending(composed.waves()))
                .to(Step.StoreState)
                .done();
    }

    private static RunState planning(RunState state) {
        return Draft.of(state).to(Step.Plan, Phase.Planning).done();
    }

    private static RunState plan(RunState state, RunEvent event) {
        if (event instanceof RunEvent.Planned planned) {
            return Approvals.planned(state, planned);
        }
        if (event instanceof RunEvent.PlanRefused(Instant at, List<Evidence> evidence)) {
            return Failing.failed(state, at, evidence);
        }
        return state;
    }

    private static RunState soak(RunState state, RunEvent event) {
        if (event instanceof RunEvent.Soaked) {
            return to(state, Step.RecordGood);
        }
        if (event instanceof RunEvent.SoakFailed(Instant at, List<Evidence> evidence)) {
            return Failing.failed(state, at, evidence);
        }
        return state;
    }

    private static RunState waited(RunState state, Instant at) {
        Step then = waiting(state).then();
        Draft draft = Draft.of(state).to(then);
        // The time that trouble took is not the wave's.
        return then == Step.Plan
                ? draft.to(Step.Plan, Phase.Planning).done()
                : timed(draft, then, state, at).done();
    }

    private static RunState troubled(RunState state, RunEvent.Troubled event) {
        return state.step() == Step.RetryWait
                ? state
                : waitOut(state, event.at(), state.step(), List.of(event.reason()));
    }

    /** Waits for trouble with the API server, or with another server, to pass, and then does the same step again. */
    static RunState waitOut(RunState state, Instant at, Step then, List<Diagnostic> reasons) {
        int troubles = state.progress().troubles();
        return waiting(
                Draft.of(state).troubles(troubles + 1).updatedAt(at),
                state,
                at.plus(backoff(FIRST_TROUBLE_BACKOFF, troubles)),
                then,
                reasons);
    }

    /** Waits with backoff before the whole attempt is made again. */
    static RunState retry(RunState state, Instant at, Step then, List<Diagnostic> reasons) {
        return waiting(
                Draft.of(state),
                state,
                at.plus(backoff(FIRST_BACKOFF, state.progress().attempts())),
                then,
                reasons);
    }

    /** A newer commit that was seen takes over instead, where that is safe. */
    private static RunState waiting(Draft draft, RunState state, Instant until, Step then, List<Diagnostic> reasons) {
        RunState waiting = draft.findings(reasons)
                .waitIn(Step.RetryWait, until, then)
                .attempt()
                .done();
        return !state.report().newerCommit().isEmpty() && canYieldBefore(waiting, then)
                ? Draft.of(waiting).finish(Phase.Superseded).done()
                : waiting;
    }

    /** {@code first}, doubled with each attempt, at most 5 min. */
    static Duration backoff(Duration first, int attempts) {
        Duration longer = first.multipliedBy(1L << Math.min(attempts, 10));
        return longer.compareTo(LONGEST_BACKOFF) < 0 ? longer : LONGEST_BACKOFF;
    }

    private static RunState newer(RunState state, RunEvent.NewerCommit event) {
        if (state.phase().isFinal()) {
            return state;
        }
        if (event.commit().equals(state.spec().commit())) {
            // The ref has come back: nobody waits for the end of this run any more.
            return state.report().newerCommit().isEmpty()
                    ? state
                    : Draft.of(state).newerCommit("").done();
        }
        Draft draft = Draft.of(state).newerCommit(event.commit());
        return canYieldBefore(state, reached(state))
                ? draft.finish(Phase.Superseded).done()
                : draft.done();
    }

    /** What is done now, or as soon as the wait for trouble is over. */
    static Step reached(RunState state) {
        RunState.Waiting waiting = state.waiting();
        return state.step() == Step.RetryWait && waiting != null ? waiting.then() : state.step();
    }

    /**
     * Ends the run where it stands. The event comes between two commands, so nothing of the agent's own is in flight;
     * what the ledger is about to be told is told first.
     */
    static RunState withdrawn(RunState state, RunEvent.Withdrawn event) {
        Step step = reached(state);
        if (step == Step.Prune && event.evenIfTouched()) {
            // It is good, and is told so; what nobody wants stays, as all the rest does.
            return Draft.of(state).absolved().finish(Phase.Good).done();
        }
        boolean recording = switch (step) {
            case RecordGood, Prune, RecordQuarantine, RecordRollback, LiftQuarantine, Finish, End -> true;
            case Compose,
                    StoreState,
                    Plan,
                    AwaitApproval,
                    StoreIntent,
                    ApplyWave,
                    AwaitWave,
                    Soak,
                    RetryWait,
                    RunFailHooks,
                    PrepareRollback,
                    RollbackApplyWave,
                    RollbackAwaitWave,
                    RemoveNew -> false;
        };
        boolean mayEnd = event.evenIfTouched()
                || state.step() == Step.AwaitApproval
                || (state.step() == Step.RetryWait && !state.touched() && canYieldBefore(state, step));
        return recording || !mayEnd
                ? state
                : Draft.of(state)
                        .withoutWaitingFindings()
                        .findings(List.of(event.reason()))
                        .finish(Phase.Superseded)
                        .done();
    }

    /**
     * Whether a newer commit may take over before {@code step}: nothing is in flight there. What comes between and in
     * waves is told by {@link Preemption}; all other steps go on to their end.
     */
    static boolean canYieldBefore(RunState state, Step step) {
        boolean reading =
                step == Step.Compose || step == Step.StoreState || step == Step.Plan || step == Step.AwaitApproval;
        boolean backwards = step == Step.RollbackApplyWave || step == Step.RollbackAwaitWave;
        boolean untouched = step == Step.StoreIntent && !state.touched();
        boolean safe = reading || untouched || (backwards && isStuck(state));
        return safe && !state.phase().isFinal();
    }

    /**
     * Whether a rollback has waited in vain for longer than trouble takes that passes soon. Before that it goes on: the
     * newer commit may be no better, and then nobody would bring the environment back.
     */
    private static boolean isStuck(RunState state) {
        RunState.Rollback back = state.rollback();
        if (state.step() != Step.RetryWait || back == null) {
            return false;
        }
        Instant deadline = back.waves().get(state.position()).deadline();
        // A wave that is awaited may be healthy by its deadline's end: one trouble there says nothing of it.
        boolean hadItsTime = reached(state) == Step.RollbackApplyWave
                && deadline != null
                && !state.progress().updatedAt().isBefore(deadline);
        return hadItsTime || state.progress().troubles() >= MOST_ROLLBACK_TROUBLES;
    }

    /** Gives what is waited for in {@code step} its time anew, from {@code at} on. */
    static Draft timed(Draft draft, Step step, RunState state, Instant at) {
        return switch (step) {
            case ApplyWave, AwaitWave ->
                draft.extendDeadline(Duration.between(state.progress().updatedAt(), at))
                        .armWave(Direction.FORWARD, at);
            case RollbackApplyWave, RollbackAwaitWave -> draft.armWave(Direction.ROLLBACK, at);
            case Soak -> draft.waitIn(Step.Soak, at.plus(state.spec().limits().soak()), Step.RecordGood);
            case RunFailHooks -> Failing.failHooks(draft, state, at);
            case Compose,
                    StoreState,
                    Plan,
                    AwaitApproval,
                    StoreIntent,
                    RecordGood,
                    Prune,
                    RetryWait,
                    RecordQuarantine,
                    PrepareRollback,
                    RemoveNew,
                    RecordRollback,
                    LiftQuarantine,
                    Finish,
                    End -> draft;
        };
    }

    private static RunState to(RunState state, Step step) {
        return Draft.of(state).to(step).done();
    }

    private static RunState.Waiting waiting(RunState state) {
        return Objects.requireNonNull(state.waiting(), () -> state.step() + " without a wait");
    }

    private static Instant waveDeadline(RunState state) {
        return Objects.requireNonNull(state.current().deadline(), () -> state.step() + " without a deadline");
    }

    /** Why content is not applied. */
    private static final class Held {
        static Diagnostic quarantined(RunSpec run) {
            return Diagnostic.error(
                    ErrorCode.Held,
                    "This content failed before and is quarantined, so it is not applied",
                    null,
                    "push a commit with other content; or, where the reason is gone, run: "
                            + Commands.retry(run.namespace(), run.configRepo(), run.commit()));
        }

        static Diagnostic onHold(RunSpec run, @Nullable LastGood lastGood) {
            return Diagnostic.error(
                    ErrorCode.Held,
                    Ledger.ON_HOLD,
                    null,
                    "find out what they have in common, then run: "
                            + Commands.resume(run.namespace(), run.configRepo())
                            + (lastGood == null ? "" : "; or push the content of commit " + lastGood.commit()));
        }
    }
}
