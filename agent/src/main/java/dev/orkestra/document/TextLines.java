package dev.orkestra.document;

import java.util.Arrays;
import java.util.Optional;

/**
 * The lines of a text as {@linkplain dev.orkestra.outcome.Position positions} count them. YAML 1.1 ends a line at CR
 * LF, CR, LF, NEL, LS and PS; whoever counts line feeds alone shows another line than the finding means.
 */
public final class TextLines {
    private final String text;
    /** Where each line begins. */
    private final int[] starts;

    private TextLines(String text, int[] starts) {
        this.text = text;
        this.starts = starts;
    }

    public static TextLines of(String text) {
        int[] starts = new int[16];
        int count = 1;
        for (int i = 0; i < text.length(); i++) {
            if (endsLine(text, i)) {
                starts = count == starts.length ? Arrays.copyOf(starts, 2 * count) : starts;
                starts[count++] = i + 1;
            }
        }
        return new TextLines(text, Arrays.copyOf(starts, count));
    }

    /** Whether the character at {@code i} ends its line; of CR LF it is the LF that does. */
    private static boolean endsLine(String text, int i) {
        return switch (text.charAt(i)) {
            case '\n', '\u0085', '\u2028', '\u2029' -> true;
            case '\r' -> i + 1 == text.length() || text.charAt(i + 1) != '\n';
            default -> false;
        };
    }

    /** At least 1: an empty text is one empty line. */
    public int count() {
        return starts.length;
    }

    /** The line with this 1-based number, without its end; empty when there are not so many. */
    public Optional<String> line(int number) {
        if (number > starts.length) {
            return Optional.empty();
        }
        int end = number == starts.length ? text.length() : starts[number];
        while (end > starts[number - 1] && endsOrBeginsEnd(text.charAt(end - 1))) {
            end--;
        }
        return Optional.of(text.substring(starts[number - 1], end));
    }

    private static boolean endsOrBeginsEnd(char c) {
        return c == '\n' || c == '\r' || c == '\u0085' || c == '\u2028' || c == '\u2029';
    }

    /** The 1-based column just behind the last character, in code points. */
    int columnBehind() {
        return text.codePointCount(starts[starts.length - 1], text.length()) + 1;
    }
}
