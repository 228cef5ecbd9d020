package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.plan.Inventory;
import dev.orkestra.plan.InventoryEntry;
import dev.orkestra.run.PruneResult;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the inventory names and is not ours stays, and people are told. */
class RemovalTest {
    private static final Wave WAVE = Wave.sync(0, 0);
    private static final DesiredState NOTHING = new DesiredState("c1", List.of(), "sha256:nothing");

    private final MemoryCluster cluster = new MemoryCluster();
    private final ConfigRepo repo = ApplyWorld.repo("orkestra");
    private final Removal removal = new Removal(cluster, repo, InstantSource.system());

    @Test
    void attack27_whatTheInventoryNamesAndIsNotOursStaysWithAWord() throws Exception {
        Inventory inventory = inventory(
                there("unmarked", "", "u1"),
                there("neighbours", "orkestra.production", "u2"),
                there("anew", repo.label(), "another"),
                there("ours", repo.label(), "u4"));

        Removal.Result result = removal.afterGood(inventory, NOTHING, true);

        assertThat(cluster.deleted).containsExactly("ours BACKGROUND");
        assertThat(result.summary().kind()).isEqualTo(PruneResult.Kind.COMPLETE);
        assertThat(result.summary().removed()).isEqualTo(1);
        assertThat(result.gone()).hasSize(4);
        assertThat(result.summary().diagnostics())
                .extracting(Diagnostic::message)
                .containsExactly(
                        "ConfigMap/shop/anew stands in the inventory and stays, for it is not this ConfigRepo's: somebody"
                                + " else has made it anew; it is forgotten",
                        "ConfigMap/shop/neighbours stands in the inventory and stays, for it is not this ConfigRepo's: it"
                                + " belongs to the ConfigRepo orkestra/production; it is forgotten",
                        "ConfigMap/shop/unmarked stands in the inventory and stays, for it is not this ConfigRepo's: it"
                                + " does not carry the label orkestra.dev/config-repo; it is forgotten");
    }

    @Test
    void aRollbackLeavesWhatIsNotOursAsWell() throws Exception {
        Inventory inventory = inventory(there("unmarked", "", "u1"));
        DesiredState failed =
                new DesiredState("c2", List.of(ApplyWorld.desired(object("unmarked", ""))), "sha256:failed");

        Removal.Result result = removal.newSince(inventory, failed, NOTHING, Instant.EPOCH);

        assertThat(cluster.deleted).isEmpty();
        assertThat(result.summary().diagnostics()).hasSize(1);
    }

    @Test
    void ofWhatWasNeverAppliedNothingIsSaid() throws Exception {
        ObjectKey key = ObjectKey.of(there("unmarked", "", "u1"));
        Inventory inventory = Inventory.EMPTY.with(List.of(InventoryEntry.intended(key, "v1", WAVE)));

        Removal.Result result = removal.afterGood(inventory, NOTHING, true);

        assertThat(cluster.deleted).isEmpty();
        assertThat(result.gone()).containsExactly(key);
        assertThat(result.summary().diagnostics()).isEmpty();
    }

    private ObjectNode there(String name, String label, String uid) {
        ObjectNode object = object(name, label);
        object.withObject("/metadata").put("uid", uid);
        cluster.objects.put(ObjectKey.of(object), object);
        return object;
    }

    private static ObjectNode object(String name, String label) {
        return ApplyWorld.json("{'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': '" + name
                + "', 'namespace': 'shop', 'labels': {'" + Labels.CONFIG_REPO + "': '" + label + "'}}}");
    }

    /** As if each had been applied under the uid that its number says. */
    private static Inventory inventory(ObjectNode... objects) {
        Inventory inventory = Inventory.EMPTY;
        for (int each = 0; each < objects.length; each++) {
            inventory = inventory.with(List.of(new InventoryEntry(
                    ObjectKey.of(objects[each]), "v1", WAVE, "sha256:a", "sha256:b", "u" + (each + 1))));
        }
        return inventory;
    }
}
