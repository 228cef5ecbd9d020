package dev.orkestra.agent;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Lets a few at a time do what takes memory and processor time, in the order in which they asked. Whatever only waits
 * (for health, for a person, for a time) holds no turn, so that one environment that is stuck costs the others nothing.
 */
final class Turns {
    private final Semaphore free;
    private final Set<Thread> holders = ConcurrentHashMap.newKeySet();

    Turns(int atOnce) {
        this.free = new Semaphore(atOnce, true);
    }

    /** Work of one turn. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws InterruptedException;
    }

    /** A thread that has a turn already goes on with it: waiting for a second one could be for ever. */
    <T> T take(Work<T> work) throws InterruptedException {
        if (holders.contains(Thread.currentThread())) {
            return work.run();
        }
        free.acquire();
        holders.add(Thread.currentThread());
        try {
            return work.run();
        } finally {
            holders.remove(Thread.currentThread());
            free.release();
        }
    }

    /** Gives the turn back while {@code work} waits for somebody else, and takes a new one afterwards. */
    <T> T without(Supplier<T> work) {
        free.release();
        try {
            return work.get();
        } finally {
            free.acquireUninterruptibly();
        }
    }

    /** How many wait for their turn. */
    int waiting() {
        return free.getQueueLength();
    }
}
