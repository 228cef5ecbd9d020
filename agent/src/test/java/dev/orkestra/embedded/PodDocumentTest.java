package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PodDocumentTest {
    @Test
    void q24_runsTheWholeContainerWhereTheReleaseIsAndNothingElseOfTheWorkflow() throws JsonProcessingException {
        ObjectNode pod = pod("shop", """
                {"name": "mine", "image": "i:1", "command": ["run"], "args": ["--spec", "x"],
                 "env": [{"name": "A", "value": "b"}], "resources": {"limits": {"memory": "1Gi"}}}""");
        JsonNode spec = pod.path("spec");
        assertThat(pod.path("metadata").path("namespace").asText()).isEqualTo("shop");
        assertThat(spec.path("automountServiceAccountToken").asBoolean(true)).isFalse();
        assertThat(spec.path("restartPolicy").asText()).isEqualTo("Never");
        assertThat(spec.path("activeDeadlineSeconds").asInt()).isEqualTo(330);
        assertThat(spec.propertyStream().map(field -> field.getKey()))
                .containsExactlyInAnyOrder(
                        "restartPolicy",
                        "automountServiceAccountToken",
                        "enableServiceLinks",
                        "activeDeadlineSeconds",
                        "containers");
        JsonNode container = spec.path("containers").path(0);
        assertThat(container.path("name").asText()).isEqualTo("main");
        assertThat(container.path("image").asText()).isEqualTo("i:1");
        assertThat(container.path("env").path(0).path("value").asText()).isEqualTo("b");
        assertThat(container.path("resources").path("limits").path("memory").asText())
                .isEqualTo("1Gi");
        assertThat(container.path("securityContext").toString())
                .isEqualTo("{\"runAsNonRoot\":true,\"runAsUser\":65532,\"allowPrivilegeEscalation\":false,"
                        + "\"capabilities\":{\"drop\":[\"ALL\"]},\"seccompProfile\":{\"type\":\"RuntimeDefault\"}}");
        assertThat(pod.path("metadata")
                        .path("labels")
                        .path("orkestra.azure.microsoft.com/owner")
                        .asText())
                .isEqualTo("shop");
        assertThat(pod.path("metadata")
                        .path("ownerReferences")
                        .path(0)
                        .path("uid")
                        .asText())
                .isEqualTo("u1");
    }

    @Test
    void keepsWhatAContainerSaysOfItsSecurity() throws JsonProcessingException {
        assertThat(security("{\"runAsUser\": 0}").toString()).startsWith("{\"runAsUser\":0,\"allow");
        assertThat(security("{\"runAsNonRoot\": true}").has("runAsUser"))
                .as("the image's own user counts")
                .isFalse();
        // The server refuses both together.
        assertThat(security("{\"privileged\": true}").has("allowPrivilegeEscalation"))
                .isFalse();
    }

    @Test
    void hasNoOwnerInAnotherNamespace() throws JsonProcessingException {
        assertThat(pod("elsewhere", "{}").path("metadata").has("ownerReferences"))
                .isFalse();
    }

    @Test
    void hasOneNameForEachStepOfEachWorkflow() {
        String name = PodDocument.name("shop", "u1", "custom-forward-executor", "shop.a.b");
        assertThat(name)
                .startsWith("shop-custom-forward-executor-")
                .isEqualTo(PodDocument.name("shop", "u1", "custom-forward-executor", "shop.a.b"));
        assertThat(PodDocument.name("shop", "u2", "custom-forward-executor", "shop.a.b"))
                .isNotEqualTo(name);
        assertThat(PodDocument.name("shop", "u1", "custom-forward-executor", "shop.a.c"))
                .isNotEqualTo(name);
        assertThat(PodDocument.name("x".repeat(51) + ".".repeat(200), "u", "t", "n"))
                .hasSizeLessThanOrEqualTo(63)
                .matches("[a-z0-9][-a-z0-9]*[a-z0-9]");
    }

    private static JsonNode security(String written) throws JsonProcessingException {
        return pod("shop", "{\"securityContext\": " + written + "}")
                .path("spec")
                .path("containers")
                .path(0)
                .path("securityContext");
    }

    private static ObjectNode pod(String namespace, String container) throws JsonProcessingException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode workflow = (ObjectNode) json.readTree("""
                {"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "metadata": {"name": "shop", "uid": "u1",
                 "labels": {"orkestra.azure.microsoft.com/owner": "shop"}}}""");
        workflow.withObjectProperty("metadata").put("namespace", namespace);
        WorkflowWalk.Work work = new WorkflowWalk.Work(
                "shop-1",
                "shop.a",
                "custom-forward-executor",
                (ObjectNode) json.readTree(container),
                false,
                WorkflowNode.Phase.Pending,
                Instant.EPOCH);
        ObjectNode pod = PodDocument.of(workflow, work, "shop", Duration.ofSeconds(330));
        assertThat(PodDocument.isOf(pod, "u1", work)).isTrue();
        assertThat(PodDocument.isOf(pod, "u2", work)).isFalse();
        return pod;
    }
}
