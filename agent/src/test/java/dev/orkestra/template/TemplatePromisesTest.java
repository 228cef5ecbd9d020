package dev.orkestra.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.orkestra.template.TemplateProblem.Kind;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for any text, hostile ones among them. */
class TemplatePromisesTest {
    private static final int LARGE = 1 << 20;
    /** They take some hundredths of it; this is for a machine that does much else. */
    private static final Duration SOON = Duration.ofSeconds(5);

    private volatile boolean passed;

    @Test
    void anySoupIsReadTheSameTwiceAndItsPlacesAreInIt() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            String text = TokenSoup.of(random, 30);
            Template.Parsed parsed = Template.parse(text, Functions.builtIn());
            assertThat(Template.parse(text, Functions.builtIn()))
                    .as("seed %d: %s", seed, text)
                    .isEqualTo(parsed);
            int length = text.codePointCount(0, text.length());
            assertThat(parsed.problems())
                    .as("seed %d: %s", seed, text)
                    .isSortedAccordingTo(Comparator.comparingInt(TemplateProblem::offset))
                    .allMatch(problem -> problem.offset() >= 0 && problem.offset() <= length);
            assertThat(parsed.fields())
                    .as("seed %d: %s", seed, text)
                    .isSortedAccordingTo(Comparator.comparingInt(TemplateField::offset))
                    .allMatch(field -> text.charAt(text.offsetByCodePoints(0, field.offset())) == '.'
                            || text.charAt(text.offsetByCodePoints(0, field.offset())) == '$');
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{",
                "}}",
                "{{ .x }}",
                "{{ nope }}",
                "{{ nope ",
                "{{ if .x }}",
                "{{ else if ",
                "(",
                "{{ (",
                "{{ end }}",
                "{{ \"",
                "{{ '",
                "{{ `",
                "{{/*",
                "{{/* */",
                " ",
                "{{ $x := 1 }}",
                "{{ range $x := .a }}{{ $x }}",
                "$x ",
                "{{ define \"a\" }}",
                "{{ block \"a\" . }}{{ $x := 1 }}",
                "| ",
                ".a",
                "9",
                "{{ 1_",
                "{{ a\"",
                "}",
                "é",
                "😀{{ $y }}",
            })
    void aLargeTextIsReadInTimeThatGrowsWithItsLength(String piece) {
        for (String begin : List.of("", "{{ ", "{{ \"a\" ")) {
            String text = begin + piece.repeat(LARGE / piece.length());
            assertTimeoutPreemptively(SOON, () -> Template.parse(text, Functions.builtIn()), piece);
        }
    }

    @Test
    void parenthesesAreBoundedAndBlocksAreNot() throws InterruptedException {
        String fits = "{{ " + "(".repeat(Template.DEEPEST) + ".x" + ")".repeat(Template.DEEPEST) + " }}";
        String deeper = "{{ (" + fits.substring(3, fits.length() - 3) + ") }}";
        String blocks = "{{ if .x }}".repeat(100_000) + "{{ end }}".repeat(100_000);

        Thread small = new Thread(
                null,
                () -> {
                    assertThat(Template.check(fits, Functions.builtIn())).isEmpty();
                    assertThat(Template.check(blocks, Functions.builtIn())).isEmpty();
                    assertThat(Template.check(deeper, Functions.builtIn()))
                            .containsExactly(new TemplateProblem(
                                    Kind.SYNTAX,
                                    "more than " + Template.DEEPEST + " parentheses in each other",
                                    3 + Template.DEEPEST,
                                    ""));
                    passed = true;
                },
                "small stack",
                512 << 10);
        small.start();
        small.join();

        assertThat(passed).isTrue();
    }

    @Test
    void aTextThatIsWrongThroughoutHasABoundedNumberOfProblems() {
        assertThat(Template.check("{{ nope }}".repeat(10_000), Functions.builtIn()))
                .hasSize(Template.MOST_PROBLEMS);
    }
}
