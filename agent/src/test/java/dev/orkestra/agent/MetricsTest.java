package dev.orkestra.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.drift.DriftController;
import dev.orkestra.embedded.HelmTimes;
import dev.orkestra.run.RunEvent;
import dev.orkestra.run.RunSpec;
import dev.orkestra.run.RunState;
import dev.orkestra.run.Trigger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private static final RepoKey SHOP = new RepoKey("orkestra", "shop");
    private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");

    private final Metrics metrics = new Metrics(Map::of, new HelmTimes()::sum);

    private static RunState run() {
        RunSpec.Limits limits = new RunSpec.Limits(Duration.ofMinutes(5), Duration.ofMinutes(30), Duration.ZERO);
        return RunState.begin(new RunSpec("orkestra", "shop", 7, "c0ffee", Trigger.SCHEDULE, START, limits), 1);
    }

    @Test
    void eachStepOfARunIsTimedUnderItsName() {
        metrics.step(run(), Duration.ofMillis(300));
        metrics.step(run(), Duration.ofMillis(100));

        assertThat(metrics.page())
                .contains("orkestra_run_step_seconds_bucket{step=\"Compose\",le=\"0.25\"} 1\n")
                .contains("orkestra_run_step_seconds_bucket{step=\"Compose\",le=\"0.5\"} 2\n")
                .contains("orkestra_run_step_seconds_sum{step=\"Compose\"} 0.4\n");
    }

    @Test
    void aConfigRepoHasOneSeriesWhateverItsReasonsWere() {
        metrics.stands(SHOP, true, "Good");
        metrics.stands(SHOP, false, "RolledBack");

        assertThat(metrics.page())
                .contains(
                        "orkestra_configrepo_ready{configrepo=\"shop\",namespace=\"orkestra\",reason=\"RolledBack\"} 0.0\n")
                .doesNotContain("reason=\"Good\"");
    }

    @Test
    void nothingTellsOfAConfigRepoThatIsGone() {
        metrics.stands(SHOP, true, "Good");
        metrics.good(SHOP, 1, 14);
        metrics.gone(SHOP);

        assertThat(metrics.page()).doesNotContain("shop");
    }

    @Test
    void theTimeBetweenTwoWavesIsTheEdge() {
        Instant[] now = {START};
        RunTimes times = new RunTimes(metrics, () -> now[0], run());
        times.begins(run());
        now[0] = START.plusSeconds(3);
        times.worked(
                run(),
                new RunEvent.WaveHealthy(
                        now[0], dev.orkestra.run.Direction.FORWARD, dev.orkestra.desired.Wave.sync(0, 0)));
        now[0] = now[0].plusMillis(40);
        RunState applying = dev.orkestra.run.RunStateJson.read(
                dev.orkestra.run.RunStateJson.write(run()).put("step", "ApplyWave"));

        times.begins(applying);

        assertThat(metrics.page()).contains("orkestra_wave_edge_seconds_sum 0.04\n");
    }

    /** People build dashboards and alerts on them. */
    @Test
    void eachMetricIsInTheDocumentation() throws IOException {
        metrics.step(run(), Duration.ZERO);
        metrics.ended(run(), Duration.ZERO);
        metrics.edge(Duration.ZERO);
        metrics.stands(SHOP, true, "Good");
        metrics.good(SHOP, 1, 1);
        metrics.look(Duration.ZERO);
        metrics.fetch("done", Duration.ZERO);
        metrics.drift(
                () -> new DriftController.Counts(3, List.of(new DriftController.Present("orkestra", "staging", 2))));
        Set<String> names = new TreeSet<>();
        Matcher types = Pattern.compile("# TYPE (\\S+) ").matcher(metrics.page());
        while (types.find()) {
            names.add(types.group(1));
        }
        String page = Files.readString(Path.of("../docs/metrics.md"), StandardCharsets.UTF_8);

        assertThat(names)
                .hasSizeGreaterThan(10)
                .allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
    }
}
