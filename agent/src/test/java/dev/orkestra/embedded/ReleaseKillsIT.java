package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.executor.ChangeSignal;
import dev.orkestra.executor.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The engine is cut off, Helm's children with it, and started anew; what it counts and does must not depend on that. */
class ReleaseKillsIT {
    private static final Duration LIFE = Duration.ofSeconds(150);
    private static Engines engines;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        engines = Engines.start(HelmReleases.namespace("embedded-kills"));
    }

    @AfterAll
    static void stop() {
        HelmReleases.end(engines);
    }

    @Test
    void countsAndGoesBackTheSameWhenItIsCutOffAfterEachStepThatItWrites() throws Exception {
        ObjectNode end = upgradeThatFailsTwice("steps", Optional.empty());
        assertThat(RecordedLife.counters(end))
                .isEqualTo("failures 2, install -, upgrade 2, last upgrade, observed 2 of 2");
        assertThat(RecordedLife.history(end))
                .containsExactly("5 deployed 0.1.0", "4 failed 0.2.0", "3 superseded 0.1.0");
    }

    @Test
    void endsWellWhereverItIsCutOff() throws Exception {
        long seed = System.nanoTime();
        ObjectNode end = upgradeThatFailsTwice("random", Optional.of(new Random(seed)));
        assertThat(RecordedLife.said(end))
                .as("seed %d", seed)
                .isEqualTo("Ready=False/RollbackSucceeded Released=False/UpgradeFailed "
                        + "Remediated=True/RollbackSucceeded Stalled=True/RetriesExceeded");
        assertThat(end.at("/status/upgradeFailures").asInt())
                .as("seed %d", seed)
                .isEqualTo(2);
    }

    private static ObjectNode upgradeThatFailsTwice(String name, Optional<Random> instants) throws Exception {
        ObjectNode release = engines.release(name, "25s", "", "");
        ObjectNode spec = release.withObject("/spec");
        spec.withObject("/chart/spec").put("chart", "app").put("version", "0.1.0");
        spec.putObject("values").put("v", "1");
        spec.withObject("/upgrade/remediation").put("retries", 1);
        engines.apply(release);
        engines.awaitRelease(name, LIFE, state -> ReleaseEngine.isTrue(state, "Ready"));
        spec.put("timeout", "4s");
        spec.withObject("/chart/spec").put("version", "0.2.0");
        spec.withObject("/values").put("image", "ork.local/none:1");
        engines.apply(release);
        ObjectNode end = instants.isPresent() ? cutOffAtRandom(name, instants.get()) : cutOffAfterEachStep(name);
        assertThat(engines.get("apps/v1", "Deployment", name)
                        .orElseThrow()
                        .at("/spec/template/spec/containers/0/image")
                        .asText())
                .isEqualTo("ork.local/pause:1");
        HelmReleases.delete(engines, name);
        assertThat(engines.get("apps/v1", "Deployment", name)).isEmpty();
        return end;
    }

    private static ObjectNode cutOffAfterEachStep(String name) throws InterruptedException {
        ResourceType type = engines.cluster.resourceType("helm.toolkit.fluxcd.io/v2", "HelmRelease");
        ChangeSignal signal = new ChangeSignal();
        Deadline deadline = Deadline.in(LIFE);
        List<String> steps = new ArrayList<>();
        try (WatchCache watch = engines.cluster.watch(type, engines.namespace, "", (_, _) -> signal.raise())) {
            while (true) {
                long seen = signal.seen();
                ObjectNode state = watch.get(engines.namespace, name).orElseGet(() -> Engines.object("", "", "", ""));
                if (isStalled(state)) {
                    assertThat(steps).hasSizeGreaterThan(5);
                    return state;
                }
                String step = RecordedLife.said(state)
                        + RecordedLife.counters(state)
                        + RecordedLife.history(state)
                        + state.at("/status/lastAttemptedGeneration").asText();
                if (!steps.contains(step)) {
                    steps.add(step);
                    engines.stopControllers();
                    engines.startControllers();
                }
                assertThat(deadline.passed()).as("%s after %s", state, steps).isFalse();
                signal.awaitAfter(seen, Duration.ofSeconds(5));
            }
        }
    }

    private static ObjectNode cutOffAtRandom(String name, Random random) throws InterruptedException {
        ChangeSignal never = new ChangeSignal();
        for (int kills = 0; kills < 12; kills++) {
            never.awaitAfter(never.seen(), Duration.ofMillis(random.nextInt(1_500)));
            engines.stopControllers();
            engines.startControllers();
        }
        return engines.awaitRelease(name, LIFE, ReleaseKillsIT::isStalled);
    }

    private static boolean isStalled(ObjectNode release) {
        return ReleaseEngine.isTrue(release, "Stalled")
                && release.at("/status/observedGeneration").asLong() == 2;
    }
}
