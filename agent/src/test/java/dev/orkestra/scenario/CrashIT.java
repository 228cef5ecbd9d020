package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} at fifteen steps of three runs: a good one, one that changes and prunes, and one that fails and is
 * rolled back. Each must end as if nobody had been killed, and the API server's audit log must say so. {@link
 * LongCrashes} kills at every step.
 */
class CrashIT {
    private static final Map<Story, List<String>> KILLS = new TreeMap<>(Map.of(
            Story.FIRST,
            List.of(
                    "1:StoreIntent",
                    "1:ApplyWave(0)+",
                    "1:ApplyWave(2 PreSync)+",
                    "1:AwaitWave(2)",
                    "1:AwaitWave(2 PostSync)+",
                    "1:RecordGood+"),
            Story.CHANGE,
            List.of("2:ApplyWave(2 PreSync)", "2:ApplyWave(2)+", "2:AwaitWave(2)+", "2:Prune+"),
            Story.BAD,
            List.of(
                    "3:AwaitWave(2)",
                    "3:RecordQuarantine+",
                    "3:RunFailHooks+",
                    "3:RollbackAwaitWave(2)",
                    "3:RemoveNew+")));

    @Test
    void eachRunEndsAsWithoutTheKill(@TempDir Path scratch) throws Exception {
        try (Killing killing = Killing.in(scratch, "crash")) {
            killing.scenario.createConfigRepo(Story.DEADLINES);
            for (Map.Entry<Story, List<String>> each : KILLS.entrySet()) {
                Story story = each.getKey();
                String commit = story.push(killing.scenario.repository);
                for (String point : each.getValue()) {
                    killing.killAt(point);
                    assertThat(killing.faults()).as("faults after %s", point).isEmpty();
                }
                story.assertEnd(killing.end(commit));
                killing.assertClean("at the end of " + story);
            }
            assertThat(killing.scenario.revisions()).isEqualTo(Story.BAD.revisions());
        }
    }
}
