package dev.orkestra.template;

/** What sort of word or sign a token is. */
enum TokenType {
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
