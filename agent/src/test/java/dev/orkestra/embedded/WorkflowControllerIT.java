package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.YamlPrinter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Workflows carried out in process, their steps by real Helm and real pods. */
class WorkflowControllerIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String GOOD = "ork.local/httpd:1";
    private static Engines engines;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        engines = Engines.start("embedded-workflows");
    }

    @AfterAll
    static void stop() {
        engines.close();
    }

    @Test
    void installsInOrderAndUninstallsInReverse() throws InterruptedException {
        Map<String, ObjectNode> steps = new LinkedHashMap<>();
        steps.put("first", engines.release("first", "40s", "one", GOOD));
        steps.put("second", engines.release("second", "40s", "one", GOOD));
        ObjectNode done = carryOut("chain", "forward", "install", steps, Map.of("second", List.of("first")), "40s");
        assertThat(phase(done)).isEqualTo("Succeeded");
        assertThat(done.path("status").path("progress").asText()).isEqualTo("2/2");
        assertThat(done.path("metadata")
                        .path("labels")
                        .path("workflows.argoproj.io/completed")
                        .asText())
                .isEqualTo("true");
        assertThat(started(done, "second")).isGreaterThanOrEqualTo(finished(done, "first"));

        ObjectNode gone =
                carryOut("chain-reverse", "reverse", "delete", steps, Map.of("first", List.of("second")), "40s");
        assertThat(phase(gone)).isEqualTo("Succeeded");
        assertThat(engines.get("apps/v1", "Deployment", "first")).isEmpty();
        assertThat(engines.get("helm.toolkit.fluxcd.io/v2", "HelmRelease", "second"))
                .isEmpty();
    }

    @Test
    void failsWithTheReleasesOwnWordsAndLeavesOutTheRest() throws InterruptedException {
        Map<String, ObjectNode> steps = new LinkedHashMap<>();
        steps.put("bad", engines.release("bad", "12s", "one", "ork.local/not-there:1"));
        steps.put("after", engines.release("after", "5s", "one", GOOD));
        ObjectNode failed = carryOut("failing", "forward", "install", steps, Map.of("after", List.of("bad")), "40s");
        assertThat(phase(failed)).isEqualTo("Failed");
        assertThat(node(failed, "bad").path("message").asText()).contains("not-there:1");
        assertThat(node(failed, "after").path("phase").asText()).isEqualTo("Omitted");
        assertThat(engines.get("helm.toolkit.fluxcd.io/v2", "HelmRelease", "after"))
                .isEmpty();
        carryOut("failing-reverse", "reverse", "delete", steps, Map.of(), "40s");
    }

    @Test
    void goesOnAfterARestartWithoutRunningFinishedStepsAgain() throws InterruptedException {
        Map<String, ObjectNode> steps = new LinkedHashMap<>();
        steps.put("before", engines.release("before", "40s", "one", GOOD));
        steps.put("during", engines.release("during", "40s", "one", GOOD));
        Map<String, List<String>> order = Map.of("during", List.of("before"));
        engines.apply(workflow("restarted", "forward", "install", steps, order, "40s"));
        ObjectNode half = await(
                "restarted",
                workflow -> node(workflow, "before").path("phase").asText().equals("Succeeded"));
        engines.stopControllers();
        engines.startControllers();
        ObjectNode done = await("restarted", WorkflowControllerIT::isOver);
        assertThat(phase(done)).isEqualTo("Succeeded");
        assertThat(node(done, "before").path("finishedAt"))
                .isEqualTo(node(half, "before").path("finishedAt"));
        assertThat(engines.get("v1", "Secret", "sh.helm.release.v1.during.v2")).isEmpty();
        carryOut("restarted-reverse", "reverse", "delete", steps, Map.of(), "40s");
    }

    @Test
    void stopsItsStepsWhileSuspendedAndGoesOnAfterwards() throws InterruptedException {
        Map<String, ObjectNode> steps = new LinkedHashMap<>();
        steps.put("wait", engines.release("wait", "60s", "one", "ork.local/not-there:1"));
        engines.apply(workflow("suspended", "forward", "install", steps, Map.of(), "60s"));
        await(
                "suspended",
                workflow -> node(workflow, "wait").path("phase").asText().equals("Running"));
        engines.awaitRelease("wait", SOON, release -> release.has("status"));
        suspend("suspended", true);
        await(
                "suspended",
                workflow -> node(workflow, "wait").path("phase").asText().equals("Pending"));
        engines.apply(engines.release("wait", "60s", "one", GOOD));
        suspend("suspended", false);
        // The step applies its own, bad payload again and waits; a deleted workflow ends that.
        await(
                "suspended",
                workflow -> node(workflow, "wait").path("phase").asText().equals("Running"));
        engines.cluster.delete(
                engines.cluster.resourceType("argoproj.io/v1alpha1", "Workflow"), engines.namespace, "suspended", "");
        carryOut("suspended-reverse", "reverse", "delete", steps, Map.of(), "40s");
    }

    @Test
    void saysThatKeptnStepsAreNotCarriedOut() throws InterruptedException {
        ObjectNode workflow = workflow(
                "foreign", "keptn", "install", Map.of("x", engines.release("x", "5s", "", GOOD)), Map.of(), "5s");
        engines.apply(workflow);
        ObjectNode done = await("foreign", WorkflowControllerIT::isOver);
        assertThat(phase(done)).isEqualTo("Error");
        assertThat(node(done, "x").path("message").asText())
                .isEqualTo("keptn executors are carried out by a later version (template keptn-forward-executor)");
    }

    private static ObjectNode carryOut(
            String name,
            String direction,
            String action,
            Map<String, ObjectNode> steps,
            Map<String, List<String>> order,
            String timeout)
            throws InterruptedException {
        engines.apply(workflow(name, direction, action, steps, order, timeout));
        return await(name, WorkflowControllerIT::isOver);
    }

    private static void suspend(String name, boolean suspend) {
        ObjectNode workflow = Engines.object("argoproj.io/v1alpha1", "Workflow", engines.namespace, name);
        ObjectNode patch = workflow.objectNode();
        patch.putObject("spec").put("suspend", suspend);
        engines.cluster.mergePatch(engines.type(workflow), engines.namespace, name, patch, false, "test");
    }

    private static ObjectNode workflow(
            String name,
            String direction,
            String action,
            Map<String, ObjectNode> steps,
            Map<String, List<String>> order,
            String timeout) {
        ObjectNode workflow = Engines.object("argoproj.io/v1alpha1", "Workflow", engines.namespace, name);
        workflow.withObject("/metadata/labels")
                .put("workflows.argoproj.io/controller-instanceid", "orkestra")
                .put(ReleaseEngine.OWNER, Engines.GROUP);
        // The same name as in the last session: begin anew.
        engines.cluster.delete(engines.type(workflow), engines.namespace, name, "");
        ObjectNode spec = workflow.putObject("spec").put("entrypoint", "entry").put("parallelism", 10);
        var templates = spec.putArray("templates");
        String executor =
                direction.equals("keptn") ? "keptn-forward-executor" : "helmrelease-" + direction + "-executor";
        var tasks = templates.addObject().put("name", "entry").putObject("dag").putArray("tasks");
        steps.forEach((task, release) -> {
            ObjectNode json = tasks.addObject().put("name", task).put("template", executor);
            order.getOrDefault(task, List.of()).forEach(json.putArray("dependencies")::add);
            var parameters = json.putObject("arguments").putArray("parameters");
            parameters
                    .addObject()
                    .put("name", "helmrelease")
                    .put(
                            "value",
                            Base64.getEncoder()
                                    .encodeToString(YamlPrinter.print(release).getBytes(StandardCharsets.UTF_8)));
            parameters.addObject().put("name", "timeout").put("value", timeout);
        });
        ObjectNode template = templates.addObject().put("name", executor);
        var inputs = template.putObject("inputs").putArray("parameters");
        inputs.addObject().put("name", "helmrelease");
        inputs.addObject().put("name", "timeout").put("default", "5m");
        var arguments = template.putObject("container")
                .put("name", "executor")
                .put("image", "executor")
                .putArray("args");
        List.of(
                        "--spec",
                        "{{inputs.parameters.helmrelease}}",
                        "--action",
                        action,
                        "--timeout",
                        "{{inputs.parameters.timeout}}",
                        "--interval",
                        "1s")
                .forEach(arguments::add);
        return workflow;
    }

    private static ObjectNode await(String name, Predicate<ObjectNode> wanted) throws InterruptedException {
        return engines.await("argoproj.io/v1alpha1", "Workflow", name, SOON, wanted);
    }

    private static boolean isOver(ObjectNode workflow) {
        return workflow.path("status").has("finishedAt");
    }

    private static String phase(ObjectNode workflow) {
        return workflow.path("status").path("phase").asText();
    }

    private static JsonNode node(ObjectNode workflow, String task) {
        String name = workflow.path("metadata").path("name").asText();
        return workflow.path("status").path("nodes").path(WorkflowNode.idOf(name, name + "." + task));
    }

    private static String started(ObjectNode workflow, String task) {
        return node(workflow, task).path("startedAt").asText();
    }

    private static String finished(ObjectNode workflow, String task) {
        return node(workflow, task).path("finishedAt").asText();
    }
}
