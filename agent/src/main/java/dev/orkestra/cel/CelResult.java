package dev.orkestra.cel;

/** What came of evaluating an expression. */
public sealed interface CelResult {
    /** True or false. */
    record Truth(boolean value) implements CelResult {}

    /** A text. */
    record Text(String value) implements CelResult {}

    /**
     * A value of another kind.
     *
     * @param shown the value for people
     */
    record Other(String shown) implements CelResult {}

    /**
     * The expression has no value for these values: a missing key, a division by zero, a text that is no number.
     *
     * @param message why, in a few words
     */
    record Failed(String message) implements CelResult {}

    /**
     * Not evaluated: a value has a form that is not understood here.
     *
     * @param reason what it is
     */
    record NotKnown(String reason) implements CelResult {}

    /** Not evaluated to its end: it would cost more than it may. */
    record TooCostly() implements CelResult {}
}
