package dev.orkestra.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.DocumentReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComposeCommandTest {
    private static final String PRODUCTION = "envs/production/komposer.yaml";

    @TempDir
    private Path temporary;

    private Path repo = Path.of("");

    @BeforeEach
    void copyOfTheRepository() throws IOException {
        repo = temporary.resolve("repo");
        Golden.copy(Golden.folder().resolve("compose/repo"), repo);
        Files.createDirectory(repo.resolve(".git"));
    }

    private Ran run(String... arguments) {
        return Ran.in(
                repo, Stream.concat(Stream.of("compose"), Stream.of(arguments)).toArray(String[]::new));
    }

    private String read(String file) throws IOException {
        return Files.readString(repo.resolve(file));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "composed        | ork compose -f envs/production/komposer.yaml",
                "katalog         | ork compose -f base/data.yaml",
                "warned          | ork compose -f envs/warned/komposer.yaml",
                "refused         | ork compose -f envs/refused/komposer.yaml",
                "missing         | ork compose -f envs/nowhere/komposer.yaml",
                "folder          | ork compose -f base",
                "no-default      | ork compose",
                "motif           | ork compose -f motif.yaml",
                "provenance      | ork compose -f envs/production/komposer.yaml --provenance",
                "bundle          | ork compose -f envs/production/komposer.yaml --bundle",
                "bundle-in       | ork compose -f base/data.yaml --bundle -n elsewhere",
                "nothing-to-lock | ork compose -f envs/production/komposer.yaml --lock",
                "lock-refused    | ork compose -f envs/refused/komposer.yaml --lock",
                "unwritable      | ork compose -f base/data.yaml -o nowhere/out.yaml",
                "over-input      | ork compose -f envs/production/komposer.yaml -o base/data.yaml",
                "help            | ork compose --help",
            })
    void saysWhatItsGoldenFileSays(String name, String command) throws IOException {
        Ran ran = Ran.in(repo, command.substring("ork ".length()).split(" "));

        Golden.assertMatches("compose/" + name + ".txt", ran.transcript(command));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--bundle --lock       | --provenance, --bundle and --lock exclude each other",
                "--provenance --bundle | --provenance, --bundle and --lock exclude each other",
                "--lock -o k.lock.yaml | --lock names its file itself; leave out --output",
                "-n shop               | --namespace is for --bundle",
                "--bundle -n Shop      | --namespace needs a name of at most 63 characters a-z, 0-9 and '-'",
                "--schema v0.6         | Invalid value for option '--schema': it is v0.7.18 or any, not v0.6",
            })
    void optionsThatMakeNoSenseEndWithTwoAndTheUsage(String options, String message) {
        Ran ran = run(options.split(" "));

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).startsWith(message + "\n").contains("Usage: ork compose");
    }

    @Test
    void takesKomposerThenKatalogOfTheWorkingDirectory() throws IOException {
        Files.copy(repo.resolve("base/data.yaml"), repo.resolve("katalog.yaml"));
        assertThat(run().err())
                .isEqualTo("katalog.yaml: composed: 'data', 1 CRD from 1 file: no errors, no warnings\n");
        Files.writeString(repo.resolve("komposer.yaml"), read(PRODUCTION).replace("../../", ""));
        assertThat(run().err())
                .isEqualTo("komposer.yaml: composed: 'production', 1 CRD from 2 files: no errors, no warnings\n");
    }

    @Test
    void printsTheSameBytesWhateverTheOrderOfKeysInTheFiles() throws IOException {
        String before = run("-f", PRODUCTION).out();
        Files.writeString(
                repo.resolve("base/data.yaml"),
                read("base/data.yaml")
                        .replace("          workers: 2\n", "")
                        .replace("            maxDepth: 500\n", "            maxDepth: 500\n          workers: 2\n"));

        assertThat(run("-f", PRODUCTION).out()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sample-repo/operator-definitions/overlays/staging/komposer.yaml"})
    void provenanceReadsToTheSameValue(String entry) {
        Path root = Path.of("..").toAbsolutePath().normalize();
        String plain = Ran.in(root, "compose", "-f", entry).out();
        String commented = Ran.in(root, "compose", "-f", entry, "--provenance").out();

        assertThat(commented).isNotEqualTo(plain);
        assertThat(json(commented)).isEqualTo(json(plain));
    }

    @Test
    void theBundleHoldsTheKatalogAndItsChecksum() {
        String katalog = run("-f", PRODUCTION).out();
        JsonNode bundle = json(run("-f", PRODUCTION, "--bundle").out());

        assertThat(bundle.at("/data/katalog.yaml").asText()).isEqualTo(katalog);
        assertThat(bundle.at("/metadata/annotations/orkestra.dev~1checksum").asText())
                .isEqualTo(CanonicalJson.digest(katalog.getBytes(UTF_8)));
    }

    @Test
    void writesTheResultToTheFileAndNothingElse() throws IOException {
        String expected = run("-f", PRODUCTION).out();
        Files.writeString(repo.resolve("out.yaml"), "old");

        Ran ran = run("-f", PRODUCTION, "-o", "out.yaml");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).isEmpty();
        assertThat(read("out.yaml")).isEqualTo(expected);
        try (Stream<Path> files = Files.list(repo)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(".git", "base", "envs", "motif.yaml", "out.yaml");
        }
    }

    @Test
    void withErrorsTheOldResultStays() throws IOException {
        Files.writeString(repo.resolve("out.yaml"), "old");

        Ran ran = run("-f", "envs/refused/komposer.yaml", "-o", "out.yaml");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(read("out.yaml")).isEqualTo("old");
    }

    @Test
    void aLockFileOfImportsThatAreGoneIsToldAndRemovedOnlyWhenAsked() throws IOException {
        String lock = """
                apiVersion: orkestra.dev/v1alpha1
                kind: ImportLock
                imports:
                - import: https://library.test/katalog.yaml
                  digest: sha256:%s
                """.formatted("0".repeat(64));
        Path file = Files.writeString(repo.resolve("envs/production/komposer.lock.yaml"), lock);

        Ran ran = run("-f", PRODUCTION);
        assertThat(ran.exitCode()).isZero();
        assertThat(file).hasContent(lock);
        Golden.assertMatches("compose/obsolete-lock.txt", ran.err());

        Ran locked = run("-f", PRODUCTION, "--lock");
        assertThat(locked.exitCode()).isZero();
        assertThat(file).doesNotExist();
        Golden.assertMatches("compose/lock-removed.txt", locked.transcript("ork compose -f " + PRODUCTION + " --lock"));
    }

    @Test
    void aReaderThatHasSeenEnoughIsNoTrouble() {
        assertThat(intoA("Broken pipe")).isEqualTo(new Ran(2, "", ""));
    }

    @Test
    void aFullDiskIs() {
        assertThat(intoA("No space left on device"))
                .isEqualTo(new Ran(2, "", "ork compose: the result could not be written: No space left on device\n"));
    }

    /** Runs into an output that takes a hundred bytes and then fails. */
    private Ran intoA(String failure) {
        OutputStream stream = new OutputStream() {
            private int room = 100;

            @Override
            public void write(int b) throws IOException {
                if (--room < 0) {
                    throw new IOException(failure);
                }
            }
        };
        StringWriter err = new StringWriter();
        Terminal terminal = new Terminal(new ResultPrinter(stream), new PrintWriter(err, true), false, repo);
        return new Ran(Ork.run(terminal, "compose", "-f", PRODUCTION), "", err.toString());
    }

    @Test
    void whatTheSchemaOptionTakesIsCompleted() {
        assertThat(Ran.in(repo, "generate-completion").out())
                .contains("_picocli_ork_compose")
                .contains("(\"v0.7.18\" \"any\")");
    }

    private static JsonNode json(String yaml) {
        return (ObjectNode) DocumentReader.read("printed.yaml", yaml.getBytes(UTF_8))
                .documents()
                .getFirst()
                .root()
                .toJson();
    }
}
