package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ResourceType;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code spec.conditions}: asked of the cluster before anything is installed, in the name of the group's identity. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConditionsIT {
    private static final String WORLD = "checks-conditions";
    /** Well below the safety look: what comes sooner was woken. */
    private static final Duration SOON = Duration.ofSeconds(20);

    private GroupWorld world;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        world = new GroupWorld(folder, WORLD, settings -> settings);
        world.allow(WORLD + "-configmaps", "[{apiGroups: [\"\"], resources: [configmaps], verbs: [get, list, watch]}]");
        Bookinfo.publish(world.charts);
    }

    @AfterAll
    void end() {
        world.close();
    }

    @Test
    void q36_aConditionThatIsNotMetAbortsWithItsMessageAndAChangeOfItsObjectBringsTheWorkflow() {
        String name = WORLD + "-change";
        configMap("change", "no");
        ObjectNode group = group(
                name,
                "{name: open, objects: [OBJECT], expression: \"gate.data.open == 'yes'\","
                        + " message: \"the gate is shut\"}",
                "change");
        ObjectNode refused = world.awaitReady(group, "False", "ConditionFailed");
        assertThat(GroupWorld.message(refused, "Ready")).isEqualTo("condition open: the gate is shut");
        assertThat(GroupStatus.observedGeneration(refused)).isEqualTo(GroupStatus.generation(group));
        world.awaitEvent(group, "Warning ReconcileError condition open: the gate is shut");
        world.passed();
        assertThat(world.workflow(WorkflowType.FORWARD, name)).isEmpty();
        assertThat(world.cluster.get(world.type("v1", "Namespace"), "", name)).isEmpty();

        Instant before = Instant.now();
        configMap("change", "yes");
        world.finish(world.awaitWorkflow(WorkflowType.FORWARD, group));
        assertThat(Duration.between(before, Instant.now())).isLessThan(SOON);
        world.awaitReady(group, "True", "Succeeded");
    }

    @Test
    void q36_anObjectThatIsMissingIsNamedAndItsAppearanceBringsTheWorkflow() {
        String name = WORLD + "-missing";
        // Of an earlier run on the same servers.
        world.cluster.delete(world.type("v1", "ConfigMap"), WORLD, "late", "");
        world.awaitGone(world.type("v1", "ConfigMap"), WORLD, "late");
        ObjectNode group = group(
                name,
                "{name: open, objects: [OBJECT], expression: \"gate != null && gate.data.open == 'yes'\"}",
                "late");
        ObjectNode refused = world.awaitReady(group, "False", "ConditionFailed");
        assertThat(GroupWorld.message(refused, "Ready"))
                .isEqualTo("condition open: not true: gate != null && gate.data.open == 'yes' (ConfigMap " + WORLD
                        + "/late not there)");
        Instant before = Instant.now();
        configMap("late", "yes");
        world.awaitWorkflow(WorkflowType.FORWARD, group);
        assertThat(Duration.between(before, Instant.now())).isLessThan(SOON);
    }

    @Test
    void q36_whatTheIdentityMayNotReadIsSaidAndNotAsked() {
        world.apply("apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: closed, namespace: " + WORLD + "}\n");
        ObjectNode group = group(
                WORLD + "-closed",
                "{name: open, objects: [{as: gate, apiVersion: v1, kind: ServiceAccount, namespace: " + WORLD
                        + ", name: closed}], expression: 'gate != null'}",
                "closed");
        ObjectNode refused = world.awaitReady(group, "False", "ConditionFailed");
        assertThat(GroupWorld.message(refused, "Ready"))
                .isEqualTo(
                        "condition open: the group's service account may not get ServiceAccount " + WORLD + "/closed");
    }

    @Test
    void q36_anExpressionThatFailsIsNotTrue() {
        configMap("bare", "yes");
        ObjectNode group =
                group(WORLD + "-fails", "{name: open, objects: [OBJECT], expression: 'gate.data.shut > 3'}", "bare");
        ObjectNode refused = world.awaitReady(group, "False", "ConditionFailed");
        assertThat(GroupWorld.message(refused, "Ready"))
                .startsWith("condition open: not true: gate.data.shut > 3 (")
                .contains("shut");
    }

    @Test
    void q36_eachConditionThatIsNotMetIsTold() {
        configMap("two", "yes");
        ObjectNode group = group(
                WORLD + "-two",
                "{name: met, objects: [OBJECT], expression: \"gate.data.open == 'yes'\"},"
                        + " {name: one, objects: [OBJECT], expression: 'false', message: first},"
                        + " {name: other, objects: [OBJECT], expression: 'false', message: second}",
                "two");
        ObjectNode refused = world.awaitReady(group, "False", "ConditionFailed");
        assertThat(GroupWorld.message(refused, "Ready")).isEqualTo("condition one: first; condition other: second");
        world.delete(WORLD + "-two");
        world.awaitGroupGone(WORLD + "-two");
    }

    @Test
    void q36_anExpressionThatCannotBeReadIsInvalid() {
        ObjectNode group =
                group(WORLD + "-unread", "{name: open, objects: [OBJECT], expression: 'gate.data.'}", "unread");
        ObjectNode refused = world.awaitReady(group, "False", "Invalid");
        assertThat(GroupWorld.message(refused, "Ready")).contains("condition 'open' cannot be read at 1:");
    }

    private void configMap(String name, String open) {
        world.apply("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + ", namespace: " + WORLD
                + "}\ndata: {open: \"" + open + "\"}\n");
    }

    /** A group with {@code conditions}, in which OBJECT stands for the ConfigMap {@code configMap}. */
    private ObjectNode group(String name, String conditions, String configMap) {
        ResourceType maps = world.type("v1", "ConfigMap");
        String object = "{as: gate, apiVersion: v1, kind: " + maps.kind() + ", namespace: " + WORLD + ", name: "
                + configMap + "}";
        return world.apply("apiVersion: orkestra.azure.microsoft.com/v1alpha1\nkind: ApplicationGroup\nmetadata:"
                + " {name: " + name + "}\nspec:\n  conditions: [" + conditions.replace("OBJECT", object)
                + "]\n  applications:\n"
                + world.application("podinfo", "", "").replace("TARGET", name).indent(2));
    }
}
