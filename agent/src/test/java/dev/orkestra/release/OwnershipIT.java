package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.chart.Charts;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What others write beside a group, by mistake or on purpose, and what a group must not take for its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnershipIT {
    private static final String WORLD = "owner-it";

    private GroupWorld world;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        world = new GroupWorld(folder, WORLD, settings -> settings);
        world.charts.publish(Charts.simple("web", "1.0.0"));
        world.charts.publish(Charts.simple("cart", "1.0.0"));
    }

    @AfterAll
    void end() {
        world.close();
    }

    @Test
    void aForeignHelmReleaseWithTheGroupsLabelIsLeftAlone() {
        String name = WORLD + "-label";
        world.succeeded(name, world.application("web", "", ""));
        ObjectNode foreign = world.apply("""
                apiVersion: helm.toolkit.fluxcd.io/v2
                kind: HelmRelease
                metadata:
                  name: bait
                  namespace: owner-it
                  labels:
                    orkestra.azure.microsoft.com/heritage: orkestra
                    orkestra.azure.microsoft.com/owner: %s
                  annotations:
                    orkestra.dev/seal: "0.0"
                    orkestra.dev/graph-node: '{"application":"entry","task":"entry-entry"}'
                spec: {interval: 5m, chart: {spec: {chart: bait, version: "1", sourceRef: {kind: HelmRepository, name: x}}}}
                """.formatted(name));
        ObjectNode second =
                world.group(name, false, world.application("web", "", "") + world.application("cart", "web", ""));
        ObjectNode workflow = world.awaitWorkflow(WorkflowType.FORWARD, second);
        assertThat(workflow.path("spec").toString())
                .doesNotContain("reverse-executor")
                .doesNotContain("entry-entry");
        world.finish(workflow);
        world.awaitReady(second, "True", "Succeeded");
        world.delete(name);
        world.finish(world.awaitWorkflow(WorkflowType.REVERSE, world.stored(name)));
        world.awaitGroupGone(name);
        assertThat(world.cluster.get(world.type(GroupNames.HELM_RELEASE_API, "HelmRelease"), "owner-it", "bait"))
                .isPresent();
        world.cluster.delete(world.type(GroupNames.HELM_RELEASE_API, "HelmRelease"), "owner-it", "bait", uid(foreign));
    }

    @Test
    void aSuccessThatIsNotRememberedIsNotTakenForNone() {
        String name = WORLD + "-forgot";
        ObjectNode first = world.succeeded(name, world.application("web", "", ""));
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.withObject("/metadata/annotations")
                .putNull(GroupNames.LAST_SUCCESSFUL)
                .putNull(GroupNames.LAST_SUCCESSFUL_CHARTS);
        world.cluster.mergePatch(world.groupType(), "", name, patch, false, "somebody");
        ObjectNode second =
                world.group(name, false, world.application("web", "", "") + world.application("cart", "web", ""));
        assertThat(GroupStatus.generation(second)).isGreaterThan(GroupStatus.generation(first));
        world.fail(world.awaitWorkflow(WorkflowType.FORWARD, second));
        ObjectNode failed = world.await(
                world.groupType(),
                "",
                name,
                each -> GroupWorld.message(each, "Ready").contains("the group cannot go back"));
        assertThat(GroupWorld.message(failed, "Ready"))
                .contains("HelmRelease " + name + "/")
                .endsWith("the group cannot go back: its last success is not remembered; it may have been too large for"
                        + " an annotation");
        assertThat(world.workflow(WorkflowType.REVERSE, name)).isEmpty();
        assertThat(world.releasesOf(name)).isNotEmpty();
    }

    @Test
    void aWorkflowOfAnotherGroupIsNeitherTakenNorRemoved() {
        String name = WORLD + "-name";
        workflow(name, "somebody-else", "1", "");
        ObjectNode group = world.group(name, false, world.application("web", "", ""));
        ObjectNode refused = world.awaitReady(group, "False", "OwnedElsewhere");
        assertThat(GroupWorld.message(refused, "Ready"))
                .contains("the Workflow " + name + " belongs to 'somebody-else'");
        world.cluster.delete(world.workflows(), WORLD, name, "");
        world.awaitWorkflow(WorkflowType.FORWARD, group);
    }

    @Test
    void aGroupThatWasMadeAnewDoesNotBelieveTheWorkflowOfTheOneBefore() {
        String name = WORLD + "-again";
        ObjectNode before = workflow(name, name, "1", "another-uid");
        world.end(before, "Succeeded");
        ObjectNode group = world.group(name, false, world.application("web", "", ""));
        ObjectNode own = world.await(
                world.workflows(),
                WORLD,
                name,
                each -> each.path("metadata")
                        .path("labels")
                        .path(GroupNames.GROUP_UID)
                        .asText()
                        .equals(uid(group)));
        world.finish(own);
        world.awaitReady(group, "True", "Succeeded");
    }

    private ObjectNode workflow(String name, String owner, String generation, String uid) {
        return world.apply("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata:
                  name: %s
                  namespace: %s
                  labels:
                    orkestra.azure.microsoft.com/heritage: orkestra
                    orkestra.azure.microsoft.com/owner: %s
                    orkestra.azure.microsoft.com/workflow-type: forward
                    orkestra.azure.microsoft.com/appgroup-generation: "%s"
                    orkestra.dev/group-uid: "%s"
                spec: {entrypoint: entry, templates: [{name: entry, dag: {tasks: []}}]}
                """.formatted(name, WORLD, owner, generation, uid));
    }

    private static String uid(ObjectNode object) {
        return object.path("metadata").path("uid").asText();
    }
}
