package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.EnvironmentStore.DamagedException;
import dev.orkestra.apply.EnvironmentStore.Environment;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.group.Groups;
import dev.orkestra.health.Health;
import dev.orkestra.plan.Inventory;
import dev.orkestra.plan.InventoryEntry;
import dev.orkestra.run.InventoryJson;
import dev.orkestra.run.Quarantined;
import dev.orkestra.run.RunSpec;
import dev.orkestra.run.RunState;
import dev.orkestra.run.Trigger;
import dev.orkestra.testing.Testbed;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people, or programs of theirs, do to what is kept: refused, and nothing is written or removed on top of it. */
class DamagedStateIT {
    private static final ResourceType RUNS =
            new ResourceType("orkestra.dev", "v1alpha1", "ConfigRun", "configruns", true);
    private static final Wave WAVE = Wave.sync(0, 0);

    private ApplyWorld world;
    private EnvironmentStore store;

    @BeforeEach
    void connect() throws Exception {
        world = new ApplyWorld("damaged-state");
        for (String file : List.of("orkestra.dev_configledgers.yaml", "orkestra.dev_configruns.yaml")) {
            ObjectNode definition = Groups.json(
                    Files.readString(Testbed.root().resolve("schemas/crds").resolve(file)));
            ResourceType definitions = world.type("apiextensions.k8s.io/v1", "CustomResourceDefinition");
            String name = definition.path("metadata").path("name").asText();
            if (world.cluster.get(definitions, "", name).isEmpty()) {
                world.cluster.apply(definitions, definition, ApplyOptions.of("apply-it"));
                world.await(definitions, "", name, crd -> Health.of(crd).isCurrent());
            }
        }
        store = store();
        Environment begun = store.save(store.load().with(inventory("ours")));
        store.save(begun.with(
                begun.ledger().quarantine(new Quarantined("c2", "sha256:bad", 2, "Unhealthy", Instant.EPOCH))));
    }

    @AfterEach
    void removeEverything() {
        world.close();
    }

    @Test
    void aQuarantineThatSomebodyLiftedInTheLedgerIsNotBelieved() {
        editStatus(status -> status.putArray("quarantined"));
        Map<String, String> before = versions();

        DamagedException refused = catchThrowableOfType(DamagedException.class, () -> store().load());

        assertThat(refused)
                .hasMessageContaining("ConfigLedger " + world.namespace)
                .hasMessageContaining("somebody-it");
        assertThat(refused.hint()).contains("backup").contains(LedgerTrust.ACCEPT);
        assertThat(versions()).isEqualTo(before);
    }

    @Test
    void aPersonMayAnswerForWhatAChangedLedgerSaysOnceOnly() {
        editStatus(status -> status.putArray("quarantined"));
        DamagedException refused = catchThrowableOfType(DamagedException.class, () -> store().load());
        String hash = refused.hint().replaceAll("(?s).*" + LedgerTrust.ACCEPT + "=(\\w+).*", "$1");
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata").putObject("annotations").put(LedgerTrust.ACCEPT, hash);
        world.cluster.mergePatch(EnvironmentStore.LEDGERS, world.namespace, store.name(), patch, false, "somebody-it");

        EnvironmentStore accepting = store();
        Environment accepted = accepting.load();
        accepting.save(accepted.with(inventory("more")));

        assertThat(accepted.ledger().quarantined()).isEmpty();
        assertThat(store().load().inventory()).isEqualTo(inventory("more"));
        editStatus(status -> status.put("settledDigest", "sha256:made-up"));
        assertThatThrownBy(() -> store().load()).isInstanceOf(DamagedException.class);
    }

    @Test
    void aSealThatWasTakenAwayDoesNotMakeALedgerOfTheVersionBefore() {
        editStatus(status -> {
            status.remove(StateSeal.FIELD);
            status.putArray("quarantined");
        });

        assertThatThrownBy(() -> store().load())
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining("somebody else");
    }

    @Test
    void aLedgerOfTheVersionBeforeIsReadAndSealedWithTheNextSave() {
        editStatus(status -> status.remove(StateSeal.FIELD));
        world.cluster.delete(SecretChunks.SECRETS, world.namespace, store.name() + "-sealed", "");

        EnvironmentStore upgraded = store();
        Environment read = upgraded.load();
        upgraded.save(read.with(inventory("more")));

        assertThat(read.ledger().quarantined()).hasSize(1);
        assertThat(LedgerTrust.isSealed(ledger())).isTrue();
        assertThat(store().load().inventory()).isEqualTo(inventory("more"));
    }

