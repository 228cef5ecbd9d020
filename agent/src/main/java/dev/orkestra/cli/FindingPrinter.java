package dev.orkestra.cli;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Position;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Prints findings for people: a line that editors can jump to, the line of the file, a caret below its place, and a
 * line for each import that led there. Those have no excerpt: they say how, not what.
 */
final class FindingPrinter {
    /** Lines of Secrets are not shown: what a terminal shows of a build is read by many. */
    private static final Pattern SECRET = Pattern.compile("\\bkind['\"]?\\s*:\\s*['\"]?Secret\\b");

    private static final int WIDTH = 120;

    private final PrintWriter out;
    private final boolean colours;

    FindingPrinter(PrintWriter out, boolean colours) {
        this.out = out;
        this.colours = colours;
    }

    /** @param texts the files' texts by their names in positions */
    void print(List<Diagnostic> findings, Map<String, String> texts) {
        findings.forEach(finding -> print(finding, file -> Optional.ofNullable(texts.get(file))));
    }

    /** @param texts a file's text by its name in positions; empty for one that cannot be shown */
    void print(Diagnostic finding, Function<String, Optional<String>> texts) {
        out.println(coloured(finding));
        finding.at().ifPresent(position -> texts.apply(position.file()).ifPresent(text -> excerpt(position, text)));
        finding.importedBy().forEach(place -> out.println("  imported by " + printable(place.toString())));
    }

    private String coloured(Diagnostic finding) {
        String text = printable(finding.line());
        if (!colours) {
            return text;
        }
        String severity = finding.severity().name().toLowerCase(Locale.ROOT);
        String colour = switch (finding.severity()) {
            case ERROR -> "31;1";
            case WARNING -> "33;1";
            case INFO -> "36;1";
        };
        String place = printable(finding.at().map(position -> position + ": ").orElse(""));
        return "\u001B[1m" + place + "\u001B[0m\u001B[" + colour + "m" + severity + ":\u001B[0m"
                + text.substring(place.length() + severity.length() + 1);
    }

    private void excerpt(Position position, String text) {
        if (SECRET.matcher(text).find()) {
            return;
        }
        List<String> lines = text.lines().skip(position.line() - 1L).limit(1).toList();
        if (lines.isEmpty() || lines.getFirst().isBlank()) {
            return;
        }
        int[] line = printable(lines.getFirst()).codePoints().toArray();
        // A long line is cut on both sides, so that the place itself is always in view.
        int start = position.column() <= WIDTH ? 0 : position.column() - WIDTH / 2;
        if (start >= line.length) {
            return;
        }
        int length = Math.min(WIDTH, line.length - start);
        String number = Integer.toString(position.line());
        out.println("  " + number + " | " + new String(line, start, length));
        out.println("  " + " ".repeat(number.length()) + " | " + " ".repeat(position.column() - 1 - start) + "^");
    }

    /** Control characters could move the cursor or change colours; each character stays one. */
    static String printable(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c == '\t' ? ' ' : Character.isISOControl(c) ? '\uFFFD' : c)
                .forEach(shown::appendCodePoint);
        return shown.toString();
    }
}
