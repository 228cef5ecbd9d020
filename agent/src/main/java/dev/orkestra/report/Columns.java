package dev.orkestra.report;

import dev.orkestra.outcome.OneLine;
import java.util.ArrayList;
import java.util.List;

/**
 * Text for a terminal that is so many columns wide. What others wrote is made fit for one line first, so that a name
 * can neither move the cursor nor begin a line.
 */
public final class Columns {
    private static final String CUT = "…";

    private Columns() {}

    /** How many columns {@code text} takes: letters of East Asia and pictures take two, marks above a letter none. */
    public static int width(String text) {
        return text.codePoints().map(Columns::width).sum();
    }

    /** {@code text} on one line of at most {@code columns}, cut at the end where it is longer. */
    public static String cut(String text, int columns) {
        String line = OneLine.of(text);
        if (width(line) <= columns) {
            return line;
        }
        return line.substring(0, fitting(line, 0, Math.max(0, columns - 1))) + CUT;
    }

    /** {@code text} on one line of exactly {@code columns}. */
    public static String pad(String text, int columns) {
        String line = cut(text, columns);
        return line + " ".repeat(Math.max(0, columns - width(line)));
    }

    /**
     * The lines of {@code text}, none wider than {@code columns}: broken between words where that is possible, and where
     * the text has line feeds of its own. Never empty.
     */
    public static List<String> wrap(String text, int columns) {
        int room = Math.max(1, columns);
        List<String> lines = new ArrayList<>();
        for (String line : text.stripTrailing().split("\r?\n|\r", -1)) {
            wrapLine(OneLine.of(line.stripTrailing()), room, lines);
        }
        return lines;
    }

    private static void wrapLine(String line, int columns, List<String> lines) {
        int start = 0;
        int end = fitting(line, start, columns);
        while (end < line.length()) {
            // At least one character, though it be too wide.
            end = Math.max(end, line.offsetByCodePoints(start, 1));
            int blank = Math.min(end, line.length() - 1);
            while (blank > start && line.charAt(blank) != ' ') {
                blank--;
            }
            if (blank > start) {
                lines.add(line.substring(start, blank).stripTrailing());
                start = blank + 1;
            } else {
                lines.add(line.substring(start, end));
                start = end;
            }
            end = fitting(line, start, columns);
        }
        lines.add(line.substring(start));
    }

    /** The end of the longest part from {@code start} that is not wider than {@code columns}. */
    private static int fitting(String line, int start, int columns) {
        int end = start;
        int used = 0;
        while (end < line.length()) {
            int character = line.codePointAt(end);
            used += width(character);
            if (used > columns) {
                return end;
            }
            end += Character.charCount(character);
        }
        return end;
    }

    private static int width(int character) {
        return switch (Character.getType(character)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> isWide(character) ? 2 : 1;
        };
    }

    private static boolean isWide(int c) {
        return c >= 0x1100 && c <= 0x115F
                || c >= 0x2E80 && c <= 0xA4CF
                || c >= 0xAC00 && c <= 0xD7A3
                || c >= 0xF900 && c <= 0xFAFF
                || c >= 0xFE30 && c <= 0xFE6F
                || c >= 0xFF00 && c <= 0xFF60
                || c >= 0xFFE0 && c <= 0xFFE6
                || c >= 0x1F300 && c <= 0x1FAFF
                || c >= 0x20000 && c <= 0x3FFFD;
    }
}
