package dev.orkestra.apply;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** Runs one task for each item on virtual threads and waits for all of them. */
public final class Parallel {
    /** Requests under way at once: more only queue up in the API server's priority and fairness. */
    private static final int AT_ONCE = 16;

    private Parallel() {}

    /** @throws RuntimeException the first that a task threw, after all tasks ended */
    public static <T> void forEach(List<T> items, Consumer<T> task) {
        if (items.size() == 1) {
            task.accept(items.getFirst());
            return;
        }
        Semaphore places = new Semaphore(AT_ONCE);
        List<Future<?>> started = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (T item : items) {
                started.add(threads.submit(() -> {
                    places.acquireUninterruptibly();
                    try {
                        task.accept(item);
                    } finally {
                        places.release();
                    }
                }));
            }
        }
        for (Future<?> each : started) {
            rethrow(each);
        }
    }

    private static void rethrow(Future<?> ended) {
        try {
            ended.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException("the task has ended already", e);
        }
    }
}
