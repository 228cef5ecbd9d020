package dev.orkestra.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a newer commit takes over from a run that has begun to change the cluster (DESIGN.md §4.14): only where nothing
 * of the agent's is in flight, and not before half of the time is over. Who pushes every minute must not keep an
 * environment from ever getting to the end of a run; and who pushes the mend of a wave that stands still must not wait
 * for all of its deadline.
 */
final class Preemption {
    private Preemption() {}

    /** Whether the run ends between two waves, at {@code at}: the one before is healthy, so nothing is in flight. */
    static boolean betweenWaves(RunState state, Instant at) {
        Instant from = half(state.deadline(), state.spec().limits().run());
        return isWanted(state) && from != null && !at.isBefore(from);
    }

    /**
     * From when on the run may end while its wave is awaited, as soon as nothing is in flight; empty: not at all. A wave
     * that is not healthy after half of its time makes no progress.
     */
    static Optional<Instant> fromWhileWaiting(RunState state) {
        if (!isWanted(state) || state.step() != Step.AwaitWave) {
            return Optional.empty();
        }
        Instant ofWave = half(state.current().deadline(), state.spec().limits().wave());
        Instant ofRun = half(state.deadline(), state.spec().limits().run());
        return ofWave == null || ofRun == null
                ? Optional.empty()
                : Optional.of(ofWave.isBefore(ofRun) ? ofWave : ofRun);
    }

    private static boolean isWanted(RunState state) {
        return !state.report().newerCommit().isEmpty() && !state.phase().isFinal();
    }

    private static @Nullable Instant half(@Nullable Instant deadline, Duration limit) {
        return deadline == null ? null : deadline.minus(limit.dividedBy(2));
    }

    static RunState superseded(RunState state) {
        return Draft.of(state).finish(Phase.Superseded).done();
    }
}
