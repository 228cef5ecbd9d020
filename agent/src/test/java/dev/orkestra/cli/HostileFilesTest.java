package dev.orkestra.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
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
