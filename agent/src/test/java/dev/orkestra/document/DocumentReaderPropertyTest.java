package dev.orkestra.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Seeded, so that a failure can be had again: the seed is in the test's name. */
class DocumentReaderPropertyTest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String START = """
            apiVersion: v1
            kind: ConfigMap
            metadata: &meta
              name: "a b"
              labels: {app: x, 'tier': y}
            data:
              text: |
                line 1
                  line 2
              list:
                - 1
                - {a: [b, c], <<: *meta}
                - >-
                  folded
                  text
            ---
            {"json": [true, null, 1.5e3, "\\u00e4"]}
            """;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void neverThrowsAndAlwaysEndsWhateverTheBytesAre(long seed) {
        Random random = new Random(seed);
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (int round = 0; round < 400; round++) {
                byte[] bytes = START.getBytes(UTF_8);
                int changes = 1 + random.nextInt(8);
                for (int change = 0; change < changes; change++) {
                    bytes = Mutations.mutate(bytes, random);
                }
                ReadResult result = DocumentReader.read("fuzz.yaml", bytes);
                result.documents()
                        .forEach(document -> CanonicalJson.text(document.root().toJson()));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16})
    void whatIsPrintedIsReadBackWithoutAnyDoubt(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            ObjectNode value = JSON.objectNode();
            value.set("root", tree(random, 4));
            String text = YamlPrinter.print(value);
            ReadResult result = DocumentReader.read("printed.yaml", text.getBytes(UTF_8));

            assertThat(result.findings()).as("seed %d, text:\n%s", seed, text).isEmpty();
            assertThat(CanonicalJson.text(result.documents().getFirst().root().toJson()))
                    .as("seed %d, text:\n%s", seed, text)
                    .isEqualTo(CanonicalJson.text(value));
        }
    }

    private static JsonNode tree(Random random, int depth) {
        int choice = random.nextInt(depth > 0 ? 8 : 6);
        return switch (choice) {
            case 0 -> JSON.numberNode(random.nextLong());
            case 1 -> JSON.booleanNode(random.nextBoolean());
            case 2 -> JSON.nullNode();
            case 3 ->
                JSON.numberNode(BigDecimal.valueOf(random.nextInt(1, 100_000) * 2L + 1, 1 + random.nextInt(20))
                        .stripTrailingZeros());
            case 4, 5 -> JSON.textNode(text(random));
            case 6 -> {
                ArrayNode array = JSON.arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(tree(random, depth - 1));
                }
                yield array;
            }
            default -> {
                ObjectNode object = JSON.objectNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    object.set(text(random), tree(random, depth - 1));
                }
                yield object;
            }
        };
    }

    private static String text(Random random) {
        String[] words = {
            "yes",
            "on",
            "n",
            "~",
            "null",
            "",
            "010",
            "1_0",
            "12:30",
            "1e3",
            ".5",
            "- a",
            "a: b",
            "a #b",
            "#",
            " lead",
            "trail ",
            "line\nline\n",
            "\n",
            "x\n\n",
            "  indented\nless",
            "tab\there",
            "'quoted'",
            "\"dq\"",
            "{{ .x }}",
            "[x]",
            "*a",
            "&a",
            "!t",
            "%d",
            "@x",
            "`x",
            "?",
            "? x",
            "-",
            "--- x",
            "...",
            "<<",
            "=",
            "ä😀",
            "\u0085x",
            "\u0000",
            "\u0007",
            "key:",
            "a,b",
            "2026-01-01",
            "0x1F",
            "c\r\nd",
            "\\",
            "a\\nb",
            "true",
            "False",
            ".inf",
            "word",
            "two words",
            "http://a.test:80/x",
            "a:b",
            "1.2.3",
            "v1",
            "x".repeat(200),
            "a b ".repeat(60)
        };
        String word = words[random.nextInt(words.length)];
        return random.nextInt(4) == 0 ? word + words[random.nextInt(words.length)] : word;
    }
}