    @Test
    void aDeletedStatusIsDamageAndNoChunkIsRemoved() {
        ObjectNode ledger = ledger();
        ledger.remove("status");
        world.cluster.replaceStatus(EnvironmentStore.LEDGERS, ledger, "somebody-it");
        Map<String, String> before = versions();

        assertThatThrownBy(() -> store().load())
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining("lost its status");

        assertThat(versions()).isEqualTo(before);
    }

    @Test
    void aLedgerMadeToPointAtAnInventoryOfForeignObjectsIsNotBelieved() {
        List<String> foreign = new SecretChunks(world.cluster, world.namespace)
                .write(
                        store.name(),
                        "inventory",
                        "it",
                        CanonicalJson.bytes(InventoryJson.write(inventory("kube-root-ca.crt"))));
        editStatus(status -> status.withObject("/storage").putArray("inventory").add(foreign.getFirst()));
        Map<String, String> before = versions();

        assertThatThrownBy(() -> store().load()).isInstanceOf(DamagedException.class);
        assertThatThrownBy(() -> store().remove()).isInstanceOf(DamagedException.class);

        assertThat(versions()).isEqualTo(before);
        assertThat(world.cluster.get(world.type("v1", "ConfigMap"), world.namespace, "kube-root-ca.crt"))
                .isPresent();
    }

    @Test
    void aTruncatedChunkIsDamage() {
        ObjectNode chunk = world.cluster
                .list(SecretChunks.SECRETS, world.namespace, Labels.CHUNK + "=" + store.name())
                .getFirst();
        String name = chunk.path("metadata").path("name").asText();
        String data = chunk.path("data").path("chunk").asText();
        world.cluster.delete(SecretChunks.SECRETS, world.namespace, name, "");
        chunk.withObject("/metadata").remove(List.of("uid", "resourceVersion", "creationTimestamp", "managedFields"));
        chunk.withObject("/data").put("chunk", data.substring(0, data.length() / 8 * 4));
        world.cluster.create(SecretChunks.SECRETS, chunk, "somebody-it");

        assertThatThrownBy(() -> store().load())
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining(name);
    }

    @Test
    void aConfigRunThatAUserMadeUpIsNeitherGoneOnWithNorOverwritten() {
        RunStore runs = new RunStore(world.cluster);
        String label = ApplyWorld.repo(world.namespace).label();
        RunStore.Stored real = runs.create(this::begun, label, 0).orElseThrow();
        ObjectNode copy = real.object().deepCopy();
        copy.withObject("/metadata")
                .put("name", "shop-2")
                .remove(List.of("uid", "resourceVersion", "creationTimestamp", "managedFields"));
        copy.withObject("/spec").put("number", 2);
        ObjectNode made = world.cluster.create(RUNS, copy, "somebody-it");
        made.set("status", real.object().path("status"));
        made = world.cluster.replaceStatus(RUNS, made, "somebody-it");

        assertThat(new RunStore(world.cluster)
                        .newest(world.namespace, "shop", label)
                        .orElseThrow()
                        .state())
                .isEqualTo(real.state());
        assertThat(runs.create(this::begun, label, 0)
                        .orElseThrow()
                        .state()
                        .spec()
                        .number())
                .isEqualTo(3);
        assertThat(world.cluster.get(RUNS, world.namespace, "shop-2")).contains(made);
    }

    private RunState begun(int number) {
        RunSpec.Limits limits =
                new RunSpec.Limits(Duration.ofMinutes(5), Duration.ofMinutes(30), Duration.ofSeconds(30));
        return RunState.begin(
                new RunSpec(world.namespace, "shop", number, "a".repeat(40), Trigger.SCHEDULE, Instant.EPOCH, limits),
                1);
    }

    private void editStatus(Consumer<ObjectNode> edit) {
        ObjectNode ledger = ledger();
        edit.accept(ledger.withObject("/status"));
        world.cluster.replaceStatus(EnvironmentStore.LEDGERS, ledger, "somebody-it");
    }

    private ObjectNode ledger() {
        return world.cluster
                .get(EnvironmentStore.LEDGERS, world.namespace, store.name())
                .orElseThrow();
    }

    private EnvironmentStore store() {
        return new EnvironmentStore(world.cluster, world.namespace, ApplyWorld.repo(world.namespace));
    }

    private Inventory inventory(String name) {
        return Inventory.EMPTY.with(
                List.of(InventoryEntry.intended(new ObjectKey("", "ConfigMap", world.namespace, name), "v1", WAVE)));
    }

    /** resourceVersions of all that is kept. */
    private Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        for (ResourceType type : List.of(SecretChunks.SECRETS, EnvironmentStore.LEDGERS, RUNS)) {
            world.cluster
                    .list(type, world.namespace, "")
                    .forEach(object -> versions.put(
                            type.kind() + "/"
                                    + object.path("metadata").path("name").asText(),
                            object.path("metadata").path("resourceVersion").asText()));
        }
        return versions;
    }
}
