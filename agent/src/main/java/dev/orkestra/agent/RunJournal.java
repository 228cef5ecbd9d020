package dev.orkestra.agent;

import dev.orkestra.run.RunState;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log which step a run has reached, and stops there when a crash test asks for it: the test then kills the
 * process at exactly this instant, with {@code kill -9}.
 */
final class RunJournal {
    private static final Logger LOG = LoggerFactory.getLogger("journal");

    private final Optional<AgentSettings.PausePoint> pause;

    RunJournal(Optional<AgentSettings.PausePoint> pause) {
        this.pause = pause;
    }

    /** The step is persisted; its work is about to begin. */
    void begins(RunState state) {
        LOG.atInfo()
                .addKeyValue("run", state.spec().name())
                .addKeyValue("step", name(state))
                .addKeyValue("phase", state.phase())
                .log("step");
        stopIfAsked(state, false);
    }

    /** The step's work is done; that is not recorded yet. */
    void worked(RunState state) {
        stopIfAsked(state, true);
    }

    private static String name(RunState state) {
        return switch (state.step()) {
            case ApplyWave, AwaitWave, RollbackApplyWave, RollbackAwaitWave ->
                state.step() + "(" + state.currentWave() + ")";
            default -> state.step().name();
        };
    }

    private void stopIfAsked(RunState state, boolean afterEffect) {
        boolean here = pause.filter(point -> point.run() == state.spec().number()
                        && point.afterEffect() == afterEffect
                        && (point.step().equals(state.step().name())
                                || point.step().equals(name(state))))
                .isPresent();
        if (here) {
            LOG.atWarn()
                    .addKeyValue("run", state.spec().name())
                    .addKeyValue("step", name(state) + (afterEffect ? "+" : ""))
                    .log("paused to be killed");
        }
        while (here && !Thread.currentThread().isInterrupted()) {
            LockSupport.park(this);
        }
    }
}
