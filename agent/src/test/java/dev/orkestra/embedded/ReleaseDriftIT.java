package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Objects of a release that somebody changed, on a real cluster. */
class ReleaseDriftIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static Engines engines;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        engines = Engines.start(HelmReleases.namespace("embedded-drift"));
    }

    @AfterAll
    static void stop() {
        HelmReleases.end(engines);
    }

    @Test
    void putsBackWhatWasChangedOrRemovedAndLeavesAloneWhatIsIgnored() throws InterruptedException {
        ObjectNode release = release("mended", "enabled");
        ObjectNode ignore =
                release.withObject("/spec/driftDetection").withArray("/ignore").addObject();
        ignore.putArray("paths").add("/spec/replicas");
        ignore.putObject("target").put("kind", "Deployment");
        engines.apply(release);
        ObjectNode ready = engines.awaitRelease("mended", SOON, state -> ReleaseEngine.isTrue(state, "Ready"));
        scale("mended", 0);
        change("mended");
        engines.await(
                "v1",
                "ConfigMap",
                "mended-page",
                SOON,
                page -> page.at("/data/index.html").asText().equals("one"));
        engines.cluster.delete(engines.cluster.resourceType("v1", "ConfigMap"), engines.namespace, "mended-page", "");
        ObjectNode back = engines.await(
                "v1",
                "ConfigMap",
                "mended-page",
                SOON,
                page -> page.at("/data/index.html").asText().equals("one"));
        assertThat(back.at("/metadata/annotations")
                        .path("meta.helm.sh/release-name")
                        .asText())
                .isEqualTo("mended");
        assertThat(engines.get("apps/v1", "Deployment", "mended")
                        .orElseThrow()
                        .at("/spec/replicas")
                        .asInt())
                .isZero();
        ObjectNode after = engines.awaitRelease("mended", SOON, state -> true);
        assertThat(after.path("status")).isEqualTo(ready.path("status"));
        assertThat(events("mended")).contains("DriftDetected", "DriftCorrected");

        // Helm still takes the object for its own.
        release.withObject("/spec/values").put("text", "two");
        engines.apply(release);
        engines.await(
                "v1",
                "ConfigMap",
                "mended-page",
                SOON,
                page -> page.at("/data/index.html").asText().equals("two"));
        engines.awaitRelease("mended", SOON, state -> RecordedLife.said(state).contains("Ready=True/UpgradeSucceeded"));
        HelmReleases.delete(engines, "mended");
        assertThat(engines.get("v1", "ConfigMap", "mended-page")).isEmpty();
    }

    @Test
    void onlyTellsWhereItIsAskedToWarn() throws InterruptedException {
        engines.apply(release("warned", "warn"));
        engines.awaitRelease("warned", SOON, state -> ReleaseEngine.isTrue(state, "Ready"));
        change("warned");
        engines.await(
                "v1", "ConfigMap", "warned-page", SOON, _ -> events("warned").contains("DriftDetected"));
        assertThat(engines.get("v1", "ConfigMap", "warned-page")
                        .orElseThrow()
                        .at("/data/index.html")
                        .asText())
                .isEqualTo("changed by hand");
        assertThat(events("warned")).doesNotContain("DriftCorrected");
        HelmReleases.delete(engines, "warned");
    }

    @Test
    void seesNoDriftWhereThereIsNone() throws InterruptedException {
        engines.apply(release("still", "warn"));
        engines.awaitRelease("still", SOON, state -> ReleaseEngine.isTrue(state, "Ready"));
        change("still");
        // Once this has been seen, two looks at what was untouched have been made as well.
        engines.await(
                "v1", "ConfigMap", "still-page", SOON, _ -> events("still").contains("DriftDetected"));
        assertThat(engines.cluster.list(engines.cluster.resourceType("v1", "Event"), engines.namespace, "").stream()
                        .filter(event ->
                                event.at("/involvedObject/name").asText().equals("still"))
                        .filter(event -> event.path("reason").asText().equals("DriftDetected"))
                        .map(event -> event.path("message").asText()))
                .allMatch(words -> words.endsWith("has drifted from the desired state: ConfigMap/still-page changed"));
        HelmReleases.delete(engines, "still");
    }

    private static ObjectNode release(String name, String mode) {
        ObjectNode release = engines.release(name, "30s", "one", "ork.local/httpd:1");
        release.withObject("/spec").put("interval", "2s");
        release.withObject("/spec/driftDetection").put("mode", mode);
        return release;
    }

    private static void change(String name) {
        ObjectNode patch = engines.cluster
                .get(engines.cluster.resourceType("v1", "ConfigMap"), engines.namespace, name + "-page")
                .orElseThrow()
                .objectNode();
        patch.putObject("data").put("index.html", "changed by hand");
        engines.cluster.mergePatch(
                engines.cluster.resourceType("v1", "ConfigMap"),
                engines.namespace,
                name + "-page",
                patch,
                false,
                "hand");
    }

    private static void scale(String name, int replicas) {
        ObjectNode patch = Engines.object("", "", "", "").removeAll();
        patch.putObject("spec").put("replicas", replicas);
        engines.cluster.mergePatch(
                engines.cluster.resourceType("apps/v1", "Deployment"), engines.namespace, name, patch, false, "hand");
    }

    private static String events(String name) {
        return engines.cluster.list(engines.cluster.resourceType("v1", "Event"), engines.namespace, "").stream()
                .filter(event -> event.at("/involvedObject/name").asText().equals(name))
                .map(event -> event.path("reason").asText())
                .toList()
                .toString();
    }
}
