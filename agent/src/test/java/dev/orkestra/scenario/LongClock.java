package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.agent.Agent;
import dev.orkestra.agent.AgentSettings;
import dev.orkestra.agent.SteadyClock;
import dev.orkestra.cluster.ClusterRef;
import dev.orkestra.katalog.InputLimits;
import dev.orkestra.release.GroupSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody sets the clock of the agent's machine, by two hours forward and by four back, while a run awaits its waves.
 * The agent lives inside the test here, since the clock of one process alone cannot be set. {@link LongCrashes} tells
 * how to run it.
 */
class LongClock {
    /** Where the clock is set, and by how much it is off then. */
    private record Jump(Story story, String step, Duration off) {}

    private static final List<Jump> JUMPS = List.of(
            new Jump(Story.FIRST, "AwaitWave", Duration.ofHours(2)),
            new Jump(Story.CHANGE, "AwaitWave", Duration.ofHours(-2)),
            new Jump(Story.BAD, "AwaitWave", Duration.ofHours(2)),
            new Jump(Story.BAD, "RollbackAwaitWave", Duration.ofHours(-2)));

    private final AtomicReference<Duration> off = new AtomicReference<>(Duration.ZERO);
    private final List<String> rows = new ArrayList<>();

    @Test
    void aRunEndsAsWithoutWhenTheClockIsSet(@TempDir Path scratch) throws Exception {
        try (Killing killing = Killing.in(scratch, "clock");
                Agent agent = new Agent(settings(killing.scenario), clock())) {
            killing.scenario.createConfigRepo(Story.DEADLINES);
            Thread running = Thread.ofPlatform().start(() -> run(agent));
            for (Story story : List.of(Story.FIRST, Story.CHANGE, Story.BAD)) {
                String commit = story.push(killing.scenario.repository);
                for (Jump jump : JUMPS) {
                    if (jump.story() == story) {
                        awaitStep(killing.scenario, story.run(), jump.step());
                        off.set(jump.off());
                        rows.add("| " + story + " | `" + jump.step() + "` | "
                                + jump.off().toHours() + " h |");
                    }
                }
                story.assertEnd(killing.endOf(commit));
                killing.assertClean("at the end of " + story);
            }
            agent.close();
            running.join();
        } finally {
            LongCrashes.write(
                    "clock.md", "| run | set at | off by |\n| --- | --- | --- |\n" + String.join("\n", rows) + "\n");
        }
    }

    private SteadyClock clock() {
        return new SteadyClock(() -> Instant.now().plus(off.get()), System::nanoTime);
    }

    private static void run(Agent agent) {
        try {
            assertThat(agent.run()).isNotEmpty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitStep(Scenario scenario, int run, String step) throws InterruptedException {
        ObjectNode seen = scenario.await(
                Scenario.RUNS,
                Scenario.NAMESPACE,
                object -> object.path("spec").path("number").asInt() == run
                        && object.path("status").path("step").asText().equals(step),
                step + " of run " + run,
                Killing.RUN);
        assertThat(seen.path("status").path("step").asText()).isEqualTo(step);
    }

    private static AgentSettings settings(Scenario scenario) {
        return new AgentSettings(
                new ClusterRef.Kubeconfig(scenario.agentKubeconfig(), ""),
                Scenario.NAMESPACE,
                "test",
                Duration.ofSeconds(15),
                scenario.testbed.helm(),
                scenario.testbed.kustomize(),
                scenario.cache(),
                new InetSocketAddress("127.0.0.1", 0),
                Optional.empty(),
                AgentSettings.Engine.EMBEDDED,
                AgentSettings.Engine.EMBEDDED,
                new AgentSettings.Groups(
                        new GroupSettings.Executors("orkestra", "orkestra-agent:latest", List.of("ork"), "2"),
                        "",
                        10,
                        true,
                        Optional.empty(),
                        Optional.empty()),
                InputLimits.DEFAULTS,
                Optional.empty());
    }
}
