package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.chart.Charts;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.embedded.EndedWorkflow;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How large a group may be: its Workflow, and all that engines write into it, must fit into the cluster's store. */
class LargeGroupIT {
    private static final String WORLD = "checks-large";
    private static final String NAME = WORLD + "-group";
    /** Near to what fits with the embedded engine. With Argo each step takes a node more, and it ends at about 380. */
    private static final int APPLICATIONS = 440;

    @Test
    void aGroupOf440IsSubmittedAndItsWorkflowTakesTheStatusOfAllNodes(@TempDir Path folder) throws Exception {
        try (GroupWorld world = new GroupWorld(folder, WORLD, LargeGroupIT::embedded)) {
            ObjectNode workflow = world.awaitWorkflow(WorkflowType.FORWARD, world.group(NAME, true, chain(world)));
            long expected = WorkflowSize.needed(workflow);
            ObjectNode patch = JsonNodeFactory.instance.objectNode();
            patch.set("status", EndedWorkflow.status(workflow));
            ObjectNode ended =
                    world.cluster.mergePatch(world.workflows(), WORLD, NAME, patch, false, "orkestra-embedded");
            int stored = CanonicalJson.bytes(ended).length;
            assertThat(ended.at("/status/nodes").size()).isEqualTo(1 + 2 * APPLICATIONS);
            assertThat(stored).isLessThan(1_500_000);
            // What is reserved beforehand is enough, and not far from what it takes.
            assertThat(expected).isBetween((long) stored, stored * 110L / 100);
        }
    }

    /** As for the embedded engine, whose instance id no test may take: it tries no step of its own again. */
    private static GroupSettings embedded(GroupSettings settings) {
        return settings.withExecutors(
                new GroupSettings.Executors("orkestra", "orkestra-agent:latest", List.of("ork"), ""));
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
}
