package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.group.Groups;
import dev.orkestra.group.Naming;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a group's Workflow looks like, and when it comes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkflowChecksIT {
    private static final String WORLD = "checks-workflow";

    private GroupWorld world;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        world = new GroupWorld(folder, WORLD, settings -> settings.withParallelism(7));
        Bookinfo.publish(world.charts);
    }

    @AfterAll
    void end() {
        world.close();
    }

    @Test
    void check01_theGroupBecomesAWorkflowOfItsNameWithTheDagOfTheExample() {
        ObjectNode group = world.apply(Bookinfo.group(world, WORLD + "-simple"));
        WorkflowView workflow = new WorkflowView(world.awaitWorkflow(WorkflowType.FORWARD, group));
        assertThat(GroupWorld.name(workflow.workflow())).isEqualTo(WORLD + "-simple");
        assertThat(workflow.workflow().at("/metadata/namespace").asText()).isEqualTo(WORLD);
        assertThat(workflow.workflow().at("/spec/entrypoint").asText()).isEqualTo("entry");
        assertThat(workflow.dag("entry")).isEqualTo(Map.of("ambassador", Set.of(), "bookinfo", Set.of("ambassador")));
        assertThat(workflow.dag("ambassador")).isEqualTo(Map.of("ambassador-ambassador", Set.of()));
        assertThat(workflow.dag("bookinfo")).isEqualTo(Bookinfo.FORWARD);
    }

    @Test
    void check02_eachTaskCarriesItsHelmReleaseFieldByFieldAndItsTimeout() {
        String name = WORLD + "-payload";
        WorkflowView workflow =
                new WorkflowView(world.awaitWorkflow(WorkflowType.FORWARD, world.apply(Bookinfo.group(world, name))));
        for (String part : List.of("bookinfo", "details", "ratings", "reviews", "productpage")) {
            assertThat(workflow.parameter("bookinfo", "bookinfo-" + part, "timeout"))
                    .isEqualTo("5m");
            assertThat(GroupWorld.name(workflow.release("bookinfo", "bookinfo-" + part)))
                    .isEqualTo(part.equals("bookinfo") ? part : "a82a4dac39-" + part);
        }
        assertThat(workflow.parameter("ambassador", "ambassador-ambassador", "timeout"))
                .isEqualTo("10m0s");
        assertThat(without(workflow.release("ambassador", "ambassador-ambassador")))
                .isEqualTo(Groups.json("""
                apiVersion: helm.toolkit.fluxcd.io/v2
                kind: HelmRelease
                metadata:
                  name: ambassador
                  namespace: %1$s
                  labels:
                    orkestra.azure.microsoft.com/chart: ambassador
                    orkestra.azure.microsoft.com/heritage: orkestra
                    orkestra.azure.microsoft.com/owner: %1$s
                  annotations: {}
                spec:
                  chart:
                    spec:
                      chart: ambassador
                      version: 6.6.0
                      sourceRef: {kind: HelmRepository, name: chartmuseum, namespace: %2$s}
                  interval: 5m0s
                  releaseName: ambassador
                  targetNamespace: %1$s
                  timeout: 10m0s
                  values: {service: {type: ClusterIP}}
                """.formatted(name, WORLD)));
        assertThat(without(workflow.release("bookinfo", "bookinfo-reviews")))
                .isEqualTo(Groups.json("""
                apiVersion: helm.toolkit.fluxcd.io/v2
                kind: HelmRelease
                metadata:
                  name: a82a4dac39-reviews
                  namespace: %1$s
                  labels:
                    orkestra.azure.microsoft.com/chart: a82a4dac39-reviews
                    orkestra.azure.microsoft.com/heritage: orkestra
                    orkestra.azure.microsoft.com/owner: %1$s
                  annotations: {orkestra.azure.microsoft.com/parent-chart: bookinfo}
                spec:
                  chart:
                    spec:
                      chart: a82a4dac39-reviews
                      version: v1
                      sourceRef: {kind: HelmRepository, name: chartmuseum, namespace: %2$s}
                  interval: 5m0s
                  releaseName: a82a4dac39-reviews
                  targetNamespace: %1$s
                  values: {replicaCount: 1}
                """.formatted(name, WORLD)));
        assertThat(workflow.release("bookinfo", "bookinfo-bookinfo").at("/spec/values"))
                .isEqualTo(Groups.json("{details: {enabled: false}, productpage: {enabled: false},"
                        + " ratings: {enabled: false}, reviews: {enabled: false}}"));
    }

    @Test
    void check15_observedGenerationMovesOnlyWithTheNewWorkflowAndTheOldOneIsNotHeard() {
        String name = WORLD + "-generation";
        ObjectNode first = world.succeeded(name, world.application("podinfo", "", ""));
        ObjectNode old = world.hold(world.workflow(WorkflowType.FORWARD, name).orElseThrow());

        ObjectNode second = world.group(name, false, world.application("podinfo", "", ", subcharts: []"));
        assertThat(GroupStatus.generation(second)).isEqualTo(GroupStatus.generation(first) + 1);
        world.awaitReady(second, "Unknown", "Progressing");
        world.await(
                world.workflows(), WORLD, name, each -> each.path("metadata").has("deletionTimestamp"));
        world.end(old, "Failed");
        // A look that is over tells that the failure was seen and passed over.
        world.passed();
        ObjectNode waiting = world.awaitReady(second, "Unknown", "Progressing");
        assertThat(GroupStatus.observedGeneration(waiting)).isEqualTo(GroupStatus.generation(first));

        world.release(old);
        ObjectNode workflow = world.awaitWorkflow(WorkflowType.FORWARD, second);
        assertThat(new WorkflowView(workflow).label(GroupNames.GENERATION))
                .isEqualTo(Long.toString(GroupStatus.generation(second)));
        world.await(
                world.groupType(),
                "",
                name,
                each -> GroupStatus.observedGeneration(each) == GroupStatus.generation(second));
    }

    @Test
    void check16_withoutSubchartsOnlyTheChartsThemselvesAreTasksAndValuesStayAsTheyAre() {
        ObjectNode group = Bookinfo.group(world, WORLD + "-whole");
        group.at("/spec/applications").forEach(each -> ((ObjectNode) each.path("spec")).remove("subcharts"));
        WorkflowView workflow = new WorkflowView(world.awaitWorkflow(WorkflowType.FORWARD, world.apply(group)));
        assertThat(workflow.dag("bookinfo")).isEqualTo(Map.of("bookinfo-bookinfo", Set.of()));
        assertThat(workflow.dag("ambassador")).hasSize(1);
        assertThat(workflow.release("bookinfo", "bookinfo-bookinfo").at("/spec/values"))
                .isEqualTo(group.at("/spec/applications/1/spec/release/values"));

        ObjectNode plain = world.group(WORLD + "-novalues", false, world.application("podinfo", "", ""));
        assertThat(new WorkflowView(world.awaitWorkflow(WorkflowType.FORWARD, plain))
                        .release("podinfo", "podinfo-podinfo")
                        .at("/spec/values"))
                .isEqualTo(Groups.json("{}"));
    }

    @Test
    void check17_namingOneSubchartMakesATaskOfEachEmbeddedChart() throws Exception {
        ObjectNode group = Bookinfo.group(world, WORLD + "-one");
        ((ObjectNode) group.at("/spec/applications/1/spec"))
                .putArray("subcharts")
                .addObject()
                .put("name", "reviews");
        WorkflowView workflow = new WorkflowView(world.awaitWorkflow(WorkflowType.FORWARD, world.apply(group)));
        Set<String> parts = Set.of("bookinfo-details", "bookinfo-productpage", "bookinfo-ratings", "bookinfo-reviews");
        Map<String, Set<String>> dag = workflow.dag("bookinfo");
        assertThat(dag).hasSize(5).containsEntry("bookinfo-bookinfo", parts);
        parts.forEach(part -> assertThat(dag).containsEntry(part, Set.of()));
        assertThat(world.holds(workflow.workflow())).isTrue();
        String index =
                new String(world.store.read("index.yaml").orElseThrow(), java.nio.charset.StandardCharsets.UTF_8);
        for (String part : List.of("details", "productpage", "ratings", "reviews")) {
            assertThat(index).contains("a82a4dac39-" + part);
        }
    }

    @Test
    void check18_valuesAreDividedAndGlobalOnesGoToEachSubchart() {
        String name = WORLD + "-values";
        ObjectNode group = world.apply(withValues(name, """
                {global: {registry: r.test}, own: true, details: {size: 2, global: {lost: true}}, reviews: {size: 3},
                 ratings: text}"""));
        WorkflowView workflow = new WorkflowView(world.awaitWorkflow(WorkflowType.FORWARD, group));
        assertThat(values(workflow, "details")).isEqualTo(Groups.json("{size: 2, global: {registry: r.test}}"));
        assertThat(values(workflow, "reviews")).isEqualTo(Groups.json("{size: 3, global: {registry: r.test}}"));
        // No values of its own, or what is no object.
        for (String part : List.of("productpage", "ratings")) {
            assertThat(values(workflow, part)).isEqualTo(Groups.json("{global: {registry: r.test}}"));
        }
        assertThat(values(workflow, "bookinfo")).isEqualTo(Groups.json("""
                {global: {registry: r.test}, own: true, details: {enabled: false}, productpage: {enabled: false},
                 ratings: {enabled: false}, reviews: {enabled: false}}"""));

        ObjectNode plain = world.apply(withValues(name + "-plain", "{details: {size: 2}}"));
        WorkflowView other = new WorkflowView(world.awaitWorkflow(WorkflowType.FORWARD, plain));
        assertThat(values(other, "details")).isEqualTo(Groups.json("{size: 2}"));
        assertThat(values(other, "reviews")).isEqualTo(Groups.json("{}"));
    }

    private ObjectNode withValues(String name, String values) {
        ObjectNode group = Bookinfo.group(world, name);
        ((ObjectNode) group.at("/spec/applications/1/spec/release")).set("values", Groups.json(values));
        return group;
    }

    private static JsonNode values(WorkflowView workflow, String part) {
        return workflow.release("bookinfo", "bookinfo-" + part).at("/spec/values");
    }

    @Test
    void check19_namesAreConvertedCutAndHashedInTheWorkflow() {
        String name = WORLD + "-names";
        String runner = "tOk3_??ofTHE-Runner";
        String odd = "?.?&^%#$@_??";
        String hash = "dc8d2bb9b3fcd89f";
        String application = world.application("bookinfo", "", ", subcharts: [{name: details}]")
                .replace("{name: bookinfo,", "{name: \"----" + runner + "\",");
        ObjectNode group = world.group(
                name,
                false,
                application
                        + world.application("podinfo", "\"----" + runner + "\"", "")
                                .replace("{name: podinfo,", "{name: \"" + odd + "\","));
        WorkflowView workflow = new WorkflowView(world.awaitWorkflow(WorkflowType.FORWARD, group));
        Map<String, Set<String>> entry = workflow.dag("entry");
        String hashed = entry.keySet().stream()
                .filter(each -> each.startsWith(hash))
                .findFirst()
                .orElseThrow();
        assertThat(hashed).hasSize(63);
        assertThat(entry).isEqualTo(Map.of("tok3---ofthe-runner", Set.of(), hashed, Set.of("tok3---ofthe-runner")));
        // The subchart's name has the hash of the application as it is written, not as it is converted.
        Set<String> releases = new TreeSet<>();
        for (String task : workflow.dag("tok3---ofthe-runner").keySet()) {
            releases.add(GroupWorld.name(workflow.release("tok3---ofthe-runner", task)));
        }
        assertThat(releases)
                .hasSize(5)
                .contains("bookinfo", Naming.subchart("----" + runner, "details"))
                .allMatch(each -> each.matches("[a-z0-9][-a-z0-9]{0,62}"));
    }

    @Test
    void check24_everyWorkflowHasItsLabelsFinalizerParallelismAndServiceAccounts() {
        String name = WORLD + "-labels";
        ObjectNode first = world.succeeded(name, world.application("podinfo", "", ""));
        assertWorkflow(world.workflow(WorkflowType.FORWARD, name).orElseThrow(), "forward", first);

        ObjectNode second = world.group(
                name, false, world.application("podinfo", "", "") + world.application("ambassador", "", ""));
        world.fail(world.awaitWorkflow(WorkflowType.FORWARD, second));
        ObjectNode rollback = world.awaitWorkflow(WorkflowType.ROLLBACK, second);
        assertWorkflow(rollback, "rollback", second);
        world.finish(rollback);
        world.awaitCondition(name, "RollbackWorkflowSucceeded", "True", "Succeeded");

        ObjectNode dying = world.delete(name);
        ObjectNode reverse = world.awaitWorkflow(WorkflowType.REVERSE, dying);
        assertWorkflow(reverse, "reverse", dying);
        world.finish(reverse);
        world.awaitGroupGone(name);
    }

    private static void assertWorkflow(ObjectNode workflow, String type, ObjectNode group) {
        String kind = "orkestra.azure.microsoft.com/";
        WorkflowView view = new WorkflowView(workflow);
        assertThat(view.label(kind + "heritage")).isEqualTo("orkestra");
        assertThat(view.label(kind + "owner")).isEqualTo(GroupWorld.name(group));
        assertThat(view.label(kind + "workflow-type")).isEqualTo(type);
        assertThat(view.label(kind + "appgroup-generation")).isEqualTo(Long.toString(GroupStatus.generation(group)));
        assertThat(workflow.at("/metadata/finalizers/0").asText()).isEqualTo(kind + "finalizer");
        assertThat(workflow.at("/spec/podGC/strategy").asText()).isEqualTo("OnWorkflowCompletion");
        assertThat(workflow.at("/spec/parallelism").asInt()).isEqualTo(7);
        JsonNode owner = workflow.at("/metadata/ownerReferences/0");
        assertThat(owner.path("controller").asBoolean()).isTrue();
        assertThat(owner.path("kind").asText()).isEqualTo(type.equals("reverse") ? "Workflow" : "ApplicationGroup");
        for (String template : view.templates()) {
            JsonNode body = view.template(template);
            if (body.has("dag")) {
                assertThat(body.path("parallelism").asInt()).isEqualTo(7);
            } else {
                assertThat(body.path("serviceAccountName").asText()).isEqualTo("orkestra");
                assertThat(body.at("/executor/serviceAccountName").asText()).isEqualTo("orkestra");
            }
        }
    }

    /** Without the annotations that Azure Orkestra did not have. */
    private static ObjectNode without(ObjectNode release) {
        ((ObjectNode) release.at("/metadata/annotations"))
                .remove(List.of(GroupNames.CHART_DIGEST, GroupNames.GRAPH_NODE, GroupNames.SEAL));
        return release;
    }
}
