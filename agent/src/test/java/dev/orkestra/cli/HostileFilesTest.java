package dev.orkestra.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever stands at a path: a word about it, in bounded time, and never "ok" or a stack trace. */
class HostileFilesTest {
    /** Each takes less than a second; this is for a machine that does much else. */
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private record Ran(int exitCode, String all) {}

    private Ran validate(String... files) {
        return assertTimeoutPreemptively(DEADLINE, () -> {
            StringWriter text = new StringWriter();
            PrintWriter writer = new PrintWriter(text, true);
            String[] arguments = new String[1 + 2 * files.length];
            arguments[0] = "validate";
            for (int i = 0; i < files.length; i++) {
                arguments[1 + 2 * i] = "-f";
                arguments[2 + 2 * i] = files[i];
            }
            return new Ran(Ork.run(new Terminal(writer, writer, false, folder), arguments), text.toString());
        });
    }

    @ParameterizedTest
    @EnumSource
    void isRefusedWithAWord(HostileFile bad) throws IOException {
        bad.in(folder);

        Ran ran = validate("bad.yaml");

        assertThat(ran.all())
                .contains(bad.said())
                .doesNotContain("Exception", "\tat ", "a defect")
                .hasSizeLessThan(20_000);
        assertThat(ran.exitCode()).isEqualTo(bad.exitCode());
    }

