package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Identity;
import dev.orkestra.crd.CustomResourceDefinition;
import dev.orkestra.document.Document;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.YamlPrinter;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.Groups;
import dev.orkestra.group.ReleaseGraph;
import dev.orkestra.group.StagedCharts;
import dev.orkestra.outcome.Diagnostic;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Workflows of groups with executors of their own, as engines get them. */
class StepDocumentsTest {
    private static final GroupSettings SETTINGS =
            GroupSettings.embedded(URI.create("http://agent.orkestra.svc:8080/charts"));
    private static final Identity IDENTITY = new Identity("shops", "deployer");
    private static final ReleaseSeal SEAL = new ReleaseSeal(new byte[32]);
    private static final StagedCharts STAGED =
            Groups.staged("web=1.0.0", "web/cart=1.0.0", "web/ledger=1.0.0", "notes=1.0.0");

    @Test
    void stepsBecomeTheTemplatesOfAzureOrkestra() {
        Golden.check("release/steps-workflow.yaml", decoded(workflow(graph(), SETTINGS)));
    }

    @Test
    void q23_eachImageOfCustomExecutorsHasATemplateOfItsOwn() {
        assertThat(images(workflow(graph(), SETTINGS)))
                .containsExactlyInAnyOrder(
                        "custom-forward-executor registry.example/publish:2",
                        "custom-forward-executor-2 registry.example/smoke:1");
    }

    @Test
    void q24_allOfACustomContainerIsPassedOnButItsArguments() {
        ObjectNode workflow = workflow(graph(), SETTINGS);
        JsonNode container = template(workflow, "custom-forward-executor-2").path("container");
        assertThat(container.at("/resources/limits/memory").asText()).isEqualTo("64Mi");
        assertThat(container.path("args").toString())
                .isEqualTo("[\"--spec\",\"{{inputs.parameters.helmrelease}}\",\"--action\",\"install\","
                        + "\"--data\",\"{{inputs.parameters.data}}\",\"--timeout\",\"{{inputs.parameters.timeout}}\","
                        + "\"--interval\",\"1s\"]");
    }

    @Test
    void aContainerOfSomebodyElseGetsNoToken() {
        ObjectNode workflow = workflow(graph(), SETTINGS);
        assertThat(template(workflow, "custom-forward-executor").path("automountServiceAccountToken"))
                .hasToString("false");
        assertThat(template(workflow, "helmrelease-forward-executor").has("automountServiceAccountToken"))
                .isFalse();
    }

    @Test
    void besideTheAgentACustomContainerMayNotReachOut() {
        GroupSettings argo = SETTINGS.withInstanceId("");
        assertThat(ExecutorTemplates.trouble(graph(), argo)).isEmpty();
        for (String reaching : List.of(
                "envFrom: [{secretRef: {name: orkestra-seal}}]",
                "env: [{name: A, valueFrom: {secretKeyRef: {name: git, key: password}}}]",
                "securityContext: {privileged: true}",
                "volumeMounts: [{name: a, mountPath: /a}]")) {
            ObjectNode group = Groups.resource("steps.yaml");
            ((ObjectNode) group.at("/spec/applications/1/spec/workflow/0/image"))
                    .setAll(Groups.json("{" + reaching + "}"));
            ReleaseGraph graph = ReleaseGraph.forward(ApplicationGroup.of(group), STAGED);
            assertThat(ExecutorTemplates.trouble(graph, argo)).as(reaching).isPresent();
            assertThat(ExecutorTemplates.trouble(graph, SETTINGS)).as(reaching).isEmpty();
        }
    }

    @Test
    void argosPodsActInTheGroupsName() {
        JsonNode container = template(workflow(graph(), SETTINGS.withInstanceId("")), "helmrelease-forward-executor")
                .path("container");
        assertThat(container.path("env").toString())
                .isEqualTo("[{\"name\":\"ORK_IDENTITY\",\"value\":\"shops/deployer\"}]");
    }

    @Test
    void inReverseTheGateComesBeforeTheRelease() {
        JsonNode tasks =
                template(workflow(graph().reverse(), SETTINGS), "web-cart").at("/dag/tasks");
        assertThat(StreamSupport.stream(tasks.spliterator(), false)
                        .map(task -> task.path("name").asText() + "<-" + task.path("dependencies")))
                .containsExactly("gate<-[]", "helmrelease<-[\"gate\",\"smoke\"]", "smoke<-[]");
    }

    @Test
    void valuesFromGoToTheReleaseThatTheyAreFor() {
        assertThat(release("web", "web-web").at("/spec/valuesFrom").toString())
                .isEqualTo("[{\"kind\":\"Secret\",\"name\":\"web-passwords\",\"valuesKey\":\"values.yaml\"}]");
        assertThat(release("web", "web-cart").at("/spec/valuesFrom").toString())
                .isEqualTo(
                        "[{\"kind\":\"ConfigMap\",\"name\":\"cart-settings\",\"targetPath\":\"cart.mode\",\"optional\":true}]");
        assertThat(release("web", "web-ledger").at("/spec").has("valuesFrom")).isFalse();
    }

    @Test
    void withFluxEachReleaseNamesTheAccountThatAnswersForIt() {
        ObjectNode release = document("web", "web-web", SETTINGS.withFlux(true));
        assertThat(release.at("/spec/serviceAccountName").asText()).isEqualTo("deployer");
        assertThat(release("web", "web-web").at("/spec").has("serviceAccountName"))
                .isFalse();
    }

