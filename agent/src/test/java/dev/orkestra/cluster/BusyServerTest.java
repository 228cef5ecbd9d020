package dev.orkestra.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterException.Reason;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that answers 429 and says when to come back, as it does while the storage of a changed definition is made. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BusyServerTest {
    private static final ResourceType SECRETS = new ResourceType("", "v1", "Secret", "secrets", true);
    private static final String BUSY =
            "{\"kind\":\"Status\",\"reason\":\"TooManyRequests\",\"message\":\"storage is (re)initializing\"}";

    @TempDir
    Path folder;

    @Test
    void whatABusyServerDidNotTakeIsSentAgainWhateverTheVerb() throws Exception {
        try (ScriptedServer server = new ScriptedServer()
                        .says(429, BUSY)
                        .says(429, BUSY)
                        .says(200, "{\"kind\":\"Secret\",\"metadata\":{\"name\":\"a\"}}");
                KubeCluster cluster = server.connect(folder)) {
            ObjectNode secret = JsonNodeFactory.instance.objectNode().put("kind", "Secret");
            secret.putObject("metadata").put("name", "a").put("namespace", "shop");

            ObjectNode made = cluster.create(SECRETS, secret, "test");

            assertThat(made.at("/metadata/name").asText()).isEqualTo("a");
            assertThat(server.asked()).hasSize(3);
        }
    }

    @Test
    void aServerThatStaysBusyIsUnavailableAfterAFewTries() throws Exception {
        try (ScriptedServer server = new ScriptedServer()
                        .says(429, BUSY)
                        .says(429, BUSY)
                        .says(429, BUSY)
                        .says(429, BUSY);
                KubeCluster cluster = server.connect(folder)) {
            assertThatThrownBy(() -> cluster.get(SECRETS, "shop", "a"))
                    .isInstanceOfSatisfying(
                            ClusterException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE))
                    .hasMessageContaining("storage is (re)initializing");
            assertThat(server.asked()).hasSize(4);
        }
    }
}