    /** As a file of a layer, beside a sound one; a folder, a pipe and other things that no commit holds are not files. */
    @ParameterizedTest
    @EnumSource
    void asAFileOfALayerItIsRefusedOrLeftAlone(HostileFile bad) throws IOException {
        Path layer = Files.createDirectories(folder.resolve("apps"));
        bad.in(layer);
        Files.writeString(
                layer.resolve("good.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\n");
        Files.writeString(folder.resolve("envs.yaml"), """
                apiVersion: orkestra.dev/v1alpha1
                kind: ConfigRepo
                metadata: {name: one, namespace: orkestra}
                spec:
                  source: {url: "http://git.test/c.git", ref: {branch: main}}
                  layers: [{path: apps, wave: 0}]
                  serviceAccountName: one
                """);

        Ran ran = run("validate", "--repo", ".");

        assertThat(ran.all()).doesNotContain("Exception", "\tat ", "a defect").hasSizeLessThan(20_000);
        boolean isFile = Files.isRegularFile(layer.resolve("bad.yaml"), LinkOption.NOFOLLOW_LINKS);
        if (isFile && bad.exitCode() == 1 && bad != HostileFile.EMPTY && bad != HostileFile.COMMENTS) {
            assertThat(ran.exitCode()).as(ran.all()).isNotZero();
        }
    }

    /** What costs a rule or the template parser most, in a document that is sound otherwise. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "labels: {a: \"%s\"} # {{(((((((((",
                "labels: {a: \"%s\"} # {{ if .a }}",
                "labels: {a: \"%s\"} # {{ .a | trim | trim }}",
                "labels: {a: \"%s\"} # {{ nope }}",
                "operatorBox: {reconcile: {onReconcile: {configMaps: [%s]}}} # {name: '{{ nope }}'},",
                "dependsOn: [%s] # nope,",
                "enrich: [%s] # nope,",
                "operatorBox: {reconcile: {onReconcile: {deployments: [%s]}}} # {name: a, image: ':'},",
                "operatorBox: {reconcile: {onReconcile: {groups: [%s]}}} # {name: a},"
            })
    void aThousandMistakesOfOneKindEndInTime(String line) throws IOException {
        String[] parts = line.split(" # ");
        String crd = parts[0].formatted(parts[1].repeat(20_000));
        Files.writeString(
                folder.resolve("katalog.yaml"),
                "apiVersion: orkestra.orkspace.io/v1\nkind: Katalog\nmetadata: {name: k}\nspec:\n  crds:\n    cart:\n"
                        + "      apiTypes: {group: g.test, version: v1, kind: Cart, plural: carts}\n      " + crd
                        + "\n");

        Ran ran = run("validate");

        assertThat(ran.all()).doesNotContain("Exception", "\tat ", "a defect");
        assertThat(ran.exitCode()).isBetween(0, 1);
    }

    private Ran run(String... arguments) {
        return assertTimeoutPreemptively(DEADLINE, () -> {
            StringWriter text = new StringWriter();
            PrintWriter writer = new PrintWriter(text, true);
            return new Ran(Ork.run(new Terminal(writer, writer, false, folder), arguments), text.toString());
        });
    }

    @Test
    void theDocumentationHasARowForEach() throws IOException {
        String page = Files.readString(Path.of("../docs/limits.md"));

        assertThat(Arrays.stream(HostileFile.values())
                        .map(bad -> "| " + bad.what() + " | " + bad.exitCode() + " | " + bad.said() + " |"))
                .allSatisfy(row -> assertThat(page).contains(row));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb.yaml", "a\u001B[31m.yaml", "a\r.yaml", "a\\b.yaml"})
    void namesThatNobodyCanReadAreRefusedAndShownAsEscapes(String name) throws IOException {
        Files.writeString(folder.resolve(name), "a: 1\n");

        Ran ran = validate(name);

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.all().lines().toList()).hasSize(2);
        assertThat(ran.all()).contains("its path holds a ").doesNotContain("\u001B", "\r");
    }

    @Test
    void aNameThatNoFileSystemTakesIsRefused() {
        assertThat(validate("n".repeat(300)).all()).contains("it cannot be opened: File name too long");
        assertThat(validate("n/".repeat(3_000)).exitCode()).isEqualTo(2);
    }

    @Test
    void aFileOnTheWayIsNoFolder() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), "a: 1\n");

        assertThat(validate("a.yaml/b.yaml").all()).contains("it cannot be opened: Not a directory");
    }

    @Test
    void anImportOfAPipeOrADeviceIsRefusedAtItsPlace() throws IOException {
        HostileFile.PIPE.in(folder);
        Files.createDirectory(folder.resolve(".git"));
        Files.createSymbolicLink(folder.resolve("zero.yaml"), Path.of("/dev/zero"));
        Files.writeString(folder.resolve("komposer.yaml"), """
                apiVersion: orkestra.orkspace.io/v1
                kind: Komposer
                metadata: {name: a}
                imports:
                  files: [bad.yaml, zero.yaml]
                """);

        Ran ran = validate("komposer.yaml");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.all())
                .contains("komposer.yaml:5:11: error: bad.yaml: this is a pipe, a socket or a device")
                .contains("komposer.yaml:5:21: error: zero.yaml: a link stands on the way");
    }

    @Test
    void theLongestLineIsReadInTime() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), "a: " + "x".repeat((2 << 20) - 3) + "\n");
        Files.writeString(folder.resolve("c.json"), "{\"a\": [\"" + "b\", \"".repeat(400_000) + "\"]}");

        assertThat(validate("a.yaml", "c.json").exitCode()).isZero();
        Files.writeString(folder.resolve("d.json"), "{\"a\": \"" + "b ".repeat(1 << 20) + "b\"}");
        assertThat(validate("d.json").all()).contains("d.json:1:1: error: a line has more than 2097152 characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\r", "\n"})
    void everyLineEndCounts(String end) throws IOException {
        String text = String.join(end, "# \u00e4", "apiVersion: v1", "kind: ConfigMap", "data: {a: 1, a: 2}", "");
        Files.write(folder.resolve("a.yaml"), text.getBytes(UTF_8));

        Ran ran = validate("a.yaml");

        assertThat(ran.all()).contains("a.yaml:4:14: error:").contains("  4 | data: {a: 1, a: 2}\n");
    }

    @Test
    void keysThatWouldSteerATerminalAreShownAsEscapes() throws IOException {
        Files.writeString(
                folder.resolve("a.yaml"),
                "{\"\\e[31mred\\nb.yaml:1:1: error: x\": 1, \"\\e[31mred\\nb.yaml:1:1: error: x\": 2}");

        assertThat(validate("a.yaml").all())
                .doesNotContain("\u001B")
                .contains("the key '\\u001B[31mred\\nb.yaml:1:1: error: x' is already written");
    }

    @Test
    void textsMadeForBacktrackingEndInTime() throws IOException {
        String pipes = "{{ a" + " | x".repeat(100_000) + "\n}}";
        String blanks = "{{ a |" + " ".repeat(1_000_000) + "b }}";
        Files.writeString(folder.resolve("a.yaml"), """
                apiVersion: orkestra.orkspace.io/v1
                kind: Katalog
                metadata: {name: "%s"}
                spec:
                  crds:
                    %s: {apiTypes: {group: g.io, version: v1, kind: X, plural: xs}}
                    b: {apiTypes: {group: g.io, version: v1, kind: X, plural: xs}, operatorBox: {reconcile: {
                        resync: "%s", onReconcile: {configMaps: [{name: "%s", data: {a: "%s"}}]}}}}
                """.formatted(
                "a-".repeat(200_000), "b-".repeat(200_000), "1h".repeat(200_000), pipes.replace("\n", "\\n"), blanks));
        Files.writeString(
                folder.resolve("b.yaml"),
                "a: 1\na: 2\n# " + "kind : ".repeat(200_000) + " ".repeat(1_000_000) + "\nb: [" + "yes, ".repeat(200)
                        + "]\n");

        assertThat(validate("a.yaml", "b.yaml").exitCode()).isEqualTo(1);
    }
}
