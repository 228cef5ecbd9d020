package dev.orkestra.drift;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.EnvironmentStore.Environment;
import dev.orkestra.apply.Environments;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.ClusterRef;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.Settings;
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
import dev.orkestra.plan.OwnedFields;
import dev.orkestra.run.LastGood;
import dev.orkestra.testing.Testbed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** A settled environment on a real API server, in a namespace of its own, with an account that may do all there. */
final class DriftWorld implements AutoCloseable, DriftReport {
    static final ResourceType NAMESPACES = new ResourceType("", "v1", "Namespace", "namespaces", false);
    static final ResourceType CONFIG_MAPS = new ResourceType("", "v1", "ConfigMap", "configmaps", true);
    static final ResourceType SECRETS = new ResourceType("", "v1", "Secret", "secrets", true);
    private static final ResourceType DEFINITIONS = new ResourceType(
            "apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", false);
    private static final ApplyOptions ADMIN = ApplyOptions.of("drift-it");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final String namespace = "drift-it-" + UUID.randomUUID().toString().substring(0, 8);
    final KubeCluster cluster = admin();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<Drift> corrections = new ArrayList<>();
    private List<Drift> present = List.of();
    private List<String> unwatched = List.of();
    private boolean looked;
    private final Semaphore told = new Semaphore(0);

    DriftWorld() {
        cluster.apply(NAMESPACES, object("v1", "Namespace", "", namespace), ADMIN);
        allow("*");
        define("orkestra.dev_configledgers.yaml");
    }

    static KubeCluster admin() {
        return KubeCluster.connect(
                new ClusterRef.Kubeconfig(Testbed.shared().adminKubeconfig(), ""), Settings.standard());
    }

    /** What the environment's account may do with everything in the namespace. */
    void allow(String verbs) {
        ObjectNode role = object("rbac.authorization.k8s.io/v1", "Role", namespace, "drift-it");
        ObjectNode rule = role.putArray("rules").addObject();
        rule.putArray("apiGroups").add("*");
        rule.putArray("resources").add("*");
        List.of(verbs.split(",")).forEach(rule.putArray("verbs")::add);
        cluster.apply(cluster.resourceType("rbac.authorization.k8s.io/v1", "Role"), role, ADMIN);
        ObjectNode binding = object("rbac.authorization.k8s.io/v1", "RoleBinding", namespace, "drift-it");
        binding.putObject("roleRef")
                .put("apiGroup", "rbac.authorization.k8s.io")
                .put("kind", "Role")
                .put("name", "drift-it");
        binding.putArray("subjects")
                .addObject()
                .put("kind", "ServiceAccount")
                .put("name", "default")
                .put("namespace", namespace);
        cluster.apply(cluster.resourceType("rbac.authorization.k8s.io/v1", "RoleBinding"), binding, ADMIN);
    }

