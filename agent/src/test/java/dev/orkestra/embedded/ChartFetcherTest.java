package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.chart.ChartArchive;
import dev.orkestra.chart.ChartRegistry;
import dev.orkestra.chart.Charts;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.group.Groups;
import dev.orkestra.outcome.Outcome;
import dev.orkestra.registry.TestRegistry;
import dev.orkestra.release.ChartRepository;
import dev.orkestra.web.Access;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChartFetcherTest {
    private static final ChartArchive WEB = Charts.simple("web", "1.0.0");
    private static final String DIGEST = CanonicalJson.digest(WEB.write("web"));

    @TempDir
    Path folder;

    private Charts charts;
    private ChartFetcher fetcher;

    @BeforeEach
    void open() throws IOException {
        charts = new Charts();
        fetcher = new ChartFetcher(folder, InstantSource.system());
    }

    @AfterEach
    void close() {
        fetcher.close();
        charts.close();
    }

    @Test
    void aRangeIsResolvedAndTheFileIsNamedByItsDigest() throws Exception {
        charts.publish(WEB).publish(Charts.simple("web", "2.0.0"));
        dev.orkestra.embedded.ChartArchive chart = fetched(charts.url(), spec("^1", ""));
        assertThat(chart.version()).isEqualTo("1.0.0");
        assertThat(chart.digest()).isEqualTo(DIGEST);
        assertThat(CanonicalJson.digest(Files.readAllBytes(chart.file()))).isEqualTo(DIGEST);
        int requests = charts.requests.get();
        assertThat(fetched(charts.url(), spec("^1", ""))).isEqualTo(chart);
        assertThat(charts.requests.get() - requests).as("only the index").isEqualTo(1);
    }

    @Test
    void aPinIsFoundAmongSeveralContentsOfAVersion() throws Exception {
        charts.publish(WEB.with("values.yaml", new byte[] {'#'}));
        charts.put("/other.tgz", WEB.write("web"));
        charts.put(
                "/index.yaml",
                "entries: {web: [{version: 1.0.0, digest: " + "0".repeat(64)
                        + ", urls: [files/web-1.0.0.tgz]}, {version: 1.0.0, digest: " + DIGEST.substring(7)
                        + ", urls: [other.tgz]}]}");
        assertThat(fetched(charts.url(), spec("1.0.0", DIGEST)).digest()).isEqualTo(DIGEST);
    }

    @Test
    void whatIsNotThePinnedContentIsNeverUsed() throws Exception {
        charts.publish(WEB.with("values.yaml", new byte[] {'#'}));
        assertThat(String.valueOf(fetch(charts.url(), spec("1.0.0", DIGEST))))
                .contains("Retry", "instead of " + DIGEST);
        assertThat(String.valueOf(fetch(charts.url(), spec("1.0.0", "sha256:../../x"))))
                .contains("Terminal", "is no sha256 digest");
        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aPinnedChartThatIsKeptOrStagedHereNeedsNoRepository() throws Exception {
        assertThat(fetcher.kept(spec("1.0.0", DIGEST))).isEmpty();
        assertThat(fetcher.kept(spec("1.0.0", "sha256:../../x"))).isEmpty();
        try (ChartFetcher withStore = new ChartFetcher(folder, staged(), InstantSource.system())) {
            assertThat(withStore.kept(spec("1.0.0", DIGEST)))
                    .hasValueSatisfying(chart -> assertThat(chart.digest()).isEqualTo(DIGEST));
        }
        assertThat(fetcher.kept(spec("1.0.0", DIGEST))).isPresent();
        assertThat(fetcher.kept(spec("1.0.0", ""))).isEmpty();
    }

    private static ChartRepository staged() {
        return new ChartRepository() {
            @Override
            public Optional<byte[]> read(String path) {
                return Optional.empty();
            }

            @Override
            public Optional<byte[]> chart(String digest) {
                return digest.equals(DIGEST) ? Optional.of(WEB.write("web")) : Optional.empty();
            }
        };
    }

    @Test
    void aChartOfARegistryIsFetched() throws Exception {
        try (TestRegistry registry = new TestRegistry()) {
            byte[] archive = WEB.write("web");
            String manifest =
                    "{\"config\":{\"mediaType\":\"" + ChartRegistry.CONFIG + "\"},\"layers\":[{\"mediaType\":\""
                            + ChartRegistry.LAYER + "\",\"digest\":\"" + registry.blob("x/web", archive) + "\"}]}";
            registry.manifest("x/web", "1.0.0", manifest.getBytes(StandardCharsets.UTF_8));
            String url = "oci://" + registry.address() + "/x";
            assertThat(fetched(url, spec("*", "")).digest()).isEqualTo(DIGEST);
            registry.content.keySet().removeIf(path -> path.contains("/manifests/"));
            Files.delete(fetcher.kept(spec("1.0.0", DIGEST)).orElseThrow().file());
            assertThat(fetched(url, spec("1.0.0", DIGEST)).digest()).isEqualTo(DIGEST);
        }
    }

    @Test
    void whatCannotBeHadIsTriedAgainWithAReason() throws Exception {
        charts.publish(WEB);
        assertThat(String.valueOf(fetch(charts.url(), spec("2.0.0", ""))))
                .contains("Retry", "chart web 2.0.0 cannot be pulled from its repository", "no such chart or version");
        charts.authorization = "Basic x";
        assertThat(String.valueOf(fetch(charts.url(), spec("1.0.0", "")))).contains("Retry", "401");
        assertThat(String.valueOf(fetch("http://ann:s3cr3t@a.test", spec("1.0.0", ""))))
                .contains("no plain http://")
                .doesNotContain("s3cr3t");
    }

    @Test
    void aPinnedChartIsNotFetchedTwiceByTwoReleases() throws Exception {
        charts.publish(WEB);
        fetched(charts.url(), spec("1.0.0", DIGEST));
        int requests = charts.requests.get();
        assertThat(fetcher.kept(spec("1.0.0", DIGEST))).isPresent();
        assertThat(charts.requests).hasValue(requests);
    }

    private dev.orkestra.embedded.ChartArchive fetched(String url, ReleaseSpec spec) throws Exception {
        return fetch(url, spec) instanceof Outcome.Done<dev.orkestra.embedded.ChartArchive>(var chart)
                ? chart
                : org.assertj.core.api.Assertions.fail("not fetched: " + fetch(url, spec));
    }

    private Outcome<dev.orkestra.embedded.ChartArchive> fetch(String url, ReleaseSpec spec) throws Exception {
        return fetcher.fetch(new ChartSource(url, Access.OPEN), spec);
    }

    private static ReleaseSpec spec(String version, String pin) {
        ObjectNode release =
                Groups.json("{metadata: {name: web, namespace: ns}, spec: {chart: {spec: {chart: web, version: \""
                        + version + "\"}}}}");
        if (!pin.isEmpty()) {
            release.withObject("/metadata/annotations").put(ReleaseSpec.CHART_DIGEST, pin);
        }
        return ReleaseSpec.parse(release) instanceof Outcome.Done<ReleaseSpec>(ReleaseSpec spec)
                ? spec
                : org.assertj.core.api.Assertions.fail("not read");
    }
}
