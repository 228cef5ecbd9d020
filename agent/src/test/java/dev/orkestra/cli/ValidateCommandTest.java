package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ValidateCommandTest {
    private static final Path CASES = Path.of("src/test/resources/katalog");

    @TempDir
    private Path folder;

    private Ran run(String... arguments) {
        return Ran.in(folder, arguments);
    }

    private void file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    static Stream<String> cases() throws IOException {
        try (Stream<Path> files = Files.walk(CASES)) {
            return files
                    .filter(file -> file.toString().endsWith(".yaml"))
                    .map(file -> CASES.relativize(file).toString())
                    .filter(name -> name.startsWith("valid/") || name.startsWith("invalid/"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void saysOfEachCaseWhatItsGoldenFileSays(String name) throws IOException {
        Ran ran = Ran.in(CASES, false, "validate", "-f", name);

        Golden.assertMatches("validate/" + name.replace(".yaml", ".txt"), ran.out());
        assertThat(ran.err()).isEmpty();
        assertThat(ran.exitCode()).isEqualTo(name.startsWith("valid/") ? 0 : 1);
    }

    @Test
    void anOlderLayoutIsTakenUnlessTheNewestIsAskedFor() {
        String file = "generations/whole/flat.yaml";

        Ran any = Ran.in(CASES, false, "validate", "-f", file);
        Ran newest = Ran.in(CASES, false, "validate", "--schema", "v0.7.18", "-f", file);

        String key = file + ":16:9: %s: 'operatorBox.reconciler' is now operatorBox.reconcile (since v0.7.18)";
        assertThat(any.exitCode()).isZero();
        assertThat(any.out())
                .contains(key.formatted("warning"))
                .endsWith(file + ": ok: 'sites', 2 CRDs from 1 file\n1 file checked: no errors, 8 warnings\n");
        assertThat(newest.exitCode()).isEqualTo(1);
        assertThat(newest.out()).contains(key.formatted("error")).endsWith("1 file checked: 8 errors, no warnings\n");
        assertThat(Ran.in(CASES, false, "validate", "--schema", "v9", "-f", file)
                        .err())
                .contains("it is v0.7.18 or any, not v9");
    }

    @Test
    void aMotifOfAnOlderLayoutIsTakenAsWell() {
        String file = "generations/motif/before.yaml";

        assertThat(Ran.in(CASES, false, "validate", "-f", file).out())
                .contains(file + ":8:3: warning: 'anyOf' is now or (since v0.7.16)");
        assertThat(Ran.in(CASES, false, "validate", "--schema=v0.7.18", "-f", file)
                        .exitCode())
                .isEqualTo(1);
    }

    @Test
    void severalFilesAreCheckedInOneGo() {
        Ran ran = Ran.in(
                CASES, false, "validate", "-f", "valid/alpha.yaml,invalid/nameless.yaml", "-f", "base/library.yaml");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out())
                .endsWith(
                        "base/library.yaml: ok: 'library', 2 CRDs from 1 file\n3 files checked: 1 error, 1 warning\n");
    }

    @Test
    void takesKatalogThenKomposerOfTheWorkingDirectory() throws IOException {
        assertThat(run("validate"))
                .isEqualTo(new Ran(
                        2, "", "ork validate: neither katalog.yaml nor komposer.yaml is here; name a file with -f\n"));
        file("komposer.yaml", Files.readString(CASES.resolve("base/nested.yaml")));
        file("library.yaml", Files.readString(CASES.resolve("base/library.yaml")));
        assertThat(run("validate").out()).startsWith("komposer.yaml: ok: 'nested', 2 CRDs from 2 files\n");
        file("katalog.yaml", Files.readString(CASES.resolve("valid/alpha.yaml")));
        assertThat(run("validate").out()).contains("katalog.yaml: ok: 'early', 1 CRD from 1 file\n");
    }

    @Test
    void whatCannotBeReadIsSaidAndTheRestStillChecked() throws IOException {
        file("a.yaml", "apiVersion: v1\nkind: ConfigMap\n");
        Files.createDirectory(folder.resolve("b"));
        Files.write(folder.resolve("big.yaml"), new byte[5 << 20]);

        Ran ran = run("validate", "-f", "nowhere.yaml,b,big.yaml,a.yaml");

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).isEqualTo("""
                ork validate: nowhere.yaml: there is no such file
                ork validate: b: this is a folder (name a file)
                ork validate: big.yaml: the file has 5242880 bytes; at most 4194304 are read (limit maxBytes) (split it, \
                keep data that is not configuration elsewhere, or raise the limit with --limit maxBytes=…; \
                the agent takes the same option)
                """);
        assertThat(ran.out()).isEqualTo("""
                a.yaml: ok: 1 document, 1 of a kind without checks: only read
                1 file checked: no errors, no warnings; 3 could not be read
                """);
    }

    @Test
    void anImportIsResolvedInsideOfTheGitRepositoryOnly() throws IOException {
        Files.createDirectories(folder.resolve("repo/.git"));
        file("library.yaml", Files.readString(CASES.resolve("base/library.yaml")));
        file(
                "repo/envs/komposer.yaml",
                Files.readString(CASES.resolve("base/nested.yaml"))
                        .replace("library.yaml", "../../library.yaml\n    - link.yaml\n    - ../base"));
        Files.createSymbolicLink(folder.resolve("repo/envs/link.yaml"), folder.resolve("library.yaml"));
        Files.createDirectories(folder.resolve("repo/base"));

        Ran ran = run("validate", "-f", "repo/envs/komposer.yaml");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out())
                .contains(
                        "repo/envs/komposer.yaml:8:7: error: the import '../../library.yaml' leads out of the repository")
                .contains("repo/envs/komposer.yaml:9:7: error: repo/envs/link.yaml: a link stands on the way")
                .contains("repo/envs/komposer.yaml:10:7: error: repo/base: this is a folder");
    }

    @Test
    void aFileNamedByAnAbsolutePathIsShownByIt() throws IOException {
        file(
                "envs/komposer.yaml",
                Files.readString(CASES.resolve("base/nested.yaml")).replace("library", "../library"));
        file("library.yaml", "a: 1");
        Path komposer = folder.resolve("envs/komposer.yaml");

        assertThat(run("validate", "-f", komposer.toString()).out())
                .startsWith(folder.toRealPath().resolve("library.yaml") + ":1:1: error:");
    }

    @Test
    void groupsAndConfigReposHaveTheChecksThatTheAgentMakes() throws IOException {
        file(
                "group.yaml",
                "apiVersion: orkestra.azure.microsoft.com/v1alpha1\nkind: ApplicationGroup\nmetadata: {name: g}\n"
                        + "spec: {}\n");
        file("repo.yaml", "apiVersion: orkestra.dev/v1alpha1\nkind: ConfigRepo\nmetadata: {name: r}\nspec: {}\n");

        Ran ran = run("validate", "-f", "group.yaml,repo.yaml");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out())
                .contains("the group has no applications")
                .contains("repo.yaml:3:11: error: metadata.namespace is missing");
    }

    @Test
    void aWrongHealthRuleIsShownWhereItStands() throws IOException {
        file("repo.yaml", """
                apiVersion: orkestra.dev/v1alpha1
                kind: ConfigRepo
                metadata: {name: staging, namespace: orkestra}
                spec:
                  source: {url: "http://git.test/config.git"}
                  layers: [{path: apps}]
                  serviceAccountName: staging
                  health:
                    rules:
                      - {apiVersion: v1, kind: Pod, current: "true"}
                      - apiVersion: example.org/v1
                        kind: Thing
                        failed: object.status.phase ==
                        current: object.status.ready
                """);

        Ran ran = run("validate", "-f", "repo.yaml");

        assertThat(ran.out())
                .contains("repo.yaml:13:17: error: spec.health.rules[1].failed cannot be read at 1:23:")
                .contains("repo.yaml:14:18: error: spec.health.rules[1].current says dyn, not true or false");
    }

    @Test
    void aLockFileHasItsChecks() throws IOException {
        String digest = "sha256:" + "0".repeat(64);
        String lock = "apiVersion: orkestra.dev/v1alpha1\nkind: ImportLock\nimports:\n- {import: a, digest: %s}\n";
        file("a.lock.yaml", lock.formatted(digest));
        file("b.lock.yaml", lock.formatted(digest) + "- {import: a, digest: '" + digest + "', commit: x}\n");

        Ran ran = run("validate", "-f", "a.lock.yaml,b.lock.yaml");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out())
                .startsWith("a.lock.yaml: ok: 1 document\n")
                .contains("b.lock.yaml:5:4: error: the import 'a' is already locked at line 4")
                .contains("unknown field 'commit'")
                .endsWith("2 files checked: 2 errors, no warnings\n");
    }

    @Test
    void theSchemaOptionNamesWhatItTakes() {
        assertThat(run("validate", "--schema", "v1").err())
                .startsWith("Invalid value for option '--schema': it is v0.7.18 or any, not v1\n");
        assertThat(Ran.in(CASES, "validate", "--schema", "v0.7.18", "-f", "valid/override.yaml")
                        .exitCode())
                .isZero();
    }

    @Test
    void theLinesOfASecretAreNeverShown() throws IOException {
        file("secret.yaml", "apiVersion: v1\nkind: Secret\nstringData: {password: hunter2, password: hunter3}\n");

        assertThat(run("validate", "-f", "secret.yaml").out())
                .contains("[DuplicateKey]")
                .doesNotContain("hunter");
        file("anchor.yaml", "apiVersion: v1\nkind: &k Secret\nstringData: {password: hunter2, password: hunter3}\n");
        assertThat(run("validate", "-f", "anchor.yaml").out())
                .contains("[DuplicateKey]")
                .doesNotContain("hunter");
    }

    @Test
    void longLinesAndControlCharactersDoNotDisturbTheTerminal() throws IOException {
        file("long.yaml", "a: \"" + "x".repeat(300) + "\", \u009B31m: b\n");

        List<String> lines = run("validate", "-f", "long.yaml").out().lines().toList();

        assertThat(lines.get(1)).hasSizeLessThan(140).doesNotContain("\u009B");
        assertThat(lines.get(2).indexOf('^'))
                .isPositive()
                .isLessThan(lines.get(1).length());
    }

    @Test
    void coloursAreForTerminalsOnly() {
        assertThat(Ran.in(CASES, true, "validate", "-f", "valid/alpha.yaml").out())
                .startsWith(
                        "\u001B[1mvalid/alpha.yaml:7:3: \u001B[0m\u001B[33;1mwarning:\u001B[0m this Katalog calls itself alpha");
        assertThat(Ran.in(CASES, false, "validate", "-f", "valid/alpha.yaml").out())
                .doesNotContain("\u001B");
    }

    @Test
    void aDocumentThatMeansToBeOneOfOursAndIsNotIsAnError() throws IOException {
        file("kind.yaml", "apiVersion: orkestra.orkspace.io/v1\nkind: Katalogg\n");
        file("none.yaml", "apiVersion: orkestra.orkspace.io/v1\n");
        file("version.yaml", "apiVersion: orkestra.dev/v1beta7\nkind: ConfigRepo\n");
        file("run.yaml", "apiVersion: orkestra.dev/v1alpha1\nkind: ConfigRun\n");
        file("text.yaml", "just text\n");

        assertThat(run("validate", "kind.yaml").out())
                .contains("kind.yaml:2:1: error: there is no kind 'Katalogg' in orkestra.orkspace.io"
                        + " (did you mean 'Katalog'?) [UnknownKind]");
        assertThat(run("validate", "none.yaml").out()).contains("error: the document has no kind");
        assertThat(run("validate", "version.yaml").out())
                .contains("version.yaml:1:1: error: apiVersion 'orkestra.dev/v1beta7' is not known for a ConfigRepo");
        assertThat(run("validate", "kind.yaml", "none.yaml", "version.yaml").exitCode())
                .isEqualTo(1);
        assertThat(run("validate", "run.yaml").exitCode()).isZero();
        assertThat(run("validate", "text.yaml").out())
                .contains("warning: the document is not a mapping, so nothing is checked");
    }

    @Test
    void aResultThatIsLostIsNoSuccess() throws IOException {
        file("a.yaml", "apiVersion: v1\nkind: ConfigMap\n");
        StringWriter err = new StringWriter();
        PrintWriter full = new PrintWriter(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        });

        int exitCode = Ork.run(
                new Terminal(full, new PrintWriter(err, true), false, folder.toAbsolutePath()), "validate", "a.yaml");

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).contains("the result could not be written");
    }

    @Test
    void settingsBehindADanglingLinkAreNotPassedOver() throws IOException {
        file("katalog.yaml", "apiVersion: orkestra.orkspace.io/v1\nkind: Katalog\nmetadata: {name: k}\n");
        Files.createSymbolicLink(folder.resolve("orkestra-rules.yaml"), Path.of("nowhere.yaml"));

        assertThat(run("validate").exitCode()).isEqualTo(2);
    }

    @Test
    void wrongArgumentsEndWithTwoAndTheUsage() {
        assertThat(run("validate", "--qqq")).satisfies(ran -> {
            assertThat(ran.exitCode()).isEqualTo(2);
            assertThat(ran.err()).contains("Unknown option").contains("Usage: ork validate");
        });
        assertThat(run()).satisfies(ran -> {
            assertThat(ran.exitCode()).isEqualTo(2);
            assertThat(ran.err()).contains("name a command").contains("Usage: ork");
        });
    }

    @Test
    void helpVersionAndCompletionWork() {
        assertThat(run("--help")).satisfies(ran -> {
            assertThat(ran.exitCode()).isZero();
            assertThat(ran.out()).contains("validate").contains("Examples:").contains("Exit codes:");
        });
        assertThat(run("validate", "--help").out()).contains("ork validate -f base/data.yaml,base/web.yaml");
        assertThat(run("help", "validate").out()).contains("comma list");
        assertThat(run("version").out()).startsWith("ork ").contains("Java 25");
        assertThat(run("--version").out()).isEqualTo(run("version").out());
        assertThat(run("generate-completion").out()).contains("complete -F _complete_ork");
    }
}