    @Test
    void q38_aTemplateIsNeverThereTwice() {
        ObjectNode group = Groups.json("""
                metadata: {name: g}
                spec:
                  applications:
                    - {name: a-b, spec: {chart: {url: "http://x", name: c, version: "1"}, release: {targetNamespace: ns}}}
                    - name: a
                      spec:
                        chart: {url: "http://x", name: d, version: "1"}
                        release: {targetNamespace: ns}
                        subcharts: [{name: b}]
                        workflow: [{name: one}, {name: two, dependencies: [one]}]
                """);
        ReleaseGraph graph =
                ReleaseGraph.forward(ApplicationGroup.of(group), Groups.staged("a-b=1.0.0", "a=1.0.0", "a/b=1.0.0"));
        List<String> names = new ArrayList<>();
        workflow(graph, SETTINGS)
                .at("/spec/templates")
                .forEach(each -> names.add(each.path("name").asText()));
        assertThat(names).doesNotHaveDuplicates().contains("a-b", "a-b-2", "a-a");
    }

    @Test
    void aWorkflowEndsByItselfAndLaterTheMoreThereIsToDo() {
        long all = WorkflowDeadline.seconds(graph(), 10);
        assertThat(all).isGreaterThan(3 * 90 + 300);
        assertThat(WorkflowDeadline.seconds(graph(), 1)).isGreaterThan(all);
        assertThat(WorkflowDeadline.seconds(new ReleaseGraph(java.util.Map.of()), 1))
                .isEqualTo(300);
    }

    @Test
    void aWorkflowThatIsTooLargeNamesItsLargestValues() {
        ObjectNode group = Groups.resource("steps.yaml");
        ((ObjectNode) group.at("/spec/applications/1/spec/release"))
                .putObject("values")
                .put("text", "x".repeat(1_200_000));
        ReleaseGraph graph = ReleaseGraph.forward(ApplicationGroup.of(group), STAGED);
        assertThat(WorkflowSize.trouble(workflow(graph, SETTINGS), graph).orElse(""))
                .contains("the largest values: notes-notes 1172 KiB, web-web 1 KiB")
                .contains("release.valuesFrom");
        assertThat(WorkflowSize.trouble(workflow(graph(), SETTINGS), graph())).isEmpty();
    }

    /** The definitions of the real controllers where they are at hand, else those that the chart brings. */
    @Test
    void theDefinitionsOfArgoAndFluxKnowEveryField() throws IOException {
        ObjectNode workflow = workflow(graph(), SETTINGS);
        assertThat(unknown("argoproj.io_workflows", workflow)).isEmpty();
        assertThat(unknown("helm.toolkit.fluxcd.io_helmreleases", document("web", "web-cart", SETTINGS.withFlux(true))))
                .isEmpty();
        workflow.withObject("/spec").put("noSuchField", 1);
        assertThat(unknown("argoproj.io_workflows", workflow).isEmpty()).isNotEqualTo(RealDefinitions.areThere());
    }

    private static List<Diagnostic> unknown(String definition, ObjectNode object) throws IOException {
        return CustomResourceDefinition.of(document(RealDefinitions.text(definition)))
                .orElseThrow()
                .validate(document(YamlPrinter.print(object)));
    }

    private static Document document(String yaml) {
        return DocumentReader.read("test.yaml", yaml.getBytes(StandardCharsets.UTF_8))
                .documents()
                .getFirst();
    }

    private static ReleaseGraph graph() {
        return ReleaseGraph.forward(ApplicationGroup.of(Groups.resource("steps.yaml")), STAGED);
    }

    private static ObjectNode workflow(ReleaseGraph graph, GroupSettings settings) {
        ObjectNode group = Groups.resource("steps.yaml");
        return WorkflowDocument.of(
                new WorkflowDocument.Plan(
                        WorkflowType.FORWARD,
                        "steps",
                        1,
                        "u1",
                        IDENTITY,
                        false,
                        graph,
                        graph,
                        STAGED,
                        WorkflowDocument.owner(group)),
                settings,
                SEAL);
    }

    private static ObjectNode release(String application, String task) {
        return document(application, task, SETTINGS);
    }

    private static ObjectNode document(String application, String task, GroupSettings settings) {
        ReleaseGraph.Application of = graph().applications().get(application);
        if (of == null || of.tasks().get(task) == null) {
            throw new IllegalArgumentException(task);
        }
        return HelmReleaseDocument.of(
                "steps",
                IDENTITY,
                of,
                java.util.Objects.requireNonNull(of.tasks().get(task)),
                false,
                settings);
    }

    private static JsonNode template(ObjectNode workflow, String name) {
        for (JsonNode template : workflow.at("/spec/templates")) {
            if (template.path("name").asText().equals(name)) {
                return template;
            }
        }
        throw new IllegalArgumentException(name);
    }

    private static List<String> images(ObjectNode workflow) {
        List<String> images = new ArrayList<>();
        for (JsonNode template : workflow.at("/spec/templates")) {
            if (template.path("name").asText().startsWith("custom-")) {
                images.add(template.path("name").asText() + " "
                        + template.at("/container/image").asText());
            }
        }
        return images;
    }

    private static String decoded(ObjectNode workflow) {
        for (JsonNode parameter : workflow.findParents("value")) {
            if (parameter.path("name").asText().equals("helmrelease")) {
                String yaml = new String(
                        Base64.getDecoder().decode(parameter.path("value").asText()), StandardCharsets.UTF_8);
                ((ObjectNode) parameter).put("value", yaml);
            }
        }
        return YamlPrinter.print(workflow);
    }
}
