package dev.orkestra.agent;

import dev.orkestra.run.RunEvent;
import dev.orkestra.run.RunState;
import dev.orkestra.run.Step;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Times the steps of one run for the metrics. Times are of this process: one that was killed is not in them. */
final class RunTimes {
    private final Metrics metrics;
    private final InstantSource clock;
    private final Instant startedAt;
    private Instant begun;
    private Optional<Instant> waveHealthy = Optional.empty();

    RunTimes(Metrics metrics, InstantSource clock, RunState run) {
        this.metrics = metrics;
        this.clock = clock;
        this.startedAt = run.spec().startedAt();
        this.begun = clock.instant();
    }

    /** A step's work is about to begin. */
    void begins(RunState state) {
        begun = clock.instant();
        boolean applies = state.step() == Step.ApplyWave || state.step() == Step.RollbackApplyWave;
        waveHealthy.filter(_ -> applies).ifPresent(healthy -> metrics.edge(Duration.between(healthy, begun)));
        waveHealthy = Optional.empty();
    }

    /** A step's work is done. */
    void worked(RunState state, RunEvent event) {
        Instant now = clock.instant();
        metrics.step(state, Duration.between(begun, now));
        if (event instanceof RunEvent.WaveHealthy healthy) {
            waveHealthy = Optional.of(healthy.at());
        }
        if (event instanceof RunEvent.Finished) {
            metrics.ended(state, Duration.between(startedAt, now));
        }
    }
}
