package dev.orkestra.chart;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Servers that were too slow lately. Each is asked by one caller at a time from then on, so that one slow server holds
 * up one worker and not all of them, however many groups name it. The first answer in time ends that. Thread-safe.
 */
public final class SlowServers {
    /** How long a server counts as slow after it was. */
    static final Duration MEMORY = Duration.ofMinutes(10);

    private static final int MANY = 1_000;

    private record Known(long until, boolean isBeingAsked) {}

    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Known> slow = new HashMap<>();

    /** @param nanoTime as {@link System#nanoTime()} */
    public SlowServers(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether {@code server} may be asked now; then {@link #leave} has to follow. */
    public boolean enter(String server) {
        lock.lock();
        try {
            Known known = slow.get(server);
            if (known == null || known.until - nanoTime.getAsLong() < 0) {
                return true;
            }
            slow.put(server, new Known(known.until, true));
            return !known.isBeingAsked;
        } finally {
            lock.unlock();
        }
    }

    /** Who answers at {@code url}, whatever the path: its host and port. */
    public static String at(String url) {
        try {
            String authority = URI.create(url).getRawAuthority();
            return authority == null ? url : authority.toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return url;
        }
    }

    /** How many are remembered. */
    int size() {
        lock.lock();
        try {
            return slow.size();
        } finally {
            lock.unlock();
        }
    }

    /** @param wasSlow whether it was too slow this time */
    public void leave(String server, boolean wasSlow) {
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            if (wasSlow) {
                slow.put(server, new Known(now + MEMORY.toNanos(), false));
            } else {
                slow.remove(server);
            }
            if (slow.size() > MANY) {
                slow.values().removeIf(known -> known.until - now < 0);
            }
        } finally {
            lock.unlock();
        }
    }
}
