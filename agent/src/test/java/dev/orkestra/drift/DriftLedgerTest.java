package dev.orkestra.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.apply.EnvironmentStore;
import dev.orkestra.apply.EnvironmentStore.Environment;
import dev.orkestra.apply.Environments;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.plan.Inventory;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What drift keeps in the ledger, and who else writes there. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class DriftLedgerTest extends DriftScene {
    @Test
    void whatCannotBeRemovedAfterASaveIsNoFailureOfTheSave() throws Exception {
        EnvironmentStore store = new EnvironmentStore(cluster, "orkestra", repo());
        watch(repo(), "a");
        Environment kept = store.load();
        cluster.before = request -> {
            if (request.startsWith("delete ")) {
                throw new ClusterException(ClusterException.Reason.UNAVAILABLE, "not now");
            }
        };

        Environment saved = store.save(kept.with(Inventory.EMPTY));
        cluster.before = request -> {};

        assertThat(saved.version()).isNotEqualTo(kept.version());
        assertThat(store.load().inventory()).isEqualTo(Inventory.EMPTY);
        cluster.requests();
        store.save(saved.with(saved.ledger().unsettled()));
        assertThat(cluster.requests()).as("what was left over").anyMatch(each -> each.startsWith("delete Secret/"));
    }

    @Test
    void whenSomebodyElseHasWrittenTheLedgerALookAtTheConfigRepoIsAskedFor() throws Exception {
        Semaphore asked = new Semaphore(0);
        watch(repo(), "a");
        DriftReport report = new DriftReport() {
            @Override
            public void corrected(ConfigRepo repo, List<Drift> drifts) {}

            @Override
            public void present(ConfigRepo repo, List<Drift> present, List<String> blind) {}

            @Override
            public void outdated(ConfigRepo repo) {
                asked.release();
            }
        };
        try (Environments environments = Environments.open(cluster, "orkestra");
                DriftController drift =
                        new DriftController(cluster, environments, () -> {}, report, InstantSource.system())) {
            drift.settled(repo(), environments.current(repo()));
            EnvironmentStore other = new EnvironmentStore(cluster, "orkestra", repo());
            other.save(other.load().with(Inventory.EMPTY));

            cluster.remove(key("a"));

            assertThat(asked.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
