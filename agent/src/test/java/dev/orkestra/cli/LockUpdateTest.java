package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.document.Limits;
import dev.orkestra.katalog.LockFile;
import dev.orkestra.katalog.Pin;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockUpdateTest {
    private static final Pin FILE = new Pin("", "sha256:" + "a".repeat(64));
    private static final Pin PATTERN = new Pin("sha256:" + "5".repeat(64), "sha256:" + "b".repeat(64));
    private static final Pin LIBRARY = new Pin("1".repeat(40), "sha256:" + "c".repeat(64));
    private static final String WEB = "https://library.test/katalog.yaml";
    private static final String OCI = "oci://registry.test/patterns/postgres@1.2.0";
    private static final String GIT = "git+https://git.test/library.git@main//operators";
    private static final Map<String, Pin> PINS = Map.of(WEB, FILE, OCI, PATTERN, GIT, LIBRARY);

    @TempDir
    private Path folder;

    private Path lockFile = Path.of("");

    @BeforeEach
    void repository() throws IOException {
        Files.createDirectories(folder.resolve("repo/.git"));
        Files.createDirectories(folder.resolve("repo/envs"));
        Files.writeString(folder.resolve("repo/envs/komposer.yaml"), "kind: Komposer\n");
        lockFile = folder.resolve("repo/envs/komposer.lock.yaml");
    }

    private Ran to(Map<String, Pin> pins) throws IOException {
        return to(pins, false);
    }

    private Ran to(Map<String, Pin> pins, boolean colours) throws IOException {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Path repo = folder.resolve("repo");
        Terminal terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), colours, repo);
        Workspace workspace = Workspace.around(repo, Path.of("envs/komposer.yaml"), Limits.DEFAULTS);
        int exitCode = new LockUpdate(terminal, workspace).to(new TreeMap<>(pins));
        return new Ran(exitCode, out.toString(), err.toString());
    }

    @Test
    void writesAllWhenThereIsNone() throws IOException {
        Ran ran = to(PINS);

        assertThat(ran.exitCode()).isZero();
        Golden.assertMatches("compose/lock-written.txt", ran.out());
        Golden.assertMatches("compose/komposer.lock.yaml", Files.readString(lockFile));
    }

    @Test
    void saysWhatMoved() throws IOException {
        to(PINS);

        Ran ran = to(Map.of(
                GIT,
                new Pin("2".repeat(40), "sha256:" + "d".repeat(64)),
                OCI,
                new Pin(PATTERN.resolved(), "sha256:" + "e".repeat(64)),
                "helm+https://charts.test//redis@^1.0",
                new Pin("1.4.2", "sha256:" + "f".repeat(64))));

        assertThat(ran.exitCode()).isZero();
        Golden.assertMatches("compose/lock-changed.txt", ran.out());
        assertThat(Files.readString(lockFile)).contains("2".repeat(40)).doesNotContain(WEB);
    }

    @Test
    void leavesTheFileAloneWhenNothingMoved() throws IOException {
        to(PINS);
        String asSomebodyKeepsIt = Files.readString(lockFile).replace("\n", "\r\n");
        Files.writeString(lockFile, asSomebodyKeepsIt);
        FileTime before = Files.getLastModifiedTime(lockFile);

        Ran ran = to(PINS);

        assertThat(ran).isEqualTo(new Ran(0, "envs/komposer.lock.yaml: unchanged, 3 imports\n", ""));
        assertThat(Files.readString(lockFile)).isEqualTo(asSomebodyKeepsIt);
        assertThat(Files.getLastModifiedTime(lockFile)).isEqualTo(before);
    }

    @Test
    void whatIsNoLockFileIsNotOverwritten() throws IOException {
        Files.writeString(lockFile, "apiVersion: v1\nkind: ConfigMap\ndata: {a: b}\n");

        Ran ran = to(PINS);

        assertThat(ran.exitCode()).isEqualTo(1);
        Golden.assertMatches("compose/no-lock-file.txt", ran.err());
        assertThat(lockFile).hasContent("apiVersion: v1\nkind: ConfigMap\ndata: {a: b}");
        assertThat(to(Map.of()).exitCode()).isEqualTo(1);
        assertThat(lockFile).exists();
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        Path elsewhere = Files.writeString(
                folder.resolve("elsewhere.yaml"), LockFile.empty().print());
        Files.createSymbolicLink(lockFile, elsewhere);

        Ran ran = to(PINS);

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err())
                .isEqualTo("ork compose: envs/komposer.lock.yaml: a link stands on the way"
                        + " (links are not followed; name the file itself)\n");
        assertThat(elsewhere).hasContent(LockFile.empty().print());
    }

    @Test
    void coloursAreForTerminalsOnly() throws IOException {
        assertThat(to(Map.of(WEB, FILE), true).out()).startsWith("\u001B[32m+ " + WEB + "\u001B[0m\n");
    }
}
