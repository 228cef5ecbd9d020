package dev.orkestra.apply;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterRef;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.Settings;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.health.EarlyFailures;
import dev.orkestra.health.HealthRules;
import dev.orkestra.outcome.Position;
import dev.orkestra.plan.InventoryEntry;
import dev.orkestra.testing.Testbed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A real API server with a namespace of the test's own, which goes with the test. */
final class ApplyWorld implements AutoCloseable {
    static final String LABEL = "apply-it.shop";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final KubeCluster cluster;
    final String namespace;

    ApplyWorld(String prefix) {
        cluster = KubeCluster.connect(
                new ClusterRef.Kubeconfig(Testbed.shared().adminKubeconfig(), ""), Settings.standard());
        ObjectNode made = JsonNodeFactory.instance.objectNode();
        made.put("apiVersion", "v1")
                .put("kind", "Namespace")
                .putObject("metadata")
                .put("generateName", prefix + "-");
        namespace = cluster.create(type("v1", "Namespace"), made, "apply-it")
                .path("metadata")
                .path("name")
                .asText();
    }

    static ConfigRepo repo(String namespace) {
        return repo(namespace, ConfigRepo.Policies.DEFAULT);
    }

    static ConfigRepo repo(String namespace, ConfigRepo.Policies policies) {
        return repo(namespace, policies, Duration.ofMinutes(1));
    }

    /** @param wave how long a wave may take, and so the removal of one */
    static ConfigRepo repo(String namespace, ConfigRepo.Policies policies, Duration wave) {
        return new ConfigRepo(
                namespace,
                "shop",
                "",
                1,
                new ConfigRepo.Source("http://git.test/config.git", "refs/heads/main", "", ""),
                new ConfigRepo.Schedule(Duration.ofMinutes(1), 0),
                "",
                "",
                List.of(new ConfigRepo.Layer("base", 0)),
                new ConfigRepo.Deadlines(wave, Duration.ofMinutes(5)),
                Duration.ZERO,
                ConfigRepo.RollbackPolicy.AUTO,
                new ConfigRepo.Prune(true, 20, 3),
                ConfigRepo.Adoption.REFUSE,
                null,
                policies,
                "default");
    }

    /** The same under another name, or of another repository. */
    static ConfigRepo repo(ConfigRepo repo, String name, String url) {
        return new ConfigRepo(
                repo.namespace(),
                name,
                repo.uid(),
                repo.generation(),
                new ConfigRepo.Source(url, repo.source().ref(), "", ""),
                repo.schedule(),
                repo.overlay(),
                repo.importsSecret(),
                repo.layers(),
                repo.deadlines(),
                repo.soak(),
                repo.rollback(),
                repo.prune(),
                repo.adoption(),
                repo.suspend(),
                repo.policies(),
                repo.serviceAccountName());
    }

    /** A gate with watches of its own and the built-in rules. */
    static HealthGate gate(Cluster cluster, String label) {
        return gate(cluster, label, HealthRules.BUILT_IN, EarlyFailures.Limits.DEFAULT);
    }

    static HealthGate gate(Cluster cluster, String label, HealthRules rules, EarlyFailures.Limits limits) {
        return new HealthGate(new HealthGate.Setup(
                LiveWatches.of(cluster), label, rules, limits, Instant.now(), InstantSource.system()));
    }

    /** JSON with {@code '} for {@code "}; our label is put on it. */
    static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An object of the core group in this namespace, with our label. */
    ObjectNode object(String kind, String name, String rest) {
        return json("{'apiVersion': 'v1', 'kind': '" + kind + "', 'metadata': {'name': '" + name + "', 'namespace': '"
                + namespace + "', 'labels': {'" + Labels.CONFIG_REPO + "': '" + LABEL + "'}}" + rest + "}");
    }

    ObjectNode put(ObjectNode object) {
        return cluster.apply(
                type(object.path("apiVersion").asText(), object.path("kind").asText()),
                object,
                ApplyOptions.of(Labels.MANAGER));
    }

    ResourceType type(String apiVersion, String kind) {
        return cluster.resourceType(apiVersion, kind);
    }

    Optional<ObjectNode> get(String kind, String name) {
        return cluster.get(type("v1", kind), namespace, name);
    }

    /** Waits until {@code wanted} holds of the object of the core group. */
    void await(String kind, String name, Predicate<ObjectNode> wanted) throws InterruptedException {
        await(type("v1", kind), namespace, name, wanted);
    }

    /** Waits until {@code wanted} holds of the object. */
    void await(ResourceType type, String place, String name, Predicate<ObjectNode> wanted) throws InterruptedException {
        Semaphore changes = new Semaphore(0);
        try (WatchCache watch = cluster.watch(type, place, "", (change, object) -> changes.release())) {
            while (watch.get(place, name).filter(wanted).isEmpty()) {
                if (!changes.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new AssertionError(name + " is not as expected: " + watch.get(place, name));
                }
            }
        }
    }

    static DesiredObject desired(ObjectNode body) {
        return new DesiredObject(
                ObjectKey.of(body), body, Wave.sync(0, 0), Position.startOf("a.yaml"), CanonicalJson.digest(body));
    }

    static InventoryEntry entry(ObjectNode live, int wave) {
        return new InventoryEntry(
                ObjectKey.of(live),
                live.path("apiVersion").asText(),
                Wave.sync(wave, wave),
                "sha256:1",
                "sha256:2",
                live.path("metadata").path("uid").asText());
    }

    /** Lets go of finalizers that a test has put on, so that the namespace can go. */
    void release(String kind, String name) {
        get(kind, name)
                .ifPresent(_ -> cluster.mergePatch(
                        type("v1", kind),
                        namespace,
                        name,
                        json("{'metadata': {'finalizers': null}}"),
                        false,
                        "apply-it"));
    }

    @Override
    public void close() {
        cluster.delete(type("v1", "Namespace"), "", namespace, "");
        cluster.close();
    }
}
