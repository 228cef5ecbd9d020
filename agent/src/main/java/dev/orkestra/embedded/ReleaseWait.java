package dev.orkestra.embedded;

import dev.orkestra.executor.ChangeSignal;
import dev.orkestra.executor.Deadline;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A wait for a release's objects: woken by their changes, ended by the HelmRelease's own change.
 *
 * @param signal raised when an object, or the HelmRelease, has changed
 * @param superseded whether the HelmRelease wants something else by now
 * @param deadline when to give up
 */
record ReleaseWait(ChangeSignal signal, BooleanSupplier superseded, Deadline deadline) {
    /** How a wait ends. */
    enum End {
        REACHED,
        FAILED,
        LATE,
        SUPERSEDED
    }

    /**
     * @param end how
     * @param words what was last missing
     */
    record Result(End end, String words) {}

    /** Messages change as pods back off and try again; people need to see them, not every one of them. */
    private static final Duration BETWEEN_WORDS = Duration.ofSeconds(3);

    private static final Duration SAFETY_LOOK = Duration.ofSeconds(30);

    /**
     * @param look how the objects are
     * @param reached whether that is what is waited for
     * @param tell gets what is still missing, now and then
     */
    Result until(Supplier<ReleaseObjects.State> look, Predicate<ReleaseObjects.State> reached, Consumer<String> tell)
            throws InterruptedException {
        String told = "";
        Deadline nextWords = Deadline.in(Duration.ofSeconds(1));
        while (true) {
            long seen = signal.seen();
            if (superseded.getAsBoolean()) {
                return new Result(End.SUPERSEDED, "");
            }
            ReleaseObjects.State state = look.get();
            if (reached.test(state)) {
                return new Result(End.REACHED, "");
            }
            if (state.failed()) {
                return new Result(End.FAILED, state.words());
            }
            if (deadline.passed()) {
                return new Result(End.LATE, state.words());
            }
            boolean news = !state.words().equals(told);
            if (news && nextWords.passed()) {
                told = state.words();
                tell.accept(told);
                nextWords = Deadline.in(BETWEEN_WORDS);
                news = false;
            }
            Duration atMost = deadline.leftAtMost(news ? nextWords.left() : SAFETY_LOOK);
            signal.awaitAfter(seen, atMost);
        }
    }
}
