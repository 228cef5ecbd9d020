package dev.orkestra.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The two trees answer alike: what holds on a laptop holds in the cluster. */
class TreeTest {
    @TempDir
    static Path temp;

    private static final List<Tree> BOTH = new java.util.ArrayList<>();

    static synchronized Stream<Tree> trees() throws IOException {
        if (BOTH.isEmpty()) {
            BOTH.addAll(List.of(gitTree(), folderTree()));
        }
        return BOTH.stream();
    }

    private static Tree gitTree() {
        GitFixture server = new GitFixture(temp.resolve("s.git"));
        server.commit(
                "main",
                GitFixture.content()
                        .file("infra/a.yaml", "a")
                        .file("infra/a/z.yaml", "z")
                        .file("infra/b.yaml", "bb")
                        .symlink("infra/token", "/var/run/secrets/token")
                        .symlink("link", "infra")
                        .submodule("sub")
                        .file("top.yaml", "top"));
        GitMirror mirror = new GitMirror(temp.resolve("cache"), InstantSource.system());
        SourceRequest request =
                new SourceRequest(server.url(), "refs/heads/main", Credentials.NONE, Duration.ofSeconds(30));
        String id = ((dev.orkestra.outcome.Outcome.Done<Commit>) mirror.fetch(request))
                .value()
                .id();
        return mirror.tree(server.url(), id);
    }

    private static Tree folderTree() throws IOException {
        Path root = Files.createDirectories(temp.resolve("folder"));
        Files.createDirectories(root.resolve("infra/a"));
        Files.createDirectories(root.resolve("infra/empty"));
        Files.writeString(root.resolve("infra/a.yaml"), "a");
        Files.writeString(root.resolve("infra/a/z.yaml"), "z");
        Files.writeString(root.resolve("infra/b.yaml"), "bb");
        Files.writeString(root.resolve("top.yaml"), "top");
        Files.createSymbolicLink(root.resolve("infra/token"), Path.of("/var/run/secrets/token"));
        Files.createSymbolicLink(root.resolve("link"), Path.of("infra"));
        Files.createDirectories(root.resolve(".git"));
        Files.writeString(root.resolve(".git/config"), "secret");
        Files.createDirectories(root.resolve("sub"));
        Files.writeString(root.resolve("sub/.git"), "gitdir: x");
        Files.writeString(root.resolve("sub/inner.yaml"), "never");
        return new FolderTree(root);
    }

    @ParameterizedTest
    @MethodSource("trees")
    void listsLeavesInTheOrderOfTheirPaths(Tree tree) {
        assertThat(tree.list(""))
                .extracting(e -> e.path() + " " + e.kind() + " " + e.sizeBytes())
                .containsExactly(
                        "infra/a.yaml FILE 1",
                        "infra/a/z.yaml FILE 1",
                        "infra/b.yaml FILE 2",
                        "infra/token SYMLINK 0",
                        "link SYMLINK 0",
                        "sub SUBMODULE 0",
                        "top.yaml FILE 3");
        assertThat(tree.list(".")).isEqualTo(tree.list(""));
        assertThat(tree.list("infra/")).isEqualTo(tree.list("infra"));
        assertThat(tree.list("infra")).hasSize(4);
    }

    @ParameterizedTest
    @MethodSource("trees")
    void whatIsNotThereIsEmpty(Tree tree) {
        assertThat(tree.list("none")).isEmpty();
        assertThat(tree.list("infra/empty")).isEmpty();
        assertThat(tree.list("top.yaml/x")).isEmpty();
        assertThat(tree.entry("none")).isEmpty();
        assertThat(tree.entry("infra")).isEmpty();
        assertThat(tree.read("none", 10)).isEmpty();
        assertThat(tree.read("infra", 10)).isEmpty();
        assertThat(tree.read(".git/config", 10)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("trees")
    void linksAndSubmodulesAreShownAndNeverFollowed(Tree tree) {
        assertThat(tree.list("link/a")).containsExactly(new TreeEntry("link", TreeEntry.Kind.SYMLINK, 0));
        assertThat(tree.list("sub/inner.yaml")).containsExactly(new TreeEntry("sub", TreeEntry.Kind.SUBMODULE, 0));
        assertThat(tree.entry("link/a.yaml")).contains(new TreeEntry("link", TreeEntry.Kind.SYMLINK, 0));
        assertThat(tree.read("link/a.yaml", 10)).isEmpty();
        assertThat(tree.read("infra/token", 10)).isEmpty();
        assertThat(tree.read("sub/inner.yaml", 10)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("trees")
    void readsNothingAboveTheLimit(Tree tree) {
        assertThat(tree.read("infra/b.yaml", 1)).isEmpty();
        assertThat(tree.entry("infra/b.yaml").orElseThrow().sizeBytes()).isEqualTo(2);
        assertThat(tree.read("infra/b.yaml", 2).map(bytes -> new String(bytes, StandardCharsets.UTF_8)))
                .contains("bb");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../x",
                "a/../b",
                "/etc/passwd",
                "C:/x",
                "c:x",
                "a//b",
                "//x",
                "a\\b",
                "a\0b",
                "a\nb",
                "./a",
                "a/.",
                "",
                ".git/config",
                "a/.GIT/hooks",
                "/"
            })
    void refusesPathsThatCouldMeanAnotherPlace(String path) {
        assertThat(TreePath.problem(path)).isPresent();
        assertThat(TreePath.normal(path)).isEqualTo(Optional.empty());
    }

    @Test
    void aFileThatIsReplacedByALinkIsNotRead() throws IOException {
        Path root = Files.createDirectories(temp.resolve("swap"));
        Path secret = Files.writeString(temp.resolve("secret"), "secret");
        Files.createSymbolicLink(root.resolve("a.yaml"), secret);
        assertThat(new FolderTree(root).read("a.yaml", 100)).isEmpty();
    }

    @Test
    void aFileThatHoldsMoreThanItSaysIsReadUpToTheLimit() {
        Tree tree = new FolderTree(Path.of("/proc"));

        assertThat(tree.entry("self/status")).map(TreeEntry::kind).contains(TreeEntry.Kind.SYMLINK);
        String own = ProcessHandle.current().pid() + "/status";
        assertThat(tree.entry(own).orElseThrow().sizeBytes()).isZero();
        assertThat(tree.read(own, 10)).isEmpty();
        assertThat(tree.read(own, 1 << 20).orElseThrow()).hasSizeGreaterThan(100);
    }
}
