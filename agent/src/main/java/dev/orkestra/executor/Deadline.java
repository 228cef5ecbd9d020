package dev.orkestra.executor;

import java.time.Duration;

/**
 * The end of a wait, on the clock that never jumps.
 *
 * @param atNanos in terms of {@link System#nanoTime}
 * @param length how long the wait is in all, for messages
 */
public record Deadline(long atNanos, Duration length) {
    public static Deadline in(Duration length) {
        return new Deadline(System.nanoTime() + length.toNanos(), length);
    }

    /** What is left; zero when it has passed. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, atNanos - System.nanoTime()));
    }

    public boolean passed() {
        return atNanos - System.nanoTime() <= 0;
    }

    /** What is left, but at most {@code limit}: a wait that looks again now and then. */
    public Duration leftAtMost(Duration limit) {
        Duration left = left();
        return left.compareTo(limit) < 0 ? left : limit;
    }
}
