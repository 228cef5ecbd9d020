package dev.orkestra.cli;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Position;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Prints findings for people: a line that editors can jump to, the line of the file, and a caret below its place. */
final class FindingPrinter {
    /** Lines of Secrets are not shown: what a terminal shows of a build is read by many. */
    private static final Pattern SECRET = Pattern.compile("\\bkind['\"]?\\s*:\\s*['\"]?Secret\\b");

    private static final int WIDTH = 120;

    private final Terminal terminal;

    FindingPrinter(Terminal terminal) {
        this.terminal = terminal;
    }

    void print(Diagnostic finding, Map<String, String> texts) {
        terminal.out().println(coloured(finding));
        finding.at().ifPresent(position -> excerpt(position, texts.get(position.file())));
    }

    private String coloured(Diagnostic finding) {
        String text = finding.toString();
        if (!terminal.colours()) {
            return text;
        }
        String severity = finding.severity().name().toLowerCase(java.util.Locale.ROOT);
        String colour = switch (finding.severity()) {
            case ERROR -> "31;1";
            case WARNING -> "33;1";
            case INFO -> "36;1";
        };
        String place = finding.at().map(position -> position + ": ").orElse("");
        return "\u001B[1m" + place + "\u001B[0m\u001B[" + colour + "m" + severity + ":\u001B[0m"
                + text.substring(place.length() + severity.length() + 1);
    }

    private void excerpt(Position position, @org.jspecify.annotations.Nullable String text) {
        if (text == null || SECRET.matcher(text).find()) {
            return;
        }
        List<String> lines = text.lines().skip(position.line() - 1L).limit(1).toList();
        if (lines.isEmpty() || lines.getFirst().isBlank()) {
            return;
        }
        int[] line =
                lines.getFirst().codePoints().map(FindingPrinter::printable).toArray();
        // A long line is cut on both sides, so that the place itself is always in view.
        int start = position.column() <= WIDTH ? 0 : position.column() - WIDTH / 2;
        if (start >= line.length) {
            return;
        }
        int length = Math.min(WIDTH, line.length - start);
        String number = Integer.toString(position.line());
        terminal.out().println("  " + number + " | " + new String(line, start, length));
        terminal.out()
                .println("  " + " ".repeat(number.length()) + " | " + " ".repeat(position.column() - 1 - start) + "^");
    }

    /** Control characters could move the cursor or change colours. */
    private static int printable(int character) {
        return character == '\t' ? ' ' : Character.isISOControl(character) ? '\uFFFD' : character;
    }
}
