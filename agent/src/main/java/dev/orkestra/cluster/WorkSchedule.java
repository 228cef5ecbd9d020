package dev.orkestra.cluster;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * The laws of a {@link WorkQueue} without threads and clocks: which key is next. Time comes in as nanoseconds of one
 * monotonic clock. Not thread-safe; the queue's lock guards it.
 *
 * <p>A key is at any time in at most one place of: ready, waiting, in flight. A key that is added while it is in flight
 * is looked at once more afterwards.
 */
final class WorkSchedule<K> {
    static final Duration FIRST_BACKOFF = Duration.ofMillis(200);
    static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);

    /**
     * A key that waits for its time.
     *
     * @param dueNanos when it becomes ready
     * @param order keeps keys of one time in the order in which they came
     */
    private record Waiting<K>(K key, long dueNanos, long order) {}

    /**
     * A key that can be taken.
     *
     * @param sinceNanos since when
     */
    private record Ready<K>(K key, long sinceNanos) {}

    private final ArrayDeque<Ready<K>> ready = new ArrayDeque<>();
    private final Set<K> readyKeys = new HashSet<>();
    private final PriorityQueue<Waiting<K>> waiting = new PriorityQueue<>((one, other) -> {
        // Differences, not values: nanoTime may wrap around.
        int byTime = Long.signum(one.dueNanos - other.dueNanos);
        return byTime != 0 ? byTime : Long.compare(one.order, other.order);
    });
    // The valid entry of each waiting key; an entry of `waiting` that is not in here was overtaken.
    private final Map<K, Waiting<K>> waitingKeys = new HashMap<>();
    private final Set<K> inFlight = new HashSet<>();
    private final Set<K> again = new HashSet<>();
    private final Map<K, Long> againAt = new HashMap<>();
    private final Map<K, Integer> failures = new HashMap<>();
    private long nextOrder;

    /** Wants {@code key} looked at as soon as possible; its backoff, if any, is cut short but not forgotten. */
    void add(K key, long now) {
        if (inFlight.contains(key)) {
            again.add(key);
        } else if (readyKeys.add(key)) {
            waitingKeys.remove(key);
            ready.addLast(new Ready<>(key, now));
        }
    }

    /** Wants {@code key} looked at no later than {@code dueNanos}; an earlier wish stays. */
    void addAt(K key, long dueNanos) {
        if (inFlight.contains(key)) {
            againAt.merge(key, dueNanos, (one, other) -> one - other <= 0 ? one : other);
        } else if (!readyKeys.contains(key)) {
            Waiting<K> known = waitingKeys.get(key);
            if (known == null || dueNanos - known.dueNanos < 0) {
                Waiting<K> entry = new Waiting<>(key, dueNanos, nextOrder++);
                waitingKeys.put(key, entry);
                waiting.add(entry);
            }
        }
    }

    /** The key that is ready longest; it is in flight until {@link #done} or {@link #failed}. */
    Optional<K> take(long now) {
        wakeDue(now);
        Ready<K> next = ready.pollFirst();
        if (next == null) {
            return Optional.empty();
        }
        readyKeys.remove(next.key);
        inFlight.add(next.key);
        return Optional.of(next.key);
    }

    /** The work on {@code key} ended well. */
    void done(K key, Optional<Duration> nextLook, long now) {
        failures.remove(key);
        land(key, nextLook, now);
    }

    /** The work on {@code key} failed. Returns how long it waits, unless somebody adds it before. */
    Duration failed(K key, long now) {
        int times = failures.merge(key, 1, Integer::sum);
        Duration wait = backoff(times);
        land(key, Optional.of(wait), now);
        return wait;
    }

    /** When the next waiting key becomes ready, if none is ready. */
    OptionalLong nextDueNanos() {
        dropOvertaken();
        Waiting<K> first = waiting.peek();
        return first == null ? OptionalLong.empty() : OptionalLong.of(first.dueNanos);
    }

    boolean hasReady() {
        return !ready.isEmpty();
    }

    int depth() {
        return ready.size();
    }

    int inFlightCount() {
        return inFlight.size();
    }

    /** How long the oldest ready key has been ready. Keys that became due but were not yet woken count from then. */
    Duration oldestReady(long now) {
        Ready<K> first = ready.peekFirst();
        long sinceNanos = first == null ? nextDueNanos().orElse(now) : first.sinceNanos;
        return Duration.ofNanos(Math.max(0, now - sinceNanos));
    }

    /** 200 ms, doubled with each failure, at most 5 min. */
    static Duration backoff(int failures) {
        int doublings = Math.min(failures - 1, 20);
        Duration wait = FIRST_BACKOFF.multipliedBy(1L << doublings);
        return wait.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : wait;
    }

    private void land(K key, Optional<Duration> nextLook, long now) {
        if (!inFlight.remove(key)) {
            throw new IllegalStateException("a key that is not in flight cannot land");
        }
        nextLook.ifPresent(after -> addAt(key, now + Math.max(0, after.toNanos())));
        Long askedAt = againAt.remove(key);
        if (askedAt != null) {
            addAt(key, askedAt);
        }
        if (again.remove(key)) {
            add(key, now);
        }
    }

    private void wakeDue(long now) {
        dropOvertaken();
        for (Waiting<K> first = waiting.peek(); first != null && first.dueNanos - now <= 0; first = waiting.peek()) {
            waiting.poll();
            waitingKeys.remove(first.key);
            readyKeys.add(first.key);
            ready.addLast(new Ready<>(first.key, first.dueNanos));
            dropOvertaken();
        }
    }

    private void dropOvertaken() {
        for (Waiting<K> first = waiting.peek(); first != null && waitingKeys.get(first.key) != first; ) {
            waiting.poll();
            first = waiting.peek();
        }
    }
}
