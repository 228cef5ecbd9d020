package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.desired.Assembler;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.group.Groups;
import dev.orkestra.health.Health;
import dev.orkestra.run.Evidence;
import dev.orkestra.run.Phase;
import dev.orkestra.run.RunEvent;
import dev.orkestra.run.RunMachine;
import dev.orkestra.run.RunSpec;
import dev.orkestra.run.RunState;
import dev.orkestra.run.Step;
import dev.orkestra.run.Trigger;
import dev.orkestra.run.Verdict;
import dev.orkestra.testing.Testbed;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whole runs, from composing to their verdict, with real pods. */
class EarlyVerdictIT {
    private static final Duration WAVE = Duration.ofMinutes(10);

    private ApplyWorld world;
    private ConfigRepo repo;
    private int runs;

    @BeforeEach
    void connect() throws Exception {
        world = new ApplyWorld("early-verdict");
        repo = ApplyWorld.repo(world.namespace);
        ObjectNode definition =
                Groups.json(Files.readString(Testbed.root().resolve("schemas/crds/orkestra.dev_configledgers.yaml")));
        ResourceType definitions = world.type("apiextensions.k8s.io/v1", "CustomResourceDefinition");
        String name = definition.path("metadata").path("name").asText();
        if (world.cluster.get(definitions, "", name).isEmpty()) {
            world.cluster.apply(definitions, definition, ApplyOptions.of("apply-it"));
            world.await(definitions, "", name, crd -> Health.of(crd).isCurrent());
        }
    }

    @AfterEach
    void removeEverything() {
        world.close();
    }

    @Test
    void aCommitWithABadImageIsRolledBackInSecondsAndNotAtItsDeadline() throws Exception {
        assertThat(run(deployment("web", "ork.local/pause:1")).phase()).isEqualTo(Phase.Good);
        Instant begin = Instant.now();

        RunState bad = run(deployment("web", "ork.local/Bad:1"));

        assertThat(bad.phase()).isEqualTo(Phase.RolledBack);
        assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(60));
        RunState.Judgement judgement = Objects.requireNonNull(bad.judgement());
        assertThat(judgement.verdict()).isEqualTo(Verdict.COMMIT);
        assertThat(judgement.evidence()).singleElement().satisfies(evidence -> {
            assertThat(evidence.kind()).isEqualTo(Evidence.Kind.UNHEALTHY);
            assertThat(evidence.before()).isEqualTo(Evidence.Before.HEALTHY);
            assertThat(evidence.message()).contains("Container main: InvalidImageName");
        });
        assertThat(image("web")).isEqualTo("ork.local/pause:1");
    }

    /** The good change beside it was still starting when the old trouble ended the wait: it is not to blame. */
    @Test
    void whatWasBrokenBeforeDoesNotCondemnTheCommitThoughItFailsEarly() throws Exception {
        assertThat(run(deployment("web", "ork.local/pause:1")).phase()).isEqualTo(Phase.Good);
        ObjectNode old = deployment("old", "ork.local/Bad:1");
        world.put(old);
        world.await(
                world.type("apps/v1", "Deployment"),
                world.namespace,
                "old",
                live -> live.path("status").path("unavailableReplicas").asInt(0) == 1);
        ObjectNode slow = deployment("web", "ork.local/httpd:1");
        slow.withObject("spec").put("minReadySeconds", 30);

        RunState held = run(state -> state.judgement() != null, slow, old);

        RunState.Judgement judgement = Objects.requireNonNull(held.judgement());
        assertThat(judgement.verdict()).isEqualTo(Verdict.ENVIRONMENT);
        assertThat(judgement.evidence())
                .singleElement()
                .satisfies(evidence -> assertThat(evidence.before()).isEqualTo(Evidence.Before.UNHEALTHY));
    }

    private RunState run(ObjectNode... objects) throws InterruptedException {
        return run(state -> false, objects);
    }

    /** A run of one commit until it has ended, or {@code enough} holds. */
    private RunState run(Predicate<RunState> enough, ObjectNode... objects) throws InterruptedException {
        runs++;
        DesiredState desired = Assembler.state(
                "c" + runs, List.of(objects).stream().map(ApplyWorld::desired).toList());
        RunExecutor executor = new RunExecutor(new RunExecutor.Setup(
                repo,
                world.cluster,
                new EnvironmentStore(world.cluster, world.namespace, repo),
                commit -> new RunExecutor.Composition(Optional.of(desired), List.of()),
                InstantSource.system(),
                new Undisturbed(),
                new Claims(),
                waiting -> {}));
        RunState state = RunState.begin(
                new RunSpec(
                        repo.namespace(),
                        repo.name(),
                        runs,
                        "c" + runs,
                        Trigger.SCHEDULE,
                        Instant.now(),
                        new RunSpec.Limits(WAVE, WAVE.multipliedBy(2), Duration.ZERO)),
                1);
        while (state.step() != Step.End && !enough.test(state)) {
            RunEvent event = executor.execute(RunMachine.command(state), state);
            state = RunMachine.next(state, event);
        }
        return state;
    }

    private String image(String name) {
        return world.cluster
                .get(world.type("apps/v1", "Deployment"), world.namespace, name)
                .orElseThrow()
                .at("/spec/template/spec/containers/0/image")
                .asText();
    }

    private ObjectNode deployment(String name, String image) {
        ObjectNode object = world.object(
                "Deployment",
                name,
                ", 'spec': {'replicas': 1, 'selector': {'matchLabels': {'app': '" + name
                        + "'}}, 'template': {'metadata': {'labels': {'app': '" + name
                        + "'}}, 'spec': {'terminationGracePeriodSeconds': 0, 'containers': [{'name': 'main', 'image': '"
                        + image + "', 'imagePullPolicy': 'IfNotPresent'}]}}}");
        object.withObject("/metadata/labels").put(ConfigRepo.LABEL, repo.label());
        return object.put("apiVersion", "apps/v1");
    }

    /** Nobody wants anything of these runs, and they wait for nobody. */
    private static final class Undisturbed implements Interruptions {
        @Override
        public boolean breakOff() {
            return false;
        }

        @Override
        public boolean hasNewer() {
            return false;
        }

        @Override
        public RunEvent awaitConsent() {
            throw new AssertionError("nothing is to be approved");
        }

        @Override
        public RunEvent awaitUntil(Instant until) {
            throw new AssertionError("nothing is tried again");
        }
    }
}
