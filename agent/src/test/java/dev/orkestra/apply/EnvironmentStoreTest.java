package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.apply.EnvironmentStore.Environment;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.plan.Inventory;
import dev.orkestra.plan.InventoryEntry;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which ledger is an environment's. */
class EnvironmentStoreTest {
    private static final Inventory ONE = Inventory.EMPTY.with(
            List.of(InventoryEntry.intended(new ObjectKey("", "ConfigMap", "shop", "a"), "v1", Wave.sync(0, 0))));

    private final MemoryCluster cluster = new MemoryCluster();
    private final ConfigRepo repo = ApplyWorld.repo("orkestra");

    private EnvironmentStore store(ConfigRepo of) {
        return new EnvironmentStore(cluster, "orkestra", of);
    }

    private List<String> ledgers() {
        return cluster.objects.keySet().stream()
                .filter(key -> key.kind().equals("ConfigLedger"))
                .map(ObjectKey::name)
                .toList();
    }

    /** Else what the inventory holds would never be pruned, and a run that has begun would not find its state. */
    @Test
    void anotherRepositoryGoesOnWithTheSameLedger() {
        EnvironmentStore store = store(repo);
        Environment saved = store.save(store.load().with(ONE));

        EnvironmentStore moved = store(ApplyWorld.repo(repo, repo.name(), "http://git.test/other.git"));
        assertThat(moved.load()).isEqualTo(saved);
        moved.save(moved.load().with(Inventory.EMPTY));

        assertThat(ledgers()).hasSize(1);
        assertThat(store(repo).load().inventory()).isEqualTo(Inventory.EMPTY);
    }

    @Test
    void anotherConfigRepoHasALedgerOfItsOwn() {
        EnvironmentStore store = store(repo);
        store.save(store.load().with(ONE));

        EnvironmentStore other =
                store(ApplyWorld.repo(repo, "another", repo.source().url()));
        assertThat(other.load()).isEqualTo(Environment.NOTHING);
    }
}
