package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} at ten steps of three runs: a good one, one that changes and prunes, and one that fails and is rolled
 * back. Each must end as if nobody had been killed.
 */
class CrashIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration RUN = Duration.ofMinutes(4);

    private final Map<String, String> firstUid = new TreeMap<>();

    @Test
    void eachRunEndsAsWithoutTheKill(@TempDir Path scratch) throws Exception {
        try (Scenario scenario = Scenario.ofSample(scratch, "crash")) {
            String first = scenario.repository.push("Describe the shop");
            scenario.createConfigRepo();
            killAt(scenario, List.of("1:StoreIntent", "1:ApplyWave(0)+", "1:AwaitWave(2)", "1:RecordGood+"));
            ended(scenario, first, "Good");
            assertThat(scenario.revisions())
                    .isEqualTo(Map.of("cache", 1, "catalog", 1, "cart", 1, "shop", 1, "gateway", 1));

            scenario.repository
                    .edit("applications/staging/shop.yaml", text -> text.replace("limit: 10", "limit: 20"))
                    .delete("infrastructure/announcement.yaml");
            String second = scenario.repository.push("Allow more, say less");
            killAt(scenario, List.of("2:ApplyWave(2)+", "2:AwaitWave(2)+", "2:Prune+"));
            ended(scenario, second, "Good");
            assertThat(scenario.revisions())
                    .isEqualTo(Map.of("cache", 1, "catalog", 1, "cart", 2, "shop", 1, "gateway", 1));
            assertThat(scenario.cluster.get(Scenario.CONFIG_MAPS, "shop", "announcement"))
                    .isEmpty();

            scenario.repository.edit(
                    "applications/staging/shop.yaml",
                    text -> text.replace("image: ork.local/httpd:1", "image: ork.local/not-there:1"));
            String third = scenario.repository.push("Try another gateway");
            scenario.applyConfigRepo("deadlines: {wave: 20s, run: 5m}");
            killAt(scenario, List.of("3:AwaitWave(2)", "3:RecordQuarantine+", "3:RollbackAwaitWave(2)"));
            ObjectNode run = ended(scenario, third, "RolledBack");
            assertThat(run.path("status").path("verdict").asText()).isEqualTo("commit");
            assertThat(scenario.configRepo()
                            .path("status")
                            .path("lastGood")
                            .path("commit")
                            .asText())
                    .isEqualTo(second);
            // Revision 2 is the bad one, 3 the way back.
            assertThat(scenario.revisions())
                    .isEqualTo(Map.of("cache", 1, "catalog", 1, "cart", 2, "shop", 1, "gateway", 3));
        }
    }

    /** Runs an agent up to each of {@code points} in turn and kills it there. */
    private void killAt(Scenario scenario, List<String> points) throws InterruptedException {
        for (String point : points) {
            AgentProcess agent = scenario.startAgent("--pause-at", point);
            try {
                agent.awaitLine("paused to be killed", RUN);
                remember(scenario);
            } finally {
                agent.kill();
            }
        }
    }

    /** Lets an agent bring the run to its end, and checks that nothing was lost, doubled or left over on the way. */
    private ObjectNode ended(Scenario scenario, String commit, String phase) throws InterruptedException {
        ObjectNode run;
        try (AgentProcess agent = scenario.startAgent()) {
            agent.awaitLine("leading", START);
            run = scenario.awaitRun(commit, RUN);
            assertThat(run.path("status").path("phase").asText())
                    .as("phase of %s: %s", commit, run.path("status").path("message"))
                    .isEqualTo(phase);
        }
        remember(scenario);
        assertThat(scenario.orphans()).isEmpty();
        return run;
    }

    /** An object that is there keeps its uid: nobody deleted and made it again. */
    private void remember(Scenario scenario) {
        scenario.uids()
                .forEach((object, uid) -> assertThat(firstUid.computeIfAbsent(object, _ -> uid))
                        .as("uid of %s", object)
                        .isEqualTo(uid));
    }
}
