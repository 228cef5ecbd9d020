package dev.orkestra.agent;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When a repository that met trouble is looked at again: after 2 s, doubled each time, at most 5 min. The schedule goes
 * on meanwhile, so a look asks here first: without that a short interval would make the backoff void. Whoever changes
 * what the trouble may come from does not wait.
 */
final class Retries {
    static final Duration FIRST = Duration.ofSeconds(2);
    static final Duration LONGEST = Duration.ofMinutes(5);

    private final InstantSource clock;
    private final Map<RepoKey, Trouble> troubles = new ConcurrentHashMap<>();

    Retries(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Trouble of a repository.
     *
     * @param basis what the try was made with
     * @param tries how many failed in a row with this basis
     */
    private record Trouble(String basis, int tries, Instant until) {}

    /** How long {@code key} still waits; empty when it may be tried now, as when {@code basis} is another one. */
    Optional<Duration> wait(RepoKey key, String basis) {
        return Optional.ofNullable(troubles.get(key))
                .filter(trouble -> trouble.basis().equals(basis))
                .map(trouble -> Duration.between(clock.instant(), trouble.until()))
                .filter(Duration::isPositive);
    }

    /**
     * Notes that a try failed.
     *
     * @return how long to wait, {@code atLeast} if that is less than {@link #LONGEST}
     */
    Duration failed(RepoKey key, String basis, Duration atLeast) {
        Instant now = clock.instant();
        Trouble trouble = troubles.compute(key, (_, known) -> {
            int tries = known != null && known.basis().equals(basis) ? known.tries() + 1 : 1;
            return new Trouble(basis, tries, now.plus(backoff(tries, atLeast)));
        });
        return Duration.between(now, trouble.until());
    }

    /** Notes that {@code key} has no trouble any more, or is gone. */
    void worked(RepoKey key) {
        troubles.remove(key);
    }

    private static Duration backoff(int tries, Duration atLeast) {
        Duration doubled = FIRST.multipliedBy(1L << Math.min(tries - 1, 10));
        Duration wait = doubled.compareTo(atLeast) < 0 ? atLeast : doubled;
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
