package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commit that mends a wave which stands still does not wait for all of its deadline. */
class PreemptionIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration RUN = Duration.ofMinutes(2);
    private static final String PAGE = "applications/staging/status-page.yaml";
    /** What {@code deadlines.wave} says below. */
    private static final Duration WAVE = Duration.ofSeconds(90);

    @Test
    void aNewerCommitTakesOverFromAWaveThatStandsStill(@TempDir Path scratch) throws Exception {
        try (Scenario scenario = Scenario.ofSample(scratch, "preemption")) {
            scenario.repository.delete("applications/staging/shop.yaml");
            String first = scenario.repository.push("Describe the status page");
            scenario.createConfigRepo("deadlines: {wave: 90s, run: 10m}");
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                phaseOf(scenario, first, "Good");

                String stuck = stuck(scenario, "Wait for a page that is not there");
                String mended = scenario.repository.revertHead();
                ObjectNode gaveWay = phaseOf(scenario, stuck, "Superseded");
                ObjectNode good = phaseOf(scenario, mended, "Good");

                assertThat(Duration.between(at(gaveWay, "startedAt"), at(gaveWay, "finishedAt")))
                        .as("half of the wave's time, and no more than is needed to see it")
                        .isBetween(WAVE.dividedBy(2), WAVE.minusSeconds(15));
                assertThat(gaveWay.path("status").path("message").asText())
                        .contains("gave way to " + mended.substring(0, 12), "a part of it was applied");
                assertThat(good.path("status").path("verdict").isMissingNode()).isTrue();
                ObjectNode repo = scenario.awaitReady("True", "Good", RUN);
                assertThat(repo.path("status").path("quarantined").isEmpty()).isTrue();
                assertThat(scenario.orphans()).isEmpty();
                goesBackWhenWhatFollowsIsNotFit(scenario, mended);
            }
        }
    }

    /** Nobody else would look after an environment that was left half-way. */
    private static void goesBackWhenWhatFollowsIsNotFit(Scenario scenario, String lastGood) throws Exception {
        String stuck = stuck(scenario, "Wait for it once more");
        scenario.repository.write("infrastructure/broken.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: [\n");
        String invalid = scenario.repository.push("Break a file");
        phaseOf(scenario, stuck, "Superseded");
        ObjectNode back = scenario.await(
                Scenario.RUNS,
                Scenario.NAMESPACE,
                run -> run.path("spec").path("trigger").asText().equals("rollback")
                        && run.path("status").path("step").asText().equals("End"),
                "the way back",
                RUN);
        assertThat(back.path("status").path("phase").asText()).isEqualTo("Good");
        assertThat(back.path("spec").path("commit").asText()).isEqualTo(lastGood);
        assertThat(back.path("spec").path("reason").asText())
                .isEqualTo("the environment was left half-way, and staging-5 could not be run");

        ObjectNode repo = scenario.awaitReady("False", "Invalid", RUN);
        assertThat(Scenario.condition(repo, "Ready").path("message").asText()).contains("infrastructure/broken.yaml:");
        assertThat(repo.path("status").path("lastGood").path("commit").asText()).isEqualTo(lastGood);
        assertThat(repo.path("status").has("pinned")).isFalse();
        assertThat(scenario.cluster
                        .get(Scenario.DEPLOYMENTS, "shop", "status-page")
                        .orElseThrow()
                        .toString())
                .contains("\"path\":\"/index.html\"");
        assertThat(scenario.awaitRun(invalid, RUN).path("status").path("phase").asText())
                .isEqualTo("Invalid");
        assertThat(scenario.orphans()).isEmpty();
    }

    /** Pushes a commit whose wave never becomes healthy, and waits until it is awaited. */
    private static String stuck(Scenario scenario, String message) throws InterruptedException {
        scenario.repository.edit(PAGE, text -> text.replace("path: /index.html", "path: /not-there.html"));
        String commit = scenario.repository.push(message);
        scenario.await(
                Scenario.RUNS,
                Scenario.NAMESPACE,
                run -> run.path("spec").path("commit").asText().equals(commit)
                        && run.path("status").path("step").asText().equals("AwaitWave"),
                "the wave of " + commit + " awaited",
                RUN);
        scenario.await(
                Scenario.REPOS,
                Scenario.NAMESPACE,
                repo -> Scenario.condition(repo, "Reconciling")
                        .path("message")
                        .asText()
                        .contains("brings commit " + commit.substring(0, 12) + ", and waits for Deployment"),
                "what it waits for",
                RUN);
        return commit;
    }

    private static ObjectNode phaseOf(Scenario scenario, String commit, String phase) throws InterruptedException {
        ObjectNode run = scenario.awaitRun(commit, RUN);
        assertThat(run.path("status").path("phase").asText())
                .as("phase of %s: %s", commit, run.path("status").path("message"))
                .isEqualTo(phase);
        return run;
    }

    private static Instant at(ObjectNode run, String field) {
        return Instant.parse(run.path("status").path(field).asText());
    }
}
