package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.EnvironmentStore.DamagedException;
import dev.orkestra.apply.EnvironmentStore.Environment;
import dev.orkestra.apply.EnvironmentStore.StaleException;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.Verb;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.group.Groups;
import dev.orkestra.health.Health;
import dev.orkestra.plan.Inventory;
import dev.orkestra.plan.InventoryEntry;
import dev.orkestra.run.LastGood;
import dev.orkestra.run.Quarantined;
import dev.orkestra.testing.Testbed;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EnvironmentStoreIT {
    private static final ResourceType LEDGERS =
            new ResourceType("orkestra.dev", "v1alpha1", "ConfigLedger", "configledgers", true);
    private static final long SEED = 20260101;

    private ApplyWorld world;
    private EnvironmentStore store;

    @BeforeEach
    void connect() throws Exception {
        world = new ApplyWorld("environment-store");
        ObjectNode definition =
                Groups.json(Files.readString(Testbed.root().resolve("schemas/crds/orkestra.dev_configledgers.yaml")));
        ResourceType definitions = world.type("apiextensions.k8s.io/v1", "CustomResourceDefinition");
        if (world.cluster.get(definitions, "", name(definition)).isEmpty()) {
            world.cluster.apply(definitions, definition, ApplyOptions.of("apply-it"));
            world.await(definitions, "", name(definition), crd -> Health.of(crd).isCurrent());
        }
        store = store(world.cluster);
    }

    @AfterEach
    void removeEverything() {
        world.close();
    }

    /** A ConfigRepo that is deleted and made again while the agent runs: the deletion has a store of its own. */
    @Test
    void whatAnotherRemovedIsWrittenAnewAndNotBelievedToBeThere() {
        store.save(store.load());
        store(world.cluster).remove();

        store.save(store.load());

        assertThat(store(world.cluster).load().inventory()).isEqualTo(Inventory.EMPTY);
    }

    @Test
    void ledgerInventoryAndStatesComeBackAsTheyWereSaved() {
        DesiredState state = state("a");
        Environment saved = store.save(store.load().with(inventory(3)), state);
        saved = store.save(saved.with(saved.ledger()
                .good(new LastGood("c1", 1, state.digest()))
                .quarantine(new Quarantined("c2", "sha256:bad", 2, "Unhealthy", Instant.EPOCH))));

        Environment loaded = store(world.cluster).load();

        assertThat(loaded).isEqualTo(saved);
        assertThat(store.state(loaded, state.digest())).contains(state);
        assertThat(store.state(loaded, "sha256:other")).isEmpty();
    }

    @Test
    void nothingIsKeptBeforeTheFirstSave() {
        Environment empty = store.load();

        assertThat(empty.inventory()).isEqualTo(Inventory.EMPTY);
        assertThat(empty.ledger().lastGood()).isNull();
        assertThat(empty.states()).isEmpty();
    }

    @Test
    void aLargeInventoryIsCutIntoImmutableSecretsBelow900KiB() {
        Inventory large = inventory(16_000);

        store.save(store.load().with(large));

        assertThat(chunks()).hasSizeGreaterThan(1).allSatisfy(secret -> {
            assertThat(CanonicalJson.bytes(secret).length).isLessThan(900 * 1024);
            assertThat(secret.path("immutable").asBoolean()).isTrue();
            assertThat(secret.path("metadata").has("ownerReferences")).isFalse();
        });
        assertThat(store(world.cluster).load().inventory()).isEqualTo(large);
    }

    @Test
    void savingTheSameTwiceWritesNothing() {
        Environment saved = store.save(store.load().with(inventory(10)), state("a"));
        Map<String, String> before = versions();
        long written = writes();

        Environment again = store.save(saved, state("a"));

        assertThat(again).isEqualTo(saved);
        assertThat(versions()).isEqualTo(before);
        assertThat(writes()).isEqualTo(written);
    }

    @Test
    void anotherOverlayPathGoesOnWithTheSameLedger() {
        Environment saved = store.save(store.load().with(inventory(3)));
        EnvironmentStore moved = new EnvironmentStore(
                world.cluster,
                world.namespace,
                ApplyWorld.repo(world.namespace).withOverlay("overlays/other/komposer.yaml"));

        Environment loaded = moved.load();
        moved.save(loaded.with(inventory(4)));

        assertThat(loaded).isEqualTo(saved);
        assertThat(world.cluster.list(LEDGERS, world.namespace, "")).hasSize(1);
        assertThat(store.load().inventory()).isEqualTo(inventory(4));
    }

    @Test
    void twoLedgersWithTheSameContentDoNotShareAChunk() {
        ConfigRepo repo = ApplyWorld.repo(world.namespace);
        EnvironmentStore other = new EnvironmentStore(
                world.cluster,
                world.namespace,
                ApplyWorld.repo(repo, "another", repo.source().url()));
        store.save(store.load().with(inventory(3)));
        other.save(other.load().with(inventory(3)));

        store.save(store.load().with(inventory(4)));

        assertThat(other.load().inventory()).isEqualTo(inventory(3));
    }

    @Test
    void aMissingChunkIsDamageAndNothingIsDeleted() {
        store.save(store.load().with(inventory(10)), state("a"));
        ObjectNode gone = chunk("-inventory-");
        world.cluster.delete(SecretChunks.SECRETS, world.namespace, name(gone), "");
        Map<String, String> before = versions();

        assertThatThrownBy(() -> store.load())
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining(name(gone))
                .hasMessageContaining(world.namespace);

        assertThat(versions()).isEqualTo(before);
    }

    @Test
    void aChunkThatWasReplacedByHandIsDamageAndNothingIsDeleted() {
        DesiredState state = state("a");
        Environment saved = store.save(store.load().with(inventory(10)), state);
        ObjectNode chunk = chunk("-state-");
        world.cluster.delete(SecretChunks.SECRETS, world.namespace, name(chunk), "");
        ObjectNode other = chunk.deepCopy();
        ((ObjectNode) other.path("metadata")).remove(List.of("uid", "resourceVersion", "creationTimestamp"));
        other.putObject("data").put("chunk", Base64.getEncoder().encodeToString("x".getBytes(StandardCharsets.UTF_8)));
        world.cluster.create(SecretChunks.SECRETS, other, "somebody");
        Map<String, String> before = versions();

        assertThatThrownBy(() -> store.state(saved, state.digest()))
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining(name(chunk));

        assertThat(versions()).isEqualTo(before);
    }

    @Test
    void oldChunksGoOnlyAfterThePointerFlipped() {
        Environment first = store.save(store.load().with(inventory(10)));
        String old = name(chunk("-inventory-"));
        List<String> order = new ArrayList<>();
        EnvironmentStore watched = store(recording(order));

        watched.save(first.with(inventory(20)));

        assertThat(order).containsExactly("create Secret", "replaceStatus ConfigLedger", "delete Secret " + old);
        assertThat(chunks())
                .extracting(EnvironmentStoreIT::name)
                .doesNotContain(old)
                .hasSize(1);
    }

    @Test
    void whoeverHasTheOlderViewDoesNotWin() {
        Environment seen = store.save(store.load().with(inventory(10)));
        EnvironmentStore other = store(world.cluster);
        Environment newer = other.save(other.load().with(inventory(20)));
        Map<String, String> before = versions();

        assertThatThrownBy(() -> store.save(seen.with(inventory(30))))
                .isInstanceOf(StaleException.class)
                .hasMessageContaining("ConfigLedger " + world.namespace + "/shop-");

        assertThat(versions()).containsAllEntriesOf(before);
        assertThat(store.load()).isEqualTo(newer);
    }

    @Test
    void aWriteBetweenLookAndWriteIsRefusedByTheServer() {
        Environment seen = store.save(store.load().with(inventory(10)));
        EnvironmentStore slow = store(before("replaceStatus", () -> {
            EnvironmentStore other = store(world.cluster);
            other.save(other.load().with(inventory(20)));
        }));

        assertThatThrownBy(() -> slow.save(seen.with(inventory(30)))).isInstanceOf(StaleException.class);

        assertThat(store.load().inventory()).isEqualTo(inventory(20));
    }

    @Test
    void twoAgentsThatBeginTogetherDoNotBothBelieveThatTheyBegan() {
        Environment empty = store.load();
        EnvironmentStore slow = store(before("create ConfigLedger", () -> store.save(empty.with(inventory(20)))));

        assertThatThrownBy(() -> slow.save(empty.with(inventory(30)))).isInstanceOf(StaleException.class);

        assertThat(store.load().inventory()).isEqualTo(inventory(20));
    }

    @Test
    void aStateThatOnlyTheRunNeededGoesWithIt() {
        Environment both = store.save(store.save(store.load(), state("a")), state("b"));
        both = store.save(
                both.with(both.ledger().good(new LastGood("c1", 1, state("a").digest()))));

        Environment kept = store.save(both.keepingGood());

        assertThat(kept.states()).containsOnlyKeys(state("a").digest());
        assertThat(store.state(kept, state("a").digest())).isPresent();
        assertThat(chunks())
                .filteredOn(secret -> name(secret).contains("-state-"))
                .hasSize(1);
    }

    private EnvironmentStore store(Cluster cluster) {
        return new EnvironmentStore(cluster, world.namespace, ApplyWorld.repo(world.namespace));
    }

    /** The real cluster; writes are noted in their order. */
    private Cluster recording(List<String> order) {
        return spied((call, arguments) -> {
            if (call.startsWith("create ") || call.startsWith("replaceStatus ")) {
                order.add(call);
            } else if (call.startsWith("delete ")) {
                order.add(call + " " + arguments[2]);
            }
        });
    }

    /** The real cluster; the first time before {@code call} something else happens. */
    private Cluster before(String call, Runnable happens) {
        List<Runnable> once = new ArrayList<>(List.of(happens));
        return spied((each, arguments) -> {
            if (each.startsWith(call) && !once.isEmpty()) {
                once.removeFirst().run();
            }
        });
    }

    private interface Spy {
        void sees(String call, Object[] arguments);
    }

    private Cluster spied(Spy spy) {
        return (Cluster) Proxy.newProxyInstance(
                Cluster.class.getClassLoader(), new Class<?>[] {Cluster.class}, (_, method, arguments) -> {
                    if (arguments != null && arguments[0] instanceof ResourceType type) {
                        spy.sees(method.getName() + " " + type.kind(), arguments);
                    }
                    try {
                        return method.invoke(world.cluster, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private List<ObjectNode> chunks() {
        return world.cluster.list(SecretChunks.SECRETS, world.namespace, Labels.CHUNK);
    }

    private ObjectNode chunk(String part) {
        return chunks().stream()
                .filter(secret -> name(secret).contains(part))
                .findFirst()
                .orElseThrow();
    }

    private Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        chunks().forEach(each -> versions.put(
                name(each), each.path("metadata").path("resourceVersion").asText()));
        world.cluster
                .list(LEDGERS, world.namespace, "")
                .forEach(each -> versions.put(
                        name(each),
                        each.path("metadata").path("resourceVersion").asText()));
        return versions;
    }

    /** Requests that changed something. */
    private long writes() {
        return world.cluster.requestCounts().entrySet().stream()
                .filter(each -> each.getKey().status() < 300)
                .filter(each -> !List.of(Verb.GET, Verb.LIST, Verb.WATCH, Verb.DISCOVERY)
                        .contains(each.getKey().verb()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static String name(ObjectNode object) {
        return object.path("metadata").path("name").asText();
    }

    private static DesiredState state(String content) {
        ObjectNode map = ApplyWorld.json("{'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': 'config',"
                + " 'namespace': 'shop'}, 'data': {'key': '" + content + "'}}");
        return new DesiredState("c" + content, List.of(ApplyWorld.desired(map)), CanonicalJson.digest(map));
    }

    /** Digests and uids do not compress: as in life. */
    private static Inventory inventory(int size) {
        Random random = new Random(SEED);
        return Inventory.EMPTY.with(IntStream.range(0, size)
                .mapToObj(number -> new InventoryEntry(
                        new ObjectKey("", "ConfigMap", "shop", "config-" + number),
                        "v1",
                        Wave.sync(0, 0),
                        "sha256:" + hex(random, 32),
                        "sha256:" + hex(random, 32),
                        hex(random, 16)))
                .toList());
    }

    private static String hex(Random random, int bytes) {
        byte[] some = new byte[bytes];
        random.nextBytes(some);
        return HexFormat.of().formatHex(some);
    }
}
