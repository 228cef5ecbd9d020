package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.Assembler;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.desired.Hook;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Position;
import dev.orkestra.run.Direction;
import dev.orkestra.run.LastGood;
import dev.orkestra.run.Ledger;
import dev.orkestra.run.Phase;
import dev.orkestra.run.RunCommand;
import dev.orkestra.run.RunEvent;
import dev.orkestra.run.RunMachine;
import dev.orkestra.run.RunSpec;
import dev.orkestra.run.RunState;
import dev.orkestra.run.RunSummary;
import dev.orkestra.run.Step;
import dev.orkestra.run.Trigger;
import dev.orkestra.testing.MemoryCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the executor says of a command that was broken off, and where it has its content from. */
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
        return executor(interruptions, _ -> new RunExecutor.Composition(Optional.of(desired), List.of()));
    }

    private RunExecutor executor(Interruptions interruptions, RunExecutor.Composer composer) {
        return new RunExecutor(new RunExecutor.Setup(
                repo,
                cluster,
                new EnvironmentStore(cluster, "orkestra", repo),
                composer,
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
        RunExecutor executor = executor(new BrokenOff());
        RunState state = begun(1, Trigger.SCHEDULE);
        while (state.step() != Step.ApplyWave) {
            state = RunMachine.next(state, executor.execute(RunMachine.command(state), state));
        }
        RunCommand command = RunMachine.command(state);

        RunEvent event = executor.execute(command, state);

        assertThat(event)
                .isEqualTo(new RunEvent.StillWaiting(NOW, Direction.FORWARD, state.currentWave(), "it is broken off"));
        assertThat(RunMachine.next(state, event).step()).isEqualTo(Step.ApplyWave);
    }

    /** As it was when it was good: neither Git nor the spec of today has a say in it. */
    @Test
    void aRollbackHasItsContentFromWhatIsKept() throws Exception {
        DesiredState whole = new DesiredState(
                "c1", desired.objects(), List.of(hook("migrate", false), hook("warm-up", true)), desired.digest());
        EnvironmentStore store = new EnvironmentStore(cluster, "orkestra", repo);
        store.save(store.load().with(wasGood(Ledger.EMPTY)), whole);
        RunExecutor executor = executor(new BrokenOff(), _ -> {
            throw new AssertionError("Git is not needed");
        });
        RunState state = begun(3, Trigger.ROLLBACK);

        RunEvent event = executor.execute(RunMachine.command(state), state);

        assertThat(event).isInstanceOfSatisfying(RunEvent.Composed.class, composed -> {
            assertThat(composed.digest()).isEqualTo(desired.digest());
            assertThat(composed.waves()).as("only the hook that asks for it").hasSize(2);
        });
        RunState stored = RunMachine.next(state, event);
        RunEvent kept = executor.execute(RunMachine.command(stored), stored);
        assertThat(kept).isInstanceOf(RunEvent.StateStored.class);
        assertThat(store.state(store.load(), desired.digest()).orElseThrow().hooks())
                .hasSize(2);
    }

    @Test
    void aRollbackToWhatIsNotKeptIsComposed() throws Exception {
        EnvironmentStore store = new EnvironmentStore(cluster, "orkestra", repo);
        store.save(store.load().with(wasGood(Ledger.EMPTY)));
        RunState state = begun(3, Trigger.ROLLBACK);

        RunEvent event = executor(new BrokenOff()).execute(RunMachine.command(state), state);

        assertThat(event).isInstanceOf(RunEvent.Composed.class);
    }

    /** Only a rollback takes what is kept: any other run is of the commit as the spec of today composes it. */
    @Test
    void anyOtherRunIsComposed() throws Exception {
        EnvironmentStore store = new EnvironmentStore(cluster, "orkestra", repo);
        store.save(store.load().with(wasGood(Ledger.EMPTY)), desired);
        DesiredState other = Assembler.state("c1", List.of(object("Namespace", "", "other")));
        RunExecutor executor =
                executor(new BrokenOff(), _ -> new RunExecutor.Composition(Optional.of(other), List.of()));
        RunState state = begun(3, Trigger.RETRY);

        assertThat(executor.execute(RunMachine.command(state), state))
                .isInstanceOfSatisfying(
                        RunEvent.Composed.class,
                        composed -> assertThat(composed.digest()).isEqualTo(other.digest()));
    }

    private Ledger wasGood(Ledger ledger) {
        return ledger.good(new LastGood("b2", 2, "sha256:other"))
                .finished(
                        new RunSummary(1, "c1", desired.digest(), Trigger.SCHEDULE, Phase.Good, NOW, NOW, "", "", ""));
    }

    private static RunState begun(int number, Trigger trigger) {
        return RunState.begin(
                new RunSpec(
                        "orkestra",
                        "shop",
                        number,
                        "c1",
                        trigger,
                        NOW,
                        new RunSpec.Limits(Duration.ofMinutes(1), Duration.ofMinutes(30), Duration.ZERO)),
                1);
    }

    private static Hook hook(String name, boolean onRollback) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("apiVersion", "batch/v1").put("kind", "Job");
        body.putObject("metadata").put("name", name).put("namespace", "shop");
        return new Hook(
                ObjectKey.of(body),
                body,
                new Wave(0, onRollback ? Wave.Phase.POST_SYNC : Wave.Phase.PRE_SYNC, 0),
                Set.of(),
                onRollback,
                Position.startOf("h.yaml"),
                CanonicalJson.digest(body));
    }
}
