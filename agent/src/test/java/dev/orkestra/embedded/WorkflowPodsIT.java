package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ResourceType;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Custom executors: steps that are real pods, run in the name of the group's identity. */
class WorkflowPodsIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final ResourceType PODS = new ResourceType("", "v1", "Pod", "pods", true);
    private static final String FOISTED = "test.orkestra.dev/foisted";
    private static Engines engines;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        engines = Engines.start("embedded-pods");
    }

    @AfterAll
    static void stop() {
        engines.close();
    }

    @Test
    void runsACustomExecutorWithItsArgumentsAndRemovesThePodAtTheEnd() throws InterruptedException {
        String uid =
                submit("good", "[ \"$0 $1 $2 $3 $4 $5\" = '--spec b64 --action install --data e30=' ]", template -> {});
        ObjectNode running = await("good", workflow -> !pods(uid).isEmpty() || isOver(workflow));
        assertThat(pods(uid)).as("%s", running).singleElement().satisfies(pod -> {
            assertThat(pod.path("spec").path("serviceAccountName").asText()).isEqualTo("default");
            assertThat(pod.path("spec").path("volumes").size())
                    .as("no token unless the template asks for it")
                    .isZero();
            assertThat(pod.path("metadata").path("namespace").asText()).isEqualTo(engines.namespace);
        });
        ObjectNode done = await("good", WorkflowPodsIT::isOver);
        assertThat(phase(done)).as("%s", done.path("status")).isEqualTo("Succeeded");
        assertThat(done.path("status").path("progress").asText()).isEqualTo("1/1");
        awaitNoPods(uid);
    }

    @Test
    void keepsTheLastLogLinesOfAFailure() throws InterruptedException {
        String uid = submit(
                "bad",
                "i=0; while [ $i -lt 30 ]; do i=$((i+1)); echo line $i; done; printf '\\033[31mno \\007way\\033[0m\\n'; exit 3",
                template -> {});
        ObjectNode done = await("bad", WorkflowPodsIT::isOver);
        assertThat(phase(done)).isEqualTo("Failed");
        assertThat(message(done, "x"))
                .startsWith("main: Error (exit code 3); the end of its log: line 22 | line 23")
                .endsWith("line 30 | no way");
        awaitNoPods(uid);
    }

    @Test
    void saysWhyAPodWaitsAndEndsItAtItsDeadline() throws InterruptedException {
        String uid = submit("never", "true", template -> {
            template.put("activeDeadlineSeconds", 12);
            template.withObjectProperty("container").put("image", "ork.local/not-there:1");
        });
        ObjectNode waiting = await(
                "never", workflow -> isOver(workflow) || message(workflow, "x").contains("Pull"));
        assertThat(node(waiting, "x").path("phase").asText()).isEqualTo("Pending");
        assertThat(message(waiting, "x")).contains("not-there:1");
        ObjectNode done = await("never", WorkflowPodsIT::isOver);
        assertThat(phase(done)).isEqualTo("Failed");
        assertThat(message(done, "x")).startsWith("Step exceeded its deadline").contains("not-there:1");
        awaitNoPods(uid);
    }

    @Test
    void goesOnWithTheSamePodAfterACrash() throws InterruptedException {
        String uid = submit("crash", "sleep 8; echo done; exit 4", template -> {});
        await("crash", workflow -> node(workflow, "x").path("phase").asText().equals("Running"));
        List<ObjectNode> before = pods(uid);
        engines.stopControllers();
        engines.startControllers();
        ObjectNode done = await("crash", WorkflowPodsIT::isOver);
        assertThat(message(done, "x")).isEqualTo("main: Error (exit code 4); the end of its log: done");
        // Had there been a second pod, it would have another uid or another name, and the first one would not count.
        assertThat(before).hasSize(1);
        assertThat(created(uid)).as("pods started").isEqualTo(1);
        awaitNoPods(uid);
    }

    /** Real Argo 4.1.2 reported Succeeded. */
    @Test
    void failsAStepWhosePodWasDeletedUnderIt() throws InterruptedException {
        submit("lost", "sleep 60", template -> {});
        await("lost", workflow -> node(workflow, "x").path("phase").asText().equals("Running"));
        String uid = uid("lost");
        String pod = pods(uid).getFirst().path("metadata").path("name").asText();
        engines.cluster.delete(PODS, engines.namespace, pod, "");
        ObjectNode done = await("lost", WorkflowPodsIT::isOver);
        assertThat(phase(done)).isEqualTo("Error");
        assertThat(message(done, "x")).startsWith("pod deleted: " + pod);
    }

    @Test
    void triesAgainWhenThePodWasLostAndNotWhenItFailed() throws InterruptedException {
        submit(
                "again",
                "sleep 5; exit 5",
                template ->
                        template.putObject("retryStrategy").put("limit", "2").put("retryPolicy", "OnError"));
        await("again", workflow -> node(workflow, "x(0)").path("phase").asText().equals("Running"));
        String uid = uid("again");
        engines.cluster.delete(
                PODS,
                engines.namespace,
                pods(uid).getFirst().path("metadata").path("name").asText(),
                "");
        ObjectNode done = await("again", WorkflowPodsIT::isOver);
        assertThat(phase(done)).isEqualTo("Failed");
        assertThat(node(done, "x(0)").path("phase").asText()).isEqualTo("Error");
        assertThat(message(done, "x(1)")).isEqualTo("main: Error (exit code 5)");
        assertThat(node(done, "x").path("type").asText()).isEqualTo("Retry");
        assertThat(node(done, "x(2)").isMissingNode()).isTrue();
    }

    @Test
    void letsAPodFinishWhileSuspendedAndBeginsNothing() throws InterruptedException {
        submit("paused", "sleep 4", template -> {});
        await("paused", workflow -> node(workflow, "x").path("phase").asText().equals("Running"));
        patch("paused", spec -> spec.put("suspend", true));
        ObjectNode half = await(
                "paused", workflow -> node(workflow, "x").path("phase").asText().equals("Succeeded"));
        assertThat(half.path("spec").path("suspend").asBoolean()).isTrue();
    }

    @Test
    void deletesThePodWithItsWorkflowAndOnTermination() throws InterruptedException {
        String gone = submit("gone", "sleep 100", template -> {});
        await("gone", workflow -> node(workflow, "x").path("phase").asText().equals("Running"));
        delete("gone");
        String ended = submit("ended", "sleep 100", template -> {});
        await("ended", workflow -> node(workflow, "x").path("phase").asText().equals("Running"));
        patch("ended", spec -> spec.put("shutdown", "Terminate"));
        ObjectNode done = await("ended", WorkflowPodsIT::isOver);
        assertThat(done.path("status").path("message").asText()).isEqualTo("Stopped with strategy 'Terminate'");
        assertThat(message(done, "x")).isEqualTo("workflow shutdown with strategy:  Terminate");
        awaitNoPods(ended);
        awaitNoPods(gone);
    }

    @Test
    void doesNotStartAPodForAGroupWhoseIdentityMayNot() throws InterruptedException {
        delete("denied");
        ObjectNode workflow = workflow("denied", "true", template -> {});
        workflow.withObject("/metadata/labels").put(ReleaseEngine.OWNER, Engines.POWERLESS);
        engines.apply(workflow);
        ObjectNode done = await("denied", WorkflowPodsIT::isOver);
        assertThat(phase(done)).isEqualTo("Failed");
        assertThat(message(done, "x")).contains("powerless").contains("pods");
        assertThat(pods(uid("denied"))).isEmpty();
    }

    /** A tenant could write another group's name on a Workflow, and have an image of his own run as that group. */
    @Test
    void doesNotRunAnImageOfAWorkflowThatWasNotPlanned() throws InterruptedException {
        delete("foisted");
        ObjectNode workflow = workflow("foisted", "true", template -> {});
        workflow.withObject("/metadata/annotations").put(FOISTED, "true");
        engines.apply(workflow);
        ObjectNode done = await("foisted", WorkflowPodsIT::isOver);
        assertThat(phase(done)).isEqualTo("Failed");
        assertThat(message(done, "x")).startsWith("the Workflow was not planned by the agent");
        assertThat(pods(uid("foisted"))).isEmpty();
    }

    /** Stands for the seal, which is tested by itself. */
    static boolean isPlanned(ObjectNode workflow) {
        return !workflow.path("metadata").path("annotations").has(FOISTED);
    }

    private static String submit(String name, String script, Consumer<ObjectNode> template) {
        delete(name);
        return engines.apply(workflow(name, script, template))
                .path("metadata")
                .path("uid")
                .asText();
    }

    private static void delete(String name) {
        ObjectNode workflow = Engines.object("argoproj.io/v1alpha1", "Workflow", engines.namespace, name);
        engines.cluster.delete(engines.type(workflow), engines.namespace, name, "");
    }

    private static void patch(String name, Consumer<ObjectNode> change) {
        ObjectNode workflow = Engines.object("argoproj.io/v1alpha1", "Workflow", engines.namespace, name);
        ObjectNode patch = workflow.objectNode();
        change.accept(patch.putObject("spec"));
        engines.cluster.mergePatch(engines.type(workflow), engines.namespace, name, patch, false, "test");
    }

    /** One custom step, in the form in which Orkestra writes it. */
    private static ObjectNode workflow(String name, String script, Consumer<ObjectNode> change) {
        ObjectNode workflow = Engines.object("argoproj.io/v1alpha1", "Workflow", engines.namespace, name);
        workflow.withObject("/metadata/labels")
                .put("workflows.argoproj.io/controller-instanceid", "orkestra")
                .put(ReleaseEngine.OWNER, Engines.GROUP);
        ObjectNode spec = workflow.putObject("spec").put("entrypoint", "entry");
        spec.putObject("podGC").put("strategy", "OnWorkflowCompletion");
        ArrayNode templates = spec.putArray("templates");
        ObjectNode task = templates
                .addObject()
                .put("name", "entry")
                .putObject("dag")
                .putArray("tasks")
                .addObject();
        task.put("name", "x").put("template", "custom-forward-executor");
        ArrayNode parameters = task.putObject("arguments").putArray("parameters");
        parameters.addObject().put("name", "helmrelease").put("value", "b64");
        parameters.addObject().put("name", "data").put("value", "e30=");
        ObjectNode template = templates.addObject().put("name", "custom-forward-executor");
        ArrayNode inputs = template.putObject("inputs").putArray("parameters");
        inputs.addObject().put("name", "helmrelease");
        inputs.addObject().put("name", "data");
        inputs.addObject().put("name", "timeout").put("default", "5m");
        ObjectNode container = template.putObject("container");
        container.put("name", "my-executor").put("image", "ork.local/httpd:1").put("imagePullPolicy", "IfNotPresent");
        List.of("/bin/sh", "-c", script).forEach(container.putArray("command")::add);
        List.of(
                        "--spec",
                        "{{inputs.parameters.helmrelease}}",
                        "--action",
                        "install",
                        "--data",
                        "{{inputs.parameters.data}}",
                        "--timeout",
                        "{{inputs.parameters.timeout}}",
                        "--interval",
                        "1s")
                .forEach(container.putArray("args")::add);
        change.accept(template);
        return workflow;
    }

    private static List<ObjectNode> pods(String uid) {
        return engines.cluster.list(PODS, engines.namespace, PodDocument.WORKFLOW_UID + "=" + uid);
    }

    /** How many pods the kubelet was given in all: each leaves an event. */
    private static long created(String uid) {
        ResourceType events = new ResourceType("", "v1", "Event", "events", true);
        return engines.cluster.list(events, engines.namespace, "").stream()
                .filter(event -> event.path("reason").asText().equals("Scheduled"))
                .map(event -> event.path("involvedObject").path("name").asText())
                .filter(name -> name.equals(PodDocument.name("crash", uid, "custom-forward-executor", "crash.x")))
                .count();
    }

    private static void awaitNoPods(String uid) throws InterruptedException {
        engines.awaitNone(PODS, PodDocument.WORKFLOW_UID + "=" + uid, SOON);
    }

    private static String uid(String name) {
        return engines.get("argoproj.io/v1alpha1", "Workflow", name)
                .orElseThrow()
                .path("metadata")
                .path("uid")
                .asText();
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

    private static String message(ObjectNode workflow, String task) {
        return node(workflow, task).path("message").asText();
    }

    private static JsonNode node(ObjectNode workflow, String task) {
        String name = workflow.path("metadata").path("name").asText();
        return workflow.path("status").path("nodes").path(WorkflowNode.idOf(name, name + "." + task));
    }
}
