package dev.orkestra.drift;

import dev.orkestra.document.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What differs and stays so for now, and when each of it is looked at again: somebody who writes an object all the time
 * must not cost requests each time. Thread-safe, with one writer.
 */
final class Findings {
    /** Between two looks at the same object that is left as it is. */
    static final Duration REST = Duration.ofSeconds(5);

    static final Duration LONGEST_RETRY = Duration.ofMinutes(5);

    private final Map<ObjectKey, Found> found = new ConcurrentSkipListMap<>();

    /**
     * One object.
     *
     * @param drift what is told; null where it could not be looked at, or where it is as it should be again
     * @param version of the object before it was looked at; empty where it was not there
     * @param notBefore when it is looked at again at the earliest
     * @param tries how often in a row it could not be put right
     * @param again whether it is looked at again although it has not moved
     */
    private record Found(@Nullable Drift drift, String version, Instant notBefore, int tries, boolean again) {}

    /** When an object is to be looked at that differs, and has this version now; empty: not before it moves. */
    Optional<Instant> due(ObjectKey key, String version) {
        Found before = found.get(key);
        if (before == null) {
            return Optional.of(Instant.MIN);
        }
        if (!before.again() && before.version().equals(version)) {
            return Optional.empty();
        }
        boolean released = !before.again()
                && version.isEmpty()
                && before.drift() != null
                && before.drift().reason() == Drift.Reason.BeingDeleted;
        return Optional.of(released ? Instant.MIN : before.notBefore());
    }

    /**
     * When the first of all is due.
     *
     * @param version tells the versions of now; empty for what cannot be seen, and is nobody's business here
     */
    Optional<Instant> firstDue(Function<ObjectKey, Optional<String>> version) {
        return found.entrySet().stream()
                .filter(each -> has(each.getKey()))
                .flatMap(each -> version.apply(each.getKey()).flatMap(now -> due(each.getKey(), now)).stream())
                .min(Instant::compareTo);
    }

    /** It is left as it is. */
    void left(Drift drift, String version, Instant now) {
        Found before = found.get(drift.object());
        Drift earlier = before == null ? null : before.drift();
        boolean same = earlier != null && earlier.reason() == drift.reason();
        Drift told = same ? drift.seenSince(Objects.requireNonNull(earlier).since()) : drift;
        boolean refused = drift.reason() == Drift.Reason.Refused;
        int tries = refused ? 1 + (same ? Objects.requireNonNull(before).tries() : 0) : 0;
        Instant until = drift.until();
        Instant notBefore = until != null ? until : now.plus(backoff(tries));
        // Its namespace goes, and nobody tells when it is gone.
        boolean held = drift.reason() == Drift.Reason.BeingDeleted && version.isEmpty();
        found.put(drift.object(), new Found(told, version, notBefore, tries, refused || held || until != null));
    }

    /** It could not be looked at; what was known stays. */
    void troubled(ObjectKey key, String version, Instant now) {
        Found before = found.get(key);
        int tries = 1 + (before == null ? 0 : before.tries());
        found.put(
                key, new Found(before == null ? null : before.drift(), version, now.plus(backoff(tries)), tries, true));
    }

    /** It is as it should be. Where that goes to and fro, the rest between two looks counts all the same. */
    void fine(ObjectKey key, String version, Instant now) {
        Found before = found.get(key);
        if (before == null) {
            return;
        }
        Instant rest = now.plus(REST);
        Instant notBefore = before.notBefore().isBefore(rest) ? before.notBefore() : rest;
        if (now.isBefore(notBefore)) {
            found.put(key, new Found(null, version, notBefore, 0, false));
        } else {
            found.remove(key);
        }
    }

    /** It was put right: if it differs again, it is looked at at once. */
    void corrected(ObjectKey key) {
        found.remove(key);
    }

    /** Whether something is to be told of the object, or it has to be looked at again. */
    boolean has(ObjectKey key) {
        Found before = found.get(key);
        return before != null && (before.drift() != null || before.again());
    }

    /** Whether there is nothing to tell of, and nothing to look at again. */
    boolean isEmpty() {
        return found.keySet().stream().noneMatch(this::has);
    }

    /** All that is known, in order of the objects. */
    List<Drift> present() {
        return found.values().stream()
                .flatMap(each -> Stream.ofNullable(each.drift()))
                .toList();
    }

    void clear() {
        found.clear();
    }

    private static Duration backoff(int tries) {
        Duration doubled = REST.multipliedBy(1L << Math.min(Math.max(tries - 1, 0), 10));
        return doubled.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : doubled;
    }
}
