package dev.orkestra.cli;

import dev.orkestra.document.TextLines;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.OneLine;
import dev.orkestra.outcome.Position;
import java.io.PrintWriter;
import java.util.HashMap;
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
    private static final Pattern SECRET =
            Pattern.compile("\\bkind['\"]?+\\s*+:\\s*+(?:[&!][^\\s]*+\\s++)*+['\"]?+Secret\\b");

    /** What kustomize makes Secrets from, or changes them with. */
    private static final Pattern MAKES_SECRET =
            Pattern.compile("\\bsecretGenerator\\b|\\bstringData\\b|path['\"]?+\\s*+:\\s*+['\"]?+/data/");

    private static final int WIDTH = 120;

    private final PrintWriter out;
    private final boolean colours;
    /** By text: a file may be long and have many findings. Empty for texts that are not shown. */
    private final Map<String, Optional<TextLines>> lines = new HashMap<>();

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
        // What kustomize could not build may be a file that it reads as bytes, such as a key.
        finding.at()
                .filter(_ -> finding.code() != ErrorCode.RenderFailed)
                .ifPresent(position -> texts.apply(position.file()).ifPresent(text -> excerptOf(position, text)));
        finding.importedBy().forEach(place -> out.println("  imported by " + place));
    }

    private String coloured(Diagnostic finding) {
        String text = finding.line();
        if (!colours) {
            return text;
        }
        String severity = finding.severity().name().toLowerCase(Locale.ROOT);
        String colour = switch (finding.severity()) {
            case ERROR -> "31;1";
            case WARNING -> "33;1";
            case INFO -> "36;1";
        };
        String place = finding.at().map(position -> position + ": ").orElse("");
        return "\u001B[1m" + place + "\u001B[0m\u001B[" + colour + "m" + severity + ":\u001B[0m"
                + text.substring(place.length() + severity.length() + 1);
    }

    private void excerptOf(Position position, String text) {
        lines.computeIfAbsent(text, FindingPrinter::shown)
                .flatMap(all -> all.line(position.line()))
                .filter(line -> !line.isBlank())
                .ifPresent(line -> excerpt(position, line));
    }

    private static Optional<TextLines> shown(String text) {
        boolean secret =
                SECRET.matcher(text).find() || MAKES_SECRET.matcher(text).find();
        return secret ? Optional.empty() : Optional.of(TextLines.of(text));
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
        out.println("  " + number + " | " + new String(cut, 0, cut.length));
        out.println("  " + " ".repeat(number.length()) + " | " + " ".repeat(position.column() - 1 - start) + "^");
    }

    /** Control characters could move the cursor or change colours; one for one, so that the caret stays right. */
    private static int printable(int character) {
        return character == '\t' ? ' ' : OneLine.isHidden(character) ? '\uFFFD' : character;
    }
}
