package dev.orkestra.katalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Mutations;
import dev.orkestra.outcome.Diagnostic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Seeded, so that a failure can be had again: the seed is in the test's name. */
class ComposerPropertyTest {
    private static final Path CASES = Path.of("src/test/resources/katalog");
    private static final String ENTRY = "valid/override.yaml";
    private static final String IMPORT = "base/library.yaml";

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24})
    void damagedFilesNeverThrowAndWhatIsComposedCanBeReadAgain(long seed) throws IOException {
        Random random = new Random(seed);
        Map<String, byte[]> sound = new HashMap<>();
        for (String name : List.of(ENTRY, IMPORT)) {
            sound.put(name, Files.readAllBytes(CASES.resolve(name)));
        }
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (int round = 0; round < 150; round++) {
                Map<String, byte[]> files = new HashMap<>(sound);
                String damaged = random.nextBoolean() ? ENTRY : IMPORT;
                for (int change = random.nextInt(3); change >= 0; change--) {
                    files.computeIfPresent(damaged, (_, bytes) -> Mutations.mutate(bytes, random));
                }
                check(Composer.compose(ComposeRequest.of(ENTRY), path -> Optional.ofNullable(files.get(path))));
            }
        });
    }

    private static void check(Composition composition) {
        switch (composition) {
            case Composition.Refused refused ->
                assertThat(Diagnostic.anyError(refused.findings())).isTrue();
            case Composition.NeedsInput needs -> throw new AssertionError("all was provided, but needs " + needs);
            case Composition.Composed composed -> {
                assertThat(Diagnostic.anyError(composed.findings())).isFalse();
                byte[] text = composed.text().getBytes(StandardCharsets.UTF_8);
                Composition again = Composer.compose(ComposeRequest.of("again.yaml"), _ -> Optional.of(text));
                assertThat(again)
                        .isInstanceOfSatisfying(
                                Composition.Composed.class,
                                second -> assertThat(second.text()).isEqualTo(composed.text()));
                assertThat(DocumentReader.read("again.yaml", text).findings()).isEmpty();
            }
        }
    }
}
