package dev.orkestra.outcome;

import java.util.Locale;

/**
 * Text from files and their names, made fit for one line of a terminal, a log or a comment: what could begin a line,
 * move the cursor, change colours or turn the direction of reading is written as an escape.
 */
public final class OneLine {
    private OneLine() {}

    /** {@code text} itself when nothing in it needs an escape. */
    public static String of(String text) {
        if (text.chars().noneMatch(OneLine::isHidden)) {
            return text;
        }
        StringBuilder line = new StringBuilder(text.length() + 16);
        text.chars().forEach(c -> {
            if (isHidden(c)) {
                line.append(c == '\n' ? "\\n" : c == '\r' ? "\\r" : c == '\t' ? "\\t" : escape(c));
            } else {
                line.append((char) c);
            }
        });
        return line.toString();
    }

    private static String escape(int c) {
        return String.format(Locale.ROOT, "\\u%04X", c);
    }

    /** Whether {@code c} is to be written as an escape, or shown as something else. */
    public static boolean isHidden(int c) {
        return Character.isISOControl(c)
                || c == 0x2028
                || c == 0x2029
                || c == 0x061C
                || c == 0x200E
                || c == 0x200F
                || c >= 0x202A && c <= 0x202E
                || c >= 0x2066 && c <= 0x2069;
    }
}
