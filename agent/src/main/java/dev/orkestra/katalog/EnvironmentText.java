package dev.orkestra.katalog;

import java.util.Optional;

/**
 * A text that begins with an environment variable, {@code $NAME/rest} or <code>${NAME}/rest</code>.
 *
 * @param rest what follows the name
 */
record EnvironmentText(String name, String rest) {
    static Optional<EnvironmentText> of(String text) {
        if (!text.startsWith("$") || text.length() < 2) {
            return Optional.empty();
        }
        boolean braces = text.charAt(1) == '{';
        int start = braces ? 2 : 1;
        int end = start;
        while (end < text.length() && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
            end++;
        }
        if (end == start || braces && (end == text.length() || text.charAt(end) != '}')) {
            return Optional.empty();
        }
        return Optional.of(new EnvironmentText(text.substring(start, end), text.substring(braces ? end + 1 : end)));
    }
}
