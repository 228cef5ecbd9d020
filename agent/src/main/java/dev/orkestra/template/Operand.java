package dev.orkestra.template;

/**
 * A function, a value or an argument: one term of a command with its fields.
 *
 * @param token its first one
 * @param end the place behind its last one
 */
record Operand(Kind kind, Token token, int end) {
    enum Kind {
        FUNCTION,
        /** A field of what a function returns. */
        FIELD_OF_FUNCTION,
        /** A field of the dot or of a variable. */
        FIELD,
        VARIABLE,
        PIPELINE,
        /** A field of a pipeline in parentheses. */
        FIELD_OF_PIPELINE,
        /** A number, a text, true or false, the dot. */
        CONSTANT,
        NIL,
        /** It could not be read. */
        BROKEN
    }
}
