package dev.orkestra.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.embedded.HelmTimes;
import dev.orkestra.release.ChartRepository;
import dev.orkestra.testing.MemoryCluster;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is taken for a webhook of the Git server, what is not, and what it costs to refuse it. */
@Timeout(60)
class WebhookEndpointTest {
    private static final String TOKEN = "a long text that nobody guesses";
    private static final byte[] PUSH =
            "{\"ref\": \"refs/heads/main\", \"after\": \"c3\"}".getBytes(StandardCharsets.UTF_8);
    private static final String REFUSED =
            "not accepted: the ConfigRepo has no webhook, or another secret; the agent's log tells which\n";

    private final MemoryCluster cluster = new MemoryCluster();
    private final Metrics metrics = new Metrics(Map::of, new HelmTimes()::sum);
    private final HttpClient client = HttpClient.newHttpClient();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private HttpEndpoints endpoints;

    @BeforeEach
    void listen() throws IOException {
        configRepo("staging", "webhook: {secretRef: {name: hook}}");
        configRepo("without", "secretRef: {name: git}");
        configRepo("early", "webhook: {secretRef: {name: not-there-yet}}");
        configRepo("weak", "webhook: {secretRef: {name: short}}");
        secret("hook", TOKEN);
        secret("short", "123456");
        endpoints = new HttpEndpoints(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Optional::empty,
                metrics::page,
                new NoCharts(),
                new WebhookEndpoint(cluster, "orkestra", metrics::webhook, () -> now));
    }

    @AfterEach
    void end() {
        endpoints.close();
        client.close();
    }

    @Test
    void eachGitServersWayOfSigningAsksForALook() throws Exception {
        assertThat(post("staging", "X-Hub-Signature-256", "sha256=" + hmac(TOKEN, PUSH)))
                .isEqualTo(202);
        String first = asked();
        now = now.plusMillis(1);
        assertThat(post("staging", "X-Gitea-Signature", hmac(TOKEN, PUSH))).isEqualTo(202);
        String second = asked();
        now = now.plusMillis(1);
        assertThat(post("staging", "X-Gitlab-Token", TOKEN)).isEqualTo(202);

        assertThat(List.of(first, second, asked())).doesNotHaveDuplicates().doesNotContain("");
        assertThat(metrics.page()).contains("orkestra_webhooks_total{result=\"accepted\"} 3.0");
    }

    @Test
    void whatIsNotSignedWithTheSecretChangesNothing() throws Exception {
        String right = hmac(TOKEN, PUSH);
        for (String[] header : new String[][] {
            {"X-Hub-Signature-256", "sha256=" + hmac("another secret, as long", PUSH)},
            {"X-Hub-Signature-256", "sha256=" + hmac(TOKEN, "another body".getBytes(StandardCharsets.UTF_8))},
            {"X-Gitea-Signature", "0".repeat(64)},
            {"X-Gitlab-Token", TOKEN + "."},
            {"X-Gitlab-Token", TOKEN.substring(1)}
        }) {
            HttpResponse<String> answer = send("/hooks/staging", "POST", PUSH, header);
            assertThat(answer.statusCode()).as(String.join(": ", header)).isEqualTo(403);
        }
        for (String[] header : new String[][] {
            {"X-Hub-Signature-256", right},
            {"X-Hub-Signature-256", "sha256=" + right.substring(2)},
            {"X-Hub-Signature-256", "sha256=" + "g".repeat(64)},
            {"X-Hub-Signature", "sha1=" + right.substring(24)},
            {"X-Gitea-Signature", "sha256=" + right},
            {"X-Other", TOKEN}
        }) {
            assertThat(send("/hooks/staging", "POST", PUSH, header).statusCode())
                    .as(String.join(": ", header))
                    .isEqualTo(401);
        }
    }

    @Test
    void oneAnswerForAllThatIsNotThereSoThatNobodyLearnsNames() throws Exception {
        for (String name : List.of("staging", "without", "early", "weak", "nobody")) {
            HttpResponse<String> answer =
                    send("/hooks/" + name, "POST", PUSH, "X-Gitlab-Token", "another secret, as long");
            assertThat(answer.statusCode()).as(name).isEqualTo(403);
            assertThat(answer.body()).as(name).isEqualTo(REFUSED);
        }
        assertThat(post("weak", "X-Gitlab-Token", "123456"))
                .as("a secret that can be guessed")
                .isEqualTo(403);
        assertThat(post("without", "X-Hub-Signature-256", "sha256=" + hmac("\0", PUSH)))
                .isEqualTo(403);
        assertThat(cluster.requests()).noneMatch(request -> request.startsWith("patch"));
    }

    @Test
    void aSecretThatComesLaterOrIsChangedCountsAfterSomeSeconds() throws Exception {
        assertThat(post("early", "X-Gitlab-Token", TOKEN)).isEqualTo(403);
        secret("not-there-yet", TOKEN);
        now = now.plusSeconds(5);
        assertThat(post("early", "X-Gitlab-Token", TOKEN)).isEqualTo(202);

        secret("not-there-yet", "another secret, as long");
        now = now.plusSeconds(5);
        assertThat(post("early", "X-Gitlab-Token", TOKEN)).isEqualTo(403);
    }

