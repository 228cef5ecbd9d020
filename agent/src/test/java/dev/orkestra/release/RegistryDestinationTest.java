package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orkestra.chart.ChartArchive;
import dev.orkestra.chart.Charts;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.Groups;
import dev.orkestra.group.Naming;
import dev.orkestra.group.StagedCharts;
import dev.orkestra.registry.TestRegistry;
import dev.orkestra.web.Access;
import dev.orkestra.web.Login;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryDestinationTest {
    private static final ChartArchive SHOP = Charts.chart(
            "Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0+a\n",
            "charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 0.1.0\n",
            "charts/web/templates/x.yaml", "kind: X\n");

    @TempDir
    Path folder;

    private Charts charts;
    private TestRegistry registry;
    private RegistryDestination destination;
    private ChartStore store;

    @BeforeEach
    void open() throws IOException {
        charts = new Charts().publish(SHOP);
        registry = new TestRegistry();
        registry.authorization = "Basic YW5uOnMzY3IzdA==";
        open("s3cr3t");
    }

    private void open(String password) throws IOException {
        destination = new RegistryDestination(
                URI.create("oci://" + registry.address() + "/staged/"),
                Access.of(new Login.Basic("ann", password)),
                Duration.ofSeconds(20));
        store = ChartStore.open(folder, Duration.ofSeconds(20), destination);
    }

    @AfterEach
    void close() {
        store.close();
        destination.close();
        registry.close();
        charts.close();
    }

    @Test
    void theChartAndEachSubchartAreThereUnderTheirVersionAndTheirDigest() throws Exception {
        StagedCharts.Application shop =
                Objects.requireNonNull(staged().charts().applications().get("shop"));
        String web = Naming.subchart("shop", "web");
        String digest = Objects.requireNonNull(shop.subcharts().get("web")).digest();
        assertThat(registry.content)
                .containsKeys(
                        "staged/shop/manifests/1.0.0_a",
                        "staged/shop/blobs/" + shop.chart().digest(),
                        "staged/" + web + "/manifests/0.1.0",
                        "staged/" + web + "/blobs/" + digest);
        assertThat(new String(
                        Objects.requireNonNull(registry.content.get("staged/shop/manifests/1.0.0_a")),
                        StandardCharsets.UTF_8))
                .contains(
                        "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
                        shop.chart().digest());
    }

    @Test
    void stagingTheSameAgainSendsNothing() throws Exception {
        staged();
        registry.asked.clear();
        assertThat(staged().failures()).isEmpty();
        assertThat(registry.asked).hasSize(2).allMatch(each -> each.startsWith("HEAD "));
    }

    @Test
    void aVersionWithOtherContentTakesTheTagAndTheOldContentStays() throws Exception {
        staged();
        byte[] before = registry.content.get("staged/shop/manifests/1.0.0_a");
        charts.close();
        charts = new Charts().publish(SHOP.with("values.yaml", new byte[] {'#'}));
        staged();
        assertThat(registry.content.get("staged/shop/manifests/1.0.0_a")).isNotEqualTo(before);
        assertThat(registry.content).containsValue(before);
    }

    @Test
    void aRegistryThatDoesNotTakeItIsAFindingOfTheApplicationWithoutTheSecret() throws Exception {
        open("0ther-s3cr3t");
        assertThat(staged().failures().toString())
                .contains(
                        "chart " + Naming.subchart("shop", "web")
                                + " 0.1.0 cannot be pushed to the staging registry: the registry",
                        "does not accept the credentials",
                        "(401)")
                .doesNotContain("s3cr3t");
        registry.close();
        assertThat(staged().failures().toString()).contains("cannot be pushed to the staging registry");
        assertThat(staged().charts().applications()).isEmpty();
    }

    @Test
    void anUploadNeverGoesToAnotherServer() throws Exception {
        try (TestRegistry other = new TestRegistry()) {
            registry.page("/v2/staged/shop/blobs/uploads/", exchange -> {
                exchange.getResponseHeaders().add("Location", "http://" + other.address() + "/steal");
                exchange.sendResponseHeaders(202, -1);
                exchange.close();
            });
            assertThat(staged().failures().toString()).contains("wants an upload to go to another server");
            assertThat(other.asked).isEmpty();
        }
    }

    @Test
    void theRepositoryThatEnginesAreGivenSaysWhatItIs() {
        assertThat(RegistryDestination.repositorySpec(URI.create("http://agent/charts/"), Optional.empty()))
                .isEqualTo(Groups.json("{interval: 10s, url: http://agent/charts/}"));
        assertThat(RegistryDestination.repositorySpec(URI.create("oci://r.test/staged"), Optional.of("pull")))
                .isEqualTo(Groups.json(
                        "{interval: 10s, url: \"oci://r.test/staged\", type: oci, secretRef: {name: pull}}"));
        assertThat(RegistryDestination.repositorySpec(URI.create("oci://127.0.0.1:5000/x"), Optional.empty()))
                .isEqualTo(Groups.json("{interval: 10s, url: \"oci://127.0.0.1:5000/x\", type: oci, insecure: true}"));
    }

    @Test
    void aUrlWithAPasswordIsNoSetting() {
        assertThatThrownBy(() -> new RegistryDestination(
                        URI.create("oci://ann:s3cr3t@r.test/x"), Access.OPEN, Duration.ofSeconds(1)))
                .hasMessageNotContaining("s3cr3t");
    }

    private ChartStore.Staging staged() throws Exception {
        return store.stage(
                ApplicationGroup.of(
                        "g",
                        Groups.json("{applications: [{name: shop, spec: {chart: {url: \"" + charts.url()
                                + "\", name: shop}, release: {targetNamespace: ns}, subcharts: [{name: web}]}}]}")),
                ChartLogins.NONE);
    }
}
