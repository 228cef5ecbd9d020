package dev.orkestra.drift;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.EnvironmentStore;
import dev.orkestra.apply.EnvironmentStore.Environment;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.desired.Assembler;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.ConfigRepoParser;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Position;
import dev.orkestra.plan.Inventory;
import dev.orkestra.plan.InventoryEntry;
import dev.orkestra.plan.OwnedFields;
import dev.orkestra.run.LastGood;
import dev.orkestra.testing.MemoryCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A settled environment on an API server in memory, and what its drift asks for and tells. */
abstract class DriftScene implements DriftReport {
    static final ApplyOptions OURS = ApplyOptions.of(OwnedFields.MANAGER);

    final MemoryCluster cluster = new MemoryCluster();
    final List<Duration> wanted = new ArrayList<>();
    final List<Drift> corrected = new ArrayList<>();
    final List<List<Drift>> told = new ArrayList<>();
    List<String> unwatched = List.of();
    /** How often a look at the ConfigRepo was asked for; not at all, unless a test says so. */
    final AtomicInteger outdated = new AtomicInteger();

    volatile boolean mayBeOutdated;
    Environment environment = Environment.NOTHING;
    Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public void corrected(ConfigRepo repo, List<Drift> drifts) {
        corrected.addAll(drifts);
    }

    @Override
    public void present(ConfigRepo repo, List<Drift> present, List<String> blind) {
        told.add(present);
        unwatched = blind;
    }

    @Override
    public void outdated(ConfigRepo repo) {
        if (!mayBeOutdated) {
            throw new AssertionError("nobody else writes");
        }
        outdated.incrementAndGet();
    }

    EnvironmentDrift watch(ConfigRepo repo, String... names) throws InterruptedException {
        cluster.edit(namespace(), "admin", created -> {});
        List<DesiredObject> objects = new ArrayList<>();
        List<InventoryEntry> entries = new ArrayList<>();
        for (String name : names) {
            ObjectNode body = body(repo, name);
            DesiredObject object = new DesiredObject(
                    key(name), body, Wave.sync(0, 0), new Position("a.yaml", 1, 1), CanonicalJson.digest(body));
            objects.add(object);
            ObjectNode live = cluster.apply(cluster.resourceType("v1", "ConfigMap"), body, OURS);
            entries.add(new InventoryEntry(
                    object.key(),
                    "v1",
                    object.wave(),
                    object.digest(),
                    OwnedFields.digest(live, OwnedFields.MANAGER),
                    live.path("metadata").path("uid").asText()));
        }
        DesiredState state = Assembler.state("c1", objects);
        EnvironmentStore store = new EnvironmentStore(cluster, "orkestra", repo);
        Environment loaded = store.load();
        environment = store.save(
                loaded.with(Inventory.EMPTY.with(entries))
                        .with(loaded.ledger().good(new LastGood("c1", 1, state.digest()))),
                state);
        EnvironmentDrift drift = new EnvironmentDrift(
                repo,
                cluster,
                store,
                live -> OwnedFields.digest(live, OwnedFields.MANAGER),
                () -> {},
                this,
                () -> now,
                wanted::add);
        drift.settled(environment);
        Optional<Duration> _ = drift.look();
        now = now.plusSeconds(2);
        return drift;
    }

    /** From here on what is asked, wanted and told counts. */
    void quiet() {
        cluster.requests();
        wanted.clear();
        List<Drift> last = told.getLast();
        told.clear();
        told.add(last);
    }

    Drift present() {
        assertThat(told.getLast()).hasSize(1);
        return told.getLast().getFirst();
    }

    void paint(String name, String colour) {
        cluster.edit(
                key(name), "kubectl-edit", object -> object.withObject("/data").put("colour", colour));
    }

    void touch(String name) {
        cluster.edit(
                key(name), "controller", object -> object.withObject("/status").put("seen", now.toString()));
    }

    String colour(String name) {
        return cluster.find(key(name)).orElseThrow().path("data").path("colour").asText();
    }

    static ObjectKey key(String name) {
        return new ObjectKey("", "ConfigMap", "shop", name);
    }

    static ObjectKey namespace() {
        return new ObjectKey("", "Namespace", "", "shop");
    }

    static ObjectNode body(ConfigRepo repo, String name) {
        ObjectNode body = DriftWorld.object("v1", "ConfigMap", "shop", name);
        body.putObject("data").put("colour", "green");
        body.withObject("/metadata").putObject("labels").put(ConfigRepo.LABEL, repo.label());
        return body;
    }

    static ConfigRepo repo(String... more) {
        return ConfigRepoParser.parse(DriftWorld.yaml("""
                        metadata: {name: staging, namespace: orkestra}
                        spec:
                          source: {url: "http://git.test/x"}
                          layers: [{path: infra, wave: 0}]
                          serviceAccountName: default
                          %s
                        """.formatted(String.join("\n  ", more))))
                .configRepo()
                .orElseThrow();
    }
}
