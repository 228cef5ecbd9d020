package dev.orkestra.template;

/**
 * What is wrong with a template.
 *
 * @param message what is wrong
 * @param offset where, in code points from the beginning of the text: the word or sign at fault
 * @param hint how to mend it; empty when there is nothing to say
 */
public record TemplateProblem(Kind kind, String message, int offset, String hint) {
    /** What sort of trouble it is. */
    public enum Kind {
        /** The text is no template: Go refuses it, or stops at this place whenever it is carried out. */
        SYNTAX,
        /** A function that nobody declares. Go refuses the text. */
        UNKNOWN_FUNCTION,
        /** A function that takes more or fewer arguments. Go stops when the call is carried out. */
        ARGUMENT_COUNT,
        /** Arguments, or a value before '|', for what is no function. Go stops when it is carried out and has a value. */
        NOT_A_FUNCTION
    }
}
