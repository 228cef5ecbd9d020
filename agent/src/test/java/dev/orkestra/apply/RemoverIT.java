package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.Identity;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.plan.InventoryEntry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RemoverIT {
    private static final String HELD = "held";

    private ApplyWorld world;

    @BeforeEach
    void connect() {
        world = new ApplyWorld("remover");
    }

    @AfterEach
    void removeEverything() {
        world.release("ConfigMap", HELD);
        world.close();
    }

    @Test
    void objectsAreGoneWhenItReturns() throws Exception {
        InventoryEntry late = ApplyWorld.entry(map("late"), 2);
        InventoryEntry early = ApplyWorld.entry(map("early"), 0);

        Remover.Result result = remove(world.cluster, 30, late, early);

        assertThat(result.left()).isEmpty();
        assertThat(result.gone()).containsExactlyInAnyOrder(late.key(), early.key());
        assertThat(world.get("ConfigMap", "late")).isEmpty();
        assertThat(world.get("ConfigMap", "early")).isEmpty();
    }

    @Test
    void theEarlierWaveWaitsUntilTheLaterOneIsGone() throws Exception {
        InventoryEntry held = ApplyWorld.entry(held(), 2);
        InventoryEntry early = ApplyWorld.entry(map("early"), 0);

        CompletableFuture<Remover.Result> removing = CompletableFuture.supplyAsync(() -> {
            try {
                return remove(world.cluster, 60, held, early);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        world.await("ConfigMap", HELD, live -> live.path("metadata").has("deletionTimestamp"));
        assertThat(world.get("ConfigMap", "early")
                        .orElseThrow()
                        .path("metadata")
                        .has("deletionTimestamp"))
                .isFalse();
        world.release("ConfigMap", HELD);

        assertThat(removing.get(60, TimeUnit.SECONDS).left()).isEmpty();
        assertThat(world.get("ConfigMap", "early")).isEmpty();
    }

    @Test
    void whatAFinalizerHoldsIsReportedAndNotForced() throws Exception {
        InventoryEntry held = ApplyWorld.entry(held(), 2);
        InventoryEntry early = ApplyWorld.entry(map("early"), 0);

        Remover.Result result = remove(world.cluster, 2, held, early);

        assertThat(result.gone()).isEmpty();
        assertThat(result.left().get(held.key())).contains("still there at the deadline", "test.orkestra.dev/hold");
        assertThat(result.left().get(early.key())).contains("not begun");
        assertThat(world.get("ConfigMap", HELD).orElseThrow().path("metadata").path("finalizers"))
                .isNotEmpty();
        assertThat(world.get("ConfigMap", "early")).isPresent();
    }

    @Test
    void anObjectThatSomebodyMadeAnewIsLeftAlone() throws Exception {
        InventoryEntry was = ApplyWorld.entry(map("config"), 0);
        InventoryEntry other = new InventoryEntry(was.key(), "v1", was.wave(), "sha256:1", "sha256:2", "another-uid");

        Remover.Result result = remove(world.cluster, 30, other);

        assertThat(result.gone()).containsExactly(was.key());
        assertThat(world.get("ConfigMap", "config")
                        .orElseThrow()
                        .path("metadata")
                        .path("uid")
                        .asText())
                .isEqualTo(was.uid());
    }

    @Test
    void anObjectWithoutOurLabelOrWithAnothersIsLeftAlone() throws Exception {
        InventoryEntry bare = ApplyWorld.entry(map("bare"), 0);
        InventoryEntry taken = ApplyWorld.entry(map("taken"), 0);
        label("bare", "null");
        label("taken", "'somebody.else'");

        Remover.Result result = remove(world.cluster, 30, bare, taken);

        assertThat(result.gone()).containsExactlyInAnyOrder(bare.key(), taken.key());
        assertThat(world.get("ConfigMap", "bare")).isPresent();
        assertThat(world.get("ConfigMap", "taken")).isPresent();
    }

    @Test
    void whatWasOnlyIntendedOrIsGoneAlreadyOrHasNoKindAnyMoreCanBeForgotten() throws Exception {
        ObjectKey never = new ObjectKey("", "ConfigMap", world.namespace, "never");
        ObjectKey strange = new ObjectKey("no.such.group.test", "Thing", world.namespace, "thing");

        Remover.Result result = remove(
                world.cluster,
                30,
                InventoryEntry.intended(never, "v1", Wave.sync(0, 0)),
                InventoryEntry.intended(strange, "no.such.group.test/v1", Wave.sync(0, 0)));

        assertThat(result.gone()).containsExactlyInAnyOrder(never, strange);
    }

    /** Forgetting it would leave an orphan, and the next wave would lose what it still needs. */
    @Test
    void whatMayNotBeWatchedIsNotTakenForGone() throws Exception {
        InventoryEntry held = ApplyWorld.entry(held(), 2);
        rights("get", "delete");
        Cluster poor = world.cluster.as(new Identity(world.namespace, "poor"));

        Remover.Result result = remove(poor, 3, held);

        assertThat(result.gone()).isEmpty();
        assertThat(result.left().get(held.key())).contains("cannot be seen").contains("forbidden");
    }

    @Test
    void whatMayNotBeDeletedIsReportedWithTheServersWords() throws Exception {
        InventoryEntry config = ApplyWorld.entry(map("config"), 0);
        rights("get", "list", "watch");

        Remover.Result result = remove(world.cluster.as(new Identity(world.namespace, "poor")), 5, config);

        assertThat(result.left().get(config.key())).contains("cannot delete");
        assertThat(world.get("ConfigMap", "config")).isPresent();
    }

    private static Remover.Result remove(Cluster cluster, int seconds, InventoryEntry... entries)
            throws InterruptedException {
        return new Remover(cluster, ApplyWorld.LABEL, InstantSource.system())
                .remove(List.of(entries), Instant.now().plusSeconds(seconds));
    }

    private ObjectNode map(String name) {
        return world.put(world.object("ConfigMap", name, ", 'data': {'key': 'value'}"));
    }

    private ObjectNode held() {
        ObjectNode object = world.object("ConfigMap", HELD, "");
        ((ObjectNode) object.path("metadata")).putArray("finalizers").add("test.orkestra.dev/hold");
        return world.put(object);
    }

    private void label(String name, String value) {
        world.cluster.mergePatch(
                world.type("v1", "ConfigMap"),
                world.namespace,
                name,
                ApplyWorld.json("{'metadata': {'labels': {'" + Labels.CONFIG_REPO + "': " + value + "}}}"),
                false,
                "somebody");
    }

    /** What the service account {@code poor} may do with ConfigMaps. */
    private void rights(String... verbs) {
        String place = "'metadata': {'name': 'poor', 'namespace': '" + world.namespace + "'}";
        apply("{'apiVersion': 'v1', 'kind': 'ServiceAccount', " + place + "}");
        apply("{'apiVersion': 'rbac.authorization.k8s.io/v1', 'kind': 'Role', " + place
                + ", 'rules': [{'apiGroups': ['']," + " 'resources': ['configmaps'], 'verbs': ['"
                + String.join("', '", verbs) + "']}]}");
        apply("{'apiVersion': 'rbac.authorization.k8s.io/v1', 'kind': 'RoleBinding', " + place + ", 'roleRef':"
                + " {'apiGroup': 'rbac.authorization.k8s.io', 'kind': 'Role', 'name': 'poor'}, 'subjects':"
                + " [{'kind': 'ServiceAccount', 'name': 'poor', 'namespace': '" + world.namespace + "'}]}");
    }

    private void apply(String json) {
        ObjectNode object = ApplyWorld.json(json);
        world.cluster.apply(
                world.type(
                        object.path("apiVersion").asText(), object.path("kind").asText()),
                object,
                ApplyOptions.of("apply-it"));
    }
}
