package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.group.Groups;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a group's Workflow hands to its executors, and how it starts them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExecutorChecksIT {
    private static final String WORLD = "checks-executor";

    private GroupWorld world;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        world = new GroupWorld(
                folder,
                WORLD,
                settings -> settings.withExecutors(new GroupSettings.Executors(
                        "orkestra", "registry.test/orkestra-agent:1.2.3", List.of("/opt/ork"), "2")));
        Bookinfo.publish(world.charts);
    }

    @AfterAll
    void end() {
        world.close();
    }

    @Test
    void check24_tenNodesRunAtOnceWhereNothingElseIsSet() {
        ObjectNode group = world.group(WORLD + "-ten", false, world.application("podinfo", "", ""));
        WorkflowView workflow = new WorkflowView(world.awaitWorkflow(WorkflowType.FORWARD, group));
        assertThat(workflow.workflow().at("/spec/parallelism").asInt()).isEqualTo(10);
        for (String template : List.of("entry", "podinfo")) {
            assertThat(workflow.template(template).path("parallelism").asInt()).isEqualTo(10);
        }
    }

    @Test
    void check25_executorTemplatesAreAsAzureOrkestraWroteThem() {
        String name = WORLD + "-executors";
        ObjectNode group = world.group(name, false, world.application("podinfo", "", """
                , workflow: [{name: deploy},
                  {name: evaluate, type: keptn, dependencies: [deploy],
                   params: {configMapRef: {name: keptn-config, namespace: orkestra}}},
                  {name: own, type: custom, dependencies: [deploy],
                   image: {name: own, image: "example.test/own:1"}, params: {data: {foo: bar}}}]""".replace("\n", " ")));
        WorkflowView forward = new WorkflowView(world.awaitWorkflow(WorkflowType.FORWARD, group));
        assertExecutors(forward, "forward", "install");
        world.finish(forward.workflow());
        world.awaitReady(group, "True", "Succeeded");
        assertExecutors(
                new WorkflowView(world.awaitWorkflow(WorkflowType.REVERSE, world.delete(name))), "reverse", "delete");
    }

    private static void assertExecutors(WorkflowView workflow, String direction, String action) {
        String head = "[\"--spec\", \"{{inputs.parameters.helmrelease}}\", \"--action\", \"" + action + "\", ";
        String tail = "\"--timeout\", \"{{inputs.parameters.timeout}}\", \"--interval\", \"1s\"]";
        String inputs = "{name: helmrelease}, {name: timeout, default: 5m}";
        JsonNode helm = workflow.template("helmrelease-" + direction + "-executor");
        assertThat(helm.at("/container/name").asText()).isEqualTo("executor");
        assertOurs(helm, "helmrelease");
        assertThat(helm.at("/container/args")).isEqualTo(list(head + tail));
        assertThat(helm.at("/inputs/parameters")).isEqualTo(list("[" + inputs + "]"));
        JsonNode keptn = workflow.template("keptn-" + direction + "-executor");
        assertThat(keptn.at("/container/name").asText()).isEqualTo("keptn-" + direction + "-executor");
        assertOurs(keptn, "keptn");
        assertThat(keptn.at("/container/args"))
                .isEqualTo(list(head
                        + "\"--configmap-name\", \"{{inputs.parameters.configMapName}}\", \"--configmap-namespace\","
                        + " \"{{inputs.parameters.configMapNamespace}}\", " + tail));
        assertThat(keptn.at("/inputs/parameters"))
                .isEqualTo(list("[" + inputs + ", {name: configMapName}, {name: configMapNamespace}]"));
        JsonNode custom = workflow.template("custom-" + direction + "-executor");
        assertThat(custom.at("/container/name").asText()).isEqualTo("own");
        assertThat(custom.at("/container/image").asText()).isEqualTo("example.test/own:1");
        assertThat(custom.at("/container/args"))
                .isEqualTo(list(head + "\"--data\", \"{{inputs.parameters.data}}\", " + tail));
        assertThat(custom.at("/inputs/parameters")).isEqualTo(list("[" + inputs + ", {name: data}]"));
    }

    /** The image is ours, as it was installed, and so is how {@code ork} is started in it. */
    private static void assertOurs(JsonNode template, String executor) {
        assertThat(template.at("/container/image").asText()).isEqualTo("registry.test/orkestra-agent:1.2.3");
        assertThat(template.at("/container/command")).isEqualTo(list("[/opt/ork, executor, " + executor + "]"));
    }

    @Test
    void check26_twoExecutorsAreATemplateForEachTaskAndKeptnGoesFirstWhenRemoving() {
        String name = WORLD + "-two";
        ObjectNode group = world.group(
                name,
                false,
                world.application(
                        "bookinfo",
                        "",
                        ", subcharts: [{name: details}], workflow: [{name: helmrelease},"
                                + " {name: keptn, type: keptn, dependencies: [helmrelease], params: {configMapRef:"
                                + " {name: c, namespace: n}}}]"));
        WorkflowView forward = new WorkflowView(world.awaitWorkflow(WorkflowType.FORWARD, group));
        for (String task : List.of("bookinfo-bookinfo", "bookinfo-details", "bookinfo-reviews")) {
            assertThat(forward.executor("bookinfo", task)).isEqualTo(task);
            assertThat(forward.dag(task)).isEqualTo(Map.of("helmrelease", Set.of(), "keptn", Set.of("helmrelease")));
            assertThat(forward.executor(task, "keptn")).isEqualTo("keptn-forward-executor");
        }
        world.finish(forward.workflow());
        world.awaitReady(group, "True", "Succeeded");
        WorkflowView reverse = new WorkflowView(world.awaitWorkflow(WorkflowType.REVERSE, world.delete(name)));
        assertThat(reverse.dag("bookinfo-details"))
                .isEqualTo(Map.of("keptn", Set.of(), "helmrelease", Set.of("keptn")));
        assertThat(reverse.executor("bookinfo-details", "helmrelease")).isEqualTo("helmrelease-reverse-executor");
    }

    @Test
    void check27_keptnParametersAreReadInEitherSpellingAndTheirLackIsSaid() {
        for (String key : List.of("configMapRef", "configmapRef")) {
            ObjectNode group = world.group(
                    WORLD + "-" + key.toLowerCase(java.util.Locale.ROOT) + key.charAt(6) % 2,
                    false,
                    world.application(
                            "podinfo",
                            "",
                            ", workflow: [{name: k, type: keptn, params: {" + key
                                    + ": {name: keptn-config, namespace: orkestra}}}]"));
            WorkflowView workflow = new WorkflowView(world.awaitWorkflow(WorkflowType.FORWARD, group));
            assertThat(workflow.parameter("podinfo", "podinfo-podinfo", "configMapName"))
                    .isEqualTo("keptn-config");
            assertThat(workflow.parameter("podinfo", "podinfo-podinfo", "configMapNamespace"))
                    .isEqualTo("orkestra");
        }
        String name = WORLD + "-keptnless";
        ObjectNode bad =
                world.group(name, false, world.application("podinfo", "", ", workflow: [{name: k, type: keptn}]"));
        ObjectNode refused = world.awaitReady(bad, "False", "WorkflowTemplateGenerationFailed");
        assertThat(Conditions.find(refused, "Ready")
                        .orElseThrow()
                        .path("message")
                        .asText())
                .contains("task parameters are required for the keptn executor task");
        assertThat(world.workflow(WorkflowType.FORWARD, name)).isEmpty();
    }

    @Test
    void check28_aCustomExecutorIsToldItsDataAndTheControllerMakesNoHelmRelease() {
        String name = WORLD + "-custom";
        ObjectNode group = world.group(
                name,
                false,
                world.application(
                        "podinfo",
                        "",
                        ", workflow: [{name: own, type: custom, image: {name: own, image: \"example.test/own:1\"},"
                                + " params: {data: {foo: bar}}}]"));
        WorkflowView workflow = new WorkflowView(world.awaitWorkflow(WorkflowType.FORWARD, group));
        assertThat(workflow.parameter("podinfo", "podinfo-podinfo", "data")).isEqualTo("eyJmb28iOiJiYXIifQ==");
        world.finish(workflow.workflow());
        world.awaitReady(group, "True", "Succeeded");
        assertThat(world.releasesOf(name)).isEmpty();
        world.finish(world.awaitWorkflow(WorkflowType.REVERSE, world.delete(name)));
        world.awaitGroupGone(name);
    }

    private static JsonNode list(String items) {
        return Groups.json("list: " + items).path("list");
    }
}
