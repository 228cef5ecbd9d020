package dev.orkestra.katalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.Document;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Mutations;
import dev.orkestra.document.Node;
import dev.orkestra.document.YamlPrinter;
import dev.orkestra.outcome.Position;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Seeded, so that a failure can be had again: the seed is in the test's name. */
class GenerationPropertyTest {
    private static final int ROUNDS = 200;

    @ParameterizedTest
    @ValueSource(longs = {41, 42, 43, 44})
    void theNewestLayoutPassesUnchangedAndWithoutAFinding(long seed) {
        GenerationDocuments documents = new GenerationDocuments(new Random(seed));
        for (int round = 0; round < ROUNDS; round++) {
            Node.MapNode document = read(documents.newest());

            GenerationCases.Normalised result = GenerationCases.normalise(document, SchemaMode.V0_7_18);

            assertThat(result.findings()).isEmpty();
            assertThat(result.document()).isSameAs(document);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {51, 52, 53, 54})
    void whatIsBroughtToOlderLayoutsComesBackToTheSame(long seed) {
        GenerationDocuments documents = new GenerationDocuments(new Random(seed));
        int moved = 0;
        for (int round = 0; round < ROUNDS; round++) {
            ObjectNode newest = documents.newest();
            Node.MapNode older = read(documents.older(newest));

            GenerationCases.Normalised result = GenerationCases.normalise(older, SchemaMode.ANY);

            assertThat(YamlPrinter.printSorted(result.document().toJson()))
                    .as(() -> YamlPrinter.print(older.toJson()))
                    .isEqualTo(YamlPrinter.printSorted(newest));
            Map<Position, Object> written = new HashMap<>();
            GenerationCases.scalars(older, written);
            Map<Position, Object> kept = new HashMap<>();
            GenerationCases.scalars(result.document(), kept);
            assertThat(written).containsAllEntriesOf(kept);
            moved += result.findings().size();
        }
        assertThat(moved).as("older keys that were met").isGreaterThan(ROUNDS);
    }

    @ParameterizedTest
    @ValueSource(longs = {61, 62, 63, 64})
    void damagedOlderDocumentsNeverThrowAndAreNormalisedAtOnce(long seed) {
        Random random = new Random(seed);
        Path file = GenerationCases.FOLDER.resolve("whole/first.yaml");
        byte[] sound = GenerationCases.text(file).getBytes(StandardCharsets.UTF_8);
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (int round = 0; round < ROUNDS; round++) {
                byte[] bytes = sound;
                for (int change = random.nextInt(4); change >= 0; change--) {
                    bytes = Mutations.mutate(bytes, random);
                }
                for (Document document : DocumentReader.read("k.yaml", bytes).documents()) {
                    document.mapping().ifPresent(GenerationPropertyTest::normalisedTwice);
                }
            }
        });
    }

    private static void normalisedTwice(Node.MapNode document) {
        Node.MapNode once = GenerationCases.normalise(document, SchemaMode.ANY).document();
        GenerationCases.Normalised twice = GenerationCases.normalise(once, SchemaMode.ANY);
        assertThat(twice.findings()).isEmpty();
        assertThat(twice.document()).isSameAs(once);
    }

    private static Node.MapNode read(ObjectNode document) {
        return GenerationCases.read("random.yaml", YamlPrinter.print(document));
    }
}
