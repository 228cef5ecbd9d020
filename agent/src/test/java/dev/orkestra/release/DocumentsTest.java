package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Identity;
import dev.orkestra.document.YamlPrinter;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.Groups;
import dev.orkestra.group.ReleaseGraph;
import dev.orkestra.group.StagedCharts;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** The emitted documents, whole: src/test/resources/release holds what engines get. */
class DocumentsTest {
    private static final GroupSettings SETTINGS =
            GroupSettings.embedded(URI.create("http://agent.orkestra.svc:8080/charts"));
    private static final Identity IDENTITY = new Identity("shops", "deployer");
    private static final ReleaseSeal SEAL = new ReleaseSeal(new byte[32]);
    private static final StagedCharts STAGED = Groups.staged(
            "ambassador=6.6.0",
            "bookinfo=v1",
            "bookinfo/details=v1",
            "bookinfo/ratings=v1",
            "bookinfo/reviews=v1",
            "bookinfo/productpage=v1");

    @Test
    void theForwardWorkflowIsAsAzureOrkestraWroteIt() {
        Golden.check("release/forward-workflow.yaml", decoded(workflow(WorkflowType.FORWARD, graph(), false)));
    }

    @Test
    void theReverseWorkflowCarriesTheSameHelmReleases() {
        ObjectNode reverse = workflow(WorkflowType.REVERSE, graph().reverse(), false);
        Golden.check("release/reverse-workflow.yaml", decoded(reverse));
    }

    @Test
    void aHelmReleaseIsFluxVersionTwo() {
        ObjectNode release = release("bookinfo/a82a4dac39-reviews", false);
        Golden.check("release/subchart-helmrelease.yaml", YamlPrinter.print(release));
    }

    @Test
    void whenARunGoesBackTheEngineDoesNot() {
        ObjectNode release = release("ambassador/ambassador", true);
        assertThat(release.at("/spec/install/remediation/retries").asInt(-1)).isZero();
        assertThat(release.at("/spec/upgrade/remediation/retries").asInt(-1)).isZero();
        assertThat(release("ambassador/ambassador", false).at("/spec/install").isMissingNode())
                .isTrue();
    }

    @Test
    void theSameGraphIsTheSameBytes() {
        assertThat(workflow(WorkflowType.FORWARD, graph(), true))
                .isEqualTo(workflow(WorkflowType.FORWARD, graph(), true));
        assertThat(workflow(WorkflowType.FORWARD, graph(), true).toString())
                .isEqualTo(workflow(WorkflowType.FORWARD, graph(), true).toString());
    }

    private static ReleaseGraph graph() {
        return ReleaseGraph.forward(ApplicationGroup.of(Groups.resource("bookinfo.yaml")), STAGED);
    }

    private static ObjectNode workflow(WorkflowType type, ReleaseGraph graph, boolean byRun) {
        ObjectNode group = Groups.resource("bookinfo.yaml");
        return WorkflowDocument.of(
                new WorkflowDocument.Plan(
                        type,
                        "bookinfo",
                        3,
                        "",
                        IDENTITY,
                        byRun,
                        graph,
                        graph(),
                        STAGED,
                        WorkflowDocument.owner(group)),
                SETTINGS,
                SEAL);
    }

    private static ObjectNode release(String key, boolean byRun) {
        for (ReleaseGraph.Application application : graph().applications().values()) {
            for (ReleaseGraph.Task task : application.tasks().values()) {
                if (task.release().key().equals(key)) {
                    return HelmReleaseDocument.of("bookinfo", IDENTITY, application, task, byRun, SETTINGS);
                }
            }
        }
        throw new IllegalArgumentException(key);
    }

    /** The Workflow as YAML, its HelmReleases readable. */
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
