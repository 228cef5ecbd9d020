package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.chart.ChartArchive;
import dev.orkestra.chart.Charts;
import dev.orkestra.group.Groups;
import dev.orkestra.group.Naming;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What was wrong with Azure Orkestra, by the number of its quirk, and is right here: seen in the cluster. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QuirksIT {
    private static final String WORLD = "checks-quirk";

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
    void q04_subchartsThatTheSpecDoesNotNameAreRemovedTooEvenAfterARestart() throws Exception {
        String name = WORLD + "-undeclared";
        world.succeeded(name, world.application("bookinfo", "", ", subcharts: [{name: reviews}]"));
        world.restart();
        ObjectNode update = world.group(
                name,
                false,
                world.application("bookinfo", "", ", subcharts: [{name: reviews}]")
                        + world.application("kiali", "", ""));
        world.fail(world.awaitWorkflow(WorkflowType.FORWARD, update));
        WorkflowView rollback = new WorkflowView(world.awaitWorkflow(WorkflowType.ROLLBACK, update));
        assertThat(rollback.dag("bookinfo")).hasSize(5);
        assertThat(rollback.release("bookinfo", "bookinfo-bookinfo").at("/spec/values/details/enabled"))
                .isEqualTo(JsonNodeFactory.instance.booleanNode(false));
        world.finish(rollback.workflow());
        world.awaitCondition(name, "RollbackWorkflowSucceeded", "True", "Succeeded");

        WorkflowView reverse = new WorkflowView(world.awaitWorkflow(WorkflowType.REVERSE, world.delete(name)));
        assertThat(reverse.dag("bookinfo")).hasSize(5);
        world.finish(reverse.workflow());
        world.awaitGroupGone(name);
        assertThat(world.releasesOf(name)).isEmpty();
    }

    @Test
    void q09_q10_conditionsAreFoundWhereTheApplicationIsNotCalledAfterItsChart() {
        ObjectNode ready = world.succeeded(
                WORLD + "-renamed",
                world.application("bookinfo", "", ", subcharts: [{name: reviews}]")
                        .replace("{name: bookinfo,", "{name: shop-front,"));
        JsonNode application = ready.at("/status/applications/0");
        assertThat(application.path("name").asText()).isEqualTo("shop-front");
        assertThat(application.at("/conditions/0/reason").asText()).isEqualTo("InstallSucceeded");
        for (String subchart : Bookinfo.SUBCHARTS) {
            assertThat(application
                            .path("subcharts")
                            .path(subchart)
                            .at("/conditions/0/reason")
                            .asText())
                    .isEqualTo("InstallSucceeded");
        }
    }

    @Test
    void q02_stagingAndTheGraphNameTheSubchartsAlikeWhereTheApplicationIsNotCalledAfterItsChart() throws Exception {
        String name = WORLD + "-hashes";
        ObjectNode group = world.group(
                name,
                false,
                world.application("bookinfo", "", ", subcharts: [{name: reviews}]")
                        .replace("{name: bookinfo,", "{name: shop-front,"));
        WorkflowView workflow = new WorkflowView(world.awaitWorkflow(WorkflowType.FORWARD, group));
        for (String part : Bookinfo.SUBCHARTS) {
            ObjectNode release = workflow.release("shop-front", "shop-front-" + part);
            // The original staged a82a4dac39-…, the hash of bookinfo, and installed another.
            String chart = Naming.subchart("shop-front", part);
            assertThat(chart).doesNotContain("a82a4dac39");
            assertThat(release.at("/spec/chart/spec/chart").asText()).isEqualTo(chart);
            assertThat(release.at("/spec/releaseName").asText()).isEqualTo(chart);
            assertThat(staged(release)).isEqualTo(chart + " v1");
        }
        ObjectNode parent = workflow.release("shop-front", "shop-front-shop-front");
        assertThat(parent.at("/spec/chart/spec/chart").asText()).isEqualTo("bookinfo");
        assertThat(staged(parent)).isEqualTo("bookinfo 1.0.0");
    }

    /** Name and version of the chart that an engine gets for the HelmRelease, from the repository that it is told. */
    private String staged(ObjectNode release) throws Exception {
        JsonNode wanted = release.at("/spec/chart/spec");
        JsonNode index = Groups.json(new String(world.store.read("index.yaml").orElseThrow(), StandardCharsets.UTF_8));
        for (JsonNode entry : index.path("entries").path(wanted.path("chart").asText())) {
            if (entry.path("version").asText().equals(wanted.path("version").asText())) {
                ChartMetadata chart = ChartMetadata.read(ChartArchive.read(
                        world.store.read(entry.at("/urls/0").asText()).orElseThrow()));
                return chart.name() + " " + chart.version();
            }
        }
        throw new AssertionError(wanted + " is not in " + index);
    }

    @Test
    void q11_aReleaseOfAnotherGroupIsNotTakenOver() {
        String first = WORLD + "-owner";
        String second = WORLD + "-thief";
        world.succeeded(first, world.application("podinfo", "", ""));
        ObjectNode thief =
                world.group(second, false, world.application("podinfo", "", "").replace("TARGET", first));
        ObjectNode refused = world.awaitReady(thief, "False", "OwnedElsewhere");
        assertThat(GroupWorld.message(refused, "Ready"))
                .contains("HelmRelease " + first + "/podinfo belongs to ApplicationGroup " + first);
        assertThat(world.workflow(WorkflowType.FORWARD, second)).isEmpty();
        world.delete(second);
        world.awaitGroupGone(second);
        assertThat(world.releasesOf(first)).containsExactly("podinfo");
    }

    @Test
    void q17b_goingBackTakesTheSubchartVersionsOfTheLastSuccess() {
        String name = WORLD + "-versions";
        world.succeeded(name, bookinfo("v1"));
        ObjectNode second = world.group(name, false, bookinfo("v2"));
        WorkflowView bad = new WorkflowView(world.awaitWorkflow(WorkflowType.FORWARD, second));
        assertThat(version(bad, "reviews")).isEqualTo("v2");
        world.fail(bad.workflow());
        WorkflowView rollback = new WorkflowView(world.awaitWorkflow(WorkflowType.ROLLBACK, second));
        for (String part : List.of("bookinfo", "reviews", "details")) {
            assertThat(version(rollback, part)).isEqualTo("v1");
        }
    }

    @Test
    void q26_whatIsPlannedIsNeverWrittenIntoTheSpec() {
        String name = WORLD + "-spec";
        ObjectNode ready = world.succeeded(name, bookinfo("v1"));
        ObjectNode dying = world.delete(name);
        ObjectNode reverse = world.awaitWorkflow(WorkflowType.REVERSE, dying);
        assertThat(world.awaitReady(dying, "False", "Terminating").path("spec")).isEqualTo(ready.path("spec"));
        assertThat(ready.at("/spec/applications/0/spec/subcharts").size()).isEqualTo(1);
        assertThat(ready.at("/spec/applications/0/spec/release").has("values")).isFalse();
        world.finish(reverse);
        world.awaitGroupGone(name);
    }

    @Test
    void q31_aGroupWithoutSpecIsRefusedAndGoes() {
        String name = WORLD + "-empty";
        ObjectNode group =
                world.apply("apiVersion: orkestra.azure.microsoft.com/v1alpha1\nkind: ApplicationGroup\nmetadata:"
                        + " {name: " + name + "}\n");
        ObjectNode refused = world.awaitReady(group, "False", "Invalid");
        assertThat(GroupWorld.message(refused, "Ready")).startsWith("the group has no applications");
        world.delete(name);
        world.awaitGroupGone(name);
    }

    @Test
    void q32_aLastSuccessThatCannotBeReadRemovesNothing() {
        String name = WORLD + "-corrupt";
        world.succeeded(name, world.application("podinfo", "", ""));
        ObjectNode spoilt = JsonNodeFactory.instance.objectNode();
        spoilt.withObject("/metadata/annotations").put(GroupNames.LAST_SUCCESSFUL, "{\"applications\":[{");
        world.cluster.mergePatch(world.groupType(), "", name, spoilt, false, "release-it");
        ObjectNode second =
                world.group(name, false, world.application("podinfo", "", "") + world.application("kiali", "", ""));
        world.fail(world.awaitWorkflow(WorkflowType.FORWARD, second));
        world.await(
                world.groupType(),
                "",
                name,
                each -> GroupWorld.message(each, "Ready")
                        .contains("the group cannot go back: the annotation orkestra.azure.microsoft.com/"
                                + "last-successful-appgroup cannot be read"));
        assertThat(world.workflow(WorkflowType.ROLLBACK, name)).isEmpty();
        assertThat(world.workflow(WorkflowType.REVERSE, name)).isEmpty();
        assertThat(world.releasesOf(name)).containsExactly("kiali", "podinfo");
    }

    @Test
    void q37_theWordsOfTheReleasesAreThereWithTheSuccess() {
        ObjectNode ready = world.succeeded(
                WORLD + "-words", world.application("podinfo", "", "") + world.application("kiali", "podinfo", ""));
        for (JsonNode application : ready.at("/status/applications")) {
            assertThat(application.at("/conditions/0/message").asText()).isEqualTo("all there");
        }
    }

    @Test
    void q45_groupsThatComeAtOnceGetEachTheChartOfItsOwnRepository() throws Exception {
        List<Charts> repositories = new ArrayList<>();
        List<ObjectNode> groups = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                Charts charts = new Charts();
                repositories.add(charts);
                charts.publish(Charts.simple("podinfo", "1.0.0").with("templates/" + i + ".yaml", new byte[0]));
                groups.add(world.group(
                        WORLD + "-many" + i,
                        false,
                        world.application("podinfo", "", "").replace(world.charts.url(), charts.url())));
            }
            for (int i = 0; i < groups.size(); i++) {
                WorkflowView workflow = new WorkflowView(world.awaitWorkflow(WorkflowType.FORWARD, groups.get(i)));
                String digest = workflow.release("podinfo", "podinfo-podinfo")
                        .path("metadata")
                        .path("annotations")
                        .path(GroupNames.CHART_DIGEST)
                        .asText();
                Set<String> files = ChartArchive.read(world.store.chart(digest).orElseThrow())
                        .files()
                        .keySet();
                assertThat(files).contains("templates/" + i + ".yaml");
            }
        } finally {
            repositories.forEach(Charts::close);
        }
    }

    @Test
    void q27_namesThatAreNoDnsLabelsAreConvertedInDependenciesToo() {
        String name = WORLD + "-names";
        ObjectNode group = world.group(
                name,
                false,
                world.application("podinfo", "", "").replace("{name: podinfo,", "{name: Pod_Info,")
                        + world.application(
                                "kiali",
                                "Pod_Info",
                                ", workflow: [{name: First_Step}, {name: second, dependencies: [First_Step]}]"));
        WorkflowView workflow = new WorkflowView(world.awaitWorkflow(WorkflowType.FORWARD, group));
        assertThat(workflow.dag("entry")).isEqualTo(Map.of("pod-info", Set.of(), "kiali", Set.of("pod-info")));
        assertThat(workflow.dag("kiali-kiali"))
                .isEqualTo(Map.of("first-step", Set.of(), "second", Set.of("first-step")));
    }

    private String bookinfo(String version) {
        return world.application("bookinfo", "", ", subcharts: [{name: reviews}]")
                .replace("1.0.0", version);
    }

    private static String version(WorkflowView workflow, String part) {
        ObjectNode release = workflow.release("bookinfo", "bookinfo-" + part);
        assertThat(GroupWorld.name(release))
                .isEqualTo(part.equals("bookinfo") ? part : Naming.subchart("bookinfo", part));
        return release.at("/spec/chart/spec/version").asText();
    }
}
