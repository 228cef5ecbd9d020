package dev.orkestra.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.cluster.RequestKind;
import dev.orkestra.cluster.Verb;
import dev.orkestra.embedded.HelmTimes;
import dev.orkestra.release.ChartRepository;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpEndpointsTest {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final byte[] ARCHIVE = {31, -117, 8, 0, -1};

    private final AtomicReference<Optional<String>> notReady = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Supplier<String>> metrics =
            new AtomicReference<>(new Metrics(Map::of, new HelmTimes()::sum)::page);
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(DEADLINE).build();
    private HttpEndpoints endpoints;

    @BeforeEach
    void listen() throws IOException {
        endpoints = new HttpEndpoints(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                notReady::get,
                () -> metrics.get().get(),
                new OneChart(),
                exchange -> exchange.close());
    }

    @AfterEach
    void end() {
        endpoints.close();
        client.close();
    }

    @Test
    void aLivingAgentIsHealthyEvenWhileItIsNotReady() throws Exception {
        notReady.set(Optional.of("not the leader"));

        assertThat(get("/healthz")).returns(200, HttpResponse::statusCode).returns("ok\n", HttpEndpointsTest::text);
    }

    @Test
    void readyzTellsWhyItIsNotReadyAndThenIs() throws Exception {
        notReady.set(Optional.of("the API server does not answer"));
        assertThat(get("/readyz"))
                .returns(503, HttpResponse::statusCode)
                .returns("the API server does not answer\n", HttpEndpointsTest::text);

        notReady.set(Optional.empty());
        assertThat(get("/readyz")).returns(200, HttpResponse::statusCode).returns("ok\n", HttpEndpointsTest::text);
    }

    @Test
    void aStagedChartIsServedByteForByte() throws Exception {
        HttpResponse<byte[]> answer = get("/charts/blobs/abc.tgz");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(ARCHIVE);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/octet-stream");
    }

    @Test
    void aChartThatIsNotStagedIsNotFound() throws Exception {
        assertThat(get("/charts/blobs/other.tgz").statusCode()).isEqualTo(404);
        assertThat(get("/charts/").statusCode()).isEqualTo(404);
        assertThat(get("/elsewhere").statusCode()).isEqualTo(404);
    }

    @Test
    void aPathThatClimbsOutIsNotFound() throws Exception {
        for (String path : List.of(
                "/charts/../secret",
                "/charts/%2e%2e/secret",
                "/charts/..%2fsecret",
                "/charts/blobs/../../secret",
                "/charts//etc/passwd",
                "/charts/%00")) {
            assertThat(raw("GET " + path)).as(path).isIn("404", "400");
        }
        assertThat(asked).noneMatch(path -> path.contains("secret") || path.contains("etc"));
    }

    @Test
    void otherPathsThatBeginLikeAnEndpointAreNotFound() throws Exception {
        for (String path : List.of("/healthzz", "/readyz/x", "/metrics.txt", "/healthz/")) {
            assertThat(get(path).statusCode()).as(path).isEqualTo(404);
        }
    }

    @Test
    void nothingTakesARequestBody() throws Exception {
        for (String path : List.of("/healthz", "/readyz", "/metrics", "/charts/blobs/abc.tgz")) {
            for (String method : List.of("POST", "PUT", "DELETE")) {
                HttpResponse<byte[]> answer = send(method, path);
                assertThat(answer.statusCode()).as(method + " " + path).isEqualTo(405);
                assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD");
            }
        }
        assertThat(asked).as("a refused request asks nobody").isEmpty();
    }

    @Test
    void headAnswersWithoutABody() throws Exception {
        HttpResponse<byte[]> answer = send("HEAD", "/charts/blobs/abc.tgz");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Length")).contains("5");
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void metricsAreInTheTextFormatOfPrometheus() throws Exception {
        Map<RequestKind, Long> requests =
                new TreeMap<>(Map.of(new RequestKind(Verb.GET, 200), 7L, new RequestKind(Verb.DRY_RUN, 409), 1L));
        metrics.set(new Metrics(() -> requests, new HelmTimes()::sum)::page);

        HttpResponse<byte[]> answer = get("/metrics");

        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain; version=0.0.4");
        assertThat(text(answer))
                .contains("orkestra_api_requests_total{status=\"200\",verb=\"get\"} 7.0\n")
                .contains("orkestra_api_requests_total{status=\"409\",verb=\"dry_run\"} 1.0\n")
                .endsWith("\n");
        assertThat(text(answer).lines())
                .allMatch(line -> line.matches("# (HELP|TYPE) [a-z_]+ .+")
                        || line.matches("[a-z_]+(\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*})? [0-9.E]+"));
    }

    @Test
    void aHandlerThatFailsAnswers500AndTheNextRequestIsServed() throws Exception {
        metrics.set(() -> {
            throw new IllegalStateException("token-of-somebody");
        });

        assertThat(get("/metrics")).returns(500, HttpResponse::statusCode);
        assertThat(text(get("/metrics"))).doesNotContain("token-of-somebody");
        assertThat(get("/charts/broken").statusCode()).isEqualTo(500);
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
    }

    private HttpResponse<byte[]> get(String path) throws Exception {
        return send("GET", path);
    }

    private HttpResponse<byte[]> send(String method, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + endpoints.port() + path))
                        .timeout(DEADLINE)
                        .method(
                                method,
                                method.equals("POST") || method.equals("PUT")
                                        ? HttpRequest.BodyPublishers.ofString("x".repeat(1000))
                                        : HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    /** The status of a request line that a polite client would tidy up first. */
    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), endpoints.port())) {
            socket.setSoTimeout((int) DEADLINE.toMillis());
            socket.getOutputStream()
                    .write((request + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            return Arrays.asList(reader.readLine().split(" ")).get(1);
        }
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    /** A repository of one chart that can break. */
    private final class OneChart implements ChartRepository {
        @Override
        public Optional<byte[]> read(String path) throws IOException {
            if (path.equals("broken")) {
                throw new IOException("the disk is gone");
            }
            asked.add(path);
            return path.equals("blobs/abc.tgz") ? Optional.of(ARCHIVE.clone()) : Optional.empty();
        }

        @Override
        public Optional<byte[]> chart(String digest) {
            return Optional.empty();
        }
    }
}
