package dev.orkestra.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.plan.Inventory;
import dev.orkestra.run.DesiredStateJson;
import dev.orkestra.run.InventoryJson;
import dev.orkestra.run.Ledger;
import dev.orkestra.run.LedgerJson;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what must outlive everything else: ledger, inventory, and the resolved states of the running
 * commit and of those that were good. Chunks are written first, then the ConfigLedger's status flips to them under its resourceVersion, then old
 * chunks go (DESIGN.md §6): whoever reads sees the state before or the state after, never half of it.
 */
public final class EnvironmentStore {
    static final ResourceType LEDGERS =
            new ResourceType("orkestra.dev", "v1alpha1", "ConfigLedger", "configledgers", true);
    private static final String INVENTORY = "inventory";
    private static final String STATE = "state";
    private static final Logger LOG = LoggerFactory.getLogger(EnvironmentStore.class);

    private final Cluster cluster;
    private final String namespace;
    private final KeptChunks chunks;
    private final LedgerTrust trust;
    private final StateSeal seal;
    private final String label;
    private final ObjectNode spec;
    /** Name of the ConfigLedger: the one that is there, else the one that will be made. */
    private String name;

    /** The inventory that is kept now, and its chunks: most saves change only the ledger. */
    private KeptInventory kept = new KeptInventory(Inventory.EMPTY, List.of());
    /** The ConfigLedger as this process read or wrote it last; empty when that is not known. */
    private Optional<ObjectNode> ledger = Optional.empty();
    /** What {@link #ledger} says. */
    private volatile Optional<Environment> known = Optional.empty();

