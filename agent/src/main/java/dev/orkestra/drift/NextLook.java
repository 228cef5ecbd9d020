package dev.orkestra.drift;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** When an environment is looked at again although no watch has told of anything. */
final class NextLook {
    /** A watch that is cut off tells by itself when it is back and something has changed; this only backs it up. */
    static final Duration UNSURE = Duration.ofSeconds(10);

    /** Never sooner than this, or what is always due would be a spin. */
    static final Duration SHORTEST = Duration.ofMillis(200);

    private NextLook() {}

    /**
     * @param unsure whether a watch does not follow the server at the moment
     * @param due when something is due by its time: hidden objects, findings, what is still to be told
     */
    static Optional<Duration> of(Instant now, boolean unsure, List<Optional<Instant>> due) {
        Stream<Duration> waits = due.stream()
                .flatMap(Optional::stream)
                .map(at -> at.isBefore(now.plus(SHORTEST)) ? SHORTEST : Duration.between(now, at));
        return Stream.concat(waits, unsure ? Stream.of(UNSURE) : Stream.empty()).min(Duration::compareTo);
    }
}
