package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.chart.Charts;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.Naming;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The controller against a real API server; the test stands for the engines. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GroupControllerIT {
    private GroupWorld world;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        world = new GroupWorld(folder);
        world.charts.publish(Charts.simple("cache", "1.0.0"));
        world.charts.publish(Charts.simple("web", "1.0.0")
                .with(
                        "charts/api/Chart.yaml",
                        "name: api\nversion: 0.1.0\n".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    @AfterAll
    void end() {
        world.close();
    }

    @Test
    void aGroupBecomesAWorkflowAndItsSuccessMakesTheGroupReady() {
        String name = "release-it-good";
        ObjectNode group = world.group(
                name,
                true,
                world.application("cache", "", "") + world.application("web", "cache", ", subcharts: [{name: api}]"));
        ObjectNode workflow = world.awaitWorkflow(WorkflowType.FORWARD, group);
        assertThat(GroupCluster.hasFinalizer(workflow)).isTrue();
        world.carryOut(workflow, true);
        world.end(workflow, "Succeeded");
        ObjectNode ready = world.awaitReady(group, "True", "Succeeded");
        assertThat(GroupStatus.observedGeneration(ready)).isEqualTo(1);
        assertThat(ready.at("/status/lastSucceededGeneration").asLong()).isEqualTo(1);
        assertThat(ready.at("/status/applications/1/subcharts/api/version").asText())
                .isEqualTo("0.1.0");
        assertThat(ready.at("/status/applications/1/conditions/0/reason").asText())
                .isEqualTo("InstallSucceeded");
        assertThat(ready.path("metadata").path("annotations").has(GroupNames.LAST_SUCCESSFUL))
                .isTrue();
        assertThat(world.releasesOf(name)).containsExactly(Naming.subchart("web", "api"), "cache", "web");

        String version = ready.path("metadata").path("resourceVersion").asText();
        JsonNode release = world.cluster
                .get(world.type(GroupNames.HELM_RELEASE_API, "HelmRelease"), name, "web")
                .orElseThrow();
        assertThat(release.at("/metadata/annotations")
                        .path(GroupNames.CHART_DIGEST)
                        .asText())
                .startsWith("sha256:");
        assertThat(release.at("/spec/upgrade/remediation/retries").asInt(-1)).isZero();

        // A look without news writes nothing.
        world.apply(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: marker, namespace: " + GroupWorld.NAMESPACE + "}\n");
        assertThat(world.awaitReady(group, "True", "Succeeded")
                        .path("metadata")
                        .path("resourceVersion")
                        .asText())
                .isEqualTo(version);
    }

    @Test
    void aRestartWithoutChartsGoesOnWithTheSameWorkflow() throws Exception {
        String name = "release-it-restart";
        ObjectNode group = world.group(name, true, world.application("cache", "", ""));
        ObjectNode workflow = world.awaitWorkflow(WorkflowType.FORWARD, group);
        world.restart();
        finish(workflow, true);
        world.awaitReady(group, "True", "Succeeded");
        ObjectNode now = world.workflow(WorkflowType.FORWARD, name).orElseThrow();
        assertThat(now.path("metadata").path("uid"))
                .isEqualTo(workflow.path("metadata").path("uid"));
        assertThat(world.holds(workflow)).isTrue();
    }

    @Test
    void q05_anApplicationThatIsRemovedIsUninstalledAfterTheRest() {
        String name = "release-it-removed";
        ObjectNode first =
                world.group(name, true, world.application("cache", "", "") + world.application("web", "cache", ""));
        finish(world.awaitWorkflow(WorkflowType.FORWARD, first), true);
        world.awaitReady(first, "True", "Succeeded");

        ObjectNode second = world.group(name, true, world.application("cache", "", ""));
        ObjectNode workflow = world.awaitWorkflow(WorkflowType.FORWARD, second);
        JsonNode entry = workflow.path("spec")
                .path("templates")
                .path(workflow.path("spec").path("templates").size() - 1);
        assertThat(entry.at("/dag/tasks/1/name").asText()).isEqualTo("web");
        assertThat(entry.at("/dag/tasks/1/dependencies/0").asText()).isEqualTo("cache");
        finish(workflow, true);
        world.awaitReady(second, "True", "Succeeded");
        assertThat(world.releasesOf(name)).containsExactly("cache");
    }

    @Test
    void aFailureIsSaidWithItsReasonAndARunsGroupIsLeftAlone() {
        String name = "release-it-bad";
        ObjectNode group = world.group(name, true, world.application("cache", "", ""));
        ObjectNode workflow = world.awaitWorkflow(WorkflowType.FORWARD, group);
        world.carryOut(workflow, false);
        world.end(workflow, "Failed");
        ObjectNode failed = world.awaitReady(group, "False", "WorkflowFailed");
        assertThat(Conditions.find(failed, "Ready")
                        .orElseThrow()
                        .path("message")
                        .asText())
                .isEqualTo("workflow in failed state: HelmRelease release-it-bad/cache: InstallFailed: image does"
                        + " not exist");
        assertThat(world.workflow(WorkflowType.REVERSE, name)).isEmpty();
        assertThat(world.workflow(WorkflowType.ROLLBACK, name)).isEmpty();
    }

    /** A run that waits for the group has only its Ready message to tell why. */
    @Test
    void whatAStepWaitsForIsSaidAsLongAsItWaits() {
        ObjectNode group = world.group("release-it-waits", true, world.application("cache", "", ""));
        ObjectNode workflow = world.awaitWorkflow(WorkflowType.FORWARD, group);
        String name = "release-it-waits.cache.cache-cache.smoke(0)";
        world.step(workflow, name, "Pending", "ErrImagePull: no such image");
        world.awaitMessage(group, "workflow is reconciling... step smoke(0) of cache: ErrImagePull: no such image");
        world.step(workflow, name, "Running", "");
        world.awaitMessage(group, "workflow is reconciling...");
    }

    @Test
    void aWorkflowsWordIsNotEnough() {
        ObjectNode group = world.group("release-it-liar", true, world.application("cache", "", ""));
        world.end(world.awaitWorkflow(WorkflowType.FORWARD, group), "Succeeded");
        ObjectNode failed = world.awaitReady(group, "False", "WorkflowFailed");
        assertThat(Conditions.find(failed, "Ready")
                        .orElseThrow()
                        .path("message")
                        .asText())
                .contains("HelmRelease release-it-liar/cache does not exist");
    }

    @Test
    void aGroupAppliedByHandGoesBackToItsLastSuccess() {
        String name = "release-it-hand";
        ObjectNode first = world.group(name, false, world.application("cache", "", ""));
        finish(world.awaitWorkflow(WorkflowType.FORWARD, first), true);
        world.awaitReady(first, "True", "Succeeded");
        ObjectNode second =
                world.group(name, false, world.application("cache", "", "") + world.application("web", "cache", ""));
        ObjectNode bad = world.awaitWorkflow(WorkflowType.FORWARD, second);
        world.carryOut(bad, false);
        world.end(bad, "Error");
        finish(world.awaitWorkflow(WorkflowType.ROLLBACK, second), true);
        world.await(
                world.type(ApplicationGroup.API_VERSION, ApplicationGroup.KIND),
                "",
                name,
                each -> Conditions.find(each, "RollbackWorkflowSucceeded")
                        .filter(condition -> condition.path("status").asText().equals("True"))
                        .isPresent());
        assertThat(world.releasesOf(name)).containsExactly("cache");
        world.awaitReady(second, "False", "WorkflowFailed");
    }

    @Test
    void aDeletedGroupGoesWhenItsReleasesAreGone() {
        String name = "release-it-deleted";
        ObjectNode group =
                world.group(name, true, world.application("cache", "", "") + world.application("web", "cache", ""));
        finish(world.awaitWorkflow(WorkflowType.FORWARD, group), true);
        world.awaitReady(group, "True", "Succeeded");
        var groups = world.type(ApplicationGroup.API_VERSION, ApplicationGroup.KIND);
        world.cluster.delete(groups, "", name, "");
        ObjectNode dying = world.cluster.get(groups, "", name).orElseThrow();
        ObjectNode reverse = world.awaitWorkflow(WorkflowType.REVERSE, dying);
        assertThat(world.awaitReady(dying, "False", "Terminating")).isNotNull();
        finish(reverse, true);
        world.awaitGone(groups, "", name);
        assertThat(world.releasesOf(name)).isEmpty();
    }

    @Test
    void aChartThatIsNotThereIsSaidAndNoWorkflowBegins() {
        ObjectNode group = world.group("release-it-nochart", true, world.application("nothing", "", ""));
        ObjectNode failed = world.awaitReady(group, "False", "ChartPullFailed");
        assertThat(Conditions.find(failed, "Ready")
                        .orElseThrow()
                        .path("message")
                        .asText())
                .contains("the repository has no chart 'nothing'");
        assertThat(GroupStatus.observedGeneration(failed)).isZero();
        assertThat(world.workflow(WorkflowType.FORWARD, "release-it-nochart")).isEmpty();
    }

    @Test
    void aGroupThatBreaksTheRulesIsRefusedAndCanBeDeleted() {
        String name = "release-it-circle";
        ObjectNode group =
                world.group(name, true, world.application("cache", "web", "") + world.application("web", "cache", ""));
        ObjectNode refused = world.awaitReady(group, "False", "Invalid");
        assertThat(Conditions.find(refused, "Ready")
                        .orElseThrow()
                        .path("message")
                        .asText())
                .contains("cache -> web -> cache");
        var groups = world.type(ApplicationGroup.API_VERSION, ApplicationGroup.KIND);
        world.cluster.delete(groups, "", name, "");
        world.awaitGone(groups, "", name);
    }

    private void finish(ObjectNode workflow, boolean ready) {
        world.carryOut(workflow, ready);
        world.end(workflow, "Succeeded");
    }
}
