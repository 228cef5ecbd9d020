package dev.orkestra.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orkestra.document.CanonicalJson;
import dev.orkestra.registry.TestRegistry;
import dev.orkestra.web.Access;
import dev.orkestra.web.Login;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChartRegistryTest {
    private static final Access ANN = Access.of(new Login.Basic("ann", "s3cr3t"));
    /** ann:s3cr3t. */
    private static final String PAIR = "Basic YW5uOnMzY3IzdA==";

    private final ChartDownloads downloads = new ChartDownloads();
    private TestRegistry registry;

    @BeforeEach
    void open() throws IOException {
        registry = new TestRegistry();
    }

    @AfterEach
    void close() {
        downloads.close();
        registry.close();
    }

    private byte[] push(String version) {
        return push(version, ChartRegistry.CONFIG, ChartRegistry.LAYER);
    }

    private byte[] push(String version, String config, String layer) {
        byte[] archive = Charts.simple("web", version).write("web");
        String manifest = """
                {"schemaVersion":2,"config":{"mediaType":"%s","digest":"%s","size":2},
                "layers":[{"mediaType":"text/provenance","digest":"sha256:%s","size":1},
                {"mediaType":"%s","digest":"%s","size":%d}]}
                """.formatted(
                        config,
                        registry.blob("team/web", new byte[] {'{', '}'}),
                        "0".repeat(64),
                        layer,
                        registry.blob("team/web", archive),
                        archive.length);
        registry.manifest("team/web", ChartRegistry.tag(version), manifest.getBytes(StandardCharsets.UTF_8));
        return archive;
    }

    private ChartServer server(Access access) throws ChartTrouble {
        return ChartServer.at(
                "oci://" + registry.address() + "/team/", access, downloads, () -> Duration.ofSeconds(20));
    }

    private Optional<String> found(String version) throws Exception {
        return server(Access.OPEN).find("web", version).map(HelmIndex.Entry::version);
    }

    @Test
    void anExactVersionIsItsTagAndNothingElseIsAsked() throws Exception {
        byte[] archive = push("1.0.0+build.7");
        ChartServer server = server(Access.OPEN);
        HelmIndex.Entry entry = server.find("web", "1.0.0+build.7").orElseThrow();
        assertThat(server.archive("web", entry)).isEqualTo(archive);
        assertThat(registry.asked)
                .containsExactly(
                        "GET /v2/team/web/manifests/1.0.0_build.7",
                        "GET /v2/team/web/blobs/" + CanonicalJson.digest(archive));
    }

    @Test
    void aRangeTakesTheNewestTagThatFits() throws Exception {
        for (String version : new String[] {"1.0.0", "1.2.0", "1.10.0", "1.11.0-rc.1", "2.0.0+a"}) {
            push(version);
        }
        registry.manifest("team/web", "latest", new byte[] {'{', '}'});
        registry.manifest("team/web", "sha256-0000.sig", new byte[] {'{', '}'});
        assertThat(found("^1.0")).contains("1.10.0");
        assertThat(found("*")).contains("2.0.0+a");
        assertThat(found("~3")).isEmpty();
        assertThat(found("v1.2")).contains("1.2.0");
        assertThat(server(Access.OPEN).versions("web", 3)).containsExactly("2.0.0+a", "1.11.0-rc.1", "1.10.0");
        assertThat(server(Access.OPEN).versions("absent", 3)).isEmpty();
    }

    @Test
    void manyTagsComeInPagesWhoseAddressTheRegistryDoesNotChoose() throws Exception {
        for (int i = 0; i < 2_500; i++) {
            registry.manifest("team/web", "0.0." + i, new byte[] {'{', '}'});
        }
        push("9.9.9");
        assertThat(found("*")).contains("9.9.9");
        assertThat(registry.asked)
                .filteredOn(each -> each.contains("tags/list"))
                .hasSize(3);
    }

    @Test
    void aPinIsFetchedByItsDigestWhateverTheTagsNameToday() throws Exception {
        byte[] old = push("1.0.0");
        registry.content.keySet().removeIf(each -> each.contains("/manifests/"));
        ChartServer server = server(Access.OPEN);
        HelmIndex.Entry entry = server.pinned("web", HelmRepository.hex(old)).orElseThrow();
        assertThat(server.archive("web", entry)).isEqualTo(old);
        assertThat(server.pinned("web", "../../x")).isEmpty();
    }

    @Test
    void anArchiveThatIsNotWhatTheManifestSaysIsRefused() throws Exception {
        byte[] archive = push("1.0.0");
        registry.content.put("team/web/blobs/" + CanonicalJson.digest(archive), new byte[] {'x'});
        ChartServer server = server(Access.OPEN);
        HelmIndex.Entry entry = server.find("web", "1.0.0").orElseThrow();
        assertThatThrownBy(() -> server.archive("web", entry)).hasMessageContaining("another archive");
    }

    @Test
    void whatIsNoChartIsRefused() throws Exception {
        push("1.0.0", "application/vnd.oci.image.config.v1+json", ChartRegistry.LAYER);
        assertThatThrownBy(() -> found("1.0.0")).hasMessageContaining("no Helm chart");
        push("1.0.0", ChartRegistry.CONFIG, "application/vnd.oci.image.layer.v1.tar+gzip");
        assertThatThrownBy(() -> found("1.0.0")).hasMessageContaining("no layer of type");
        for (String manifest : new String[] {"", "[]", "{", "{\"config\":7}"}) {
            registry.manifest("team/web", "1.0.0", manifest.getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> found("1.0.0")).as(manifest).isInstanceOf(ChartTrouble.class);
        }
    }

    @Test
    void aChartThatSaysItIsTooLargeIsNotFetched() throws Exception {
        push("1.0.0");
        String manifest = new String(
                java.util.Objects.requireNonNull(registry.content.get("team/web/manifests/1.0.0")),
                StandardCharsets.UTF_8);
        registry.manifest(
                "team/web",
                "1.0.0",
                manifest.replaceAll("\"size\":[0-9]{3,}", "\"size\":99999999999")
                        .getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> found("1.0.0")).hasMessageContaining("larger than 32 MiB");
    }

    @Test
    void userAndPasswordAreShownToARegistryThatAsks() throws Exception {
        push("1.0.0");
        registry.authorization = PAIR;
        assertThat(server(ANN).find("web", "1.0.0")).isPresent();
        assertThatThrownBy(() -> found("1.0.0"))
                .isInstanceOfSatisfying(
                        ChartTrouble.class,
                        trouble -> assertThat(trouble.kind()).isEqualTo(ChartTrouble.Kind.REFUSED))
                .hasMessageContaining("without credentials (401)");
        Access wrong = Access.of(new Login.Basic("ann", "0ther-s3cr3t"));
        assertThatThrownBy(() -> server(wrong).find("web", "1.0.0"))
                .hasMessageContaining("does not accept the credentials")
                .hasMessageNotContaining("s3cr3t");
    }

    @Test
    void aTokenIsGotForUserAndPassword() throws Exception {
        push("1.0.0");
        registry.page("/token", exchange -> {
            boolean known = PAIR.equals(exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] body = "{\"token\":\"short-lived\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(known ? 200 : 401, known ? body.length : -1);
            if (known) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        registry.authorization = "Bearer short-lived";
        registry.challenge = "Bearer realm=\"http://" + registry.address() + "/token\",service=\"s\"";
        assertThat(server(ANN).find("web", "*")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"oci://", "oci://ann:s3cr3t@a.test/x", "oci://a.test/x?y=z", "ftp://a.test", "nonsense"})
    void aUrlThatIsNoneIsRefusedWithoutShowingIt(String url) {
        assertThatThrownBy(() -> ChartServer.at(url, Access.OPEN, downloads, () -> Duration.ofSeconds(1)))
                .isInstanceOf(ChartTrouble.class)
                .hasMessageNotContaining("s3cr3t");
    }
}
