package dev.orkestra.document;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** Says in our words what SnakeYAML could not read. */
final class SyntaxErrors {
    private SyntaxErrors() {}

    static Diagnostic of(String file, YAMLException error) {
        return error instanceof MarkedYAMLException marked
                ? ofMarked(file, marked)
                : notYaml("the text cannot be read", Position.startOf(file), "");
    }

    /** Whether SnakeYAML stumbled and did not say so: over an escape such as {@code \\u} that the text's end cuts off. */
    static boolean isOfScanner(IllegalArgumentException error) {
        return Arrays.stream(error.getStackTrace())
                .map(StackTraceElement::getClassName)
                .filter(name -> !name.startsWith("java."))
                .findFirst()
                .filter(name -> name.startsWith("org.yaml.snakeyaml.scanner."))
                .isPresent();
    }

    /** What SnakeYAML gives no place for: it is the text's end that it did not expect. */
    static Diagnostic atEnd(String file, String text) {
        TextLines lines = TextLines.of(text);
        return notYaml(
                "the text ends in the middle of an escape such as \\u0041",
                new Position(file, lines.count(), lines.columnBehind()),
                "write all its digits, and close the quote");
    }

    private static Diagnostic ofMarked(String file, MarkedYAMLException error) {
        @Nullable Mark mark = error.getProblemMark() != null ? error.getProblemMark() : error.getContextMark();
        Position position =
                mark == null ? Position.startOf(file) : new Position(file, mark.getLine() + 1, mark.getColumn() + 1);
        String problem = error.getProblem() == null ? "the text cannot be read" : error.getProblem();
        String context = error.getContext() == null ? "" : error.getContext();
        if (problem.contains("TAB")) {
            return notYaml("a tab where YAML wants blanks", position, "indent with blanks");
        }
        if (problem.startsWith("mapping values are not allowed")) {
            return notYaml(
                    "a second ':' where a value is expected",
                    position,
                    "put the value in quotes, or check the indentation");
        }
        if (problem.contains("expected <block end>")) {
            return notYaml("this does not belong to the block around it", position, "indent it like its neighbours");
        }
        if (problem.contains("could not find expected ':'")) {
            return notYaml("a key without ':'", position, "write 'key: value', with a blank after the colon");
        }
        return notYaml(context.isEmpty() ? problem : context + ", " + problem, position, "");
    }

    private static Diagnostic notYaml(String message, Position position, String hint) {
        String oneLine = message.replaceAll("\\s+", " ");
        return Diagnostic.error(ErrorCode.NotYaml, "not valid YAML: " + oneLine, position, hint);
    }
}
