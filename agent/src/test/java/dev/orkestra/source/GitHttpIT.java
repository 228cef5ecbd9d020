package dev.orkestra.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import dev.orkestra.testing.Testbed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fetches from a real Git server over HTTP that asks for a user and a password. */
class GitHttpIT {
    @TempDir
    Path temp;

    private final Testbed testbed = Testbed.shared();
    private final String name = "source-" + UUID.randomUUID().toString().substring(0, 8);
    private String url = "";
    private GitFixture server;
    private GitMirror mirror;

    @BeforeEach
    void open() {
        url = testbed.createRepository(name).toString();
        server = new GitFixture(testbed.gitRoot().resolve(name + ".git"));
        mirror = new GitMirror(temp.resolve("cache"), InstantSource.system());
    }

    @AfterEach
    void close() throws IOException {
        mirror.close();
        server.close();
        try (Stream<Path> files = Files.walk(testbed.gitRoot().resolve(name + ".git"))) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private SourceRequest request(String ref, Credentials credentials) {
        return new SourceRequest(url, ref, credentials, Duration.ofSeconds(60));
    }

    private Credentials right() {
        return new Credentials(testbed.gitUser(), testbed.gitPassword());
    }

    private Outcome<Commit> fetch() {
        return mirror.fetch(request("refs/heads/main", right()));
    }

    private String fetched() {
        Outcome<Commit> outcome = fetch();
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done<Commit>) outcome).value().id();
    }

    @Test
    void followsPushesForwardsAndBackwardsWithoutACheckout() throws IOException {
        String first = server.commit("main", GitFixture.content().file("a.yaml", "one"));
        assertThat(fetched()).isEqualTo(first);
        String second = server.commit("main", GitFixture.content().file("a.yaml", "two"), first);
        assertThat(fetched()).isEqualTo(second);
        assertThat(fetched()).isEqualTo(second);
        assertThat(mirror.isAncestor(url, first, second)).isTrue();

        server.point("main", first);
        assertThat(fetched()).isEqualTo(first);
        assertThat(mirror.isAncestor(url, second, first)).isFalse();
        assertThat(new String(mirror.tree(url, second).read("a.yaml", 10).orElseThrow(), StandardCharsets.UTF_8))
                .isEqualTo("two");
        try (Stream<Path> files = Files.walk(temp.resolve("cache"))) {
            assertThat(files.map(Path::getFileName).map(Path::toString)).doesNotContain("a.yaml");
        }
    }

    @Test
    void wrongAndMissingCredentialsAreToldAndNothingOfThemIsKept() throws IOException {
        server.commit("main", GitFixture.content().file("a.yaml", "one"));
        Credentials wrong = new Credentials("canary-user", "canary-password");
        for (Credentials credentials : List.of(wrong, Credentials.NONE)) {
            Diagnostic found = GitMirrorTest.trouble(mirror.fetch(request("refs/heads/main", credentials)));
            assertThat(found.code()).isEqualTo(ErrorCode.AuthenticationFailed);
            assertThat(found.toString()).doesNotContain("canary");
        }
        fetched();
        try (Stream<Path> files = Files.walk(temp.resolve("cache"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain("canary")
                        .doesNotContain(testbed.gitPassword());
            }
        }
    }

    /** Knowing a mirror gives nobody a commit: what another ConfigRepo fetched stays its own. */
    @Test
    void aFullMirrorDoesNotStandInForTheRightToRead() {
        server.commit("main", GitFixture.content().file("a.yaml", "one"));
        fetched();
        assertThat(GitMirrorTest.trouble(mirror.fetch(request("refs/heads/main", Credentials.NONE)))
                        .code())
                .isEqualTo(ErrorCode.AuthenticationFailed);
    }

    @Test
    void aMissingRefAndAMissingRepositoryAreTwoThings() {
        server.commit("main", GitFixture.content().file("a.yaml", "one"));
        assertThat(GitMirrorTest.trouble(mirror.fetch(request("refs/heads/gone", right())))
                        .code())
                .isEqualTo(ErrorCode.RefNotFound);
        url = url.replace(name, name + "-gone");
        Diagnostic found = GitMirrorTest.trouble(fetch());
        assertThat(found.code()).isEqualTo(ErrorCode.FetchFailed);
        assertThat(found.message()).contains("no Git repository");
    }

    @Test
    void anEmptyRepositoryHasNoRef() {
        assertThat(GitMirrorTest.trouble(fetch()).code()).isEqualTo(ErrorCode.RefNotFound);
    }

    @Test
    void aPackAboveTheLimitIsRefusedAndTheNextSmallOneIsFetched() {
        byte[] noise = new byte[3 << 20];
        new Random(7).nextBytes(noise);
        mirror.close();
        mirror = new GitMirror(temp.resolve("small"), InstantSource.system(), 1 << 20);
        String big = server.commit("main", GitFixture.content().bytes("noise.bin", noise));
        Outcome<Commit> outcome = fetch();
        assertThat(outcome).isInstanceOf(Outcome.Terminal.class);
        assertThat(GitMirrorTest.trouble(outcome).code()).isEqualTo(ErrorCode.TooLarge);
        String small = server.commit("main", GitFixture.content().file("a.yaml", "one"));
        assertThat(big).isNotEqualTo(small);
        assertThat(fetched()).isEqualTo(small);
    }

    @Test
    void aLargeFileIsListedAndNotRead() {
        byte[] zeros = new byte[60 << 20];
        String id = server.commit("main", GitFixture.content().bytes("zeros.yaml", zeros));
        assertThat(fetched()).isEqualTo(id);
        Tree tree = mirror.tree(url, id);
        assertThat(tree.list("")).containsExactly(new TreeEntry("zeros.yaml", TreeEntry.Kind.FILE, 60 << 20));
        assertThat(tree.read("zeros.yaml", 1 << 20)).isEmpty();
    }
}
