package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.EnvironmentStore.Environment;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.ClusterRef;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.cluster.RequestKind;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.Settings;
import dev.orkestra.cluster.Verb;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.desired.Assembler;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.ConfigRepoParser;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Position;
import dev.orkestra.plan.Inventory;
import dev.orkestra.plan.InventoryEntry;
import dev.orkestra.run.LastGood;
import dev.orkestra.run.RunEvent;
import dev.orkestra.testing.Testbed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many requests the steps of a run make: they are what a large environment costs the API server. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RunRequestsIT {
    private static final int OBJECTS = 20;
    private static final ResourceType NAMESPACES = new ResourceType("", "v1", "Namespace", "namespaces", false);
    private static final ResourceType CONFIG_MAPS = new ResourceType("", "v1", "ConfigMap", "configmaps", true);
    private static final ResourceType DEFINITIONS = new ResourceType(
            "apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", false);
    private static final ApplyOptions ADMIN = ApplyOptions.of("apply-it");

    private final String namespace = "apply-it-" + UUID.randomUUID().toString().substring(0, 8);
    private final ConfigRepo repo = repo(namespace);
    private final KubeCluster cluster =
            KubeCluster.connect(new ClusterRef.Kubeconfig(Testbed.shared().adminKubeconfig(), ""), Settings.standard());

    @BeforeEach
    void makeNamespace() {
        cluster.apply(NAMESPACES, object("v1", "Namespace", "", namespace), ADMIN);
        cluster.resourceType("v1", "ConfigMap");
    }

    @AfterEach
    void removeNamespace() {
        cluster.delete(NAMESPACES, "", namespace, "");
        cluster.close();
    }

    @Test
    void aFirstApplyAsksForEachObjectOnceByDryRun() {
        RunPlanning planning = new RunPlanning(cluster, repo);
        DesiredState desired = desired("green");
        Map<Verb, Long> before = requests();

        RunEvent planned = planning.plan(desired, Inventory.EMPTY, Instant.EPOCH);
        List<RunPlanning.ToApply> toApply = planning.changed(desired, desired.objects(), Inventory.EMPTY);

        assertThat(planned).isInstanceOf(RunEvent.Planned.class);
        assertThat(toApply).hasSize(OBJECTS);
        assertThat(since(before)).isEqualTo(Map.of(Verb.LIST, 2L, Verb.DRY_RUN, (long) OBJECTS));
    }

    @Test
    void anObjectThatSomebodyElseMadeIsSeenAllTheSame() {
        ObjectNode foreign = configMap(3, "green");
        foreign.withObject("/metadata").putObject("labels").put("orkestra.dev/config-repo", "other.staging");
        cluster.apply(CONFIG_MAPS, foreign, ADMIN);
        Map<Verb, Long> before = requests();

        RunEvent planned = new RunPlanning(cluster, repo).plan(desired("green"), Inventory.EMPTY, Instant.EPOCH);

        assertThat(planned)
                .isInstanceOfSatisfying(
                        RunEvent.PlanRefused.class,
                        refused -> assertThat(refused.evidence())
                                .singleElement()
                                .satisfies(evidence -> assertThat(evidence.message())
                                        .contains("belongs to the ConfigRepo other/staging")));
        assertThat(since(before)).containsEntry(Verb.GET, 1L);
    }

    @Test
    void aSecondTryOfAWaveLeavesOutWhatTheFirstApplied() throws InterruptedException {
        RunPlanning planning = new RunPlanning(cluster, repo);
        DesiredState desired = desired("green");
        planning.plan(desired, Inventory.EMPTY, Instant.EPOCH);
        HealthGate gate = ApplyWorld.gate(cluster, repo.label());
        List<RunPlanning.ToApply> first = planning.changed(desired, desired.objects(), Inventory.EMPTY);
        WaveApplier.Result half = new WaveApplier(cluster, repo, gate, new Claims(), InstantSource.system())
                .apply(first.subList(0, 5), Instant.now().plusSeconds(30), () -> false);

        List<RunPlanning.ToApply> second =
                planning.changed(desired, desired.objects(), Inventory.EMPTY.with(half.applied()));

        assertThat(half.failures()).isEmpty();
        assertThat(second)
                .extracting(each -> each.object().key())
                .doesNotContainAnyElementsOf(
                        half.applied().stream().map(InventoryEntry::key).toList());
        assertThat(second).hasSize(OBJECTS - 5);
    }

    @Test
    void anInventoryThatIsKeptAlreadyIsNotWrittenAgain() throws Exception {
        installLedgers();
        EnvironmentStore store = new EnvironmentStore(cluster, namespace, repo);
        Environment environment = store.save(store.load()
                .with(Inventory.EMPTY.with(desired("green").objects().stream()
                        .map(object -> InventoryEntry.intended(object.key(), object.apiVersion(), object.wave()))
                        .toList())));
        Map<Verb, Long> before = requests();

        store.save(environment.with(environment.ledger().good(new LastGood("c1", 1, "sha256:1"))));
        Map<Verb, Long> made = since(before);

        assertThat(made).doesNotContainKey(Verb.CREATE);
        assertThat(new EnvironmentStore(cluster, namespace, repo).load().inventory())
                .isEqualTo(environment.inventory());
    }

    private Map<Verb, Long> requests() {
        Map<Verb, Long> counts = new EnumMap<>(Verb.class);
        cluster.requestCounts().forEach((RequestKind kind, Long count) -> counts.merge(kind.verb(), count, Long::sum));
        return counts;
    }

    private Map<Verb, Long> since(Map<Verb, Long> before) {
        Map<Verb, Long> made = requests();
        made.replaceAll((verb, count) -> count - before.getOrDefault(verb, 0L));
        made.values().removeIf(count -> count == 0);
        return made;
    }

    private DesiredState desired(String colour) {
        return Assembler.state(
                "c1",
                IntStream.range(0, OBJECTS)
                        .mapToObj(number -> {
                            ObjectNode body = configMap(number, colour);
                            body.withObject("/metadata").putObject("labels").put(ConfigRepo.LABEL, repo.label());
                            return new DesiredObject(
                                    ObjectKey.of(body),
                                    body,
                                    Wave.sync(0, 0),
                                    new Position("a.yaml", number + 1, 1),
                                    CanonicalJson.digest(body));
                        })
                        .toList());
    }

    private ObjectNode configMap(int number, String colour) {
        ObjectNode map = object("v1", "ConfigMap", namespace, "item-" + number);
        map.putObject("data").put("colour", colour);
        return map;
    }

    private static ObjectNode object(String apiVersion, String kind, String namespace, String name) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", apiVersion).put("kind", kind);
        ObjectNode metadata = object.putObject("metadata").put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        return object;
    }

    private void installLedgers() throws IOException, InterruptedException {
        Path file = Testbed.root().resolve("schemas/crds/orkestra.dev_configledgers.yaml");
        ObjectNode definition = json(Files.readString(file));
        String name = definition.path("metadata").path("name").asText();
        CountDownLatch established = new CountDownLatch(1);
        try (WatchCache _ = cluster.watch(DEFINITIONS, "", "", (change, object) -> {
            if (object.path("metadata").path("name").asText().equals(name)
                    && Conditions.find(object, "Established")
                            .filter(each -> each.path("status").asText().equals("True"))
                            .isPresent()) {
                established.countDown();
            }
        })) {
            if (cluster.get(DEFINITIONS, "", name).isEmpty()) {
                cluster.apply(DEFINITIONS, definition, ADMIN);
            }
            assertThat(established.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static ConfigRepo repo(String namespace) {
        return ConfigRepoParser.parse(json("""
                        metadata: {name: staging, namespace: %s}
                        spec:
                          source: {url: "http://git.test/x"}
                          layers: [{path: infra, wave: 0}]
                          serviceAccountName: s
                        """.formatted(namespace)))
                .configRepo()
                .orElseThrow();
    }

    private static ObjectNode json(String yaml) {
        return (ObjectNode) DocumentReader.read("r", yaml.getBytes(StandardCharsets.UTF_8))
                .documents()
                .getFirst()
                .root()
                .toJson();
    }
}
