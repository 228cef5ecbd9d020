package dev.orkestra.group;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Severity;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What was wrong with Azure Orkestra's groups, by the number of its quirk, and is said or kept right here. */
class GroupQuirksTest {
    private static final String CHART = "chart: {url: \"http://x\", name: NAME, version: \"1\"}";

    @Test
    void q08_aMissingTargetNamespaceIsSaidEarly() {
        assertThat(errors("{name: a, spec: {" + CHART + ", release: {}}}"))
                .contains("application 'a' has no release.targetNamespace");
        assertThat(errors("{name: a, spec: {" + CHART + ", release: {targetNamespace: \"\"}}}"))
                .contains("application 'a' has no release.targetNamespace");
    }

    @Test
    void q11_oneChartTwiceInOneNamespaceIsSaidAndInTwoIsFine() {
        String twice = "{name: a, spec: {" + CHART + ", release: {targetNamespace: one}}}, {name: b, spec: {" + CHART
                + ", release: {targetNamespace: OTHER}}}";
        assertThat(errors(twice.replace("OTHER", "one"))).contains("would both be the Helm release one/name");
        assertThat(errors(twice.replace("OTHER", "two"))).isEmpty();
    }

    @Test
    void q26_aGraphLeavesTheGroupAsItWas() {
        ObjectNode group = Groups.resource("bookinfo.yaml");
        ObjectNode before = group.deepCopy();
        ApplicationGroup model = ApplicationGroup.of(group);
        StagedCharts staged = Groups.staged("ambassador=1", "bookinfo=1", "bookinfo/details=1", "bookinfo/reviews=1");
        ReleaseGraph graph = ReleaseGraph.forward(model, staged);
        graph.taskOf("bookinfo/bookinfo").orElseThrow().release().values().put("added", true);
        assertThat(group).isEqualTo(before);
        assertThat(ApplicationGroup.of(before)).isEqualTo(model);
        assertThat(ReleaseGraph.forward(model, staged))
                .isEqualTo(ReleaseGraph.forward(ApplicationGroup.of(before), staged));
    }

    @Test
    void q28_namesThatBecomeOneOrCannotBeLabelsAreRefused() {
        assertThat(errors(good("a_b") + ", " + good("a.b"))).contains("both become 'a-b' in the workflow");
        String ending = "n".repeat(70);
        assertThat(errors(good(ending + "1") + ", " + good(ending + "2")))
                .contains("both become '" + ending.substring(0, 63));
        assertThat(errors("{name: a, spec: {chart: {url: \"http://x\", name: \"c-\", version: \"1\"}, release:"
                        + " {targetNamespace: ns}}}"))
                .contains("chart.name 'c-' of application 'a' cannot be the value of a label");
        assertThat(errors("{name: a, spec: {chart: {url: \"http://x\", name: " + "c".repeat(64)
                        + ", version: \"1\"}, release: {targetNamespace: ns}}}"))
                .contains("cannot be the value of a label");
    }

    @Test
    void q31_anApplicationWithoutSpecAndAGroupWithoutAreSaid() {
        assertThat(errors("{name: a}")).contains("application 'a' has no spec");
        ObjectNode bare = group("g", "");
        bare.remove("spec");
        assertThat(text(bare)).contains("the group has no applications");
        assertThat(ReleaseGraph.forward(ApplicationGroup.of(bare), StagedCharts.NONE)
                        .isEmpty())
                .isTrue();
    }

    @Test
    void q38_namesThatWorkflowsNeedThemselvesAreRefused() {
        assertThat(errors(good("entry"))).contains("an application cannot be called 'entry'");
        assertThat(errors(good("helmrelease-forward-executor"))).contains("a template of the workflow has that name");
        assertThat(text(group("shop-reverse", good("a"))))
                .contains("'shop-reverse' is one that a workflow of another group");
        assertThat(text(group("shop-rollback", good("a")))).contains("one that a workflow of another group may have");
    }

    @Test
    void q48_whatTheApiServerDoesNotSeeIsAFindingBeforeAnythingIsDone() {
        assertThat(errors(good("a").replace("spec:", "dependencies: [b], spec:")))
                .contains("depends on 'b'");
        assertThat(errors(good("a").replace("spec:", "dependencies: [b], spec:") + ", "
                        + good("b").replace("spec:", "dependencies: [a], spec:")))
                .contains("a -> b -> a");
        assertThat(errors(good("a") + ", " + good("a"))).contains("there are two entries 'a'");
    }

    private static String good(String name) {
        return "{name: " + name + ", spec: {" + CHART.replace("NAME", "c" + Integer.toHexString(name.hashCode()))
                + ", release: {targetNamespace: ns}}}";
    }

    private static String errors(String applications) {
        return text(group("g", applications));
    }

    private static String text(ObjectNode group) {
        return GroupRules.check(group).stream()
                .filter(each -> each.severity() == Severity.ERROR)
                .map(Diagnostic::toString)
                .collect(Collectors.joining("\n"));
    }

    private static ObjectNode group(String name, String applications) {
        return Groups.json(
                "apiVersion: orkestra.azure.microsoft.com/v1alpha1\nkind: ApplicationGroup\nmetadata: {name: " + name
                        + "}\nspec: {applications: [" + applications + "]}\n");
    }
}
