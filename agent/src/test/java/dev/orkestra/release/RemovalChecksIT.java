package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Conditions;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A group that is deleted takes its releases with it, and always gets away. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RemovalChecksIT {
    private static final String WORLD = "checks-removal";

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
    void check07_theFinalizerStaysUntilTheReverseWorkflowHasSucceeded() {
        String name = WORLD + "-good";
        world.succeeded(name, two());
        ObjectNode dying = world.delete(name);
        ObjectNode terminating = world.awaitReady(dying, "False", "Terminating");
        assertThat(GroupWorld.message(terminating, "Ready")).isEqualTo("application group is terminating...");
        assertThat(GroupStatus.observedGeneration(terminating)).isEqualTo(GroupStatus.generation(dying));
        ObjectNode reverse = world.awaitWorkflow(WorkflowType.REVERSE, dying);
        assertThat(GroupWorld.name(reverse)).isEqualTo(name + "-reverse");
        assertThat(new WorkflowView(reverse).dag("entry"))
                .isEqualTo(Map.of("kiali", Set.of(), "podinfo", Set.of("kiali")));
        world.carryOut(reverse, true);
        world.passed();
        assertThat(GroupCluster.hasFinalizer(world.stored(name))).isTrue();
        world.end(reverse, "Succeeded");
        world.awaitGroupGone(name);
        assertThat(world.releasesOf(name)).isEmpty();
    }

    @Test
    void check08_aFailedReverseWorkflowLetsTheGroupGoToo() {
        String name = WORLD + "-failed";
        ObjectNode group = world.succeeded(name, two());
        world.end(world.awaitWorkflow(WorkflowType.REVERSE, world.delete(name)), "Failed");
        world.awaitGroupGone(name);
        // More than Azure Orkestra did: nothing is left over, and it is said.
        assertThat(world.releasesOf(name)).isEmpty();
        world.awaitEvent(group, "Warning ReconcileError reverse workflow did not succeed");
    }

    @Test
    void check09_deletingTheReverseWorkflowByHandLetsTheGroupGo() {
        String name = WORLD + "-byhand";
        world.succeeded(name, two());
        ObjectNode reverse = world.awaitWorkflow(WorkflowType.REVERSE, world.delete(name));
        world.cluster.delete(world.workflows(), WORLD, GroupWorld.name(reverse), "");
        world.awaitGroupGone(name);
        world.awaitGone(world.workflows(), WORLD, GroupWorld.name(reverse));
    }

    @Test
    void check10_aForwardWorkflowThatRunsIsSuspendedAndTheReverseBegins() {
        String name = WORLD + "-running";
        ObjectNode group = world.group(name, false, two());
        ObjectNode forward = world.awaitWorkflow(WorkflowType.FORWARD, group);
        world.carryOut(forward, true);
        ObjectNode dying = world.delete(name);
        ObjectNode reverse = world.awaitWorkflow(WorkflowType.REVERSE, dying);
        assertThat(world.workflow(WorkflowType.FORWARD, name)
                        .orElseThrow()
                        .at("/spec/suspend")
                        .asBoolean())
                .isTrue();
        world.awaitCondition(name, "ForwardWorkflowSucceeded", "False", "Suspended");
        world.finish(reverse);
        world.awaitGroupGone(name);
    }

    @Test
    void check11_withoutForwardWorkflowTheGroupGoesAtOnce() {
        String name = WORLD + "-nothing";
        ObjectNode group = world.group(name, false, world.application("unknown", "", ""));
        world.awaitReady(group, "False", "ChartPullFailed");
        world.delete(name);
        world.awaitGroupGone(name);
        for (WorkflowType type : WorkflowType.values()) {
            assertThat(world.workflow(type, name)).isEmpty();
        }
    }

    @Test
    void q14_aSuspendedReverseWorkflowIsNoRollback() {
        String name = WORLD + "-suspended";
        ObjectNode group = world.group(name, false, two());
        world.fail(world.awaitWorkflow(WorkflowType.FORWARD, group));
        ObjectNode reverse = world.awaitWorkflow(WorkflowType.REVERSE, group);
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("spec").put("suspend", true);
        world.cluster.mergePatch(world.workflows(), WORLD, GroupWorld.name(reverse), patch, false, "release-it");
        ObjectNode suspended = world.awaitCondition(name, "ReverseWorkflowSucceeded", "False", "Suspended");
        assertThat(Conditions.find(suspended, "RollbackWorkflowSucceeded")).isEmpty();
    }

    @Test
    void q18_aRestartWhileAGroupGoesBeginsNoSecondReverse() throws Exception {
        String name = WORLD + "-restart";
        world.succeeded(name, two());
        ObjectNode forward = world.workflow(WorkflowType.FORWARD, name).orElseThrow();
        ObjectNode reverse = world.awaitWorkflow(WorkflowType.REVERSE, world.delete(name));
        world.restart();
        world.touch(reverse);
        world.passed();
        assertThat(WorkflowView.uid(world.workflow(WorkflowType.REVERSE, name).orElseThrow()))
                .isEqualTo(WorkflowView.uid(reverse));
        assertThat(WorkflowView.uid(world.workflow(WorkflowType.FORWARD, name).orElseThrow()))
                .isEqualTo(WorkflowView.uid(forward));
        assertThat(world.releasesOf(name)).hasSize(2);
        world.finish(reverse);
        world.awaitGroupGone(name);
        assertThat(world.releasesOf(name)).isEmpty();
    }

    @Test
    void q18_aGroupThatIsDeletedAfterItWasReversedIsReversedOnceMore() {
        String name = WORLD + "-again";
        ObjectNode group = world.group(name, false, two());
        world.fail(world.awaitWorkflow(WorkflowType.FORWARD, group));
        ObjectNode automatic = world.awaitWorkflow(WorkflowType.REVERSE, group);
        // It failed half-way: what it left must still go.
        world.end(automatic, "Failed");
        world.awaitCondition(name, "ReverseWorkflowSucceeded", "False", "Failed");
        ObjectNode dying = world.delete(name);
        ObjectNode reverse = world.awaitWorkflow(WorkflowType.REVERSE, dying);
        assertThat(WorkflowView.uid(reverse)).isNotEqualTo(WorkflowView.uid(automatic));
        world.finish(reverse);
        world.awaitGroupGone(name);
        assertThat(world.releasesOf(name)).isEmpty();
    }

    @Test
    void q19_aGroupWhoseStepsCannotBeMadeCanBeDeleted() {
        String name = WORLD + "-keptn";
        ObjectNode group =
                world.group(name, false, world.application("podinfo", "", ", workflow: [{name: k, type: keptn}]"));
        world.awaitReady(group, "False", "WorkflowTemplateGenerationFailed");
        world.delete(name);
        world.awaitGroupGone(name);
    }

    @Test
    void q19_aGroupWhoseStepsCannotBeMadeAnyMoreStillTakesItsReleasesAway() {
        String name = WORLD + "-spoilt";
        world.succeeded(name, two());
        ObjectNode spoilt =
                world.group(name, false, world.application("podinfo", "", ", workflow: [{name: k, type: keptn}]"));
        world.awaitReady(spoilt, "False", "WorkflowTemplateGenerationFailed");
        WorkflowView reverse = new WorkflowView(world.awaitWorkflow(WorkflowType.REVERSE, world.delete(name)));
        assertThat(reverse.dag("entry")).isEqualTo(Map.of("kiali", Set.of(), "podinfo", Set.of("kiali")));
        world.finish(reverse.workflow());
        world.awaitGroupGone(name);
        assertThat(world.releasesOf(name)).isEmpty();
    }

    @Test
    void q40_aReverseThatLeavesReleasesNamesThem() {
        String name = WORLD + "-left";
        ObjectNode group = world.succeeded(name, two());
        world.end(world.awaitWorkflow(WorkflowType.REVERSE, world.delete(name)), "Failed");
        world.awaitEvent(
                group,
                "Warning ReconcileError reverse workflow did not succeed; deleted without order: " + name + "/kiali, "
                        + name + "/podinfo");
        world.awaitGroupGone(name);
    }

    private String two() {
        return world.application("podinfo", "", "") + world.application("kiali", "podinfo", "");
    }
}
