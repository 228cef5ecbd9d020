package dev.orkestra.run;

import dev.orkestra.desired.Wave;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far one wave is.
 *
 * @param wave which
 * @param phase how far
 * @param waitingFor what it waits for, for people; empty when it waits for nothing
 * @param deadline when it must be healthy; null before it begins
 */
public record WaveState(
        Wave wave, Phase phase, String waitingFor, @Nullable Instant deadline) {
    /** How far a wave is. The names are written into {@code ConfigRun.status.waves[].phase}. */
    public enum Phase {
        Pending,
        Applying,
        Waiting,
        Healthy,
        Failed
    }

    static WaveState pending(Wave wave) {
        return new WaveState(wave, Phase.Pending, "", null);
    }

    static List<WaveState> pending(List<Wave> waves) {
        return waves.stream().map(WaveState::pending).toList();
    }

    WaveState in(Phase newPhase) {
        String text = newPhase == Phase.Waiting || newPhase == Phase.Failed ? waitingFor : "";
        return new WaveState(wave, newPhase, text, deadline);
    }

    WaveState until(Instant newDeadline) {
        return new WaveState(wave, phase, waitingFor, newDeadline);
    }

    WaveState waitingFor(String what) {
        return new WaveState(wave, phase, what, deadline);
    }
}
