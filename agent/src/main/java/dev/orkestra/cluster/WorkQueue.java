package dev.orkestra.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at keys: each as soon as asked, never one key twice at the same time, and again when its look failed or asked
 * for it. What happened to a key does not matter, only that it should be looked at: so ten events are one look.
 *
 * <p>Order: first ready, first looked at. A key that is added while it is looked at is looked at once more. A look that
 * throws is logged and repeated after 200 ms, doubled each time, at most 5 min, until it succeeds; an {@link #add} in
 * between does not wait for that. Thread-safe.
 *
 * @param <K> a value with equals and hashCode
 */
public final class WorkQueue<K> implements AutoCloseable {
    /** What a look does. */
    @FunctionalInterface
    public interface Work<K> {
        /**
         * Looks at {@code key}, on a virtual thread; it may block.
         *
         * @return when to look again without an event; empty: only when asked
         * @throws Exception a defect, or trouble that a later look may not have: the key is looked at again with backoff
         */
        Optional<Duration> look(K key) throws Exception;
    }

    private static final Logger LOG = LoggerFactory.getLogger(WorkQueue.class);
    /** How long {@link #close()} lets running looks finish. */
    private static final Duration DRAIN = Duration.ofSeconds(10);
    /** Nothing waits without a deadline; an idle worker wakes this often for nothing. */
    private static final long IDLE_NANOS = Duration.ofSeconds(30).toNanos();

    private final String name;
    private final Work<K> work;
    // Guards schedule and closed.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final WorkSchedule<K> schedule = new WorkSchedule<>();
    private final List<Thread> workers = new ArrayList<>();
    private boolean closed;

    private WorkQueue(String name, Work<K> work) {
        this.name = name;
        this.work = work;
    }

    /**
     * Starts a queue.
     *
     * @param name for logs and thread names
     * @param parallelism how many keys are looked at at the same time, at least 1
     */
    public static <K> WorkQueue<K> start(String name, int parallelism, Work<K> work) {
        if (parallelism < 1) {
            throw new IllegalArgumentException("a queue needs at least one worker: " + parallelism);
        }
        WorkQueue<K> queue = new WorkQueue<>(name, work);
        for (int i = 0; i < parallelism; i++) {
            queue.workers.add(Thread.ofVirtual().name("queue-" + name + "-" + i).unstarted(queue::workUntilClosed));
        }
        queue.workers.forEach(Thread::start);
        return queue;
    }

    /** Wants {@code key} looked at as soon as a worker is free. After close: nothing. */
    public void add(K key) {
        locked(() -> schedule.add(key, System.nanoTime()));
    }

    /** Wants {@code key} looked at after {@code wait}, or before if somebody asks for that. */
    public void addAfter(K key, Duration wait) {
        locked(() -> schedule.addAt(key, System.nanoTime() + Math.max(0, wait.toNanos())));
    }

    /** How long the oldest key that could be looked at has been waiting for a free worker; zero when none waits. */
    public Duration oldestReady() {
        lock.lock();
        try {
            return schedule.oldestReady(System.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    /** How many keys wait for a free worker. */
    public int depth() {
        lock.lock();
        try {
            return schedule.depth();
        } finally {
            lock.unlock();
        }
    }

    /** {@link #close(Duration)} with 10 s. */
    @Override
    public void close() {
        close(DRAIN);
    }

    /**
     * Takes no more keys, lets running looks finish for {@code drain}, then interrupts them. Keys that wait are dropped:
     * what is to be done must follow from the cluster's state, not from this queue.
     */
    public void close(Duration drain) {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (!joined(System.nanoTime() + drain.toNanos())) {
            workers.forEach(Thread::interrupt);
            if (!joined(System.nanoTime() + Duration.ofSeconds(1).toNanos())) {
                LOG.atWarn().addKeyValue("queue", name).log("a look goes on although it was interrupted");
            }
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            if (!closed) {
                change.run();
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean joined(long deadlineNanos) {
        for (Thread worker : workers) {
            if (worker == Thread.currentThread()) {
                continue;
            }
            try {
                if (!worker.join(Duration.ofNanos(Math.max(1, deadlineNanos - System.nanoTime())))) {
                    return false;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    private void workUntilClosed() {
        try {
            for (Optional<K> next = take(); next.isPresent(); next = take()) {
                lookAt(next.get());
            }
        } catch (InterruptedException e) {
            // Only close() interrupts workers.
            LOG.atDebug().addKeyValue("queue", name).log("worker interrupted");
        }
    }

    /** Waits for a key; empty when the queue is closed. */
    private Optional<K> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed) {
                long now = System.nanoTime();
                Optional<K> next = schedule.take(now);
                if (next.isPresent()) {
                    if (schedule.hasReady()) {
                        // One signal may have stood for several keys that became due at once.
                        changed.signal();
                    }
                    return next;
                }
                long wait = Math.min(schedule.nextDueNanos().orElse(now + IDLE_NANOS) - now, IDLE_NANOS);
                long _ = changed.awaitNanos(wait);
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private void lookAt(K key) {
        Optional<Duration> nextLook;
        try {
            nextLook = work.look(key);
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            Duration wait = failed(key);
            if (e instanceof InterruptedException && isClosed()) {
                return;
            }
            LOG.atError()
                    .addKeyValue("queue", name)
                    .addKeyValue("key", key)
                    .addKeyValue("nextLook", wait)
                    .setCause(e)
                    .log("look failed");
            return;
        }
        lock.lock();
        try {
            schedule.done(key, nextLook, System.nanoTime());
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private Duration failed(K key) {
        lock.lock();
        try {
            changed.signal();
            return schedule.failed(key, System.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    /** For people: {@code queue runs: 2 ready, 1 in flight}. */
    @Override
    public String toString() {
        lock.lock();
        try {
            return "queue " + name + ": " + schedule.depth() + " ready, " + schedule.inFlightCount() + " in flight";
        } finally {
            lock.unlock();
        }
    }
}
