package dev.orkestra.agent;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The run or the deletion that each ConfigRepo has under way: one at a time, in a thread of its own. */
final class ActiveWork {
    private final Map<RepoKey, Running> running = new ConcurrentHashMap<>();
    private final Consumer<RepoKey> lookAgain;

    /** @param lookAgain asks for a look at a repository whose work is over */
    ActiveWork(Consumer<RepoKey> lookAgain) {
        this.lookAgain = lookAgain;
    }

    /**
     * A run, or a deletion, under way.
     *
     * @param commit empty for a deletion
     * @param signals what it is told of
     */
    record Running(Thread thread, String commit, RunSignals signals) {
        boolean isDeletion() {
            return commit.isEmpty();
        }

        /** Somebody may have waited enough for what can't be removed. */
        void endDeletionIf(boolean enough) {
            if (enough && isDeletion()) {
                thread.interrupt();
            }
        }
    }

    /** What is under way; null when nothing is. */
    @Nullable
    Running get(RepoKey key) {
        return running.get(key);
    }

    /**
     * Starts {@code work}, unless something is under way.
     *
     * @param name of the thread
     * @param work tells whether the repository is to be looked at again at once
     */
    void start(RepoKey key, String name, String commit, RunSignals signals, BooleanSupplier work) {
        Thread thread = Thread.ofVirtual().name(name).unstarted(() -> {
            boolean again = false;
            try {
                again = work.getAsBoolean();
            } finally {
                running.remove(key);
            }
            if (again) {
                lookAgain.accept(key);
            }
        });
        if (running.putIfAbsent(key, new Running(thread, commit, signals)) == null) {
            thread.start();
        }
    }

    /** The agent is being stopped: whatever waits ends, and the next process goes on. */
    void interrupt() {
        running.values().forEach(run -> run.thread().interrupt());
    }
}