    @Test
    void beingRefusedAHundredTimesCostsTheApiServerTwoRequests() throws Exception {
        for (int i = 0; i < 100; i++) {
            assertThat(post("staging", "X-Gitlab-Token", "guess number " + i)).isEqualTo(403);
        }

        assertThat(cluster.requests()).containsExactly("get ConfigRepo/staging", "get Secret/hook");
    }

    @Test
    void onlyAPostToTheNameOfAConfigRepoIsOne() throws Exception {
        for (String method : List.of("GET", "HEAD", "PUT", "DELETE")) {
            HttpResponse<String> answer = send("/hooks/staging", method, new byte[0], "X-Gitlab-Token", TOKEN);
            assertThat(answer.statusCode()).as(method).isEqualTo(405);
            assertThat(answer.headers().firstValue("Allow")).contains("POST");
        }
        for (String path : List.of("/hooks/", "/hooks/a/b", "/hooks/Staging", "/hooks/..", "/hooks/%00", "/hooks/-a")) {
            assertThat(send(path, "POST", PUSH, "X-Gitlab-Token", TOKEN).statusCode())
                    .as(path)
                    .isIn(404, 400);
        }
        assertThat(cluster.requests()).isEmpty();
    }

    @Test
    void anEndlessBodyIsCutOff() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), endpoints.port())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(("POST /hooks/staging HTTP/1.1\r\nHost: a\r\nX-Hub-Signature-256: sha256=" + "0".repeat(64)
                            + "\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            byte[] chunk = ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            int sent = 0;
            try {
                for (; sent < 2_000; sent++) {
                    out.write(chunk);
                }
            } catch (IOException _) {
                // The connection is closed before all 125 MB are sent.
            }
            assertThat(sent).isLessThan(1_000);
        }
    }

    @Test
    void whenTheApiServerDoesNotAnswerTheGitServerIsToTryAgain() throws Exception {
        cluster.before = _ -> {
            throw new ClusterException(ClusterException.Reason.UNAVAILABLE, "the API server 10.0.0.1 does not answer");
        };

        HttpResponse<String> answer = send("/hooks/staging", "POST", PUSH, "X-Gitlab-Token", TOKEN);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("5");
        assertThat(answer.body()).doesNotContain("10.0.0.1");
        assertThat(metrics.page()).contains("orkestra_webhooks_total{result=\"failed\"} 1.0");
    }

    @Test
    void manyAtOnceDoNotPileUpAndTheOtherPagesAreServed() throws Exception {
        CountDownLatch asking = new CountDownLatch(8);
        CountDownLatch goOn = new CountDownLatch(1);
        cluster.before = _ -> {
            asking.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> first = IntStream.range(0, 8)
                    .mapToObj(i -> senders.submit(() -> post("staging", "X-Gitlab-Token", TOKEN)))
                    .toList();
            asking.await();

            assertThat(post("staging", "X-Gitlab-Token", TOKEN)).isEqualTo(503);
            assertThat(send("/healthz", "GET", new byte[0]).statusCode()).isEqualTo(200);

            goOn.countDown();
            for (Future<Integer> each : first) {
                assertThat(each.get()).isEqualTo(202);
            }
        }
    }

    private String asked() {
        return FetchRequests.of(cluster.find(new ObjectKey("orkestra.dev", "ConfigRepo", "orkestra", "staging"))
                .orElseThrow());
    }

    private int post(String name, String... header) throws Exception {
        return send("/hooks/" + name, "POST", PUSH, header).statusCode();
    }

    private HttpResponse<String> send(String path, String method, byte[] body, String... header) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + endpoints.port() + path))
                .timeout(Duration.ofSeconds(20))
                .method(
                        method,
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        if (header.length > 0) {
            request.headers(header);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String hmac(String secret, byte[] body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(body));
    }

    private void configRepo(String name, String source) {
        String text = """
                apiVersion: orkestra.dev/v1alpha1
                kind: ConfigRepo
                metadata: {name: %s, namespace: orkestra}
                spec:
                  source: {url: "http://git.test/x", %s}
                  layers: [{path: infra}]
                  serviceAccountName: default
                """.formatted(name, source);
        cluster.create(
                RepoStatus.CONFIG_REPOS,
                (ObjectNode) DocumentReader.read("r", text.getBytes(StandardCharsets.UTF_8))
                        .documents()
                        .getFirst()
                        .root()
                        .toJson(),
                "test");
        cluster.requests();
    }

    private void secret(String name, String token) {
        ObjectNode secret = JsonNodeFactory.instance.objectNode();
        secret.put("apiVersion", "v1").put("kind", "Secret");
        secret.putObject("metadata").put("name", name).put("namespace", "orkestra");
        secret.putObject("data")
                .put("token", Base64.getEncoder().encodeToString(token.getBytes(StandardCharsets.UTF_8)));
        cluster.replace(new ResourceType("", "v1", "Secret", "secrets", true), secret, "test");
        cluster.requests();
    }

    private static final class NoCharts implements ChartRepository {
        @Override
        public Optional<byte[]> read(String path) {
            return Optional.empty();
        }

        @Override
        public Optional<byte[]> chart(String digest) {
            return Optional.empty();
        }
    }
}
