package dev.orkestra.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.outcome.Position;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProvenancePrinterTest {
    private static final String[] TEXTS = {
        "",
        "a",
        "yes",
        "007",
        "a: b",
        "a #b",
        "# c",
        "- d",
        "'q'",
        "\"",
        " lead",
        "trail ",
        "two\nlines",
        "two\n\nlines\n",
        "# x\n  deeper # y\n",
        "\n",
        "ends\n\n\n",
        "tab\there",
        "{{ .a }}",
        "ä…\u2028x",
        "\u0007",
        "x".repeat(200),
        "long " + "word ".repeat(60),
        "key\nover lines",
        "&a",
        "*b",
        "|",
        ">",
        "%",
        "@",
        "!t",
        "---",
        "...",
        "<<",
        "=",
        "~"
    };

    private static Node read(String file, String text) {
        ReadResult result = DocumentReader.read(file, text.getBytes(UTF_8));
        assertThat(result.findings()).isEmpty();
        return result.documents().getFirst().root();
    }

    @Test
    void saysBehindEachValueWhoWroteItAndBehindOtherKeysWhereTheFileChanges() {
        Node.MapNode base = (Node.MapNode) read("base.yaml", """
                workers: 2
                ports: [1, 2]
                none: []
                hooks:
                  - name: x
                    run: |
                      echo a
                """);
        Node.MapNode overlay = (Node.MapNode) read("envs/top.yaml", "spec:\n  workers: 8\nkind: K\n");
        Node.MapNode changed = overlay.map("spec").orElseThrow();
        Node.MapNode spec = base.with(
                "workers",
                new Node.Entry(
                        changed.keyPosition("workers"), changed.get("workers").orElseThrow()));
        Node.Entry mixed =
                new Node.Entry(base.keyPosition("hooks"), overlay.get("kind").orElseThrow());
        Node.MapNode root = overlay.with("spec", new Node.Entry(overlay.keyPosition("spec"), spec.with("who", mixed)));
        root = root.with(
                "zone",
                new Node.Entry(base.keyPosition("hooks"), base.get("hooks").orElseThrow()));

        assertThat(ProvenancePrinter.print(root).replaceAll(" {2,}#", "  #")).isEqualTo("""
                kind: K  # envs/top.yaml:3:1
                spec:
                  hooks:  # base.yaml:4:1
                  - name: x  # base.yaml:5:5
                    run: |  # base.yaml:6:5
                      echo a
                  none: []  # base.yaml:3:1
                  ports:  # base.yaml:2:1
                  - 1  # base.yaml:2:9
                  - 2  # base.yaml:2:12
                  who: K  # base.yaml:4:1, value envs/top.yaml:3:7
                  workers: 8  # envs/top.yaml:2:3
                zone:  # base.yaml:4:1
                - name: x  # base.yaml:5:5
                  run: |  # base.yaml:6:5
                    echo a
                """);
    }

    @Test
    void commentsStandBelowEachOtherAndALongLineMovesOnlyItsOwn() {
        String text = ProvenancePrinter.print(read("a.yaml", "a: 1\nb: " + "x".repeat(70) + "\n\"ä\": 3\n"));

        assertThat(text.lines().map(line -> line.indexOf('#'))).containsExactly(56, 75, 56);
    }

    @Test
    void aFilesNameCannotEndTheComment() {
        assertThat(ProvenancePrinter.print(read("a\n\u2028\u001B[2J.yaml", "a: 1\n")))
                .endsWith("# a\\n\\u2028\\u001B[2J.yaml:1:1\n")
                .hasLineCount(1);
    }

    @Test
    void aTreeThatIsOneValueIsPrintedAsWell() {
        assertThat(ProvenancePrinter.print(read("a.yaml", "- 1\n")))
                .startsWith("- 1  ")
                .endsWith("# a.yaml:1:3\n");
        assertThat(ProvenancePrinter.print(read("a.yaml", "x\n")))
                .startsWith("x  ")
                .endsWith("# a.yaml:1:1\n");
        assertThat(ProvenancePrinter.print(read("a.yaml", "{}\n")))
                .startsWith("{}  ")
                .endsWith("# a.yaml:1:1\n");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theCommentsChangeNoValueAndEachValueHasOne(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 150; round++) {
            Node root = map(random, 4);
            String plain = YamlPrinter.printSorted(root.toJson());
            String text = ProvenancePrinter.print(root);

            ReadResult result = DocumentReader.read("printed", text.getBytes(UTF_8));
            assertThat(result.findings()).as("seed %d, text:\n%s", seed, text).isEmpty();
            assertThat(CanonicalJson.text(result.documents().getFirst().root().toJson()))
                    .as("seed %d, text:\n%s", seed, text)
                    .isEqualTo(CanonicalJson.text(root.toJson()));
            assertThat(ProvenancePrinter.print(root)).isEqualTo(text);
            assertThat(text.split(" # file[0-9]:", -1).length - 1)
                    .as("comments, seed %d, text:\n%s", seed, text)
                    .isGreaterThanOrEqualTo(leaves(root));
            assertThat(text.replaceAll(" {2,}# file[0-9]:\\d+:\\d+(, value file[0-9]:\\d+:\\d+)?\n", "\n"))
                    .isEqualTo(plain);
        }
    }

    private static int leaves(Node node) {
        return switch (node) {
            case Node.MapNode map
            when !map.entries().isEmpty() ->
                map.entries().values().stream()
                        .mapToInt(entry -> leaves(entry.value()))
                        .sum();
            case Node.ListNode list
            when !list.items().isEmpty() ->
                list.items().stream().mapToInt(ProvenancePrinterTest::leaves).sum();
            default -> 1;
        };
    }

    private static Position place(Random random) {
        return new Position("file" + random.nextInt(3), 1 + random.nextInt(99), 1 + random.nextInt(99));
    }

    private static Node node(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> new Node.ScalarNode(random.nextLong(), place(random));
            case 1 -> new Node.ScalarNode(random.nextInt(3) == 0 ? null : random.nextBoolean(), place(random));
            case 2 -> new Node.ScalarNode(new BigDecimal("0.5"), place(random));
            case 3, 4 -> new Node.ScalarNode(text(random), place(random));
            case 5 -> {
                List<Node> items = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    items.add(node(random, depth - 1));
                }
                yield new Node.ListNode(items, place(random));
            }
            default -> map(random, depth - 1);
        };
    }

    private static Node.MapNode map(Random random, int depth) {
        Map<String, Node.Entry> entries = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            entries.put(text(random), new Node.Entry(place(random), node(random, depth)));
        }
        return new Node.MapNode(entries, place(random));
    }

    private static String text(Random random) {
        return TEXTS[random.nextInt(TEXTS.length)];
    }
}
