package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.chart.Charts;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.Groups;
import dev.orkestra.group.StagedCharts;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Outcome;
import dev.orkestra.web.Access;
import dev.orkestra.web.Login;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real HTTP server on the loopback. */
class ChartStoreTest {
    @TempDir
    Path folder;

    private Charts charts;
    private ChartStore store;

    @BeforeEach
    void open() throws IOException {
        charts = new Charts();
        store = ChartStore.open(folder, Duration.ofSeconds(5));
    }

    @AfterEach
    void close() {
        store.close();
        charts.close();
    }

    @Test
    void aChartIsServedUnderItsDigest() throws Exception {
        charts.publish(Charts.simple("web", "1.0.0"));
        StagedCharts.Chart chart = chart(staged("1.0.0"));
        assertThat(chart.version()).isEqualTo("1.0.0");
        byte[] archive = store.chart(chart.digest()).orElseThrow();
        assertThat(CanonicalJson.digest(archive)).isEqualTo(chart.digest());
        String hex = chart.digest().substring(7);
        assertThat(new String(store.read("index.yaml").orElseThrow(), StandardCharsets.UTF_8))
                .isEqualTo("""
                apiVersion: v1
                entries:
                  web:
                  - apiVersion: v2
                    name: web
                    version: 1.0.0
                    digest: %s
                    urls:
                    - blobs/%s.tgz
                """.formatted(hex, hex));
        assertThat(store.read("blobs/" + hex + ".tgz")).contains(archive);
    }

    @Test
    void nothingElseIsServed() throws Exception {
        for (String path :
                new String[] {"", "../pulled", "groups", "blobs/../index.yaml", "blobs/x.tgz", "/index.yaml"}) {
            assertThat(store.read(path)).as(path).isEmpty();
        }
        assertThat(store.chart("sha256:../../x")).isEmpty();
    }

    @Test
    void stagingTheSameAgainIsTheSameAndFetchesOnlyTheIndex() throws Exception {
        charts.publish(Charts.simple("web", "1.0.0"));
        StagedCharts first = staged("1.0.0");
        int requests = charts.requests.get();
        assertThat(staged("1.0.0")).isEqualTo(first);
        assertThat(charts.requests.get() - requests).isEqualTo(1);
    }

    @Test
    void q06_aRangeIsResolvedToTheNewestVersion() throws Exception {
        charts.publish(Charts.simple("web", "1.0.0")).publish(Charts.simple("web", "1.1.0"));
        assertThat(chart(staged("^1.0")).version()).isEqualTo("1.1.0");
    }

    @Test
    void q20_aVersionPublishedAnewIsNoticedAndTheOldContentStays() throws Exception {
        charts.publish(Charts.simple("web", "1.0.0"));
        String before = chart(staged("1.0.0")).digest();
        try (Charts changed = new Charts()) {
            changed.publish(Charts.simple("web", "1.0.0").with("values.yaml", new byte[] {'#'}));
            changed.put("/other", "");
            StagedCharts now = staged(group(changed.url(), "1.0.0"));
            assertThat(chart(now).digest()).isNotEqualTo(before);
        }
        assertThat(store.chart(before)).isPresent();
        String index = new String(store.read("index.yaml").orElseThrow(), StandardCharsets.UTF_8);
        assertThat(index).as("the old pin is found still").contains(before.substring(7));
    }

    @Test
    void goingBackToAnExactVersionWorksWithoutTheRepository() throws Exception {
        charts.publish(Charts.simple("web", "1.0.0"));
        StagedCharts before = staged("1.0.0");
        charts.close();
        assertThat(staged("1.0.0")).isEqualTo(before);
        assertThat(failure("^1.0")).contains("cannot be reached");
    }

    @Test
    void q06_aRepositoryWithoutIndexIsAskedForTheComposedName() throws Exception {
        charts.put("/web-1.0.0.tgz", Charts.simple("web", "1.0.0").write("web"));
        assertThat(chart(staged("1.0.0")).version()).isEqualTo("1.0.0");
    }

    @Test
    void whatIsNotThereIsSaidWithWhatIs() throws Exception {
        charts.publish(Charts.simple("web", "1.0.0"));
        assertThat(failure("fake-version"))
                .isEqualTo("error: failed to pull application chart web/web:fake-version: the repository has no version"
                        + " of it that fits (it has: 1.0.0) [ChartPullFailed]");
    }

