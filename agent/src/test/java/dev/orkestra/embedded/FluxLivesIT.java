package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.cluster.WatchListener;
import dev.orkestra.testing.RecordedLives;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Brings the embedded engine, with real Helm and real pods, into the situations in which Flux's helm-controller 1.6 was
 * recorded, and compares what the two said, in the order in which they said it. Times and the details of messages are
 * not compared. Where the two differ on purpose:
 *
 * <ul>
 *   <li>a chart that refuses its values: Flux tries for ever, ours ends with Stalled, since the same chart with the same
 *       values refuses again, and somebody waits for the end;
 *   <li>a chart version that does not exist: Flux waits for ever for its HelmChart, ours ends with Stalled, or waits
 *       where the repository may yet bring it; the reason is SourceNotReady for both;
 *   <li>Flux waits within Helm, which stores a revision as failed; ours waits outside, and only the status' history says
 *       failed;
 *   <li>between two attempts Flux shows the old reason once more before it says Progressing; ours says so at once.
 * </ul>
 */
class FluxLivesIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String MISSING = "ork.local/none:1";
    private static final Map<String, List<ObjectNode>> LIVES = new ConcurrentHashMap<>();
    private static Engines engines;
    private static WatchCache watch;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        engines = Engines.start(HelmReleases.namespace("embedded-lives"));
        ResourceType type = engines.cluster.resourceType("helm.toolkit.fluxcd.io/v2", "HelmRelease");
        watch = engines.cluster.watch(type, engines.namespace, "", (change, object) -> {
            if (change == WatchListener.Change.PRESENT) {
                LIVES.computeIfAbsent(object.path("metadata").path("name").asText(), _ -> new ArrayList<>())
                        .add(object.deepCopy());
            }
        });
    }

    @AfterAll
    static void stop() {
        watch.close();
        HelmReleases.end(engines);
    }

    @Test
    void installsUpgradesSuspendsResumesAndLeavesAsFluxDoes() throws Exception {
        engines.apply(release("ok", "0.1.0"));
        engines.awaitRelease("ok", SOON, ready());
        engines.apply(release("ok", "0.2.0"));
        ObjectNode upgraded = engines.awaitRelease("ok", SOON, ready().and(generation(2)));
        assertThat(RecordedLife.history(upgraded)).containsExactly("2 deployed 0.2.0", "1 superseded 0.1.0");

        ObjectNode suspended = release("ok", "0.2.0");
        suspended.withObject("/spec").put("suspend", true);
        engines.apply(suspended);
        engines.awaitRelease("ok", SOON, ready().and(generation(3)));
        suspended.withObject("/spec").put("suspend", false);
        engines.apply(suspended);
        engines.awaitRelease("ok", SOON, ready().and(generation(4)));
        HelmReleases.delete(engines, "ok");

        isAsFlux("ok", "install-upgrade-suspend-resume-delete");
    }

    @Test
    void failsForGoodWhenAnImageIsMissing() throws Exception {
        ObjectNode release = release("bad2", "0.1.0");
        release.withObject("/spec").put("timeout", "6s");
        release.withObject("/spec/values").put("image", MISSING);
        engines.apply(release);
        engines.awaitRelease("bad2", SOON, stalled());
        isAsFlux("bad2", "install-image-missing-timeout");
        HelmReleases.delete(engines, "bad2");
    }

    @Test
    void removesAFailedInstallBeforeItTriesAgainUntilNoRetryIsLeft() throws Exception {
        ObjectNode release = release("bad3", "0.1.0");
        release.withObject("/spec").put("timeout", "6s");
        release.withObject("/spec/values").put("image", MISSING);
        release.withObject("/spec/install/remediation").put("retries", 1);
        engines.apply(release);
        engines.awaitRelease("bad3", SOON, stalled());
        isAsFlux("bad3", "install-retries-exhausted");
        HelmReleases.delete(engines, "bad3");
    }

    @Test
    void runsTestsThatSucceed() throws Exception {
        ObjectNode release = release("t1", "0.1.0");
        release.withObject("/spec/test").put("enable", true);
        release.withObject("/spec/values").put("badtest", 1);
        engines.apply(release);
        ObjectNode end = engines.awaitRelease("t1", SOON, ready());
        assertThat(end.at("/status/history/0/testHooks/t1-test/phase").asText()).isEqualTo("Succeeded");
        isAsFlux("t1", "install-test-succeeded");
        HelmReleases.delete(engines, "t1");
    }

    @Test
    void countsATestThatFailsAsAFailedInstall() throws Exception {
        ObjectNode release = release("t2", "0.1.0");
        release.withObject("/spec/test").put("enable", true);
        release.withObject("/spec/values").put("badtest", 3);
        engines.apply(release);
        ObjectNode end = engines.awaitRelease("t2", SOON, stalled());
        assertThat(end.at("/status/history/0/testHooks/t2-test/phase").asText()).isEqualTo("Failed");
        isAsFlux("t2", "install-test-failed");
        HelmReleases.delete(engines, "t2");
    }

    @Test
    void staysWithAFailedUpgradeWithoutRemediation() throws Exception {
        engines.apply(release("up1", "0.1.0"));
        engines.awaitRelease("up1", SOON, ready());
        ObjectNode bad = release("up1", "0.2.0");
        bad.withObject("/spec").put("timeout", "6s");
        bad.withObject("/spec/values").put("image", MISSING);
        engines.apply(bad);
        engines.awaitRelease("up1", SOON, stalled());
        isAsFlux("up1", "upgrade-failed-no-remediation");
        HelmReleases.delete(engines, "up1");
    }

    @Test
    void goesBackAfterEachFailedUpgradeUntilNoRetryIsLeft() throws Exception {
        ObjectNode release = release("up2", "0.1.0");
        release.withObject("/spec/upgrade/remediation")
                .put("retries", 1)
                .put("remediateLastFailure", true)
                .put("strategy", "rollback");
        engines.apply(release);
        engines.awaitRelease("up2", SOON, ready());
        ObjectNode bad = release.deepCopy();
        bad.withObject("/spec").put("timeout", "6s");
        bad.withObject("/spec/chart/spec").put("version", "0.2.0");
        bad.withObject("/spec/values").put("image", MISSING);
        engines.apply(bad);
        engines.awaitRelease("up2", SOON, stalled());
        isAsFlux("up2", "upgrade-failed-rolled-back");
        assertThat(engines.get("apps/v1", "Deployment", "up2")
                        .orElseThrow()
                        .at("/spec/template/spec/containers/0/image")
                        .asText())
                .isEqualTo("ork.local/pause:1");
        HelmReleases.delete(engines, "up2");
    }

    @Test
    void endsWhereFluxTriesForEverWhenTheChartRefusesItsValues() throws Exception {
        ObjectNode release = release("bad1", "0.1.0");
        release.withObject("/spec/values").put("fail", true);
        engines.apply(release);
        ObjectNode end = engines.awaitRelease("bad1", SOON, stalled());
        List<String> flux = RecordedLife.words(RecordedLives.ofFlux("install-refused-by-chart"));
        List<String> ours = RecordedLife.words(LIVES.getOrDefault("bad1", List.of()));
        assertThat(ours.subList(0, ours.size() - 1)).isEqualTo(flux.subList(0, ours.size() - 1));
        assertThat(ours.getLast()).isEqualTo(flux.get(1) + " Stalled=True/RetriesExceeded");
        assertThat(RecordedLife.counters(end))
                .isEqualTo("failures 1, install -, upgrade -, last install, observed 1 of 1");
        HelmReleases.delete(engines, "bad1");
    }

    @Test
    void namesTheSameReasonWhenAChartVersionIsMissing() throws Exception {
        engines.apply(release("nochart", "9.9.9"));
        ObjectNode end = engines.awaitRelease(
                "nochart", SOON, state -> RecordedLife.said(state).contains("SourceNotReady"));
        assertThat(RecordedLife.said(end))
                .startsWith(RecordedLife.said(
                        RecordedLives.ofFlux("chart-version-missing").getLast()));
        HelmReleases.delete(engines, "nochart");
    }

    private static void isAsFlux(String name, String recording) {
        List<ObjectNode> flux = RecordedLives.ofFlux(recording);
        List<ObjectNode> ours = List.copyOf(LIVES.getOrDefault(name, List.of()));
        assertThat(RecordedLife.words(ours)).isEqualTo(RecordedLife.words(flux));
        assertThat(RecordedLife.counters(ours.getLast())).isEqualTo(RecordedLife.counters(flux.getLast()));
        assertThat(RecordedLife.history(ours.getLast())).isEqualTo(RecordedLife.history(flux.getLast()));
    }

    private static ObjectNode release(String name, String version) {
        ObjectNode release = engines.release(name, "25s", "", "");
        ObjectNode spec = release.withObject("/spec");
        spec.withObject("/chart/spec").put("chart", "app").put("version", version);
        spec.putObject("values").put("v", "1");
        return release;
    }

    private static Predicate<ObjectNode> generation(long generation) {
        return release -> release.path("metadata").path("generation").asLong() == generation;
    }

    private static Predicate<ObjectNode> ready() {
        return release -> settled(release) && ReleaseEngine.isTrue(release, "Ready");
    }

    private static Predicate<ObjectNode> stalled() {
        return release -> settled(release) && ReleaseEngine.isTrue(release, "Stalled");
    }

    private static boolean settled(ObjectNode release) {
        return release.path("status").path("observedGeneration").asLong(-1)
                == release.path("metadata").path("generation").asLong();
    }
}
