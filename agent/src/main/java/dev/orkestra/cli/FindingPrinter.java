package dev.orkestra.cli;

import dev.orkestra.document.TextLines;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.OneLine;
import dev.orkestra.outcome.Position;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Prints findings for people: a line that editors can jump to, the line of the file, and a caret below its place. */
final class FindingPrinter {
    /** Lines of Secrets are not shown: what a terminal shows of a build is read by many. */
    private static final Pattern SECRET = Pattern.compile("\\bkind['\"]?+\\s*+:\\s*+['\"]?+Secret\\b");

    private static final int WIDTH = 120;

    private final Terminal terminal;
    /** By text: a file may be long and have many findings. Empty for texts that are not shown. */
    private final Map<String, Optional<TextLines>> lines = new HashMap<>();

    FindingPrinter(Terminal terminal) {
        this.terminal = terminal;
    }

    void print(Diagnostic finding, Map<String, String> texts) {
        terminal.out().println(coloured(finding));
        finding.at().ifPresent(position -> excerptOf(position, texts.get(position.file())));
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

    private void excerptOf(Position position, @Nullable String text) {
        if (text == null) {
            return;
        }
        lines.computeIfAbsent(text, FindingPrinter::shown)
                .flatMap(all -> all.line(position.line()))
                .filter(line -> !line.isBlank())
                .ifPresent(line -> excerpt(position, line));
    }

    private static Optional<TextLines> shown(String text) {
        return SECRET.matcher(text).find() ? Optional.empty() : Optional.of(TextLines.of(text));
    }

    private void excerpt(Position position, String line) {
        // A long line is cut on both sides, so that the place itself is always in view.
        int start = position.column() <= WIDTH ? 0 : position.column() - WIDTH / 2;
        int[] cut = line.codePoints()
                .skip(start)
                .limit(WIDTH)
                .map(FindingPrinter::printable)
                .toArray();
        if (cut.length == 0) {
            return;
        }
        String number = Integer.toString(position.line());
        terminal.out().println("  " + number + " | " + new String(cut, 0, cut.length));
        terminal.out()
                .println("  " + " ".repeat(number.length()) + " | " + " ".repeat(position.column() - 1 - start) + "^");
    }

    /** Control characters could move the cursor or change colours; one for one, so that the caret stays right. */
    private static int printable(int character) {
        return character == '\t' ? ' ' : OneLine.isHidden(character) ? '\uFFFD' : character;
    }
}
