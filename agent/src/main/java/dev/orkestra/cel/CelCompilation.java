package dev.orkestra.cel;

/** What came of reading an expression. */
public sealed interface CelCompilation {
    record Compiled(CelProgram program) implements CelCompilation {}

    /**
     * The expression is wrong.
     *
     * @param message what is wrong, in one sentence
     * @param line 1-based line in the expression
     * @param column 1-based column in that line, counted in code points
     */
    record Wrong(String message, int line, int column) implements CelCompilation {}

    /**
     * The expression may be right, but cannot be evaluated here.
     *
     * @param reason what it uses
     */
    record NotSupported(String reason) implements CelCompilation {}
}
