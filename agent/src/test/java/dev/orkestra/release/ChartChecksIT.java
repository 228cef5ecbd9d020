package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.orkestra.chart.ChartArchive;
import dev.orkestra.chart.Charts;
import dev.orkestra.group.Groups;
import dev.orkestra.group.Naming;
import dev.orkestra.process.Command;
import dev.orkestra.process.Ended;
import dev.orkestra.process.LocalProcesses;
import dev.orkestra.testing.Testbed;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Charts that are there, that are not, and what is staged of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChartChecksIT {
    private static final String WORLD = "checks-chart";

    private GroupWorld world;
    private HttpServer absent;
    /** When the repository that has nothing was asked for its index. */
    private final BlockingQueue<Long> asked = new LinkedBlockingQueue<>();

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        world = new GroupWorld(folder, WORLD, settings -> settings);
        Bookinfo.publish(world.charts);
        absent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        absent.createContext("/", exchange -> {
            if (exchange.getRequestURI().getPath().equals("/index.yaml")) {
                asked.add(System.nanoTime());
            }
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        absent.start();
    }

    @AfterAll
    void end() {
        absent.stop(0);
        world.close();
    }

    @Test
    void check12_aVersionThatDoesNotExistIsSaidAndTriedAgainLaterAndLater() throws Exception {
        String name = WORLD + "-fake";
        String application = world.application("podinfo", "", "").replace("1.0.0", "9.9.9");
        long begin = System.nanoTime();
        ObjectNode group = world.group(name, false, application);
        ObjectNode failed = world.awaitReady(group, "False", "ChartPullFailed");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
        assertThat(GroupWorld.message(failed, "Ready"))
                .contains("failed to pull application chart podinfo/podinfo:9.9.9")
                .contains("it has: 1.0.0");
        assertThat(failed.at("/status/applications/0/error").asText()).contains("podinfo:9.9.9");
        assertThat(GroupStatus.observedGeneration(failed)).isZero();
        world.awaitEvent(group, "Warning ReconcileError failed to pull application chart");
        assertThat(world.workflow(WorkflowType.FORWARD, name)).isEmpty();

        String url = "http://127.0.0.1:" + absent.getAddress().getPort();
        ObjectNode nowhere = world.group(
                WORLD + "-nowhere", false, world.application("podinfo", "", "").replace(world.charts.url(), url));
        long first = next();
        long second = next();
        long third = next();
        assertThat(third - second).isGreaterThan((second - first) * 3 / 2);
        world.awaitReady(nowhere, "False", "ChartPullFailed");
    }

    @Test
    void check13_aChangedSpecMendsIt() {
        String name = WORLD + "-mended";
        ObjectNode bad =
                world.group(name, false, world.application("podinfo", "", "").replace("1.0.0", "9.9.9"));
        world.awaitReady(bad, "False", "ChartPullFailed");
        ObjectNode good = world.group(name, false, world.application("podinfo", "", ""));
        ObjectNode workflow = world.awaitWorkflow(WorkflowType.FORWARD, good);
        world.awaitReady(good, "Unknown", "Progressing");
        world.finish(workflow);
        world.awaitReady(good, "True", "Succeeded");
    }

    @Test
    void check20_theStagedRepositoryHasTheRenamedChartAndEachSubchartAndStagingAgainWorks() throws Exception {
        String name = WORLD + "-staged";
        world.charts.publish(renamed("Book_Info"));
        String application = world.application("Book_Info", "", ", subcharts: [{name: details}]")
                .replace("1.0.0", "1.4.0");
        world.awaitWorkflow(WorkflowType.FORWARD, world.group(name, false, application));
        assertStaged("Book_Info", "book-info");
        ObjectNode again =
                world.group(name, false, application.replace("release: {", "release: {values: {changed: true}, "));
        assertThat(world.holds(world.awaitWorkflow(WorkflowType.FORWARD, again)))
                .isTrue();
        assertStaged("Book_Info", "book-info");
    }

    private void assertStaged(String application, String renamed) throws Exception {
        JsonNode entries = Groups.json(new String(world.store.read("index.yaml").orElseThrow(), StandardCharsets.UTF_8))
                .path("entries");
        assertThat(versions(entries, renamed)).containsExactly("1.4.0");
        for (String subchart : Bookinfo.SUBCHARTS) {
            String staged = Naming.subchart(application, subchart);
            assertThat(versions(entries, staged)).containsExactly("v1");
            String url = entries.path(staged).path(0).at("/urls/0").asText();
            ChartArchive archive = ChartArchive.read(world.store.read(url).orElseThrow());
            assertThat(ChartMetadata.read(archive).name()).isEqualTo(staged);
        }
    }

    @Test
    void check21_subchartsGetTheParentsHelpersAndTheParentKeepsItsCharts() throws Exception {
        WorkflowView workflow = new WorkflowView(world.awaitWorkflow(
                WorkflowType.FORWARD,
                world.group(
                        WORLD + "-split", false, world.application("bookinfo", "", ", subcharts: [{name: reviews}]"))));
        ChartArchive reviews = staged(workflow, "bookinfo-reviews");
        // An underscore stays in front, so that Helm does not render the file; NOTES.txt would need the parent's
        // values.
        assertThat(reviews.files())
                .containsKeys("templates/_bookinfo_dummy.tpl", "templates/config.yaml")
                .doesNotContainKey("templates/bookinfo_mapping.yaml");
        assertThat(staged(workflow, "bookinfo-bookinfo").files())
                .containsKeys("charts/reviews/Chart.yaml", "charts/details/Chart.yaml", "templates/mapping.yaml");
    }

    @Test
    void check22_aChartWithoutManifestsRendersAConfigMap(@TempDir Path folder) throws Exception {
        world.charts.publish(Charts.chart(
                "Chart.yaml", "apiVersion: v2\nname: empty\nversion: 1.0.0\n",
                "templates/_only.tpl", "{{ define \"x\" }}x{{ end }}"));
        WorkflowView workflow = new WorkflowView(world.awaitWorkflow(
                WorkflowType.FORWARD, world.group(WORLD + "-empty", false, world.application("empty", "", ""))));
        ChartArchive staged = staged(workflow, "empty-empty", "empty");
        assertThat(staged.files()).containsKey("templates/dummy-configmap.yaml");
        Path archive = folder.resolve("empty.tgz");
        Files.write(archive, staged.write("empty"));
        List<String> helm = List.of(
                Testbed.shared().helm().toString(), "template", "shop", archive.toString(), "--namespace", "there");
        Ended rendered = new LocalProcesses()
                .run(new Command(
                        helm, Map.of("HOME", folder.toString()), folder, new byte[0], Duration.ofSeconds(30), 1 << 20));
        assertThat(rendered.succeeded()).as(rendered.standardError()).isTrue();
        assertThat(Groups.json(rendered.standardOutput())).isEqualTo(Groups.json("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: shop-dummy, namespace: there}
                data: {name: empty, version: "1.0.0"}
                """));
    }

    @Test
    void check32_aPrivateRepositoryIsReadWithTheSecretAndItsLackIsSaid() throws Exception {
        world.allow(WORLD + "-secrets", "[{apiGroups: [\"\"], resources: [secrets], verbs: [get]}]");
        try (Charts closed = new Charts()) {
            closed.publish(Charts.simple("podinfo", "1.0.0"));
            closed.authorization =
                    "Basic " + Base64.getEncoder().encodeToString("anna:word".getBytes(StandardCharsets.UTF_8));
            world.apply("apiVersion: v1\nkind: Secret\nmetadata: {name: " + WORLD
                    + ", namespace: default}\nstringData: {username: anna, password: word}\n");
            ObjectNode good = world.group(WORLD + "-private", false, closed(closed, WORLD));
            world.awaitWorkflow(WorkflowType.FORWARD, good);
            ObjectNode bad = world.group(WORLD + "-secretless", false, closed(closed, "no-such-secret"));
            ObjectNode failed = world.awaitReady(bad, "False", "ChartPullFailed");
            assertThat(GroupWorld.message(failed, "Ready")).contains("Secret default/no-such-secret");
            assertThat(failed.toString()).doesNotContain("anna").doesNotContain("word");
        } finally {
            world.cluster.delete(world.type("v1", "Secret"), "default", WORLD, "");
        }
    }

    @Test
    void check35_theStatusListsVersionsSubchartsAndTheReleasesConditions() {
        String name = WORLD + "-status";
        ObjectNode ready = world.succeeded(
                name,
                world.application("podinfo", "", "")
                        + world.application("bookinfo", "podinfo", ", subcharts: [{name: reviews}]"));
        JsonNode podinfo = ready.at("/status/applications/0");
        assertThat(podinfo.path("name").asText()).isEqualTo("podinfo");
        assertThat(podinfo.path("version").asText()).isEqualTo("1.0.0");
        assertThat(podinfo.path("staged").asBoolean()).isTrue();
        assertThat(podinfo.has("subcharts")).isFalse();
        assertThat(podinfo.at("/conditions/0/reason").asText()).isEqualTo("InstallSucceeded");
        assertThat(podinfo.at("/conditions/0/message").asText()).isEqualTo("all there");
        JsonNode bookinfo = ready.at("/status/applications/1");
        assertThat(bookinfo.path("subcharts").size()).isEqualTo(4);
        JsonNode reviews = bookinfo.at("/subcharts/reviews");
        assertThat(reviews.path("version").asText()).isEqualTo("v1");
        assertThat(reviews.path("staged").asBoolean()).isTrue();
        assertThat(reviews.at("/conditions/0/type").asText()).isEqualTo("Ready");
    }

    private long next() throws InterruptedException {
        Long time = asked.poll(30, TimeUnit.SECONDS);
        assertThat(time).isNotNull();
        return time;
    }

    private static String closed(Charts charts, String secret) {
        return "- {name: podinfo, spec: {chart: {url: \"" + charts.url() + "\", name: podinfo, version: 1.0.0,"
                + " authSecretRef: {name: " + secret + "}}, release: {targetNamespace: TARGET}}}\n";
    }

    private static ChartArchive renamed(String name) {
        return Bookinfo.umbrella("1.4.0")
                .with(
                        "Chart.yaml",
                        ("apiVersion: v2\nname: " + name + "\nversion: 1.4.0\n").getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> versions(JsonNode entries, String chart) {
        List<String> versions = new ArrayList<>();
        entries.path(chart).forEach(each -> versions.add(each.path("version").asText()));
        return versions;
    }

    private ChartArchive staged(WorkflowView workflow, String task) throws Exception {
        return staged(workflow, task, "bookinfo");
    }

    private ChartArchive staged(WorkflowView workflow, String task, String application) throws Exception {
        String digest = workflow.release(application, task)
                .path("metadata")
                .path("annotations")
                .path(GroupNames.CHART_DIGEST)
                .asText();
        return ChartArchive.read(world.store.chart(digest).orElseThrow());
    }
}