    /**
     * @param cluster with the agent's own rights
     * @param namespace the agent's namespace
     */
    public EnvironmentStore(Cluster cluster, String namespace, ConfigRepo repo) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.seal = new StateSeal(cluster, namespace);
        this.label = repo.label();
        this.chunks = new KeptChunks(new SecretChunks(cluster, namespace, seal), namespace, label);
        this.trust = new LedgerTrust(cluster, namespace, seal);
        this.spec = JsonNodeFactory.instance.objectNode();
        spec.put("repository", repo.source().url()).put("path", repo.overlay()).put("configRepo", repo.name());
        this.name = repo.name() + "-" + LedgerDocument.shortHash(repo);
    }

    /**
     * What is kept of one environment.
     *
     * @param ledger what is known of commits
     * @param inventory what was applied, or was about to be
     * @param states chunk names of resolved states, by digest
     * @param version resourceVersion of the ConfigLedger that this was read from or written to; empty before there is
     *     one. Only on top of this version it is saved: whoever has an older view must not win (DESIGN.md §3, "fenced")
     */
    public record Environment(Ledger ledger, Inventory inventory, Map<String, List<String>> states, String version) {
        /** As before anything is kept. */
        public static final Environment NOTHING = new Environment(Ledger.EMPTY, Inventory.EMPTY, Map.of(), "");

        public Environment {
            states = Map.copyOf(states);
        }

        public Environment with(Ledger changed) {
            return new Environment(changed, inventory, states, version);
        }

        public Environment with(Inventory changed) {
            return new Environment(ledger, changed, states, version);
        }

        private Environment with(Map<String, List<String>> changed) {
            return new Environment(ledger, inventory, changed, version);
        }

        private Environment at(String changed) {
            return new Environment(ledger, inventory, states, changed);
        }

        /** Without the states that only a run needed that is over. */
        public Environment keepingGood() {
            Map<String, List<String>> kept = new TreeMap<>(states);
            kept.keySet().retainAll(KeptStates.of(ledger, states));
            return with(kept);
        }
    }

    private record KeptInventory(Inventory inventory, List<String> chunks) {}

    /** A kept value is not what its name says: it was cut or changed by hand. Nothing is done on top of it. */
    public static final class DamagedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String hint;

        DamagedException(String message) {
            this(message, "restore it, or delete the ConfigLedger to begin anew: objects stay as they are");
        }

        DamagedException(String message, String hint) {
            super(message);
            this.hint = hint;
        }

        /** How to mend it. */
        public String hint() {
            return hint;
        }

        /** Never null, unlike that of other exceptions. */
        @Override
        public String getMessage() {
            String message = super.getMessage();
            return message == null ? "damaged" : message;
        }
    }

    /**
     * Somebody else has written the ledger since it was read. The run breaks off and is resumed with what is kept:
     * trying the same again would overwrite what the other has learnt.
     */
    public static final class StaleException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StaleException(String message) {
            super(message);
        }
    }

    /** What is kept; empty values where nothing is kept yet. */
    public synchronized Environment load() {
        known = Optional.empty();
        chunks.forget();
        // Of a ledger that is gone the chunks are gone too: they must be written again.
        kept = new KeptInventory(Inventory.EMPTY, List.of());
        ledger = find();
        Environment loaded = ledger.map(this::read).orElse(Environment.NOTHING);
        known = Optional.of(loaded);
        return loaded;
    }

    /** What this process read or wrote last; empty when it has done neither, or somebody else has written since. */
    public Optional<Environment> known() {
        return known;
    }

    /** Name of the ConfigLedger. */
    synchronized String name() {
        return name;
    }

    private Environment read(ObjectNode found) {
        String version = version(found);
        trust.check(found);
        if (!found.has("status")) {
            return Environment.NOTHING.at(version);
        }
        JsonNode status = found.path("status");
        Map<String, List<String>> states = new TreeMap<>();
        status.path("storage")
                .path("states")
                .properties()
                .forEach(each -> states.put(each.getKey(), LedgerDocument.names(each.getValue())));
        List<String> inventoryChunks =
                LedgerDocument.names(status.path("storage").path("inventory"));
        Inventory inventory = inventoryChunks.isEmpty()
                ? Inventory.EMPTY
                : KeptState.read(
                        "the inventory of " + where(),
                        () -> InventoryJson.read(chunks.read(place(INVENTORY), INVENTORY, inventoryChunks)));
        kept = new KeptInventory(inventory, inventoryChunks);
        return new Environment(KeptState.read(where(), () -> LedgerJson.read(status)), inventory, states, version);
    }

    /**
     * The ledger of this repository and ConfigRepo. One that was begun with another overlay path or repository goes on:
     * an edit of the spec must not make orphans of what the inventory holds, which is this ConfigRepo's by its label.
     */
    private Optional<ObjectNode> find() {
        Optional<ObjectNode> own = cluster.get(LEDGERS, namespace, name);
        if (own.isPresent()) {
            return own;
        }
        Optional<ObjectNode> earlier = cluster.list(LEDGERS, namespace, Labels.CONFIG_REPO + "=" + label).stream()
                .filter(ledger -> isSame(ledger, "configRepo"))
                .min(Comparator.comparing((ObjectNode ledger) -> !isSame(ledger, "repository"))
                        .thenComparing(EnvironmentStore::nameOf));
        earlier.ifPresent(ledger -> name = nameOf(ledger));
        return earlier;
    }

    private boolean isSame(ObjectNode ledger, String field) {
        return ledger.path("spec").path(field).equals(spec.path(field));
    }

    private ChunkSeal.Place place(String what) {
        return new ChunkSeal.Place(name, what);
    }

    private String where() {
        return "the ConfigLedger " + namespace + "/" + name;
    }

    private static String nameOf(ObjectNode ledger) {
        return ledger.path("metadata").path("name").asText();
    }

    /** The resolved state with {@code digest}, if it is kept. */
    public synchronized Optional<DesiredState> state(Environment environment, String digest) {
        return Optional.ofNullable(environment.states().get(digest))
                .map(names -> KeptState.read(
                        "the state " + digest + " of " + where(),
                        () -> DesiredStateJson.read(chunks.read(place(STATE), "state " + digest, names))));
    }

    /** {@code composed} with the digests by which it is known here. */
    DesiredState recorded(Environment environment, DesiredState composed) {
        return ContentDigests.mustBeKeyed(composed, environment.ledger())
                ? new ContentDigests(seal.key()).keyed(composed)
                : composed;
    }

    /** As it will be recorded, for people to look at: no key is made. */
    public DesiredState shown(Environment environment, DesiredState composed) {
        return ContentDigests.mustBeKeyed(composed, environment.ledger())
                ? seal.find()
                        .map(key -> new ContentDigests(key).keyed(composed))
                        .orElse(composed)
                : composed;
    }

    /** As {@link #save(Environment)}, with {@code added} as one more kept state. */
    public synchronized Environment save(Environment environment, DesiredState added) {
        return save(environment, Optional.of(added));
    }

    /**
     * Writes {@code environment}; chunks that it does not name any more are removed, and those that the version before left
     * unencrypted are replaced.
     *
     * @return the same at the version that is kept now: the only one that the next change may start from
     * @throws StaleException when somebody else has written since: nothing is changed, and no chunk removed
     */
    public synchronized Environment save(Environment environment) {
        return save(environment, Optional.empty());
    }

    private Environment save(Environment changed, Optional<DesiredState> added) {
        // What this process read or wrote last needs no second look: the server refuses when it is not the newest.
        if (ledger.isEmpty() || !version(ledger.get()).equals(changed.version())) {
            known = Optional.empty();
            ledger = find();
            requireSame(changed, ledger.map(EnvironmentStore::version).orElse(""));
        }
        ObjectNode there = begun();
        Environment environment = changed.with(states(changed, added));
        List<String> inventoryChunks = writeInventory(environment.inventory());
        ObjectNode status = LedgerDocument.status(environment, inventoryChunks);
        if (CanonicalJson.same(trust.sealed(there, status), there.path("status"))) {
            return remembered(environment.at(version(there)));
        }
        ledger = Optional.of(write(Optional.of(there), status));
        kept = new KeptInventory(environment.inventory(), inventoryChunks);
        Environment saved = remembered(environment.at(version(ledger.get())));
        try {
            removeOld(environment, inventoryChunks);
        } catch (ClusterException e) {
            // It is saved: the next save looks for what is left over, as after a crash.
            chunks.forget();
            LOG.atWarn()
                    .addKeyValue("ledger", name)
                    .addKeyValue("why", e.getMessage())
                    .log("chunks that nobody needs any more could not be removed");
        }
        return saved;
    }

    /**
     * The ledger, sealed. One that is new is given a status before any chunk is written, so that chunks without a status
     * tell of one that somebody took away.
     */
    private ObjectNode begun() {
        if (ledger.filter(LedgerTrust::isSealed).isPresent()) {
            return ledger.get();
        }
        ObjectNode status = ledger.map(there -> there.path("status")).orElse(MissingNode.getInstance())
                        instanceof ObjectNode earlier
                ? earlier
                : LedgerDocument.status(Environment.NOTHING, List.of());
        ObjectNode there = write(ledger, status);
        ledger = Optional.of(there);
        trust.remember(name, label);
        return there;
    }

    private Environment remembered(Environment environment) {
        known = Optional.of(environment);
        return environment;
    }

    private Map<String, List<String>> states(Environment environment, Optional<DesiredState> added) {
        Map<String, List<String>> states = new TreeMap<>(environment.states());
        states.replaceAll((_, names) -> chunks.sealed(place(STATE), names));
        added.ifPresent(state ->
                states.computeIfAbsent(state.digest(), _ -> chunks.write(place(STATE), DesiredStateJson.write(state))));
        return states;
    }

    private void removeOld(Environment environment, List<String> inventoryChunks) {
        Set<String> needed = new TreeSet<>(inventoryChunks);
        environment.states().values().forEach(needed::addAll);
        chunks.sweep(name, needed);
    }

    /**
     * Forgets the environment. The inventory is emptied first and the ledger goes before the last chunk, so that a
     * crash on the way leaves no ledger that points at what is not there.
     */
    public void remove() {
        Environment environment = load();
        if (environment.version().isEmpty()) {
            chunks.removeAll(name);
            return;
        }
        save(environment.with(Inventory.EMPTY).with(Map.of()));
        find().ifPresent(ledger -> cluster.delete(
                LEDGERS, namespace, name, ledger.path("metadata").path("uid").asText()));
        chunks.removeAll(name);
        trust.forget(name);
        kept = new KeptInventory(Inventory.EMPTY, List.of());
    }

    private void requireSame(Environment environment, String version) {
        if (!environment.version().equals(version)) {
            throw stale();
        }
    }

    /** The server itself refuses when another process comes between our look and our write. */
    private ObjectNode write(Optional<ObjectNode> there, ObjectNode status) {
        try {
            ObjectNode object = there.map(ObjectNode::deepCopy).orElseGet(this::create);
            object.set("status", trust.sealed(object, status));
            return cluster.replaceStatus(LEDGERS, object, Labels.MANAGER);
        } catch (ClusterException e) {
            known = Optional.empty();
            ledger = Optional.empty();
            switch (e.reason()) {
                case STALE, ALREADY_EXISTS, NOT_FOUND -> throw stale();
                default -> throw e;
            }
        }
    }

    private StaleException stale() {
        return new StaleException("the ConfigLedger " + namespace + "/" + name
                + " was changed by another process since it was read: it is read again before anything more is done");
    }

    private static String version(ObjectNode ledger) {
        return ledger.path("metadata").path("resourceVersion").asText();
    }

    /** An inventory that is kept already is not written again; which one it is is told by identity, not by looking. */
    @SuppressWarnings("ReferenceEquality")
    private List<String> writeInventory(Inventory inventory) {
        return inventory == kept.inventory() && !kept.chunks().isEmpty() && SecretChunks.areSealed(kept.chunks())
                ? kept.chunks()
                : chunks.write(place(INVENTORY), InventoryJson.write(inventory));
    }

    private ObjectNode create() {
        return cluster.create(LEDGERS, LedgerDocument.fresh(namespace, name, label, spec), Labels.MANAGER);
    }
}
