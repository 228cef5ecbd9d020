package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Remediation where no recording of Flux says how it goes, on a real cluster. */
class RemediationIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String MISSING = "ork.local/none:1";
    private static Engines engines;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        engines = Engines.start(HelmReleases.namespace("embedded-remedy"));
    }

    @AfterAll
    static void stop() {
        HelmReleases.end(engines);
    }

    @Test
    void removesAFailedUpgradeAndInstallsItAnewWhereTheStrategySaysSo() throws InterruptedException {
        ObjectNode release = release("anew");
        release.withObject("/spec/upgrade/remediation").put("retries", 1).put("strategy", "uninstall");
        engines.apply(release);
        engines.awaitRelease("anew", SOON, state -> ReleaseEngine.isTrue(state, "Ready"));
        release.withObject("/spec").put("timeout", "4s");
        release.withObject("/spec/values").put("image", MISSING);
        engines.apply(release);
        ObjectNode end = engines.awaitRelease("anew", SOON, state -> ReleaseEngine.isTrue(state, "Stalled"));
        assertThat(RecordedLife.said(end))
                .isEqualTo("Ready=False/InstallFailed Released=False/InstallFailed Stalled=True/RetriesExceeded");
        assertThat(RecordedLife.counters(end))
                .isEqualTo("failures 2, install 1, upgrade 1, last install, observed 2 of 2");

        release.withObject("/spec").put("timeout", "30s");
        release.withObject("/spec/values").remove("image");
        engines.apply(release);
        ObjectNode mended = engines.awaitRelease("anew", SOON, state -> ReleaseEngine.isTrue(state, "Ready"));
        assertThat(RecordedLife.said(mended)).isEqualTo("Ready=True/UpgradeSucceeded Released=True/UpgradeSucceeded");
        assertThat(RecordedLife.counters(mended))
                .isEqualTo("failures -, install -, upgrade -, last upgrade, observed 3 of 3");
        HelmReleases.delete(engines, "anew");
    }

    @Test
    void triesARefusingChartAsOftenAsRetriesAllow() throws InterruptedException {
        ObjectNode release = release("refused");
        release.withObject("/spec/install/remediation").put("retries", 2);
        release.withObject("/spec/values").put("fail", true);
        engines.apply(release);
        ObjectNode end = engines.awaitRelease("refused", SOON, state -> ReleaseEngine.isTrue(state, "Stalled"));
        assertThat(RecordedLife.counters(end))
                .isEqualTo("failures 3, install -, upgrade -, last install, observed 1 of 1");
        assertThat(end.at("/status/conditions").toString()).contains("Failed to install after 3 attempt(s)");
        HelmReleases.delete(engines, "refused");
    }

    @Test
    void remediatesAnUpgradeWhoseTestsFail() throws InterruptedException {
        ObjectNode release = release("tested");
        release.withObject("/spec/test").put("enable", true);
        release.withObject("/spec/values").put("badtest", 1);
        release.withObject("/spec/upgrade/remediation").put("remediateLastFailure", true);
        engines.apply(release);
        engines.awaitRelease("tested", SOON, state -> ReleaseEngine.isTrue(state, "Ready"));
        release.withObject("/spec/values").put("badtest", 3);
        engines.apply(release);
        ObjectNode end = engines.awaitRelease("tested", SOON, state -> ReleaseEngine.isTrue(state, "Stalled"));
        assertThat(RecordedLife.said(end))
                .isEqualTo("Ready=False/RollbackSucceeded Released=True/UpgradeSucceeded "
                        + "Remediated=True/RollbackSucceeded TestSuccess=False/TestFailed "
                        + "Stalled=True/RetriesExceeded");
        assertThat(end.at("/status/history/0/version").asLong()).isEqualTo(3);

        release.withObject("/spec/test").put("ignoreFailures", true);
        engines.apply(release);
        ObjectNode ignored = engines.awaitRelease("tested", SOON, state -> ReleaseEngine.isTrue(state, "Ready"));
        assertThat(RecordedLife.said(ignored))
                .isEqualTo("Ready=True/UpgradeSucceeded Released=True/UpgradeSucceeded TestSuccess=False/TestFailed");
        HelmReleases.delete(engines, "tested");
    }

    @Test
    void saysSoWhereNoGoodRevisionIsLeftToGoBackTo() throws InterruptedException {
        ObjectNode release = release("noway");
        release.withObject("/spec").put("timeout", "3s");
        release.withObject("/spec/upgrade/remediation").put("retries", 1);
        release.withObject("/spec/values").put("image", MISSING);
        engines.apply(release);
        engines.awaitRelease("noway", SOON, state -> ReleaseEngine.isTrue(state, "Stalled"));
        release.withObject("/spec/values").put("v", "2");
        engines.apply(release);
        ObjectNode end = engines.awaitRelease(
                "noway",
                SOON,
                state -> ReleaseEngine.isTrue(state, "Stalled")
                        && state.at("/status/observedGeneration").asLong() == 2);
        assertThat(RecordedLife.said(end))
                .isEqualTo("Ready=False/UpgradeFailed Released=False/UpgradeFailed Remediated=False/RollbackFailed "
                        + "Stalled=True/RetriesExceeded");
        assertThat(RecordedLife.counters(end))
                .isEqualTo("failures 2, install -, upgrade 2, last upgrade, observed 2 of 2");
        HelmReleases.delete(engines, "noway");
    }

    private static ObjectNode release(String name) {
        ObjectNode release = engines.release(name, "30s", "", "");
        ObjectNode spec = release.withObject("/spec");
        spec.withObject("/chart/spec").put("chart", "app").put("version", "0.1.0");
        spec.putObject("values").put("v", "1");
        return release;
    }
}
