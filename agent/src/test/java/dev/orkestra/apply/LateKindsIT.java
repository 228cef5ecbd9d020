package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.run.Phase;
import dev.orkestra.run.RunState;
import dev.orkestra.run.Step;
import dev.orkestra.run.Trigger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Custom resources whose definition is not there yet, or not ready, or has changed. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LateKindsIT {
    private static final ResourceType DEFINITIONS = new ResourceType(
            "apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", false);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private RunScene scene;
    private String group;

    @BeforeEach
    void open() {
        scene = new RunScene("late-kinds", folder);
        group = scene.world.namespace + ".test";
    }

    @AfterEach
    void close() {
        for (String plural : List.of("things", "gadgets", "blockers")) {
            scene.world.cluster.delete(DEFINITIONS, "", plural + "." + group, "");
        }
        scene.close();
    }

    @Test
    void aRunWaitsForADefinitionThatSomebodyInstallsLaterAndTouchesNothingUntilThen() throws Exception {
        scene.write(map("green"));
        assertThat(scene.run("c1", Trigger.SCHEDULE).phase()).isEqualTo(Phase.Good);
        List<String> seen = new ArrayList<>();

        scene.write(map("red"), thing());
        RunState run = scene.run("c2", Trigger.SCHEDULE, false, state -> {
            if (state.step() == Step.RetryWait) {
                assertThat(state.report().diagnostics()).isNotEmpty();
                seen.add(state.report().diagnostics().getLast() + " / " + colour());
                if (seen.size() == 2) {
                    install(definition("things", ""));
                }
            }
        });

        assertThat(seen)
                .hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(text -> assertThat(text)
                        .contains("Thing")
                        .contains("MissingKind")
                        .endsWith("/ green"));
        assertThat(run.phase()).isEqualTo(Phase.Good);
        assertThat(scene.kept().ledger().quarantined()).isEmpty();
        assertThat(isThere("Thing")).isTrue();
        assertThat(colour()).isEqualTo("red");
    }

    /** The same gate waits for those that take longer: nothing of the kind is applied before it is served. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void objectsWaitForADefinitionOfTheirOwnCommit(int wave) throws Exception {
        String thing = thing().replace("NS}", "NS, annotations: {argocd.argoproj.io/sync-wave: '" + wave + "'}}");
        scene.write(thing, definition("things", "").toString() + "\n");

        RunState run = scene.run("c1", Trigger.SCHEDULE);

        assertThat(run.phase()).as(() -> run.report().toString()).isEqualTo(Phase.Good);
        assertThat(isThere("Thing")).isTrue();
    }

    /** Its short name is taken, so the API server does not serve it; and that is said at once, not at the deadline. */
    @Test
    void aDefinitionOfTheCommitThatIsNeverServedIsNamedAndTheObjectsAreNotBegun() throws Exception {
        install(definition("blockers", ", 'shortNames': ['th']"));
        Instant begin = Instant.now();

        scene.write(definition("things", ", 'shortNames': ['th']").toString() + "\n", thing(), map("green"));
        RunState run = scene.run("c1", Trigger.SCHEDULE);

        assertThat(Duration.between(begin, Instant.now())).isLessThan(PATIENCE);
        assertThat(run.phase()).isEqualTo(Phase.Held);
        assertThat(Objects.requireNonNull(run.judgement()).evidence())
                .singleElement()
                .satisfies(evidence -> assertThat(evidence.message())
                        .contains("Its names are not accepted", "\"th\" is already in use"));
        assertThat(scene.world.get("ConfigMap", "app")).isEmpty();

        // Once the name is free, the same content can be had again.
        scene.world.cluster.delete(DEFINITIONS, "", "blockers." + group, "");
        scene.world.await(DEFINITIONS, "", "things." + group, LateKindsIT::isEstablished);
        scene.write(definition("things", ", 'shortNames': ['th']").toString() + "\n", thing(), map("blue"));
        assertThat(scene.run("c2", Trigger.SCHEDULE).phase()).isEqualTo(Phase.Good);
        assertThat(isThere("Thing")).isTrue();
    }

    /** What is known of served kinds is out of date then. */
    @Test
    void aDefinitionThatWasMadeAnewUnderAnotherNameIsFoundWithoutARestart() throws Exception {
        install(definition("gadgets", ""));
        scene.write(thing());
        assertThat(scene.run("c1", Trigger.SCHEDULE).phase()).isEqualTo(Phase.Good);
        scene.world.cluster.delete(DEFINITIONS, "", "gadgets." + group, "");
        awaitGone("gadgets." + group);
        install(definition("things", ""));

        scene.write(thing(), map("green"));
        RunState run = scene.run("c2", Trigger.SCHEDULE);

        assertThat(run.phase()).isEqualTo(Phase.Good);
        assertThat(isThere("Thing")).isTrue();
        assertThat(scene.world.type(group + "/v1", "Thing").plural()).isEqualTo("things");
    }

    private void install(ObjectNode definition) {
        scene.world.put(definition);
        try {
            scene.world.await(DEFINITIONS, "", definition.at("/metadata/name").asText(), LateKindsIT::isEstablished);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isEstablished(ObjectNode definition) {
        return Conditions.find(definition, "Established")
                .filter(each -> each.path("status").asText().equals("True"))
                .isPresent();
    }

    private void awaitGone(String definition) throws InterruptedException {
        Semaphore changes = new Semaphore(0);
        try (WatchCache watch = scene.world.cluster.watch(DEFINITIONS, "", "", (_, _) -> changes.release())) {
            assertThat(watch.awaitSynced(PATIENCE)).isTrue();
            while (watch.get("", definition).isPresent()) {
                assertThat(changes.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
            }
        }
    }

    private ObjectNode definition(String plural, String names) {
        String kind = plural.equals("blockers") ? "Blocker" : "Thing";
        return ApplyWorld.json("{'apiVersion': 'apiextensions.k8s.io/v1', 'kind': 'CustomResourceDefinition',"
                + " 'metadata': {'name': '" + plural + "." + group + "'}, 'spec': {'group': '" + group
                + "', 'scope': 'Namespaced', 'names': {'kind': '" + kind + "', 'plural': '" + plural + "'" + names
                + "}, 'versions': [{'name': 'v1', 'served': true, 'storage': true, 'schema': {'openAPIV3Schema':"
                + " {'type': 'object', 'properties': {'spec': {'type': 'object',"
                + " 'x-kubernetes-preserve-unknown-fields': true}}}}}]}}");
    }

    private String thing() {
        return "apiVersion: " + group + "/v1\nkind: Thing\nmetadata: {name: one, namespace: NS}\nspec: {size: 1}\n";
    }

    private boolean isThere(String kind) {
        try {
            return scene.world
                    .cluster
                    .get(scene.world.type(group + "/v1", kind), scene.world.namespace, "one")
                    .isPresent();
        } catch (ClusterException e) {
            return false;
        }
    }

    private static String map(String colour) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app, namespace: NS}\ndata: {colour: " + colour
                + "}\n";
    }

    private String colour() {
        return scene.world
                .get("ConfigMap", "app")
                .orElseThrow()
                .at("/data/colour")
                .asText();
    }
}
