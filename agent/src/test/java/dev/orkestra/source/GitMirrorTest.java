package dev.orkestra.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitMirrorTest {
    @TempDir
    Path temp;

    private GitFixture server;
    private GitMirror mirror;

    @BeforeEach
    void open() {
        server = new GitFixture(temp.resolve("server.git"));
        mirror = newMirror();
    }

    @AfterEach
    void close() {
        mirror.close();
        server.close();
    }

    private GitMirror newMirror() {
        return new GitMirror(temp.resolve("cache"), InstantSource.system());
    }

    private SourceRequest request(String ref) {
        return new SourceRequest(server.url(), ref, Credentials.NONE, Duration.ofSeconds(30));
    }

    private Commit fetched(String ref) {
        Outcome<Commit> outcome = mirror.fetch(request(ref));
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done<Commit>) outcome).value();
    }

    static Diagnostic trouble(Outcome<Commit> outcome) {
        return switch (outcome) {
            case Outcome.Done<Commit>(Commit commit) -> throw new AssertionError("fetched " + commit);
            case Outcome.Retry<Commit>(Duration _, Diagnostic reason) -> reason;
            case Outcome.Terminal<Commit>(Diagnostic reason) -> reason;
        };
    }

    private static String text(Tree tree, String path) {
        return new String(tree.read(path, 1_000).orElseThrow(), StandardCharsets.UTF_8);
    }

    @Test
    void followsABranchFromCommitToCommit() {
        String first = server.commit("main", GitFixture.content().file("a/b.yaml", "one"));
        Commit one = fetched("refs/heads/main");
        assertThat(one.id()).isEqualTo(first);
        assertThat(one.author()).isEqualTo("Ada");
        assertThat(one.subject()).isEqualTo("Change 1");
        assertThat(one.time()).isEqualTo(Instant.ofEpochSecond(1_700_000_000L));

        String second = server.commit("main", GitFixture.content().file("a/b.yaml", "two"), first);
        Commit two = fetched("refs/heads/main");
        assertThat(two.id()).isEqualTo(second);
        assertThat(two.parents()).containsExactly(first);
        assertThat(text(mirror.tree(server.url(), first), "a/b.yaml")).isEqualTo("one");
        assertThat(text(mirror.tree(server.url(), second), "a/b.yaml")).isEqualTo("two");
        assertThat(mirror.commit(server.url(), first)).contains(one);
    }

    @Test
    void knowsForwardFromBackwardAndDiverged() {
        String base = server.commit("main", GitFixture.content().file("f", "base"));
        String ahead = server.commit("main", GitFixture.content().file("f", "ahead"), base);
        assertThat(fetched("refs/heads/main").id()).isEqualTo(ahead);
        String other = server.commit("main", GitFixture.content().file("f", "other"), base);
        assertThat(fetched("refs/heads/main").id()).isEqualTo(other);

        assertThat(mirror.isAncestor(server.url(), base, ahead)).isTrue();
        assertThat(mirror.isAncestor(server.url(), base, base)).isTrue();
        assertThat(mirror.isAncestor(server.url(), ahead, base)).isFalse();
        assertThat(mirror.isAncestor(server.url(), ahead, other)).isFalse();
        assertThat(mirror.isAncestor(server.url(), "f".repeat(40), other)).isFalse();
        assertThat(mirror.isAncestor(server.url(), "no id", other)).isFalse();
    }

    @Test
    void seesABranchThatWasForcedBackwards() {
        String base = server.commit("main", GitFixture.content().file("f", "base"));
        server.commit("main", GitFixture.content().file("f", "ahead"), base);
        fetched("refs/heads/main");
        server.point("main", base);
        assertThat(fetched("refs/heads/main").id()).isEqualTo(base);
    }

    @Test
    void branchesWhoseNamesContainEachOtherDoNotCollide() {
        String a = server.commit("a", GitFixture.content().file("f", "a"));
        fetched("refs/heads/a");
        try (GitFixture renamed = new GitFixture(temp.resolve("second.git"))) {
            assertThat(renamed.url()).isNotEqualTo(server.url());
        }
        String b = server.commit("b/c", GitFixture.content().file("f", "b"), a);
        assertThat(fetched("refs/heads/b/c").id()).isEqualTo(b);
        assertThat(fetched("refs/heads/a").id()).isEqualTo(a);
    }

    @Test
    void aMissingRefIsToldAndWorthAnotherTry() {
        server.commit("main", GitFixture.content().file("f", "x"));
        Outcome<Commit> outcome = mirror.fetch(request("refs/heads/gone"));
        assertThat(outcome).isInstanceOf(Outcome.Retry.class);
        assertThat(trouble(outcome).code()).isEqualTo(ErrorCode.RefNotFound);
        assertThat(trouble(outcome).message()).contains("refs/heads/gone");
    }

    @Test
    void aRepositoryThatIsNotThereIsAFailedFetch() {
        Outcome<Commit> outcome = mirror.fetch(new SourceRequest(
                temp.resolve("nowhere.git").toUri().toString(),
                "refs/heads/main",
                Credentials.NONE,
                Duration.ofSeconds(5)));
        assertThat(trouble(outcome).code()).isEqualTo(ErrorCode.FetchFailed);
        assertThat(outcome).isInstanceOf(Outcome.Retry.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://user:hunter2@git.test/x.git",
                "https://git.test/x.git?token=hunter2",
                "ssh://git@git.test/hunter2.git",
                "ext::sh -c hunter2",
                "-uhunter2",
                "https:///hunter2",
                "git.test/hunter2"
            })
    void refusesUrlsThatAreNotPlainWithoutRepeatingThem(String url) {
        Outcome<Commit> outcome =
                mirror.fetch(new SourceRequest(url, "refs/heads/main", Credentials.NONE, Duration.ofSeconds(5)));
        assertThat(outcome).isInstanceOf(Outcome.Terminal.class);
        assertThat(trouble(outcome).code()).isEqualTo(ErrorCode.Invalid);
        assertThat(trouble(outcome).toString()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"main", "refs/heads/", "refs/heads/../x", "refs/heads/a b", "--upload-pack=x", ""})
    void refusesRefsThatAreNotFullNames(String ref) {
        assertThat(trouble(mirror.fetch(request(ref))).code()).isEqualTo(ErrorCode.Invalid);
    }

    @ParameterizedTest
    @ValueSource(strings = {"objects", "HEAD", "config", "refs"})
    void aDamagedMirrorIsMadeAnew(String victim) throws IOException {
        String first = server.commit("main", GitFixture.content().file("f", "one"));
        fetched("refs/heads/main");
        mirror.close();
        Path repository = temp.resolve("cache").resolve(GitMirror.folderName(server.url()));
        delete(repository.resolve(victim));
        if (victim.equals("config")) {
            Files.writeString(repository.resolve(victim), "[core\nnonsense");
        }
        mirror = newMirror();
        assertThat(fetched("refs/heads/main").id()).isEqualTo(first);
        assertThat(text(mirror.tree(server.url(), first), "f")).isEqualTo("one");
    }

    @Test
    void aPackWithAHoleIsFoundAtReadingAndClonedAnewAtTheNextFetch() throws IOException {
        String first = server.commit("main", GitFixture.content().file("f", "one"));
        fetched("refs/heads/main");
        Tree tree = mirror.tree(server.url(), first);
        mirror.close();
        mirror = newMirror();
        try (Stream<Path> files = Files.walk(temp.resolve("cache"))) {
            for (Path pack : files.filter(f -> f.toString().endsWith(".pack")).toList()) {
                byte[] zeros = new byte[(int) Files.size(pack)];
                assertThat(pack.toFile().setWritable(true)).isTrue();
                Files.write(pack, zeros);
            }
        }
        assertThat(tree).isNotNull();
        assertThatThrownBy(() -> mirror.tree(server.url(), first).read("f", 10)).isInstanceOf(SourceException.class);
        assertThat(fetched("refs/heads/main").id()).isEqualTo(first);
        assertThat(text(mirror.tree(server.url(), first), "f")).isEqualTo("one");
    }

    @Test
    void aLockFileOfAKilledProcessDoesNotStopFetches() throws IOException {
        String first = server.commit("main", GitFixture.content().file("f", "one"));
        fetched("refs/heads/main");
        Path refs = temp.resolve("cache")
                .resolve(GitMirror.folderName(server.url()))
                .resolve("refs/orkestra");
        try (Stream<Path> names = Files.list(refs)) {
            Path ref = names.findFirst().orElseThrow();
            Files.createFile(ref.resolveSibling(ref.getFileName() + ".lock"));
        }
        String second = server.commit("main", GitFixture.content().file("f", "two"), first);
        assertThat(fetched("refs/heads/main").id()).isEqualTo(second);
    }

    @Test
    void manyFetchesArePackedTogetherAndNothingIsLost() throws IOException {
        String parent = server.commit("main", GitFixture.content().file("f", "0"));
        String first = parent;
        fetched("refs/heads/main");
        for (int i = 1; i < 60; i++) {
            parent = server.commit("main", GitFixture.content().file("f", "v" + i), parent);
            fetched("refs/heads/main");
        }
        try (Stream<Path> files = Files.walk(temp.resolve("cache"))) {
            assertThat(files.filter(f -> f.toString().endsWith(".pack")).count())
                    .isLessThan(52);
        }
        assertThat(mirror.isAncestor(server.url(), first, parent)).isTrue();
        assertThat(text(mirror.tree(server.url(), first), "f")).isEqualTo("0");
        assertThat(text(mirror.tree(server.url(), parent), "f")).isEqualTo("v59");
    }

    @Test
    void fetchesOfOneMirrorTakeTurns() throws Exception {
        String first = server.commit("main", GitFixture.content().file("f", "one"));
        server.commit("other", GitFixture.content().file("f", "other"), first);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Outcome<Commit>>> all = IntStream.range(0, 20)
                    .mapToObj(i -> threads.submit(
                            () -> mirror.fetch(request(i % 2 == 0 ? "refs/heads/main" : "refs/heads/other"))))
                    .toList();
            for (Future<Outcome<Commit>> one : all) {
                assertThat(one.get()).isInstanceOf(Outcome.Done.class);
            }
        }
    }

    @Test
    void credentialsHaveNoText() {
        assertThat(new Credentials("user", "hunter2").toString()).isEqualTo("***");
        assertThat(new SourceRequest("https://x", "refs/heads/main", new Credentials("user", "hunter2"), Duration.ZERO)
                        .toString())
                .doesNotContain("hunter2")
                .doesNotContain("user");
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
