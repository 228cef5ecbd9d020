package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.EnvironmentStore.DamagedException;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.run.Consent;
import dev.orkestra.run.RunSpec;
import dev.orkestra.run.RunState;
import dev.orkestra.run.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class RunStoreTest {
    private static final String LABEL = "orkestra.shop";

    private static final ResourceType RUN =
            new ResourceType("orkestra.dev", "v1alpha1", "ConfigRun", "configruns", true);

    private final MemoryCluster cluster = new MemoryCluster();
    private final RunStore store = new RunStore(cluster);

    @Test
    void goesOnFromTheJournalThatItWrote() {
        RunState written = create().state();

        assertThat(newest(new RunStore(cluster))).isEqualTo("c1");
        assertThat(new RunStore(cluster)
                        .newest("orkestra", "shop", LABEL)
                        .orElseThrow()
                        .state())
                .isEqualTo(written);
    }

    @Test
    void aJournalThatSomebodyEditedIsPassedOver() {
        create();
        ObjectNode second = create().object();
        journal(second).put("digest", "sha256:another");
        cluster.objects.put(ObjectKey.of(second), second);

        assertThat(newest(store)).isEqualTo("c1");
    }

    @Test
    void aRunThatIsNotBelievedIsToldOnceBesideItsConfigRepo() {
        create();
        ObjectNode second = create().object();
        journal(second).put("digest", "sha256:another");
        cluster.objects.put(ObjectKey.of(second), second);
        ObjectNode repo = ApplyWorld.json("{'apiVersion': 'orkestra.dev/v1alpha1', 'kind': 'ConfigRepo',"
                + " 'metadata': {'name': 'shop', 'namespace': 'orkestra'}}");
        cluster.objects.put(ObjectKey.of(repo), repo);

        newest(store);
        newest(store);

        assertThat(cluster.events)
                .singleElement()
                .asString()
                .startsWith(
                        "ConfigRepo.orkestra.dev/orkestra/shop NotSealed the ConfigRun shop-2 has a journal that the"
                                + " agent did not write")
                .contains("kubectl -n orkestra delete configrun shop-2");
    }

    @Test
    void theSealOfOneRunDoesNotFitAnother() {
        ObjectNode copy = create().object().deepCopy();
        copy.withObject("/metadata").put("name", "shop-9").put("uid", "made-up");
        copy.withObject("/spec").put("number", 9);
        cluster.objects.put(ObjectKey.of(copy), copy);

        assertThat(newest(store)).isEqualTo("c1");
    }

    @Test
    void aRunWithoutASealIsNotBelievedBesideOneThatHasOne() {
        create();
        unsealed(7);

        assertThat(newest(store)).isEqualTo("c1");
        assertThat(create().state().spec().number()).isEqualTo(2);
    }

    @Test
    void theRunOfTheVersionBeforeGoesOnAndIsSealedOnce() {
        unsealed(4);

        assertThat(newest(store)).isEqualTo("c4");

        unsealed(5);
        assertThat(newest(new RunStore(cluster))).isEqualTo("c4");
    }

    @Test
    void anEarlierJournalIsNotBelievedWhenTheLedgerIsSealed() {
        EnvironmentStore environment = new EnvironmentStore(cluster, "orkestra", ApplyWorld.repo("orkestra"));
        environment.save(environment.load());
        unsealed(4);

        assertThat(store.newest("orkestra", "shop", LABEL)).isEmpty();
    }

    @Test
    void anEarlierJournalOfAnotherSpecIsNotBelieved() {
        ObjectNode run = unsealed(4);
        run.withObject("/spec").put("commit", "other");
        cluster.objects.put(ObjectKey.of(run), run);

        assertThat(store.newest("orkestra", "shop", LABEL)).isEmpty();
    }

    @Test
    void aLostKeyIsDamageAndNoOtherIsMade() {
        create();
        cluster.delete(SecretChunks.SECRETS, "orkestra", SealSecret.NAME, "");

        assertThatThrownBy(() -> newest(new RunStore(cluster)))
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining("orkestra/" + SealSecret.NAME);
        assertThat(cluster.get(SecretChunks.SECRETS, "orkestra", SealSecret.NAME))
                .isEmpty();
    }

    @Test
    void madeUpNumbersDisplaceNoRun() {
        for (int each = 0; each < 25; each++) {
            create();
        }
        for (int number = 1_000; number < 1_030; number++) {
            unsealed(number);
        }

        store.removeOld("orkestra", "shop", LABEL);

        assertThat(cluster.get(RUN, "orkestra", "shop-25")).isPresent();
        assertThat(cluster.get(RUN, "orkestra", "shop-6")).isPresent();
        assertThat(cluster.get(RUN, "orkestra", "shop-5")).isEmpty();
        assertThat(cluster.get(RUN, "orkestra", "shop-1000")).isPresent();
    }

    private RunStore.Stored create() {
        return store.create(RunStoreTest::begun, LABEL, 0).orElseThrow();
    }

    /** As the version before wrote it. */
    private ObjectNode unsealed(int number) {
        MemoryCluster elsewhere = new MemoryCluster();
        ObjectNode run = new RunStore(elsewhere)
                .create(RunStoreTest::begun, LABEL, number - 1)
                .orElseThrow()
                .object();
        journal(run).remove(StateSeal.FIELD);
        run.withObject("/metadata").put("uid", "unsealed-" + number);
        cluster.objects.put(ObjectKey.of(run), run);
        return run;
    }

    private static ObjectNode journal(ObjectNode run) {
        return run.withObject("/status/journal");
    }

    private static String newest(RunStore store) {
        return store.newest("orkestra", "shop", LABEL)
                .orElseThrow()
                .state()
                .spec()
                .commit()
                .toLowerCase(Locale.ROOT);
    }

    private static RunState begun(int number) {
        RunSpec.Limits limits =
                new RunSpec.Limits(Duration.ofMinutes(5), Duration.ofMinutes(30), Duration.ofSeconds(30));
        return RunState.begin(
                new RunSpec("orkestra", "shop", number, "c" + number, Trigger.SCHEDULE, Instant.EPOCH, limits),
                7,
                Consent.NONE);
    }
}
