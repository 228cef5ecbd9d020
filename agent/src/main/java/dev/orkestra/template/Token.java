package dev.orkestra.template;

/**
 * A word or sign of an action.
 *
 * @param start its place in the text, in Java's characters
 * @param end the place behind it
 */
record Token(TokenType type, int start, int end) {
    String text(String template) {
        return template.substring(start, end);
    }
}
