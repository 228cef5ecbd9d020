package dev.orkestra.outcome;

/**
 * A place in a file that a person can open.
 *
 * @param file path relative to the repository root, or the path that the user gave; never empty
 * @param line 1-based line
 * @param column 1-based column, counted in code points
 */
public record Position(String file, int line, int column) implements Comparable<Position> {
    public Position {
        if (file.isEmpty()) {
            throw new IllegalArgumentException("a position needs a file");
        }
        if (line < 1 || column < 1) {
            throw new IllegalArgumentException("lines and columns count from 1: " + line + ":" + column);
        }
    }

    /** The first character of {@code file}. */
    public static Position startOf(String file) {
        return new Position(file, 1, 1);
    }

    @Override
    public int compareTo(Position other) {
        int byFile = file.compareTo(other.file);
        if (byFile != 0) {
            return byFile;
        }
        int byLine = Integer.compare(line, other.line);
        return byLine != 0 ? byLine : Integer.compare(column, other.column);
    }

    /** {@code file:line:column}, the form that editors and terminals turn into a link. */
    @Override
    public String toString() {
        return OneLine.of(file) + ":" + line + ":" + column;
    }
}
