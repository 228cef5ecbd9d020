package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.chart.Charts;
import dev.orkestra.document.CanonicalJson;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How large a group may be: its Workflow, and all that engines write into it, must fit into the cluster's store. */
class LargeGroupIT {
    private static final String WORLD = "checks-large";
    private static final String NAME = WORLD + "-group";
    /** Near to what fits, where each step may be retried and so takes two nodes of the status. */
    private static final int APPLICATIONS = 400;

    @Test
    void aGroupOf400IsSubmittedAndItsWorkflowTakesTheStatusOfAllNodes(@TempDir Path folder) throws Exception {
        try (GroupWorld world = new GroupWorld(folder, WORLD, settings -> settings)) {
            ObjectNode workflow = world.awaitWorkflow(WorkflowType.FORWARD, world.group(NAME, true, chain(world)));
            long expected = WorkflowSize.needed(workflow);
            ObjectNode patch = JsonNodeFactory.instance.objectNode();
            patch.set("status", status(workflow));
            ObjectNode ended =
                    world.cluster.mergePatch(world.workflows(), WORLD, NAME, patch, false, "orkestra-embedded");
            int stored = CanonicalJson.bytes(ended).length;
            assertThat(ended.at("/status/nodes").size()).isEqualTo(1 + 3 * APPLICATIONS);
            assertThat(stored).isLessThan(1_500_000);
            // What is reserved beforehand is enough, and not far from what it takes.
            assertThat(expected).isBetween((long) stored, stored * 115L / 100);
        }
    }

    private static String chain(GroupWorld world) {
        StringBuilder applications = new StringBuilder();
        String before = "";
        for (int i = 0; i < APPLICATIONS; i++) {
            String name = String.format(Locale.ROOT, "app-%03d", i);
            world.charts.publish(Charts.simple(name, "1.0.0"));
            applications.append(world.application(name, before, ""));
            before = name;
        }
        return applications.toString();
    }

    /** As Argo and the embedded engine write it: for each application its DAG, its step, and the try of the step. */
    private static ObjectNode status(ObjectNode workflow) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("phase", "Succeeded");
        ObjectNode nodes = status.putObject("nodes");
        node(nodes, NAME, NAME, "DAG", "entry", "");
        for (JsonNode task : new WorkflowView(workflow).template("entry").at("/dag/tasks")) {
            String application = task.path("name").asText();
            String step = application + "-" + application;
            String path = NAME + "." + application;
            node(nodes, path, application, "DAG", application, NAME);
            node(nodes, path + "." + step, step, "Retry", "helmrelease-forward-executor", id(path));
            node(nodes, path + "." + step + "(0)", step + "(0)", "Pod", "helmrelease-forward-executor", id(path));
        }
        return status;
    }

    private static void node(
            ObjectNode nodes, String path, String task, String type, String template, String boundary) {
        ObjectNode node = nodes.putObject(id(path));
        node.put("id", id(path)).put("name", path).put("displayName", task).put("type", type);
        node.put("templateName", template).put("templateScope", "local/" + NAME);
        node.put("phase", "Succeeded").put("boundaryID", boundary);
        node.put("startedAt", "2026-01-02T03:04:05Z").put("finishedAt", "2026-01-02T03:04:05Z");
        if (!type.equals("Pod")) {
            node.putArray("children").add(id(path + "."));
        }
    }

    private static String id(String path) {
        return path.equals(NAME) ? path : NAME + "-" + Integer.toUnsignedString(path.hashCode());
    }
}
