package dev.orkestra.apply;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.EnvironmentStore.Environment;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.run.Ledger;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * What is kept of all environments, in memory as well: only the leader writes it, so a look need not read it again. A
 * watch of the ConfigLedgers, which keeps nothing but their versions, tells when somebody else has written after all.
 */
public final class Environments implements AutoCloseable {
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(100);

    private final Cluster cluster;
    private final String namespace;
    private final WatchCache ledgers;
    private final Map<Of, EnvironmentStore> stores = new ConcurrentHashMap<>();

    /** What makes one ledger differ from another. */
    private record Of(String label, String repository, String overlay) {}

    private Environments(Cluster cluster, String namespace) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.ledgers =
                cluster.watch(EnvironmentStore.LEDGERS, namespace, "", Environments::version, (change, object) -> {});
    }

    /**
     * @param cluster with the agent's own rights
     * @param namespace the agent's namespace
     */
    public static Environments open(Cluster cluster, String namespace) {
        return new Environments(cluster, namespace);
    }

    private static ObjectNode version(ObjectNode ledger) {
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = kept.putObject("metadata");
        for (String field : new String[] {"namespace", "name", "uid", "resourceVersion"}) {
            metadata.set(field, ledger.path("metadata").path(field));
        }
        return kept;
    }

    /** Where {@code repo}'s environment is kept. */
    public EnvironmentStore of(ConfigRepo repo) {
        return stores.computeIfAbsent(
                new Of(repo.label(), repo.source().url(), repo.overlay()),
                _ -> new EnvironmentStore(cluster, namespace, repo));
    }

    /** The ConfigRepo with {@code label} is gone, or its environment was removed: memory of it would only mislead. */
    public void forget(String label) {
        stores.keySet().removeIf(of -> of.label().equals(label));
    }

    /** What is kept of {@code repo}'s environment now; asks the server only where memory may be behind. */
    public Environment current(ConfigRepo repo) {
        EnvironmentStore store = of(repo);
        return store.known()
                .filter(known -> isNewest(store.name(), known.version()))
                .orElseGet(store::load);
    }

    /** What this process read or wrote last; the server is asked only where it has done neither. */
    public Environment known(ConfigRepo repo) {
        EnvironmentStore store = of(repo);
        return store.known().orElseGet(store::load);
    }

    /** What is kept, with what somebody asked of the ledger; only while no run is under way. */
    public Environment change(ConfigRepo repo, UnaryOperator<Ledger> asked) {
        Environment there = current(repo);
        Ledger changed = asked.apply(there.ledger());
        return changed.equals(there.ledger()) ? there : of(repo).save(there.with(changed));
    }

    /** Without a ledger, as before the first run, the server is asked: that is one GET and a list of few. */
    private boolean isNewest(String name, String version) {
        return !version.isEmpty()
                && ledgers.trouble().isEmpty()
                && ledgers.silence().compareTo(LONGEST_SILENCE) < 0
                && ledgers.get(namespace, name)
                        .map(seen ->
                                seen.path("metadata").path("resourceVersion").asText())
                        .equals(Optional.of(version));
    }

    @Override
    public void close() {
        ledgers.close();
    }
}
