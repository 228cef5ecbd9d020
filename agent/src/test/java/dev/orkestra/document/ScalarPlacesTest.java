package dev.orkestra.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.outcome.Position;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalarPlacesTest {
    private static Node.ScalarNode scalar(String yaml) {
        Node root = DocumentReader.read("f.yaml", yaml.getBytes(UTF_8))
                .documents()
                .getFirst()
                .root();
        return (Node.ScalarNode) ((Node.MapNode) root).get("key").orElseThrow();
    }

    private static Optional<Position> place(String yaml, int offset) {
        Node.ScalarNode node = scalar(yaml);
        return ScalarPlaces.inside(TextLines.of(yaml), node.position(), String.valueOf(node.value()), offset);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '`',
            value = {
                "`key: abX` => 1:8",
                "`key: 'abX'` => 1:9",
                "`key: 'it''s X'` => 1:13",
                "`key: \"abX\"` => 1:9",
                "`key: \"a\\\"\\n\\tX\"` => 1:14",
                "`key: \"\\u00e9\\x41X\"` => 1:17",
                "`key: \"\uD83D\uDE00X\"` => 1:8",
                "`key: |\n    abX\n` => 2:7",
                "`key: |-\n    ab\n      cd\n\n    eX` => 5:6",
                "`key: |2\n     abX\n` => 2:8",
            })
    void findsAnXWhereverItWasWritten(String yaml, String place) {
        String value = String.valueOf(scalar(yaml).value());
        int offset = value.codePointCount(0, value.indexOf('X'));

        assertThat(place(yaml, offset)).map(Position::toString).contains("f.yaml:" + place);
    }

    @Test
    void theEndOfAValueIsAPlaceToo() {
        assertThat(place("key: 'ab'", 2)).map(Position::column).contains(9);
        assertThat(place("key: ab", 2)).map(Position::column).contains(8);
        assertThat(place("key: ab", 3)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"`key: >\n  a\n  X\n`", "`key: a\n  X`", "`key: \"a\n  X\"`"})
    void aFoldedValueHasNoPlaces(String yaml) {
        assertThat(place(yaml, String.valueOf(scalar(yaml).value()).indexOf('X')))
                .isEmpty();
    }

    @Test
    void aValueThatIsNotWhatTheFileSaysHasNoPlaces() {
        Position start = new Position("f.yaml", 1, 6);

        assertThat(ScalarPlaces.inside(TextLines.of("key: ab"), start, "ac", 1)).isEmpty();
        assertThat(ScalarPlaces.inside(TextLines.of("key: 'ab'"), start, "abc", 1))
                .isEmpty();
        assertThat(ScalarPlaces.inside(TextLines.of("key"), start, "abc", 1)).isEmpty();
    }

    @Test
    void whatIsFoundIsTheCharacterItself() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String alphabet = "ab :'\"\\{}|-#\n";
        for (int round = 0; round < 3_000; round++) {
            StringBuilder value = new StringBuilder("x");
            for (int i = random.nextInt(12); i > 0; i--) {
                value.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String yaml = YamlPrinter.print(new com.fasterxml.jackson.databind.ObjectMapper()
                    .createObjectNode()
                    .put("key", value.toString()));
            Node.ScalarNode node = scalar(yaml);
            for (int i = 0; i < value.length(); i++) {
                char wanted = value.charAt(i);
                int offset = i;
                ScalarPlaces.inside(TextLines.of(yaml), node.position(), value.toString(), offset)
                        .filter(_ -> wanted != '\n' && wanted != '"' && wanted != '\\' && wanted != '\'')
                        .ifPresent(place -> assertThat(TextLines.of(yaml)
                                        .line(place.line())
                                        .orElseThrow()
                                        .charAt(place.column() - 1))
                                .as("seed %s, %s in %s", seed, offset, yaml)
                                .isEqualTo(wanted));
            }
        }
    }
}
