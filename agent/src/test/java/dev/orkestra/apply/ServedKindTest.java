package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Position;
import org.junit.jupiter.api.Test;

class ServedKindTest {
    private static final ResourceType NAMESPACED = new ResourceType("example.test", "v1", "Thing", "things", true);
    private static final ResourceType CLUSTER = new ResourceType("example.test", "v1", "Thing", "things", false);

    @Test
    void anObjectThatWasJudgedForANamespaceIsNotWrittenIntoTheCluster() {
        assertThat(ServedKind.inScope(NAMESPACED, thing("shop"))).isEqualTo(NAMESPACED);
        assertThat(ServedKind.inScope(CLUSTER, thing(""))).isEqualTo(CLUSTER);
        assertThatThrownBy(() -> ServedKind.inScope(CLUSTER, thing("shop")))
                .isInstanceOfSatisfying(ClusterException.class, refusal -> {
                    assertThat(refusal.reason()).isEqualTo(ClusterException.Reason.INVALID);
                    assertThat(refusal.getMessage()).contains("without namespaces", "Thing.example.test/shop/x");
                });
        assertThatThrownBy(() -> ServedKind.inScope(NAMESPACED, thing("")))
                .hasMessageContaining("serves the kind Thing of example.test/v1 in namespaces");
    }

    private static DesiredObject thing(String namespace) {
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", "example.test/v1")
                .put("kind", "Thing");
        return new DesiredObject(
                new ObjectKey("example.test", "Thing", namespace, "x"),
                body,
                Wave.sync(0, 0),
                new Position("a.yaml", 1, 1),
                "sha256:x");
    }
}
