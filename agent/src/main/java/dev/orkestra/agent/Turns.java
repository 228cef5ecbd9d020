package dev.orkestra.agent;

import java.util.concurrent.Semaphore;

/**
 * Lets a few at a time do what takes memory and processor time, in the order in which they asked. Whatever only waits
 * (for health, for a person, for a time) holds no turn, so that one environment that is stuck costs the others nothing.
 */
final class Turns {
    private final Semaphore free;

    Turns(int atOnce) {
        this.free = new Semaphore(atOnce, true);
    }

    /** Work of one turn. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws InterruptedException;
    }

    <T> T take(Work<T> work) throws InterruptedException {
        free.acquire();
        try {
            return work.run();
        } finally {
            free.release();
        }
    }

    /** How many wait for their turn. */
    int waiting() {
        return free.getQueueLength();
    }
}
