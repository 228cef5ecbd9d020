package dev.orkestra.outcome;

import java.time.Duration;

/**
 * How a step ended. One place turns it into conditions, events, metrics and exit codes, so that texts cannot disagree.
 *
 * @param <T> what a finished step hands on
 */
public sealed interface Outcome<T> {
    /** Finished. */
    record Done<T>(T value) implements Outcome<T> {}

    /**
     * Not now: trying again may help.
     *
     * @param after shortest wait before the next try
     * @param reason what is missing, for people
     */
    record Retry<T>(Duration after, Diagnostic reason) implements Outcome<T> {}

    /**
     * Never, until somebody changes something; the diagnostic's hint says what.
     *
     * @param reason what is wrong
     */
    record Terminal<T>(Diagnostic reason) implements Outcome<T> {}

    static <T> Outcome<T> done(T value) {
        return new Done<>(value);
    }

    static <T> Outcome<T> retry(Duration after, Diagnostic reason) {
        return new Retry<>(after, reason);
    }

    static <T> Outcome<T> terminal(Diagnostic reason) {
        return new Terminal<>(reason);
    }
}
