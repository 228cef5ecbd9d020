package dev.orkestra.drift;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/** When an environment is looked at again although no watch has told of anything. */
final class NextLook {
    /** A watch that is cut off tells by itself when it is back and something has changed; this only backs it up. */
    static final Duration UNSURE = Duration.ofSeconds(10);

    static final Duration FIRST_RETRY = Duration.ofSeconds(5);
    static final Duration LONGEST_RETRY = Duration.ofMinutes(5);

    private NextLook() {}

    /**
     * @param unsure whether a watch does not follow the server at the moment
     * @param slowLook when the objects that nobody may watch are due, where there are such
     * @param tries how many looks in a row have met trouble or a refusal
     * @param present what is not as it should be
     */
    static Optional<Duration> of(
            Instant now, boolean unsure, Optional<Instant> slowLook, int tries, Collection<Drift> present) {
        TreeSet<Duration> waits = new TreeSet<>();
        if (unsure) {
            waits.add(UNSURE);
        }
        slowLook.map(due -> Duration.between(now, due)).ifPresent(waits::add);
        if (tries > 0) {
            Duration doubled = FIRST_RETRY.multipliedBy(1L << Math.min(tries - 1, 10));
            waits.add(doubled.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : doubled);
        }
        present.stream()
                .map(Drift::until)
                .filter(Objects::nonNull)
                .map(until -> Duration.between(now, until))
                .map(wait -> wait.isNegative() ? FIRST_RETRY : wait)
                .forEach(waits::add);
        return waits.isEmpty() ? Optional.empty() : Optional.of(waits.first());
    }
}
