package dev.orkestra.executor;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Wakes a waiting thread when something that it looks at has changed. What changed is not told: the waiter looks again.
 * Changes are counted, so that one between a look and the wait after it is not lost. Thread-safe.
 */
public final class ChangeSignal {
    // Guards changes.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long changes;

    /** How many changes there were. Read it before looking. */
    public long seen() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }

    /** Says that something changed. Never blocks for long, so that watch listeners may call it. */
    public void raise() {
        lock.lock();
        try {
            changes++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until there are more changes than {@code seen}.
     *
     * @return false when {@code atMost} passed first
     */
    public boolean awaitAfter(long seen, Duration atMost) throws InterruptedException {
        long left = Math.max(0, atMost.toNanos());
        lock.lockInterruptibly();
        try {
            while (changes == seen) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for {@code pause} whatever happens elsewhere: the wait between two tries of a refused request. */
    static void pause(Duration pause) throws InterruptedException {
        ReentrantLock own = new ReentrantLock();
        Condition never = own.newCondition();
        own.lockInterruptibly();
        try {
            long left = pause.toNanos();
            while (left > 0) {
                left = never.awaitNanos(left);
            }
        } finally {
            own.unlock();
        }
    }
}
