package dev.orkestra.fuzz;

import dev.orkestra.template.Functions;
import dev.orkestra.template.Template;
import dev.orkestra.template.TemplateField;
import dev.orkestra.template.TemplateProblem;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The template parser's promises, for any text. */
public final class TemplateTarget {
    private static final Functions FUNCTIONS =
            Functions.builtIn().withNotes(List.of("teamName")).withSentinels(List.of("generationChanged"));

    /** Plain text of three code points. */
    private static final String PLAIN = "é😀 ";

    private TemplateTarget() {}

    /** Jazzer's entry point: throws when a promise is broken. */
    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        Template.Parsed parsed = Template.parse(text, FUNCTIONS);
        int length = text.codePointCount(0, text.length());
        int last = 0;
        for (TemplateProblem problem : parsed.problems()) {
            hold(last <= problem.offset() && problem.offset() <= length, problem, "is in the text, and in order");
            hold(!problem.message().isBlank() && !problem.message().contains("\n"), problem, "says something");
            last = problem.offset();
        }
        last = 0;
        for (TemplateField field : parsed.fields()) {
            hold(last <= field.offset(), field, "is in order");
            hold(standsThere(field, text), field, "stands where it says");
            last = field.offset();
        }
        hold(Template.parse(text, FUNCTIONS).equals(parsed), parsed, "is the same the next time");
        hold(moved(Template.parse(PLAIN + text, FUNCTIONS)).equals(parsed), parsed, "is the same behind plain text");
    }

    private static boolean standsThere(TemplateField field, String text) {
        int at = text.offsetByCodePoints(0, field.offset());
        return text.startsWith(field.toString(), at) || text.startsWith("$" + field, at);
    }

    /** What was found behind {@link #PLAIN}, as if that were not there. */
    private static Template.Parsed moved(Template.Parsed parsed) {
        int by = PLAIN.codePointCount(0, PLAIN.length());
        return new Template.Parsed(
                parsed.problems().stream()
                        .map(found ->
                                new TemplateProblem(found.kind(), found.message(), found.offset() - by, found.hint()))
                        .toList(),
                parsed.fields().stream()
                        .map(found -> new TemplateField(found.names(), found.offset() - by))
                        .toList(),
                parsed.isCutShort());
    }

    private static void hold(boolean isKept, Object what, String promise) {
        if (!isKept) {
            throw new AssertionError("broken promise: " + promise + ": " + what);
        }
    }
}
