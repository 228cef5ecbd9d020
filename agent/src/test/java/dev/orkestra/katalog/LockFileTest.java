package dev.orkestra.katalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.document.DocumentReader;
import dev.orkestra.outcome.Diagnostic;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LockFileTest {
    private static final String HEAD = "apiVersion: orkestra.dev/v1alpha1\nkind: ImportLock\n";
    private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

    private final List<Diagnostic> findings = new ArrayList<>();

    private LockFile parse(String text) {
        return LockFile.parse(
                DocumentReader.read("k.lock.yaml", text.getBytes(UTF_8)).documents(), "k.lock.yaml", findings);
    }

    private List<String> findingsOf(String text) {
        parse(text);
        return findings.stream().map(Diagnostic::line).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "komposer.yaml, komposer.lock.yaml",
        "overlays/production/komposer.yml, overlays/production/komposer.lock.yaml",
        "a.yaml/komposer, a.yaml/komposer.lock.yaml",
        "komposer.json, komposer.json.lock.yaml",
        "envs/.yaml, envs/.yaml.lock.yaml",
        ".yml, .yml.lock.yaml",
    })
    void standsBesideTheEntry(String entry, String lock) {
        assertThat(LockFile.pathFor(entry)).isEqualTo(lock);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void readsWhatItPrints(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            SortedMap<String, Pin> pins = new TreeMap<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                String[] names = {
                    "https://a.test/k.yaml", "oci://r:5000/p@1.0", "git+https://g.test/x@1e5//a b", "# x: y"
                };
                String[] versions = {"", "1e10", "0x12", "007", "1.2.3-rc+b", "yes", DIGEST};
                pins.put(
                        names[random.nextInt(names.length)] + random.nextInt(3),
                        new Pin(versions[random.nextInt(versions.length)], DIGEST));
            }
            LockFile lock = new LockFile(pins);

            assertThat(parse(lock.print())).as("seed %d", seed).isEqualTo(lock);
            assertThat(findings).as("seed %d", seed).isEmpty();
            assertThat(lock.changesTo(parse(lock.print()))).isEmpty();
        }
    }

    @Test
    void saysWhatIsWrongAndWhere() {
        assertThat(findingsOf(HEAD + """
                        import: []
                        imports:
                        - import: https://a.test/k.yaml
                          digets: sha256:abc
                        - import: https://b.test/k.yaml
                          digest: sha256:abc
                        - import: https://c.test/k.yaml
                          digest: %1$s
                        - import: https://c.test/k.yaml
                          digest: %1$s
                        """.formatted(DIGEST)))
                .containsExactlyInAnyOrder(
                        "k.lock.yaml:3:1: error: unknown field 'import' at the top level (did you mean 'imports'?) [UnknownField]",
                        "k.lock.yaml:6:3: error: unknown field 'digets' in 'imports[0]' (did you mean 'digest'?) [UnknownField]",
                        "k.lock.yaml:5:3: error: 'imports[0]' has no 'digest' (add it: the SHA-256 over the paths and"
                                + " contents of the files that were fetched) [MissingField]",
                        "k.lock.yaml:8:3: error: 'digest' must be 'sha256:' and 64 digits 0-9, a-f [WrongValue]",
                        "k.lock.yaml:11:3: error: the import 'https://c.test/k.yaml' is already locked at line 9"
                                + " (keep one of the two, or write the file anew with 'ork compose --lock')"
                                + " [DuplicateName]");
    }

    @Test
    void anotherKindOrSeveralDocumentsOrNoneAreErrors() {
        assertThat(findingsOf("apiVersion: orkestra.dev/v1\nkind: Lock\nimports: []\n---\na: 1\n"))
                .containsExactlyInAnyOrder(
                        "k.lock.yaml:5:1: error: a lock file is one document"
                                + " (remove it, and write it anew with 'ork compose --lock') [ExtraDocument]",
                        "k.lock.yaml:1:1: error: 'apiVersion' is 'orkestra.dev/v1'; allowed: orkestra.dev/v1alpha1 [WrongValue]",
                        "k.lock.yaml:2:1: error: 'kind' is 'Lock'; allowed: ImportLock [WrongValue]");
        findings.clear();
        assertThat(findingsOf("# nothing\n"))
                .containsExactly("k.lock.yaml:1:1: error: the lock file is empty"
                        + " (remove it, and write it anew with 'ork compose --lock') [MissingField]");
        findings.clear();
        assertThat(parse("- a\n").pins()).isEmpty();
        assertThat(findings).isNotEmpty();
    }

    @Test
    void changesAreSortedByImport() {
        Pin old = new Pin("1", DIGEST);
        Pin moved = new Pin("2", DIGEST);
        LockFile before = new LockFile(new TreeMap<>(java.util.Map.of("a", old, "b", old, "d", old)));
        LockFile after = new LockFile(new TreeMap<>(java.util.Map.of("b", moved, "c", old, "d", old)));

        assertThat(before.changesTo(after))
                .containsExactly(
                        new LockFile.Change.Removed("a"),
                        new LockFile.Change.Moved("b", old, moved),
                        new LockFile.Change.Added("c", old));
    }
}
