package dev.orkestra.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orkestra.template.TemplateProblem.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What Go itself makes of templates: recorded from text/template of go1.26.8, with functions that have the names and
 * the numbers of arguments of {@link Functions#builtIn()}. Each line is a template and one of
 *
 * <ul>
 *   <li>{@code taken}
 *   <li>{@code refused:} the line, and Go's words when it parsed the text
 *   <li>{@code stops:} the place, and Go's words when it carried the text out with some data: for what no data can mend
 * </ul>
 */
class GoVerdictsTest {
    private static final Path RECORD = Path.of("src/test/resources/template/go-verdicts.jsonl");
    private static final ObjectMapper JSON = new ObjectMapper();

    static Stream<Arguments> recorded() throws IOException {
        List<String> lines = Files.readAllLines(RECORD);
        assertThat(lines).hasSizeGreaterThan(500);
        return lines.stream().map(GoVerdictsTest::arguments);
    }

    private static Arguments arguments(String line) {
        try {
            JsonNode entry = JSON.readTree(line);
            return Arguments.of(entry.path(0).asText(), entry.path(1).asText());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void areOursToo(String text, String verdict) {
        List<TemplateProblem> problems = Template.check(text, Functions.builtIn());

        switch (verdict.replaceFirst(":.*", "").strip()) {
            case "taken" -> assertThat(problems).isEmpty();
            case "stops" -> assertThat(problems).as(verdict).isNotEmpty();
            default -> {
                Set<Kind> kinds = EnumSet.noneOf(Kind.class);
                problems.forEach(problem -> kinds.add(problem.kind()));
                assertThat(kinds).as(verdict).containsAnyOf(Kind.SYNTAX, Kind.UNKNOWN_FUNCTION);
            }
        }
    }
}
