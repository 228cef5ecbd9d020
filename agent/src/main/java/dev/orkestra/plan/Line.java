package dev.orkestra.plan;

import dev.orkestra.outcome.Position;
import org.jspecify.annotations.Nullable;

/**
 * One line of a plan as people read it. Names and values come from Git and from the cluster; none of them may steer a
 * terminal or begin a line of its own.
 *
 * @param text without a line feed
 */
record Line(Colour colour, String text) {
    private static final int ORIGIN_COLUMN = 64;

    Line {
        text = printable(text);
    }

    /** How a line looks on a terminal. */
    enum Colour {
        NONE(""),
        BOLD("1"),
        DIM("2"),
        RED("31"),
        GREEN("32"),
        YELLOW("33"),
        BLUE("34"),
        MAGENTA("35");

        private final String code;

        Colour(String code) {
            this.code = code;
        }
    }

    /** With the place in Git at the right. */
    static Line at(Colour colour, String left, @Nullable Position origin) {
        return new Line(
                colour, origin == null ? left : left + " ".repeat(Math.max(2, ORIGIN_COLUMN - left.length())) + origin);
    }

    /** For a terminal that knows colours. */
    String coloured() {
        return colour == Colour.NONE || text.isEmpty() ? text : "\u001b[" + colour.code + "m" + text + "\u001b[0m";
    }

    private static String printable(String content) {
        StringBuilder clean = new StringBuilder(content.length());
        content.codePoints().map(c -> isHarmless(c) ? c : '\ufffd').forEach(clean::appendCodePoint);
        return clean.toString();
    }

    private static boolean isHarmless(int c) {
        return !Character.isISOControl(c)
                && Character.getType(c) != Character.FORMAT
                && Character.getType(c) != Character.LINE_SEPARATOR
                && Character.getType(c) != Character.PARAGRAPH_SEPARATOR;
    }
}