    @Test
    void aChartThatIsNotWhatTheIndexSaysIsRefused() throws Exception {
        charts.publish(Charts.simple("web", "1.0.0"));
        charts.put("/files/web-1.0.0.tgz", Charts.simple("web", "6.6.6").write("web"));
        assertThat(failure("1.0.0")).contains("has another digest than the index says");
    }

    @Test
    void credentialsAreUsedAndNeverShown() throws Exception {
        charts.publish(Charts.simple("web", "1.0.0"));
        charts.authorization = "Basic dXNlcjpzM2NyM3Q=";
        assertThat(failure("1.0.0")).contains("answered 401").contains("authSecretRef");
        Login login = new Login.Basic("user", "s3cr3t");
        ChartStore.Staging staging = store.stage(group(charts.url(), "1.0.0"), _ -> Outcome.done(Access.of(login)));
        assertThat(staging.failures()).isEmpty();
        assertThat(login.toString()).doesNotContain("s3cr3t");
        ApplicationGroup inUrl = group("http://user:s3cr3t@127.0.0.1:1", "1.0.0");
        assertThat(store.stage(inUrl, ChartLogins.NONE).failures().toString()).doesNotContain("s3cr3t");
    }

    @Test
    void q06_anArchiveIsFetchedFromWhereTheIndexSays() throws Exception {
        try (Charts storage = new Charts()) {
            byte[] archive = Charts.simple("web", "1.0.0").write("web");
            storage.put("/elsewhere/x", archive);
            charts.put(
                    "/index.yaml",
                    "entries: {web: [{version: 1.0.0, digest: "
                            + CanonicalJson.digest(archive).substring(7) + ", urls: [\"" + storage.url()
                            + "/elsewhere/x\"]}]}");
            assertThat(chart(staged("*")).version()).isEqualTo("1.0.0");
        }
    }

    @Test
    void q20_twoRepositoriesWithOneNameAndVersionAreTwoCharts() throws Exception {
        charts.publish(Charts.simple("web", "1.0.0"));
        try (Charts other = new Charts()) {
            other.publish(Charts.simple("web", "1.0.0").with("values.yaml", new byte[] {'#'}));
            assertThat(chart(staged(group(other.url(), "1.0.0"))).digest())
                    .isNotEqualTo(chart(staged("1.0.0")).digest());
        }
    }

    @Test
    void q25_anApplicationMayBeCalledStaging() throws Exception {
        charts.publish(Charts.simple("web", "1.0.0"));
        ApplicationGroup group = ApplicationGroup.of(
                "g", Groups.json("{applications: [" + application("staging") + ", " + application("other") + "]}"));
        assertThat(staged(group).applications().keySet()).containsExactly("other", "staging");
    }

    private String application(String name) {
        return "{name: " + name + ", spec: {chart: {url: \"" + charts.url()
                + "\", name: web, version: 1.0.0}, release: {targetNamespace: ns}}}";
    }

    @Test
    void whatNoGroupNeedsIsRemoved() throws Exception {
        charts.publish(Charts.simple("web", "1.0.0"));
        StagedCharts before = staged("1.0.0");
        assertThat(store.holds(before)).isTrue();
        store.forget("g");
        assertThat(store.holds(before)).isFalse();
        assertThat(new String(store.read("index.yaml").orElseThrow(), StandardCharsets.UTF_8))
                .contains("entries: {}");
    }

    private static StagedCharts.Chart chart(StagedCharts staged) {
        return Objects.requireNonNull(staged.applications().get("web")).chart();
    }

    private StagedCharts staged(String version) throws IOException, InterruptedException {
        return staged(group(charts.url(), version));
    }

    private StagedCharts staged(ApplicationGroup group) throws IOException, InterruptedException {
        ChartStore.Staging staging = store.stage(group, ChartLogins.NONE);
        assertThat(staging.failures()).isEmpty();
        return staging.charts();
    }

    private String failure(String version) throws IOException, InterruptedException {
        Diagnostic failure = store.stage(group(charts.url(), version), ChartLogins.NONE)
                .failures()
                .get("web");
        return String.valueOf(failure);
    }

    private static ApplicationGroup group(String url, String version) {
        return ApplicationGroup.of(
                "g",
                Groups.json("{applications: [{name: web, spec: {chart: {url: \"" + url + "\", name: web, version: \""
                        + version + "\"}, release: {targetNamespace: ns}}}]}"));
    }
}
