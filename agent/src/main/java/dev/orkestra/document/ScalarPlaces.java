package dev.orkestra.document;

import dev.orkestra.outcome.Position;
import java.util.Optional;

/**
 * Finds a character of a scalar's value in the text that it was written in. A value that was written over several lines
 * and folded, or that is no longer what the file says (a Motif's input put in), has no such place.
 */
public final class ScalarPlaces {
    private final TextLines lines;
    private final Position start;
    private final String value;
    private final int[] wanted;

    private ScalarPlaces(TextLines lines, Position start, String value) {
        this.lines = lines;
        this.start = start;
        this.value = value;
        this.wanted = value.codePoints().toArray();
    }

    /**
     * Where the character stands.
     *
     * @param start where the scalar begins
     * @param offset 0-based, in code points of {@code value}; its length means just behind the last one
     */
    public static Optional<Position> inside(TextLines lines, Position start, String value, int offset) {
        return new ScalarPlaces(lines, start, value).find(offset);
    }

    private Optional<Position> find(int offset) {
        int[] line = line(start.line());
        int at = start.column() - 1;
        if (at >= line.length || offset > wanted.length) {
            return Optional.empty();
        }
        return switch (line[at]) {
            case '"' -> quoted(line, at + 1, offset, '"');
            case '\'' -> quoted(line, at + 1, offset, '\'');
            case '|' -> block(offset);
            case '>' -> Optional.empty();
            default -> plain(line, at, offset);
        };
    }

    private int[] line(int number) {
        return lines.line(number).orElse("").codePoints().toArray();
    }

    private Optional<Position> plain(int[] line, int at, int offset) {
        for (int i = 0; i < wanted.length; i++) {
            if (at + i >= line.length || line[at + i] != wanted[i]) {
                return Optional.empty();
            }
        }
        return Optional.of(new Position(start.file(), start.line(), at + offset + 1));
    }

    /** Character by character, since an escape takes more room in the file than in the value. */
    private Optional<Position> quoted(int[] line, int from, int offset, char quote) {
        int at = from;
        int found = -1;
        for (int i = 0; i <= wanted.length; i++) {
            if (i == offset) {
                found = at;
            }
            if (i == wanted.length) {
                break;
            }
            int next = at < line.length ? behind(line, at, wanted[i], quote) : -1;
            if (next < 0) {
                return Optional.empty();
            }
            at = next;
        }
        return at < line.length && line[at] == quote
                ? Optional.of(new Position(start.file(), start.line(), found + 1))
                : Optional.empty();
    }

    /** Just behind what writes {@code character} at {@code at}; -1 when it is something else. */
    private static int behind(int[] line, int at, int character, char quote) {
        boolean hasNext = at + 1 < line.length;
        if (quote == '\'') {
            boolean isDoubled = line[at] == '\'';
            if (isDoubled && (!hasNext || line[at + 1] != '\'' || character != '\'')) {
                return -1;
            }
            return line[at] == character ? at + (isDoubled ? 2 : 1) : -1;
        }
        if (line[at] != '\\') {
            return line[at] == character && line[at] != '"' ? at + 1 : -1;
        }
        if (!hasNext) {
            return -1;
        }
        return switch (line[at + 1]) {
            case '"', '\\', '/', ' ' -> character == line[at + 1] ? at + 2 : -1;
            case 'n' -> character == '\n' ? at + 2 : -1;
            case 't' -> character == '\t' ? at + 2 : -1;
            case 'r' -> character == '\r' ? at + 2 : -1;
            case 'x' -> at + 4;
            case 'u' -> at + 6;
            case 'U' -> at + 10;
            default -> -1;
        };
    }

    /** A literal block keeps its lines, moved in by as much as the first that is not empty. */
    private Optional<Position> block(int offset) {
        String[] rows = value.split("\n", -1);
        int indent = -1;
        int seen = 0;
        Optional<Position> found = Optional.empty();
        for (int i = 0; i < rows.length; i++) {
            int number = start.line() + 1 + i;
            String written = lines.line(number).orElse("");
            if (indent < 0 && !rows[i].isEmpty()) {
                indent = written.length()
                        - written.stripLeading().length()
                        - (rows[i].length() - rows[i].stripLeading().length());
            }
            int cut = Math.max(indent, 0);
            boolean isLast = i == rows.length - 1 && rows[i].isEmpty();
            if (!isLast && !(rows[i].isEmpty() ? written.isBlank() : isRow(written, cut, rows[i]))) {
                return Optional.empty();
            }
            int length = rows[i].codePointCount(0, rows[i].length());
            if (found.isEmpty() && offset <= seen + length) {
                found = Optional.of(new Position(start.file(), number, cut + offset - seen + 1));
            }
            seen += length + 1;
        }
        return found;
    }

    private static boolean isRow(String written, int cut, String row) {
        return written.length() == cut + row.length() && written.endsWith(row);
    }
}
