package dev.orkestra.imports;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.orkestra.katalog.ImportAuth;
import dev.orkestra.katalog.ImportLimits;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Pin;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.source.GitFixture;
import dev.orkestra.testing.Testbed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Imports from a real Git server over HTTP that asks for a user and a password. */
class GitFoldersIT {
    @TempDir
    Path temp;

    private final Testbed testbed = Testbed.shared();
    private final String name = "imports-" + UUID.randomUUID().toString().substring(0, 8);
    private final Map<String, String> variables = new java.util.HashMap<>(
            Map.of("GIT_USER", testbed.gitUser(), "GIT_PASSWORD", testbed.gitPassword(), "WRONG", "canary-password"));
    private String url = "";
    private GitFixture server;
    private GitFolders folders;

    @BeforeEach
    void open() {
        url = testbed.createRepository(name).toString();
        server = new GitFixture(testbed.gitRoot().resolve(name + ".git"));
        folders = folders(temp.resolve("cache"), ImportLimits.DEFAULTS);
    }

    @AfterEach
    void close() throws IOException {
        folders.close();
        server.close();
        try (Stream<Path> files = Files.walk(testbed.gitRoot().resolve(name + ".git"))) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private GitFolders folders(Path cache, ImportLimits limits) {
        return new GitFolders(
                cache, InstantSource.system(), asked -> Optional.ofNullable(variables.get(asked)), limits, false);
    }

    private Need.GitFiles need(String version, Optional<Pin> locked) {
        return new Need.GitFiles(
                url, version, "", Optional.of(new ImportAuth.Basic("GIT_USER", "GIT_PASSWORD")), locked, null);
    }

    private static String text(String path, Provided answer) {
        assertThat(answer).as(answer.toString()).isInstanceOf(Provided.Files.class);
        byte[] content = ((Provided.Files) answer).contents().get(path);
        return content == null ? "nothing" : new String(content, StandardCharsets.UTF_8);
    }

    private String commit(String version) {
        return ((Provided.Files) folders.provide(need(version, Optional.empty())))
                .pin()
                .resolved();
    }

    private Provided.Unreadable refused(Need.GitFiles need) {
        Provided answer = folders.provide(need);
        assertThat(answer).isInstanceOf(Provided.Unreadable.class);
        return (Provided.Unreadable) answer;
    }

    @Test
    void aVersionIsABranchATagACommitOrTheBeginningOfOne() {
        String first = server.commit("main", GitFixture.content().file("a.yaml", "one"));
        String second = server.commit("main", GitFixture.content().file("a.yaml", "two"), first);
        String side = server.commit("feature/x", GitFixture.content().file("a.yaml", "side"), first);
        server.tag("light", first);
        server.annotatedTag("v1.0.0", second);

        assertThat(commit("main")).isEqualTo(second);
        assertThat(commit("HEAD")).isEqualTo(second);
        assertThat(commit("")).isEqualTo(second);
        assertThat(commit("feature/x")).isEqualTo(side);
        assertThat(commit("light")).isEqualTo(first);
        assertThat(commit("v1.0.0")).isEqualTo(second);
        assertThat(commit("refs/tags/v1.0.0")).isEqualTo(second);
        assertThat(commit(first)).isEqualTo(first);
        assertThat(commit(side.substring(0, 7))).isEqualTo(side);
        assertThat(commit(first.substring(0, 12).toUpperCase(java.util.Locale.ROOT)))
                .isEqualTo(first);
        assertThat(text("a.yaml", folders.provide(need("v1.0.0", Optional.empty()))))
                .isEqualTo("two");
    }

    @Test
    void anOldCommitAloneIsEnoughForItsBeginningToBeFoundLater() {
        String first = server.commit("main", GitFixture.content().file("a.yaml", "one"));
        String second = server.commit("main", GitFixture.content().file("a.yaml", "two"), first);
        String third = server.commit("main", GitFixture.content().file("a.yaml", "three"), second);
        assertThat(commit("main")).isEqualTo(third);
        // The mirror knows the tip only; what came before has to come later.
        assertThat(commit(first.substring(0, 8))).isEqualTo(first);
        assertThat(commit(second.substring(0, 8))).isEqualTo(second);
    }

    @Test
    void aBranchGoesBeforeATagOfTheSameName() {
        String first = server.commit("main", GitFixture.content().file("a.yaml", "one"));
        String second = server.commit("same", GitFixture.content().file("a.yaml", "two"));
        server.tag("same", first);
        assertThat(commit("same")).isEqualTo(second);
        assertThat(commit("refs/tags/same")).isEqualTo(first);
    }

    @Test
    void aBranchIsFollowedAndALockIsKept() {
        String first = server.commit("main", GitFixture.content().file("a.yaml", "one"));
        assertThat(commit("main")).isEqualTo(first);
        String second = server.commit("main", GitFixture.content().file("a.yaml", "two"), first);
        assertThat(commit("main")).isEqualTo(second);
        Optional<Pin> locked = Optional.of(new Pin(first, "sha256:any"));
        assertThat(text("a.yaml", folders.provide(need("main", locked)))).isEqualTo("one");
        try (GitFolders fresh = folders(temp.resolve("fresh"), ImportLimits.DEFAULTS)) {
            assertThat(text("a.yaml", fresh.provide(need("main", locked)))).isEqualTo("one");
        }
    }

    @Test
    void whatTheVersionDoesNotNameIsTold() {
        String first = server.commit("main", GitFixture.content().file("a.yaml", "one"));
        for (String version : new String[] {"gone", "deadbeef", "0".repeat(39) + "1", "bad..name", "refs/heads/gone"}) {
            Provided.Unreadable found = refused(need(version, Optional.empty()));
            assertThat(found.code()).as(version).isEqualTo(ErrorCode.RefNotFound);
            assertThat(found.message()).isEqualTo("the repository has no branch, tag or commit '" + version + "'");
        }
        assertThat(commit("main")).isEqualTo(first);
    }

    @Test
    void aWrongPasswordIsToldAndNothingOfItIsKept() throws IOException {
        server.commit("main", GitFixture.content().file("a.yaml", "one"));
        assertThat(folders.provide(need("main", Optional.empty()))).isInstanceOf(Provided.Files.class);
        Need.GitFiles wrong = new Need.GitFiles(
                url, "main", "", Optional.of(new ImportAuth.Basic("GIT_USER", "WRONG")), Optional.empty(), null);
        assertThat(refused(wrong).code()).isEqualTo(ErrorCode.AuthenticationFailed);
        assertThat(refused(wrong).message())
                .isEqualTo("the server refuses access with the credentials given (HTTP 401)");
        Need.GitFiles token =
                new Need.GitFiles(url, "main", "", Optional.of(new ImportAuth.Token("WRONG")), Optional.empty(), null);
        assertThat(refused(token).code()).isEqualTo(ErrorCode.AuthenticationFailed);
        Need.GitFiles none = new Need.GitFiles(url, "main", "", Optional.empty(), Optional.empty(), null);
        assertThat(refused(none).message()).contains("without credentials");
        try (Stream<Path> files = Files.walk(temp.resolve("cache"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain("canary")
                        .doesNotContain(testbed.gitPassword());
            }
        }
    }

    @Test
    void aMissingRepositoryIsTold() {
        url = url.replace(name, name + "-gone");
        assertThat(refused(need("main", Optional.empty())).message())
                .isEqualTo("there is no Git repository at this URL");
    }

    @Test
    void ofALongHistoryOnlyTheOneCommitIsFetched() {
        String head = server.commit("main", GitFixture.content().bytes("noise.bin", noise(1, 3 << 20)));
        head = server.commit("main", GitFixture.content().file("a.yaml", "small"), head);
        ImportLimits small = new ImportLimits(5, 5, 1 << 20, Duration.ofSeconds(30));
        try (GitFolders bounded = folders(temp.resolve("bounded"), small)) {
            assertThat(text("a.yaml", bounded.provide(need("main", Optional.empty()))))
                    .isEqualTo("small");
        }
    }

    @Test
    void aHugeRepositoryEndsAtTheLimitThatIsNamed() {
        server.commit("main", GitFixture.content().bytes("noise.bin", noise(2, 3 << 20)));
        ImportLimits small = new ImportLimits(5, 5, 1 << 20, Duration.ofSeconds(30));
        try (GitFolders bounded = folders(temp.resolve("bounded"), small)) {
            assertThat(bounded.provide(need("main", Optional.empty())))
                    .isEqualTo(
                            new Provided.Unreadable(
                                    ErrorCode.LimitExceeded,
                                    "the server sends more for this version than may be received; at most 1048576 bytes can"
                                            + " be imported (maxImportBytes)",
                                    "import less, or raise the limit with --limit maxImportBytes=…; the agent takes the same option"));
        }
    }

    private static byte[] noise(int seed, int size) {
        byte[] noise = new byte[size];
        new Random(seed).nextBytes(noise);
        return noise;
    }

    /** Protocol 0, which many servers still speak, gives only what a branch or a tag names. */
    @Test
    void aServerThatGivesNoCommitsByIdIsAskedForItsBranches() throws IOException {
        String first = server.commit("main", GitFixture.content().file("a.yaml", "one"));
        String second = server.commit("main", GitFixture.content().file("a.yaml", "two"), first);
        HttpServer old = oldServer(url.substring(0, url.indexOf("/git/")));
        try {
            url = "http://127.0.0.1:" + old.getAddress().getPort() + url.substring(url.indexOf("/git/"));
            assertThat(commit(first)).isEqualTo(first);
            assertThat(commit("main")).isEqualTo(second);
            assertThat(refused(need("0".repeat(39) + "1", Optional.empty())).code())
                    .isEqualTo(ErrorCode.RefNotFound);
        } finally {
            old.stop(0);
        }
    }

    /** The real server, without the header that asks for protocol 2. */
    private static HttpServer oldServer(String target) throws IOException {
        HttpClient client = HttpClient.newHttpClient();
        HttpServer proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        proxy.createContext("/", exchange -> {
            try (exchange) {
                HttpResponse<byte[]> answer =
                        client.send(forwarded(exchange, target), HttpResponse.BodyHandlers.ofByteArray());
                for (String header : new String[] {"Content-Type", "WWW-Authenticate"}) {
                    answer.headers()
                            .firstValue(header)
                            .ifPresent(value -> exchange.getResponseHeaders().set(header, value));
                }
                exchange.sendResponseHeaders(
                        answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
                exchange.getResponseBody().write(answer.body());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        proxy.start();
        return proxy;
    }

    private static HttpRequest forwarded(HttpExchange exchange, String target) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(target + exchange.getRequestURI()))
                .timeout(Duration.ofSeconds(20))
                .method(
                        exchange.getRequestMethod(),
                        HttpRequest.BodyPublishers.ofByteArray(
                                exchange.getRequestBody().readAllBytes()));
        for (String header : new String[] {"Authorization", "Content-Type", "Accept", "Content-Encoding"}) {
            String value = exchange.getRequestHeaders().getFirst(header);
            if (value != null) {
                request.header(header, value);
            }
        }
        return request.build();
    }
}
