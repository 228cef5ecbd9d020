package dev.orkestra.embedded;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/** How long calls of Helm waited for their turn, and how long they took: for the page of metrics. Thread-safe. */
public final class HelmTimes {
    /** The newest waits are kept, so that a quantile tells of today. */
    private static final int KEPT = 4_096;

    private final ReentrantLock lock = new ReentrantLock();
    private final long[] waits = new long[KEPT];
    private long count;
    private long waited;
    private long ran;

    void called(Duration inQueue, Duration running) {
        lock.lock();
        try {
            waits[(int) (count % KEPT)] = inQueue.toNanos();
            count++;
            waited += inQueue.toNanos();
            ran += running.toNanos();
        } finally {
            lock.unlock();
        }
    }

    /**
     * What has been counted.
     *
     * @param calls since the start
     * @param waited in all
     * @param ran in all
     * @param p99 the wait that 99 of a hundred of the last calls did not exceed
     */
    public record Sum(long calls, Duration waited, Duration ran, Duration p99) {}

    public Sum sum() {
        lock.lock();
        try {
            long[] last = Arrays.copyOf(waits, (int) Math.min(count, KEPT));
            Arrays.sort(last);
            long p99 = last.length == 0 ? 0 : last[Math.min(last.length - 1, last.length * 99 / 100)];
            return new Sum(count, Duration.ofNanos(waited), Duration.ofNanos(ran), Duration.ofNanos(p99));
        } finally {
            lock.unlock();
        }
    }
}
