package dev.orkestra.template;

/**
 * A word or sign of an action.
 *
 * @param start its place in the text, in Java's characters
 * @param end the place behind it
 */
record Token(Type type, int start, int end) {
    enum Type {
        SPACE,
        /** A function, or a word of the language such as {@code if}. */
        WORD,
        /** A name with the dot before it. */
        FIELD,
        DOT,
        /** The dollar sign, with a name or without. */
        VARIABLE,
        NUMBER,
        /** Two numbers with a sign between them. */
        COMPLEX,
        CHARACTER,
        STRING,
        RAW_STRING,
        LEFT_PAREN,
        RIGHT_PAREN,
        PIPE,
        ASSIGN,
        DECLARE,
        /** Any other sign. */
        OTHER,
        /** The end of the action. */
        RIGHT,
        /** What is no token at all: {@link Action#fault()} says why. The last one of its action. */
        FAULT
    }

    String text(String template) {
        return template.substring(start, end);
    }
}
