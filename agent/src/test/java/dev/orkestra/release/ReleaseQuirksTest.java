package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Identity;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.Groups;
import dev.orkestra.group.ReleaseGraph;
import dev.orkestra.group.StagedCharts;
import dev.orkestra.testing.Testbed;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What was wrong with Azure Orkestra, by the number of its quirk, and is right here: seen in the documents. */
class ReleaseQuirksTest {
    private static final GroupSettings SETTINGS = GroupSettings.embedded(URI.create("http://agent.test/charts"));

    @Test
    void q23_eachImageOfCustomExecutorsIsATemplateOfItsOwnAndASingleOneKeepsThePlainName() {
        WorkflowView two = workflow(
                application("a", custom("{name: c, image: \"i:1\"}"))
                        + application("b", custom("{name: c, image: \"i:2\"}"))
                        + application("c", custom("{name: c, image: \"i:1\"}")),
                "a=1",
                "b=1",
                "c=1");
        String a = two.executor("a", "a-a");
        String b = two.executor("b", "b-b");
        assertThat(Set.of(a, b)).containsExactlyInAnyOrder("custom-forward-executor", "custom-forward-executor-2");
        assertThat(two.executor("c", "c-c")).isEqualTo(a);
        assertThat(two.template(a).at("/container/image").asText()).isEqualTo("i:1");
        assertThat(two.template(b).at("/container/image").asText()).isEqualTo("i:2");
        assertThat(workflow(application("a", custom("{name: c, image: \"i:1\"}")), "a=1")
                        .executor("a", "a-a"))
                .isEqualTo("custom-forward-executor");
    }

    @Test
    void q24_allOfACustomContainerIsHonouredButItsArguments() {
        JsonNode container = workflow(
                        application(
                                "a",
                                custom("{name: c, image: \"i:1\", command: [run], args: [ignored], imagePullPolicy:"
                                        + " Never, env: [{name: A, value: b}], resources: {limits: {memory: 64Mi}}}")),
                        "a=1")
                .template("custom-forward-executor")
                .path("container");
        assertThat(container.path("command")).isEqualTo(list("[run]"));
        assertThat(container.path("imagePullPolicy").asText()).isEqualTo("Never");
        assertThat(container.path("env")).isEqualTo(list("[{name: A, value: b}]"));
        assertThat(container.at("/resources/limits/memory").asText()).isEqualTo("64Mi");
        assertThat(container.path("args").toString()).startsWith("[\"--spec\"").doesNotContain("ignored");
    }

    @Test
    void q27_dependenciesOfTasksAndStepsAreConvertedAsTheirNamesAre() {
        WorkflowView workflow = workflow(
                "- {name: My_Shop, spec: {chart: {url: \"http://x\", name: shop}, release: {targetNamespace: ns},"
                        + " subcharts: [{name: Data_Base}, {name: api, dependencies: [Data_Base]}],"
                        + " workflow: [{name: In_Stall}, {name: look, dependencies: [In_Stall]}]}}\n",
                "My_Shop=1",
                "My_Shop/Data_Base=1",
                "My_Shop/api=1");
        assertThat(workflow.dag("my-shop"))
                .isEqualTo(Map.of(
                        "my-shop-data-base", Set.of(),
                        "my-shop-api", Set.of("my-shop-data-base"),
                        "my-shop-my-shop", Set.of("my-shop-api", "my-shop-data-base")));
        assertThat(workflow.dag("my-shop-api")).isEqualTo(Map.of("in-stall", Set.of(), "look", Set.of("in-stall")));
    }

    @Test
    void q38_anApplicationCalledLikeATaskOfAnotherIsATemplateOfItsOwn() {
        String steps = "[{name: one}, {name: two, dependencies: [one]}]";
        WorkflowView workflow = workflow(application("a", steps) + application("a-a", steps), "a=1", "a-a=1");
        assertThat(workflow.templates()).doesNotHaveDuplicates();
        assertThat(workflow.dag("a-a")).containsOnlyKeys("a-a-a-a");
        String inner = workflow.executor("a", "a-a");
        assertThat(inner).isNotEqualTo("a-a");
        assertThat(workflow.dag(inner)).containsOnlyKeys("one", "two");
    }

    @Test
    void q46_noRuleOfTheChartIsAWildcard() throws IOException {
        List<String> rules = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Testbed.root().resolve("chart/templates"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.readAllLines(file).stream()
                        .map(String::strip)
                        .filter(line -> line.matches("(- )?(apiGroups|resources|verbs|nonResourceURLs): *\\[.*"))
                        .forEach(rules::add);
                assertThat(Files.readString(file))
                        .as(file.toString())
                        .doesNotContain("cluster-admin")
                        .doesNotContainPattern("(?m)^ *- [\"']?\\*");
            }
        }
        assertThat(rules).isNotEmpty().noneMatch(line -> line.contains("*"));
    }

    private static WorkflowView workflow(String applications, String... charts) {
        ObjectNode group = Groups.json("apiVersion: orkestra.azure.microsoft.com/v1alpha1\nkind: ApplicationGroup\n"
                + "metadata: {name: g, uid: u}\nspec:\n  applications:\n" + applications.indent(2));
        StagedCharts staged = Groups.staged(charts);
        ReleaseGraph graph = ReleaseGraph.forward(ApplicationGroup.of(group), staged);
        return new WorkflowView(WorkflowDocument.of(
                new WorkflowDocument.Plan(
                        WorkflowType.FORWARD,
                        "g",
                        1,
                        "u1",
                        new Identity("team", "deployer"),
                        false,
                        graph,
                        graph,
                        staged,
                        WorkflowDocument.owner(group)),
                SETTINGS,
                new ReleaseSeal(new byte[32])));
    }

    private static String application(String name, String workflow) {
        return "- {name: " + name + ", spec: {chart: {url: \"http://x\", name: " + name
                + "}, release: {targetNamespace: ns}, workflow: " + workflow + "}}\n";
    }

    private static String custom(String image) {
        return "[{name: own, type: custom, image: " + image + ", params: {data: 1}}]";
    }

    private static JsonNode list(String items) {
        return Groups.json("list: " + items).path("list");
    }
}
