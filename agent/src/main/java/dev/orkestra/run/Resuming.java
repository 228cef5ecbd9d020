package dev.orkestra.run;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;

/** A run that goes on in another process, or with another spec. */
final class Resuming {
    private Resuming() {}

    static RunState resumed(RunState state, RunEvent.Resumed event) {
        RunState.Basis was = state.basis();
        RunState.Basis now = event.basis();
        RunState next = taken(state, event);
        if (!now.isKnown()) {
            return next;
        }
        boolean edited = was.isKnown() && was.generation() != now.generation();
        Draft draft = Draft.of(next).basis(now);
        RunState onNow = edited ? draft.consent(state.consent().withdrawn()).done() : draft.done();
        if (was.isKnown() && !was.hasSamePlace(now)) {
            return ended(onNow, event, "the ConfigRepo names another repository or overlay, and a new run follows");
        }
        // What was composed is not kept yet, and another spec would give something else.
        return edited && RunMachine.reached(state) == Step.StoreState
                ? ended(onNow, event, "the ConfigRepo has another spec, and a new run follows")
                : onNow;
    }

    private static RunState ended(RunState state, RunEvent.Resumed event, String why) {
        Diagnostic reason = Diagnostic.warning(ErrorCode.Held, why, null, "");
        return RunMachine.withdrawn(state, new RunEvent.Withdrawn(event.at(), reason, true));
    }

    /**
     * Time in which no agent was there is not held against the commit: the wave gets its time anew, a few times. The
     * embedded engines stand still without the agent, so its objects could not become healthy meanwhile.
     */
    private static RunState taken(RunState state, RunEvent.Resumed event) {
        Draft draft = Draft.of(state).restart(event.leaseEpoch());
        return state.progress().restarts() >= RunMachine.MOST_EXTENSIONS
                ? draft.done()
                : RunMachine.timed(draft, state.step(), state, event.at()).done();
    }
}
