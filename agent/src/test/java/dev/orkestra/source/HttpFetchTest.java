package dev.orkestra.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a fetch makes of servers that misbehave. */
class HttpFetchTest {
    private static final Credentials CREDENTIALS = new Credentials("robot", "hunter2");

    @TempDir
    Path temp;

    private HttpServer server;
    private final List<String> authorizations = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpHandler handler) {
        server.createContext("/", exchange -> {
            authorizations.addAll(exchange.getRequestHeaders().getOrDefault("Authorization", List.of()));
            handler.handle(exchange);
            exchange.close();
        });
    }

    private static void status(HttpExchange exchange, int status) throws IOException {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
        exchange.sendResponseHeaders(status, -1);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/config.git";
    }

    private Outcome<Commit> fetch(String url, Duration deadline, long maxBytes) {
        try (GitMirror mirror = new GitMirror(temp.resolve("cache"), InstantSource.system(), maxBytes)) {
            return mirror.fetch(new SourceRequest(url, "refs/heads/main", CREDENTIALS, deadline));
        }
    }

    private Diagnostic trouble(String url) {
        Diagnostic found = GitMirrorTest.trouble(fetch(url, Duration.ofSeconds(10), 1 << 20));
        assertThat(found.toString()).doesNotContain("hunter2").doesNotContain("robot");
        return found;
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void refusedCredentialsAreToldApartFromABrokenServer(int status) {
        answer(exchange -> status(exchange, status));
        assertThat(trouble(url()).code()).isEqualTo(ErrorCode.AuthenticationFailed);
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 429, 500, 502, 503})
    void otherAnswersAreFailedFetches(int status) {
        answer(exchange -> status(exchange, status));
        Diagnostic found = trouble(url());
        assertThat(found.code()).isEqualTo(ErrorCode.FetchFailed);
        assertThat(found.message()).startsWith(url());
    }

    @Test
    void aServerThatIsNotThereIsAFailedFetch() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        Diagnostic found = trouble("http://127.0.0.1:" + free + "/config.git");
        assertThat(found.code()).isEqualTo(ErrorCode.FetchFailed);
        assertThat(found.message()).contains("nothing answers there");
    }

    @Test
    void credentialsDoNotFollowARedirectToAnotherHost() throws IOException {
        List<String> leaked = new CopyOnWriteArrayList<>();
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/", exchange -> {
            leaked.add(exchange.getRequestURI().toString());
            status(exchange, 401);
            exchange.close();
        });
        other.start();
        answer(exchange -> {
            exchange.getResponseHeaders()
                    .set(
                            "Location",
                            "http://127.0.0.1:" + other.getAddress().getPort()
                                    + "/config.git/info/refs?service=git-upload-pack");
            exchange.sendResponseHeaders(302, -1);
        });
        Outcome<Commit> outcome = fetch(url(), Duration.ofSeconds(10), 1 << 20);
        other.stop(0);
        assertThat(outcome).isInstanceOf(Outcome.Terminal.class);
        assertThat(GitMirrorTest.trouble(outcome).message()).contains("redirects to another host");
        assertThat(leaked).isEmpty();
    }

    @Test
    void aServerThatSendsOneByteAtATimeMeetsTheDeadline() {
        Semaphore never = new Semaphore(0);
        answer(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/x-git-upload-pack-advertisement");
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write("001e# service=git-upload-pack\n0000ffff".getBytes(StandardCharsets.US_ASCII));
                for (int i = 0; i < 600 && !never.tryAcquire(50, java.util.concurrent.TimeUnit.MILLISECONDS); i++) {
                    body.write('x');
                    body.flush();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        long start = System.nanoTime();
        Diagnostic found = GitMirrorTest.trouble(fetch(url(), Duration.ofSeconds(1), 1 << 20));
        assertThat(found.code()).isEqualTo(ErrorCode.FetchFailed);
        assertThat(found.message()).contains("did not answer in time");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        never.release();
    }

    @Test
    void aSilentServerMeetsTheDeadline() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Diagnostic found = GitMirrorTest.trouble(
                    fetch("http://127.0.0.1:" + silent.getLocalPort() + "/config.git", Duration.ofSeconds(1), 1 << 20));
            assertThat(found.code()).isEqualTo(ErrorCode.FetchFailed);
        }
    }

    @Test
    void anEndlessAnswerMeetsTheByteLimit() {
        answer(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/x-git-upload-pack-advertisement");
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write("001e# service=git-upload-pack\n0000".getBytes(StandardCharsets.US_ASCII));
                String line = "0".repeat(40) + " refs/heads/";
                for (int i = 0; i < 100_000; i++) {
                    String ref = line + i + "\n";
                    body.write(("%04x".formatted(ref.length() + 4) + ref).getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException closedByTheClient) {
                // That is what the test is about.
            }
        });
        Outcome<Commit> outcome = fetch(url(), Duration.ofSeconds(20), 100_000);
        assertThat(outcome).isInstanceOf(Outcome.Terminal.class);
        assertThat(GitMirrorTest.trouble(outcome).code()).isEqualTo(ErrorCode.TooLarge);
    }

    @Test
    void aServerThatSpeaksNoGitIsAFailedFetch() {
        answer(exchange -> {
            byte[] page = "<html>welcome</html>".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
        });
        assertThat(trouble(url()).code()).isEqualTo(ErrorCode.FetchFailed);
    }

    @Test
    void credentialsAreSentWhenTheServerAsksForThem() {
        answer(exchange -> status(exchange, 401));
        trouble(url());
        String basic = Base64.getEncoder().encodeToString("robot:hunter2".getBytes(StandardCharsets.UTF_8));
        assertThat(authorizations).contains("Basic " + basic);
    }
}
