package dev.orkestra.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Limits;
import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Position;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for all rules, shown on their examples. */
class RulesTest {
    private static final Path EXAMPLES = Path.of("src/test/resources/rules");
    private static final Position PLACE = new Position("odd.yaml", 1, 1);

    /** What may stand where something else belongs. */
    private static final List<Node> ODD = List.of(
            new Node.ScalarNode(null, PLACE),
            new Node.ScalarNode("", PLACE),
            new Node.ScalarNode("{{ .spec", PLACE),
            new Node.ScalarNode(-1L, PLACE),
            new Node.ScalarNode(true, PLACE),
            new Node.ListNode(List.of(new Node.ScalarNode(null, PLACE)), PLACE),
            new Node.MapNode(Map.of(), PLACE));

    static List<Path> examples() throws IOException {
        List<String> ids = Rules.ALL.stream().map(Rule::id).toList();
        try (Stream<Path> paths = Files.walk(EXAMPLES)) {
            return paths.filter(path -> path.toString().endsWith(".yaml"))
                    .filter(path ->
                            ids.contains(EXAMPLES.relativize(path).getName(0).toString()))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void aRuleDoesNotStumbleOverAValueOfAnotherType(Path example) throws IOException {
        String id = EXAMPLES.relativize(example).getName(0).toString();
        Rule rule = Rules.ALL.stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow();
        List<Diagnostic> findings = new ArrayList<>();
        for (Node.MapNode root : documents(example)) {
            String kind = root.text("kind").orElse("");
            for (Node odd : ODD) {
                for (Node changed : withOneReplaced(root, odd)) {
                    if (changed instanceof Node.MapNode map) {
                        rule.check()
                                .check(
                                        View.of(kind, map, "odd.yaml", TextLookup.NONE),
                                        new Report(rule.info(), findings));
                    }
                }
            }
        }
        assertThat(findings).allMatch(finding -> finding.rule().equals(id));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void theSameDocumentHasTheSameFindingsInTheSameOrder(Path example) throws IOException {
        for (Node.MapNode root : documents(example)) {
            String kind = root.text("kind").orElse("");

            assertThat(Rules.check(kind, root, "a.yaml", TextLookup.NONE))
                    .isEqualTo(Rules.check(kind, root, "a.yaml", TextLookup.NONE));
        }
    }

    /** Rules are left out where a document has none of their keys: with all of them asked, nothing more is found. */
    @Test
    void noRuleIsLeftOutThatWouldFindSomething() throws IOException {
        int documents = 0;
        List<Diagnostic> left = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(EXAMPLES.resolveSibling("."))) {
            for (Path path :
                    paths.filter(each -> each.toString().endsWith(".yaml")).toList()) {
                for (Node.MapNode root : documents(path)) {
                    String kind = root.text("kind").filter("Komposer"::equals).isPresent()
                            ? "Katalog"
                            : root.text("kind").orElse("");
                    List<Diagnostic> missed = new ArrayList<>(Rules.checkAll(kind, root, "a.yaml", TextLookup.NONE));
                    missed.removeAll(Rules.check(kind, root, "a.yaml", TextLookup.NONE));
                    left.addAll(missed);
                    documents++;
                }
            }
        }
        assertThat(left).isEmpty();
        assertThat(documents).isGreaterThan(1_000);
    }

    @Test
    void aRuleThatDoesNotLookToTheEndSaysSo() {
        StringBuilder katalog =
                new StringBuilder("apiVersion: orkestra.orkspace.io/v1\nkind: Katalog\nspec:\n  crds:\n");
        for (int i = 0; i < 21; i++) {
            katalog.append("    a%d: {dependsOn: [b%d]}\n    b%d: {dependsOn: [a%d]}\n".formatted(i, i, i, i));
        }
        String message = "there may be more findings of the rule DependencyCycle in this document than are shown";
        assertThat(found(katalog.toString()))
                .filteredOn(finding -> finding.rule().equals("DependencyCycle"))
                .hasSize(20);
        assertThat(found(katalog.toString())).extracting(Diagnostic::message).containsOnlyOnce(message);

        String fewer = katalog.toString().replace("[a20]", "[]");
        assertThat(found(fewer)).extracting(Diagnostic::message).doesNotContain(message);
    }

    @Test
    void aTemplateWithMoreProblemsThanAreLookedForSaysSo() {
        String katalog =
                "apiVersion: orkestra.orkspace.io/v1\nkind: Katalog\nspec:\n  crds:\n    a:\n      labels: {x: \"%s\"}\n";

        assertThat(found(katalog.formatted("{{ none }}".repeat(100))))
                .filteredOn(finding -> !finding.rule().equals("BadTemplate"))
                .extracting(Diagnostic::message)
                .noneMatch(message -> message.contains("BadTemplate"));
        assertThat(found(katalog.formatted("{{ none }}".repeat(101))))
                .extracting(Diagnostic::message)
                .containsOnlyOnce("there may be more findings of the rule BadTemplate in this document than are shown");
        assertThat(found(katalog.formatted("{{ none }}".repeat(101) + "\", y: \"{{ none }}")))
                .extracting(Diagnostic::message)
                .containsOnlyOnce("at least 1 more findings of the rule BadTemplate in this document are not shown");
    }

    private static List<Diagnostic> found(String text) {
        Node.MapNode root = DocumentReader.read("a.yaml", text.getBytes(StandardCharsets.UTF_8))
                .documents()
                .getFirst()
                .mapping()
                .orElseThrow();
        return Rules.check("Katalog", root, "a.yaml", TextLookup.NONE);
    }

    private static List<Node.MapNode> documents(Path example) throws IOException {
        return DocumentReader.read(example.toString(), Files.readAllBytes(example), Limits.DEFAULTS)
                .documents()
                .stream()
                .flatMap(document -> document.mapping().stream())
                .toList();
    }

    /** Copies of {@code node}, in each of which {@code odd} stands instead of one of its parts. */
    private static List<Node> withOneReplaced(Node node, Node odd) {
        List<Node> copies = new ArrayList<>(List.of(odd));
        switch (node) {
            case Node.MapNode map ->
                map.entries()
                        .forEach((key, entry) -> withOneReplaced(entry.value(), odd)
                                .forEach(changed -> {
                                    Map<String, Node.Entry> entries = new LinkedHashMap<>(map.entries());
                                    entries.put(key, new Node.Entry(entry.keyPosition(), changed));
                                    copies.add(new Node.MapNode(entries, map.position()));
                                }));
            case Node.ListNode list -> {
                for (int i = 0; i < list.items().size(); i++) {
                    for (Node changed : withOneReplaced(list.items().get(i), odd)) {
                        List<Node> items = new ArrayList<>(list.items());
                        items.set(i, changed);
                        copies.add(new Node.ListNode(items, list.position()));
                    }
                }
            }
            case Node.ScalarNode _ -> {}
        }
        return copies;
    }
}
