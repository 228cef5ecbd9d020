package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.Assembler;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Position;
import dev.orkestra.run.Direction;
import dev.orkestra.run.RunCommand;
import dev.orkestra.run.RunEvent;
import dev.orkestra.run.RunMachine;
import dev.orkestra.run.RunSpec;
import dev.orkestra.run.RunState;
import dev.orkestra.run.Step;
import dev.orkestra.run.Trigger;
import dev.orkestra.testing.MemoryCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the executor says of a command that was broken off. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class RunExecutorTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final MemoryCluster cluster = new MemoryCluster();
    private final ConfigRepo repo = ApplyWorld.repo("orkestra");
    private final DesiredState desired = Assembler.state("c1", List.of(object("Namespace", "", "shop")));

    private DesiredObject object(String kind, String namespace, String name) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("apiVersion", "v1").put("kind", kind);
        ObjectNode metadata = body.putObject("metadata").put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        metadata.putObject("labels").put(Labels.CONFIG_REPO, repo.label());
        return new DesiredObject(
                ObjectKey.of(body), body, Wave.sync(0, 0), Position.startOf("a.yaml"), CanonicalJson.digest(body));
    }

    private RunExecutor executor(Interruptions interruptions) {
        return new RunExecutor(new RunExecutor.Setup(
                repo,
                cluster,
                new EnvironmentStore(cluster, "orkestra", repo),
                _ -> new RunExecutor.Composition(Optional.of(desired), List.of()),
                () -> NOW,
                interruptions,
                new Claims(),
                _ -> {}));
    }

    private static final class BrokenOff implements Interruptions {
        @Override
        public boolean breakOff() {
            return true;
        }

        @Override
        public boolean hasNewer() {
            return false;
        }

        @Override
        public RunEvent awaitConsent() {
            throw new AssertionError("nothing needs approval here");
        }

        @Override
        public RunEvent awaitUntil(Instant until) {
            throw new AssertionError("nothing waits here");
        }
    }

    /** Its namespace is not ready, and what is to go into it has not been begun. */
    @Test
    void aWaveThatWasBrokenOffIsNotCalledApplied() throws Exception {
        RunSpec spec = new RunSpec(
                "orkestra",
                "shop",
                1,
                "c1",
                Trigger.SCHEDULE,
                NOW,
                new RunSpec.Limits(Duration.ofMinutes(1), Duration.ofMinutes(30), Duration.ZERO));
        RunExecutor executor = executor(new BrokenOff());
        RunState state = RunState.begin(spec, 1);
        while (state.step() != Step.ApplyWave) {
            state = RunMachine.next(state, executor.execute(RunMachine.command(state), state));
        }
        RunCommand command = RunMachine.command(state);

        RunEvent event = executor.execute(command, state);

        assertThat(event)
                .isEqualTo(new RunEvent.StillWaiting(NOW, Direction.FORWARD, state.currentWave(), "it is broken off"));
        assertThat(RunMachine.next(state, event).step()).isEqualTo(Step.ApplyWave);
    }
}
