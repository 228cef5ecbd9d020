package dev.orkestra.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;

/** Work on many things at once whose results are taken in the order of the things. */
final class InOrder {
    /** Results that wait for a slow one before them are held in memory; so many for each thread. */
    private static final int AHEAD = 4;

    private InOrder() {}

    /**
     * Does {@code work} on each of {@code all}, some at the same time, and gives the results to {@code take} one by one
     * on the caller's thread. What {@code work} throws is thrown here.
     */
    static <A, R> void each(List<A> all, int threads, Function<A, R> work, Consumer<R> take)
            throws InterruptedException {
        if (threads <= 1 || all.size() <= 1) {
            all.forEach(one -> take.accept(work.apply(one)));
            return;
        }
        ExecutorService pool = Executors.newFixedThreadPool(Math.min(threads, all.size()));
        try {
            Deque<Future<R>> running = new ArrayDeque<>();
            for (A one : all) {
                if (running.size() >= threads * AHEAD) {
                    take.accept(result(running.removeFirst()));
                }
                running.addLast(pool.submit(() -> work.apply(one)));
            }
            while (!running.isEmpty()) {
                take.accept(result(running.removeFirst()));
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static <R> R result(Future<R> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException defect -> throw defect;
                case Error defect -> throw defect;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }
}
