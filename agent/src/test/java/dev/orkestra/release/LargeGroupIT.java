package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.chart.Charts;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.embedded.EndedWorkflow;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How large a group may be: its Workflow, and all that engines write into it, must fit into the cluster's store. */
class LargeGroupIT {
    private static final String WORLD = "checks-large";
    private static final String NAME = WORLD + "-group";
    /** Near to what fits, where each step may be retried and so takes two nodes of the status. */
    private static final int APPLICATIONS = 350;

    @Test
    void aGroupOf350IsSubmittedAndItsWorkflowTakesTheStatusOfAllNodes(@TempDir Path folder) throws Exception {
        try (GroupWorld world = new GroupWorld(folder, WORLD, settings -> settings)) {
            ObjectNode workflow = world.awaitWorkflow(WorkflowType.FORWARD, world.group(NAME, true, chain(world)));
            long expected = WorkflowSize.needed(workflow);
            ObjectNode patch = JsonNodeFactory.instance.objectNode();
            patch.set("status", EndedWorkflow.status(workflow));
            ObjectNode ended =
                    world.cluster.mergePatch(world.workflows(), WORLD, NAME, patch, false, "orkestra-embedded");
            int stored = CanonicalJson.bytes(ended).length;
            assertThat(ended.at("/status/nodes").size()).isEqualTo(1 + 3 * APPLICATIONS);
            assertThat(stored).isLessThan(1_500_000);
            // What is reserved beforehand is enough, and not far from what it takes.
            assertThat(expected).isBetween((long) stored, stored * 110L / 100);
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
}
