package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.process.Command;
import dev.orkestra.process.Ended;
import dev.orkestra.process.LocalProcesses;
import dev.orkestra.testing.Testbed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The resource itself: what the API server takes and shows, and what the controller leaves alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResourceChecksIT {
    private static final String WORLD = "checks-resource";

    private GroupWorld world;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        world = new GroupWorld(folder, WORLD, settings -> settings);
        Bookinfo.publish(world.charts);
    }

    @AfterAll
    void end() {
        world.close();
    }

    @Test
    void check14_withoutAChangeOfTheSpecNoWorkflowComesOrGoes() throws Exception {
        String name = WORLD + "-same";
        ObjectNode ready = world.succeeded(name, world.application("podinfo", "", ""));
        ObjectNode before = world.workflow(WorkflowType.FORWARD, name).orElseThrow();
        ObjectNode edit = JsonNodeFactory.instance.objectNode();
        edit.putObject("metadata").putObject("labels").put("edited", "yes");
        edit.withObject("/metadata/annotations").put("edited", "yes");
        world.cluster.mergePatch(world.groupType(), "", name, edit, false, "release-it");
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.putObject("status").putArray("applications");
        world.cluster.mergePatch(world.groupType(), "", name, status, true, "release-it");
        world.passed();
        world.restart();
        world.passed();
        ObjectNode after = world.workflow(WorkflowType.FORWARD, name).orElseThrow();
        assertThat(WorkflowView.uid(after)).isEqualTo(WorkflowView.uid(before));
        assertThat(after.at("/metadata/resourceVersion")).isEqualTo(before.at("/metadata/resourceVersion"));
        assertThat(world.workflow(WorkflowType.REVERSE, name)).isEmpty();
        ObjectNode now = world.awaitReady(ready, "True", "Succeeded");
        assertThat(GroupStatus.generation(now)).isEqualTo(GroupStatus.generation(ready));
    }

    @Test
    void check23_targetNamespacesAreMadeOnceAndTheGroupsAndOthersStayUnowned() {
        String name = WORLD + "-spaces";
        world.apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + "-old}\n");
        ObjectNode group = world.group(
                name,
                false,
                world.application("podinfo", "", "")
                        + world.application("kiali", "", "")
                        + world.application("ambassador", "", "").replace("TARGET", name + "-old"));
        world.awaitWorkflow(WorkflowType.FORWARD, group);
        ObjectNode made = namespace(name);
        assertThat(made.at("/metadata/labels/name").asText()).isEqualTo(name);
        JsonNode owner = made.at("/metadata/ownerReferences/0");
        assertThat(owner.path("uid").asText()).isEqualTo(WorkflowView.uid(group));
        assertThat(owner.path("kind").asText()).isEqualTo("ApplicationGroup");
        assertThat(owner.path("controller").asBoolean()).isTrue();
        assertThat(owner.path("blockOwnerDeletion").asBoolean()).isTrue();
        assertThat(made.at("/metadata/ownerReferences").size()).isEqualTo(1);
        assertThat(namespace(name + "-old").at("/metadata/ownerReferences").isMissingNode())
                .isTrue();

        // DESIGN.md: what a run made is never removed by the way.
        ObjectNode byRun = world.group(name + "-run", true, world.application("podinfo", "", ""));
        world.awaitWorkflow(WorkflowType.FORWARD, byRun);
        assertThat(namespace(name + "-run").at("/metadata/ownerReferences").isMissingNode())
                .isTrue();
        world.cluster.delete(world.type("v1", "Namespace"), "", name + "-old", "");
    }

    @Test
    void check31_kubectlShowsTheColumnsUnderTheShortNames() throws Exception {
        String name = WORLD + "-columns";
        world.succeeded(name, world.application("podinfo", "", ""));
        for (String shortName : List.of("ag", "appgroup")) {
            String table = kubectl("get", shortName, name);
            assertThat(table.lines().findFirst().orElseThrow().split(" {2,}"))
                    .containsExactly("NAME", "READY", "REASON", "MESSAGE", "ROLLEDBACK", "AGE");
            assertThat(table.lines().skip(1).findFirst().orElseThrow())
                    .startsWith(name)
                    .contains("True", "Succeeded", "workflow and reconciliation succeeded");
        }
        assertThat(world.groupType().namespaced()).isFalse();
    }

    @Test
    void check31_theSchemaHasDefaultsAndRefusesWhatIsOutOfItsLimits() {
        ObjectNode stored = world.apply(head("defaults") + """
                spec:
                  applications:
                  - {name: a, spec: {chart: {url: "http://x", name: a}, release: {targetNamespace: checks-resource-d}}}
                """);
        assertThat(stored.at("/spec/applications/0/spec/chart/version").asText())
                .isEqualTo("*");
        assertThat(stored.at("/spec/applications/0/spec/release/interval").asText())
                .isEqualTo("5m");
        Map<String, String> refused = new LinkedHashMap<>();
        refused.put("{applications: []}", "spec.applications");
        refused.put("{applications: [{spec: {}}]}", "name");
        refused.put(application("release: {targetNamespace: \"\"}"), "targetNamespace");
        refused.put(application("release: {targetNamespace: " + "n".repeat(64) + "}"), "targetNamespace");
        refused.put(application("release: {}, workflow: [{name: w, type: other}]"), "type");
        refused.put(application("release: {}, workflow: [{name: w, type: custom, image: text}]"), "image");
        refused.put(application("release: {install: {crds: Sometimes}}"), "crds");
        refused.put(application("release: {upgrade: {remediation: {strategy: hope}}}"), "strategy");
        refused.forEach((spec, field) -> assertThatThrownBy(() -> world.apply(head("limits") + "spec: " + spec))
                .as(spec)
                .isInstanceOfSatisfying(
                        ClusterException.class, e -> assertThat(e.reason()).isEqualTo(ClusterException.Reason.INVALID))
                .hasMessageContaining(field));
    }

    @Test
    void check40_q48_invalidGroupsAreRefusedInClearWordsAndCanBeDeleted() {
        String good = "chart: {url: \"http://x\", name: NAME, version: \"1\"}, release: {targetNamespace: ns}";
        Map<String, String> bad = new LinkedHashMap<>();
        bad.put("{name: a, dependencies: [b], spec: {" + good.replace("NAME", "a") + "}}", "depends on 'b'");
        bad.put(
                "{name: a, dependencies: [b], spec: {" + good.replace("NAME", "a") + "}}, {name: b, dependencies: [a],"
                        + " spec: {" + good.replace("NAME", "b") + "}}",
                "a -> b -> a");
        bad.put("{name: a}", "application 'a' has no spec");
        bad.put(
                "{name: a, spec: {chart: {url: \"http://x\", name: a}, release: {}}}",
                "application 'a' has no release.targetNamespace");
        bad.put(
                "{name: a, spec: {" + good.replace("NAME", "a")
                        + ", workflow: [{name: c, type: custom, params: {data: 1}}]}}",
                "is custom and names no image");
        bad.put(
                "{name: a_b, spec: {" + good.replace("NAME", "a") + "}}, {name: a-b, spec: {"
                        + good.replace("NAME", "b") + "}}",
                "both become 'a-b'");
        int number = 0;
        for (Map.Entry<String, String> each : bad.entrySet()) {
            String name = WORLD + "-bad" + ++number;
            ObjectNode group = world.apply(head("bad" + number) + "spec: {applications: [" + each.getKey() + "]}\n");
            ObjectNode refused = world.await(
                    world.groupType(),
                    "",
                    name,
                    now -> !GroupWorld.message(now, "Ready").isEmpty()
                            && !GroupStatus.readyReason(now).equals("Progressing"));
            assertThat(GroupWorld.message(refused, "Ready")).contains(each.getValue());
            assertThat(GroupStatus.observedGeneration(refused)).isEqualTo(GroupStatus.generation(group));
            assertThat(world.workflow(WorkflowType.FORWARD, name)).isEmpty();
            world.delete(name);
            world.awaitGroupGone(name);
        }
        // Duplicates do not even get past the API server.
        assertThatThrownBy(() -> world.apply(head("twice") + "spec: {applications: [{name: a}, {name: a}]}\n"))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("uplicate");
        world.succeeded(WORLD + "-beside", world.application("podinfo", "", ""));
    }

    private static String head(String name) {
        return "apiVersion: orkestra.azure.microsoft.com/v1alpha1\nkind: ApplicationGroup\nmetadata: {name: " + WORLD
                + "-" + name + "}\n";
    }

    private static String application(String more) {
        return "{applications: [{name: a, spec: {chart: {url: \"http://x\", name: a}, " + more + "}}]}";
    }

    private ObjectNode namespace(String name) {
        ResourceType namespaces = world.type("v1", "Namespace");
        Optional<ObjectNode> found = world.cluster.get(namespaces, "", name);
        return found.orElseThrow();
    }

    private static String kubectl(String... arguments) throws Exception {
        Testbed testbed = Testbed.shared();
        List<String> words = new java.util.ArrayList<>(List.of(
                testbed.kubectl().toString(),
                "--kubeconfig",
                testbed.adminKubeconfig().toString()));
        words.addAll(List.of(arguments));
        Path home = testbed.stateFolder();
        Ended ended = new LocalProcesses()
                .run(new Command(
                        words, Map.of("HOME", home.toString()), home, new byte[0], Duration.ofSeconds(30), 1 << 20));
        assertThat(ended.succeeded()).as(ended.standardError()).isTrue();
        return ended.standardOutput();
    }
}
