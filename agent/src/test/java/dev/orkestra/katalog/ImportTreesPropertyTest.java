package dev.orkestra.katalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.document.Document;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Node;
import dev.orkestra.document.Pointers;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random trees of imports. Seeded, so that a failure can be had again: the seed is in the test's name. */
class ImportTreesPropertyTest {
    private static final int TREES = 40;

    /** Made by the composition itself, or rewritten by it; all other values are as they were written. */
    private static final Set<String> MADE = Set.of("kind", "katalogNamespace", "crFiles");

    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33})
    void theOrderInWhichFilesComeInMakesNoDifference(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < TREES; i++) {
            ImportTree tree = ImportTree.random(random);
            Composition atOnce = Composer.composeWith(tree.request(), tree);

            assertThat(atOnce).as("tree %s", tree).isInstanceOf(Composition.Composed.class);
            assertSame(atOnce, Composer.compose(tree.request().with(tree.answers())), tree);
            assertSame(atOnce, oneAtATime(tree, random), tree);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {41, 42, 43})
    void everyValueStandsWhereItSaysThatItDoes(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < TREES; i++) {
            ImportTree tree = ImportTree.random(random);
            if (!(Composer.composeWith(tree.request(), tree) instanceof Composition.Composed composed)) {
                throw new AssertionError("not composed: " + tree);
            }
            Map<Position, Object> written = new HashMap<>();
            for (String file : composed.files()) {
                for (Document document :
                        DocumentReader.read(file, tree.text(file)).documents()) {
                    collect(document.root(), written);
                }
            }
            check(composed.katalog(), "", written);
        }
    }

    private static Composition oneAtATime(ImportTree tree, Random random) {
        ComposeRequest request = tree.request();
        Composition answer = Composer.compose(request);
        while (answer instanceof Composition.NeedsInput(List<Need> needs)) {
            Need any = needs.get(random.nextInt(needs.size()));
            request = request.with(Map.of(any.key(), tree.provide(any)));
            answer = Composer.compose(request);
        }
        return answer;
    }

    private static void assertSame(Composition one, Composition other, ImportTree tree) {
        Composition.Composed first = (Composition.Composed) one;
        assertThat(other).as("tree %s", tree).isInstanceOf(Composition.Composed.class);
        Composition.Composed second = (Composition.Composed) other;
        assertThat(second.text()).isEqualTo(first.text());
        assertThat(second.findings()).isEqualTo(first.findings());
        assertThat(second.pins()).isEqualTo(first.pins());
        assertThat(second.files()).isEqualTo(first.files());
    }

    private static void collect(Node node, Map<Position, Object> written) {
        switch (node) {
            case Node.MapNode map -> map.entries().values().forEach(entry -> collect(entry.value(), written));
            case Node.ListNode list -> list.items().forEach(item -> collect(item, written));
            case Node.ScalarNode(Object value, Position position) -> written.put(position, String.valueOf(value));
        }
    }

    private static void check(Node node, String pointer, Map<Position, Object> written) {
        switch (node) {
            case Node.MapNode map ->
                map.entries().forEach((key, entry) -> {
                    if (!MADE.contains(key)) {
                        check(entry.value(), Pointers.below(pointer, key), written);
                    }
                });
            case Node.ListNode list -> {
                List<Node> items = new ArrayList<>(list.items());
                for (int i = 0; i < items.size(); i++) {
                    check(items.get(i), Pointers.below(pointer, String.valueOf(i)), written);
                }
            }
            case Node.ScalarNode(Object value, Position position) ->
                assertThat(written.get(position))
                        .as("%s, said to stand at %s", pointer, position)
                        .isEqualTo(Objects.toString(value));
        }
    }
}