    private void define(String file) {
        ObjectNode definition;
        try {
            Path path = Testbed.root().resolve("schemas/crds").resolve(file);
            definition = yaml(Files.readString(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String name = definition.path("metadata").path("name").asText();
        if (cluster.get(DEFINITIONS, "", name).isEmpty()) {
            cluster.apply(DEFINITIONS, definition, ADMIN);
        }
        await(
                DEFINITIONS,
                "",
                name,
                seen -> Conditions.find(seen, "Established")
                        .filter(each -> each.path("status").asText().equals("True"))
                        .isPresent());
    }

    ConfigRepo repo(String... more) {
        return ConfigRepoParser.parse(yaml("""
                        metadata: {name: staging, namespace: %s}
                        spec:
                          source: {url: "http://git.test/x"}
                          layers: [{path: infra, wave: 0}]
                          serviceAccountName: default
                          %s
                        """.formatted(namespace, String.join("\n  ", more))))
                .configRepo()
                .orElseThrow();
    }

    ObjectNode configMap(String name, String colour) {
        ObjectNode map = object("v1", "ConfigMap", namespace, name);
        map.putObject("data").put("colour", colour);
        return map;
    }

    /** Applies {@code bodies} and keeps them as last-good, as a run would. */
    Environment settle(ConfigRepo repo, ObjectNode... bodies) {
        List<DesiredObject> objects = new ArrayList<>();
        List<InventoryEntry> entries = new ArrayList<>();
        for (ObjectNode body : bodies) {
            body.withObject("/metadata").withObject("labels").put(ConfigRepo.LABEL, repo.label());
            DesiredObject wanted = new DesiredObject(
                    ObjectKey.of(body),
                    body,
                    Wave.sync(0, 0),
                    new Position("a.yaml", 1, 1),
                    CanonicalJson.digest(body));
            objects.add(wanted);
            ObjectNode live = cluster.apply(
                    cluster.resourceType(wanted.apiVersion(), wanted.key().kind()),
                    body,
                    ApplyOptions.of(OwnedFields.MANAGER));
            entries.add(new InventoryEntry(
                    wanted.key(),
                    wanted.apiVersion(),
                    wanted.wave(),
                    wanted.digest(),
                    OwnedFields.digest(live, OwnedFields.MANAGER),
                    live.path("metadata").path("uid").asText()));
        }
        DesiredState state = Assembler.state("c1", objects);
        try (Environments environments = Environments.open(cluster, namespace)) {
            Environment loaded = environments.of(repo).load();
            return environments
                    .of(repo)
                    .save(
                            loaded.with(Inventory.EMPTY.with(entries))
                                    .with(loaded.ledger().good(new LastGood("c1", 1, state.digest()))),
                            state);
        }
    }

    /** Watches the environment from now on, as a look of the agent does. */
    DriftController watch(ConfigRepo repo) {
        return watch(repo, cluster, () -> {});
    }

    DriftController watch(ConfigRepo repo, KubeCluster seen, Runnable fence) {
        Environments environments = Environments.open(seen, namespace);
        DriftController drift = new DriftController(seen, environments, fence, this, InstantSource.system());
        open.add(environments);
        open.add(drift);
        synchronized (this) {
            looked = false;
        }
        drift.settled(repo, environments.current(repo));
        awaitTold(this::hasLooked, "the first look");
        return drift;
    }

    Environment kept(ConfigRepo repo) {
        try (Environments environments = Environments.open(cluster, namespace)) {
            return environments.of(repo).load();
        }
    }

    @Override
    public synchronized void corrected(ConfigRepo repo, List<Drift> corrected) {
        corrections.addAll(corrected);
        told.release();
    }

    @Override
    public synchronized void present(ConfigRepo repo, List<Drift> now, List<String> blind) {
        looked = true;
        present = now;
        unwatched = blind;
        told.release();
    }

    @Override
    public void outdated(ConfigRepo repo) {
        throw new AssertionError("nobody else writes the ledger");
    }

    synchronized List<Drift> corrections() {
        return List.copyOf(corrections);
    }

    private synchronized boolean hasLooked() {
        return looked;
    }

    synchronized List<Drift> present() {
        return present;
    }

    synchronized List<String> unwatched() {
        return unwatched;
    }

    Drift awaitCorrection(int number) {
        awaitTold(() -> corrections().size() >= number, "correction " + number);
        return corrections().get(number - 1);
    }

    List<Drift> awaitPresent(Predicate<List<Drift>> wanted) {
        awaitTold(() -> wanted.test(present()), "the drift");
        return present();
    }

    List<String> awaitUnwatched(Predicate<List<String>> wanted) {
        awaitTold(() -> wanted.test(unwatched()), "what may not be watched");
        return unwatched();
    }

    private void awaitTold(BooleanSupplier wanted, String what) {
        try {
            while (!wanted.getAsBoolean()) {
                if (!told.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new AssertionError(
                            what + " was not told; there is " + present() + " and was " + corrections());
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Changes an object as somebody with kubectl would. */
    ObjectNode patch(ResourceType type, String name, String patch, String manager) {
        return cluster.mergePatch(type, namespace, name, yaml(patch), false, manager);
    }

    Optional<ObjectNode> get(ResourceType type, String name) {
        return cluster.get(type, namespace, name);
    }

    ObjectNode await(ResourceType type, String place, String name, Predicate<ObjectNode> wanted) {
        Semaphore changes = new Semaphore(0);
        try (WatchCache watch = cluster.watch(type, place, "", (change, object) -> changes.release())) {
            while (watch.get(place, name).filter(wanted).isEmpty()) {
                if (!changes.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new AssertionError(name + " is not as expected: " + watch.get(place, name));
                }
            }
            return watch.get(place, name).orElseThrow();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    ObjectNode awaitMap(String name, Predicate<ObjectNode> wanted) {
        return await(CONFIG_MAPS, namespace, name, wanted);
    }

    static String colour(ObjectNode map) {
        return map.path("data").path("colour").asText();
    }

    static ObjectNode object(String apiVersion, String kind, String namespace, String name) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", apiVersion).put("kind", kind);
        ObjectNode metadata = object.putObject("metadata").put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        return object;
    }

    static ObjectNode yaml(String text) {
        return (ObjectNode) DocumentReader.read("r", text.getBytes(StandardCharsets.UTF_8))
                .documents()
                .getFirst()
                .root()
                .toJson();
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
        cluster.delete(NAMESPACES, "", namespace, "");
        cluster.close();
    }
}
