package dev.orkestra.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What a long run found, and what it began with, in every build (CONTRIBUTING.md, "Fuzz"). */
class CorpusTest {
    /** An input takes milliseconds; this is for a machine that does much else. */
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @TestFactory
    Stream<DynamicTest> keepsItsPromisesFor() {
        return Stream.of(Corpus.values()).flatMap(corpus -> {
            Map<String, byte[]> inputs = new TreeMap<>(corpus.seeds());
            inputs.putAll(corpus.regressions());
            return inputs.entrySet().stream()
                    .map(input -> DynamicTest.dynamicTest(
                            corpus.label() + ": " + input.getKey(),
                            () -> assertTimeoutPreemptively(DEADLINE, () -> corpus.run(input.getValue()))));
        });
    }

    @Test
    void noCorpusIsEmpty() {
        assertThat(Corpus.values()).allSatisfy(corpus -> {
            assertThat(corpus.seeds()).hasSizeGreaterThan(5);
            assertThat(corpus.regressions()).isNotEmpty();
        });
    }

    @Test
    void aFileSetIsReadAsItWasWritten() {
        FileSet set = FileSet.parse("a: 1\n\n=== base/b.yaml\nb: 2\n\n=== c\n".getBytes(StandardCharsets.UTF_8));

        assertThat(set.contents()).containsOnlyKeys(FileSet.ENTRY, "base/b.yaml", "c");
        assertThat(set.contents().get("base/b.yaml")).asString().isEqualTo("b: 2\n");
        assertThat(FileSet.parse(set.bytes()).contents()).containsOnlyKeys(FileSet.ENTRY, "base/b.yaml", "c");
    }

    @Test
    void aPlaceOutsideOfItsFileIsNoticed() {
        Places places = Places.of("a.yaml", "a: 1\nbc".getBytes(StandardCharsets.UTF_8));

        places.check(finding(new Position("a.yaml", 2, 3)));
        for (Position outside :
                new Position[] {new Position("a.yaml", 2, 4), new Position("a.yaml", 3, 1), new Position("b.yaml", 1, 1)
                }) {
            assertThatThrownBy(() -> places.check(finding(outside))).isInstanceOf(AssertionError.class);
        }
    }

    private static Diagnostic finding(Position position) {
        return Diagnostic.error(ErrorCode.NotYaml, "x", position, "");
    }
}
