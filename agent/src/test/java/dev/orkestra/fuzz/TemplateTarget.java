package dev.orkestra.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.template.Functions;
import dev.orkestra.template.Template;
import dev.orkestra.template.TemplateField;
import dev.orkestra.template.TemplateProblem;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/** The template parser's promises, for any text. */
public final class TemplateTarget {
    private static final Functions FUNCTIONS =
            Functions.builtIn().withNotes(List.of("teamName")).withSentinels(List.of("generationChanged"));

    private TemplateTarget() {}

    /** Jazzer's entry point: throws when a promise is broken. */
    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        Template.Parsed parsed = Template.parse(text, FUNCTIONS);
        int length = text.codePointCount(0, text.length());
        assertThat(parsed.problems())
                .isSortedAccordingTo(Comparator.comparingInt(TemplateProblem::offset))
                .allSatisfy(problem -> {
                    assertThat(problem.offset()).isBetween(0, length);
                    assertThat(problem.message()).isNotBlank().doesNotContain("\n");
                });
        parsed.fields().forEach(field -> standsThere(field, text));
        assertThat(Template.parse(text, FUNCTIONS)).isEqualTo(parsed);
        textAroundItChangesNothing(text, parsed);
    }

    /** A field's place is where its names are. */
    private static void standsThere(TemplateField field, String text) {
        String written = text.substring(text.offsetByCodePoints(0, field.offset()));
        assertThat(written).matches(rest -> rest.startsWith(field.toString()) || rest.startsWith("$" + field));
    }

    /** Plain text before a template moves its places, and nothing else. */
    private static void textAroundItChangesNothing(String text, Template.Parsed parsed) {
        Template.Parsed moved = Template.parse("é😀 " + text, FUNCTIONS);
        assertThat(moved.fields().stream()
                        .map(field -> new TemplateField(field.names(), field.offset() - 3))
                        .toList())
                .isEqualTo(parsed.fields());
        assertThat(moved.problems().stream()
                        .map(problem -> new TemplateProblem(
                                problem.kind(), problem.message(), problem.offset() - 3, problem.hint()))
                        .toList())
                .isEqualTo(parsed.problems());
    }
}
