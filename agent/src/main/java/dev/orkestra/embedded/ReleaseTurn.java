package dev.orkestra.embedded;

import java.time.Duration;
import java.util.Optional;

/** How the work goes on after a step. */
sealed interface ReleaseTurn {
    /** The facts have changed: decide anew. */
    record Next() implements ReleaseTurn {}

    /**
     * Nothing more now.
     *
     * @param again when to look again without an event; empty: it is settled or superseded
     */
    record Stop(Optional<Duration> again) implements ReleaseTurn {}

    /** Trouble of the API server or the network: the same again after this. */
    Duration TRY_AGAIN = Duration.ofSeconds(5);

    Duration FIRST_PAUSE = Duration.ofSeconds(1);
    Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    static ReleaseTurn settled() {
        return new Stop(Optional.empty());
    }

    static ReleaseTurn later() {
        return new Stop(Optional.of(TRY_AGAIN));
    }

    /** The next attempt comes later each time. */
    static ReleaseTurn pause(long failures) {
        long doubled = FIRST_PAUSE.toSeconds() << Math.clamp(failures - 1, 0, 20);
        return new Stop(Optional.of(Duration.ofSeconds(Math.min(doubled, LONGEST_PAUSE.toSeconds()))));
    }
}
