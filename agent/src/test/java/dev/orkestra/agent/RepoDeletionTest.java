package dev.orkestra.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.embedded.HelmTimes;
import dev.orkestra.testing.MemoryCluster;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who may let go of a ConfigRepo whose spec nobody can read. */
class RepoDeletionTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final ObjectKey KEY = new ObjectKey("orkestra.dev", "ConfigRepo", "orkestra", "staging");

    private final MemoryCluster cluster = new MemoryCluster();
    private final RepoDeletion deletion = new RepoDeletion(
            cluster,
            "orkestra",
            new RepoStatus(cluster, new Metrics(Map::of, new HelmTimes()::sum), () -> NOW),
            () -> NOW);

    private static ObjectNode unreadable(String policy, boolean deleting) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", "orkestra.dev/v1alpha1").put("kind", "ConfigRepo");
        ObjectNode metadata =
                object.putObject("metadata").put("namespace", "orkestra").put("name", "staging");
        metadata.putArray("finalizers").add("other/finalizer").add(RepoDeletion.FINALIZER);
        if (deleting) {
            metadata.put("deletionTimestamp", NOW.toString());
        }
        object.putObject("spec").put("deletionPolicy", policy).put("source", "nonsense");
        return object;
    }

    @Test
    void onlyOneThatIsBeingDeletedAndSaysOrphanLeavesAll() {
        assertThat(RepoDeletion.leavesAll(unreadable("orphan", true))).isTrue();
        assertThat(RepoDeletion.leavesAll(unreadable("delete", true))).isFalse();
        assertThat(RepoDeletion.leavesAll(unreadable("orphan", false))).isFalse();
    }

    @Test
    void lettingGoTakesOurFinalizerOnly() {
        cluster.create(RepoStatus.CONFIG_REPOS, unreadable("orphan", true), "test");

        deletion.letGo(unreadable("orphan", true));

        assertThat(cluster.find(KEY).orElseThrow().path("metadata").path("finalizers"))
                .singleElement()
                .returns("other/finalizer", each -> each.asText());
    }
}
