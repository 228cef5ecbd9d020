package dev.orkestra.drift;

import dev.orkestra.document.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers how often an object was put right against the same manager, and when that stops: two that write the same
 * field would go on for ever. Not thread-safe.
 */
final class Fights {
    /** So many corrections in {@link #WITHIN} are a fight. */
    static final int MOST = 3;

    static final Duration WITHIN = Duration.ofMinutes(10);
    static final Duration FIRST_PAUSE = Duration.ofMinutes(5);
    static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    private final Map<Pair, Rounds> rounds = new HashMap<>();

    private record Pair(ObjectKey object, String manager) {}

    private static final class Rounds {
        private final ArrayDeque<Instant> corrected = new ArrayDeque<>();
        private int pauses;
        private Instant until = Instant.MIN;
    }

    /** Until when the object is left alone; empty when it may be put right now. */
    Optional<Instant> pausedUntil(ObjectKey object, String manager, Instant now) {
        Rounds known = rounds.get(new Pair(object, manager));
        if (known == null) {
            return Optional.empty();
        }
        if (now.isBefore(known.until)) {
            return Optional.of(known.until);
        }
        while (!known.corrected.isEmpty() && known.corrected.peek().isBefore(now.minus(WITHIN))) {
            known.corrected.remove();
        }
        if (known.corrected.size() < MOST) {
            return Optional.empty();
        }
        // After the pause one more try: if that is undone as well, the next pause is longer.
        known.until = now.plus(pause(known.pauses));
        known.corrected.clear();
        for (int i = 1; i < MOST; i++) {
            known.corrected.add(known.until);
        }
        known.pauses++;
        return Optional.of(known.until);
    }

    private static Duration pause(int earlier) {
        Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(earlier, 10));
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    /** Notes that the object was put right. */
    void corrected(ObjectKey object, String manager, Instant now) {
        rounds.computeIfAbsent(new Pair(object, manager), _ -> new Rounds())
                .corrected
                .add(now);
    }

    /** A run has said anew what is wanted: nobody fights any more. */
    void forget() {
        rounds.clear();
    }
}
