package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.EnvironmentStore.Environment;
import dev.orkestra.desired.Assembler;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.run.LastGood;
import dev.orkestra.run.Quarantined;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Digests stand where more people read than may see a Secret. */
class ContentDigestsTest {
    private static final ObjectKey KEY = new ObjectKey("", "Secret", "orkestra", SealSecret.NAME);

    private final MemoryCluster cluster = new MemoryCluster();
    private final EnvironmentStore store = store();

    @Test
    void nobodyWithoutTheKeyCanTryValuesOfASecret() {
        DesiredState composed = state("open-sesame");

        DesiredState recorded = store.recorded(Environment.NOTHING, composed);
        cluster.objects.remove(KEY);
        DesiredState elsewhere = store().recorded(Environment.NOTHING, composed);

        assertThat(recorded.digest()).startsWith("sha256:").isNotEqualTo(composed.digest());
        assertThat(elsewhere.digest()).isNotEqualTo(recorded.digest());
        assertThat(secret(recorded).digest())
                .isNotEqualTo(secret(composed).digest())
                .isNotEqualTo(secret(elsewhere).digest());
        assertThat(secret(recorded).body()).isEqualTo(secret(composed).body());
        assertThat(map(recorded)).isEqualTo(map(composed));
    }

    @Test
    void theSameContentHasTheSameDigestAfterARestartAndAnotherHasAnother() {
        DesiredState recorded = store.recorded(Environment.NOTHING, state("open-sesame"));

        assertThat(store().recorded(Environment.NOTHING, state("open-sesame"))).isEqualTo(recorded);
        assertThat(store().shown(Environment.NOTHING, state("open-sesame"))).isEqualTo(recorded);
        assertThat(store.recorded(Environment.NOTHING, state("open-sesamf")).digest())
                .isNotEqualTo(recorded.digest());
    }

    @Test
    void withoutSecretsTheDigestIsTheOneThatAnybodyComputesAndNoKeyIsMade() {
        DesiredState composed = Assembler.state("c1", List.of(map(state("x"))));

        assertThat(store.recorded(Environment.NOTHING, composed)).isEqualTo(composed);
        assertThat(cluster.objects).isEmpty();
    }

    @Test
    void whoeverOnlyLooksMakesNoKey() {
        DesiredState composed = state("open-sesame");

        assertThat(store.shown(Environment.NOTHING, composed)).isEqualTo(composed);
        assertThat(cluster.objects).isEmpty();
    }

    /** Else content that the version before quarantined would run again, and last-good's would look new. */
    @Test
    void contentThatTheVersionBeforeRecordedGoesOnByItsDigest() {
        DesiredState composed = state("open-sesame");
        Environment nothing = Environment.NOTHING;
        Environment bad = nothing.with(
                nothing.ledger().quarantine(new Quarantined("c1", composed.digest(), 1, "Unhealthy", Instant.EPOCH)));
        Environment good = nothing.with(nothing.ledger().good(new LastGood("c1", 1, composed.digest())));

        assertThat(store.recorded(bad, composed)).isEqualTo(composed);
        assertThat(store.recorded(good, composed)).isEqualTo(composed);
        assertThat(store.recorded(good, state("another")).digest())
                .isNotEqualTo(state("another").digest());
    }

    /** The keys are part of what is recorded in clusters. */
    @Test
    void theFormIsBoundToWhatIsInClusters() {
        ObjectNode seal = ApplyWorld.json("{'apiVersion': 'v1', 'kind': 'Secret', 'metadata': {'name': '"
                + SealSecret.NAME + "', 'namespace': 'orkestra'}, 'data': {'key': '"
                + Base64.getEncoder().encodeToString(new byte[32]) + "'}}");
        cluster.objects.put(KEY, seal);

        assertThat(secret(store.recorded(Environment.NOTHING, state("open-sesame")))
                        .digest())
                .isEqualTo("hmac-sha256:b3aaad29f97658f99d07b887233aa03414dbc3539f78b4d3d1fc0fc10c4d80e2");
    }

    private EnvironmentStore store() {
        return new EnvironmentStore(cluster, "orkestra", ApplyWorld.repo("orkestra"));
    }

    private static DesiredState state(String password) {
        return Assembler.state(
                "c1",
                List.of(
                        ApplyWorld.desired(ApplyWorld.json("{'apiVersion': 'v1', 'kind': 'Secret', 'metadata': {'name':"
                                + " 'login', 'namespace': 'shop'}, 'stringData': {'password': '" + password + "'}}")),
                        ApplyWorld.desired(ApplyWorld.json("{'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata':"
                                + " {'name': 'settings', 'namespace': 'shop'}}"))));
    }

    private static DesiredObject secret(DesiredState state) {
        return find(state, "Secret", "login");
    }

    private static DesiredObject map(DesiredState state) {
        return find(state, "ConfigMap", "settings");
    }

    private static DesiredObject find(DesiredState state, String kind, String name) {
        return state.find(new ObjectKey("", kind, "shop", name)).orElseThrow();
    }
}
