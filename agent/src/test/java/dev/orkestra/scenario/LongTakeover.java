package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two agents. The leader is held up in the middle of its work, like a machine that stalls, until the other one leads and
 * has taken the run up; then it goes on. It must see that it leads no more, and what both did must be done once. {@link
 * LongCrashes} tells how to run it.
 */
class LongTakeover {
    /** The lease's 15 s, and some for a busy machine. */
    private static final Duration TAKEOVER = Duration.ofSeconds(60);

    private static final Duration NOTICED = Duration.ofSeconds(30);

    private static final Map<Story, List<String>> HELD_AT = Map.of(
            Story.FIRST, List.of("ApplyWave(2 PreSync)", "AwaitWave(2)"),
            Story.CHANGE, List.of("ApplyWave(0)", "ApplyWave(2)", "Prune"),
            Story.BAD, List.of("RollbackApplyWave(2)", "RemoveNew"));

    private final Deque<AgentProcess> agents = new ArrayDeque<>();
    private final List<String> rows = new ArrayList<>();
    private int replicas;

    @Test
    void aLeaderThatWasHeldUpDoesNothingAfterAnotherHasTakenOver(@TempDir Path scratch) throws Exception {
        try (Killing killing = Killing.in(scratch, "takeover")) {
            killing.scenario.createConfigRepo(Story.DEADLINES);
            startReplica(killing);
            agents.getFirst().awaitLine("leading", Killing.START);
            startReplica(killing);
            for (Story story : List.of(Story.FIRST, Story.CHANGE, Story.BAD)) {
                String commit = story.push(killing.scenario.repository);
                for (String step : HELD_AT.get(story)) {
                    String when = holdUp(killing, story, step);
                    rows.add("| " + story + " | `" + step + "` | " + when + " | "
                            + LongCrashes.outcome(killing.faults()) + " |");
                }
                story.assertEnd(killing.end(commit, agents.getFirst()));
                killing.assertClean("at the end of " + story);
            }
            assertThat(killing.deletions("configmaps/announcement")).isEqualTo(1);
            assertThat(killing.deletions("configmaps/banner")).isEqualTo(1);
        } finally {
            LongCrashes.write(
                    "takeover.md",
                    "| run | held up at | lost its lease and ended after | outcome |\n| --- | --- | --- | --- |\n"
                            + String.join("\n", rows) + "\n");
            for (AgentProcess agent : agents) {
                agent.kill();
            }
        }
    }

    private void startReplica(Killing killing) {
        replicas++;
        agents.addLast(killing.scenario.startReplica("agent-" + replicas));
    }

    /** @return how long the one that was held up went on */
    private String holdUp(Killing killing, Story story, String step) throws InterruptedException {
        String run = "run=staging-" + story.run() + " step=";
        AgentProcess leader = agents.getFirst();
        leader.awaitLine(run + step + " ", Killing.RUN);
        leader.hold();
        agents.removeFirst();
        AgentProcess next = agents.getFirst();
        try {
            next.awaitLine("leading", TAKEOVER);
            next.awaitLine(run, TAKEOVER);
        } finally {
            leader.goOn();
        }
        long began = System.nanoTime();
        try {
            assertThat(leader.ends(NOTICED)).as("the old leader has ended").isTrue();
            assertThat(leader.exitCode()).isEqualTo(1);
        } finally {
            leader.kill();
        }
        startReplica(killing);
        return (System.nanoTime() - began) / 1_000_000 + " ms";
    }
}
