package dev.orkestra.drift;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.EnvironmentStore;
import dev.orkestra.apply.EnvironmentStore.Environment;
import dev.orkestra.apply.LiveObjects;
import dev.orkestra.apply.Parallel;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.live.LiveCaches;
import dev.orkestra.live.LiveCaches.Sight;
import dev.orkestra.live.Place;
import dev.orkestra.live.Seen;
import dev.orkestra.plan.InventoryEntry;
import dev.orkestra.run.LastGood;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The drift of one environment: what its objects should be, what they are, and what is done about it. */
final class EnvironmentDrift implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EnvironmentDrift.class);
    /** How often places that cannot be watched are looked at. */
    private static final Duration SLOW_LOOK = Duration.ofMinutes(1);
    /** How long the first list of a new watch may take before the look goes on without it. */
    private static final Duration FIRST_LIST = Duration.ofSeconds(10);

    /** How long a look at the ConfigRepo waits for one here. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final ConfigRepo repo;
    private final Cluster cluster;
    private final EnvironmentStore store;
    private final LiveCaches caches;
    private final Function<ObjectNode, String> digest;
    private final Runnable fence;
    private final DriftReport report;
    private final InstantSource clock;
    private final Fights fights = new Fights();
    /** Held while something is looked at or put right: a run waits for it, and then finds nothing under way. */
    private final ReentrantLock turn = new ReentrantLock();
    /** What the objects should be; empty while that is not known, or is a run's business. */
    private volatile Map<ObjectKey, InventoryEntry> expected = Map.of();
    /** What differs and stays so for now. */
    private final Map<ObjectKey, Known> known = new ConcurrentSkipListMap<>();
    /** In the inventory, but not wanted by last-good: nobody's drift. */
    private final Set<ObjectKey> unwanted = new HashSet<>();

    private Environment environment = Environment.NOTHING;
    private Instant slowLook = Instant.MIN;
    private List<Drift> reported = List.of();
    private volatile boolean hasReported;
    private int tries;

    /**
     * Drift that was found.
     *
     * @param seen version of the object in the cache before it was looked at; empty where it was not there
     */
    private record Known(Drift drift, String seen) {}

    /**
     * @param cluster seen with the environment's identity
     * @param changed called when an object that should be looked at has changed; must not block
     */
    EnvironmentDrift(
            ConfigRepo repo,
            Cluster cluster,
            EnvironmentStore store,
            Function<ObjectNode, String> digest,
            Runnable fence,
            DriftReport report,
            InstantSource clock,
            Runnable changed) {
        this.repo = repo;
        this.cluster = cluster;
        this.store = store;
        this.digest = digest;
        this.fence = fence;
        this.report = report;
        this.clock = clock;
        this.caches = new LiveCaches(
                cluster,
                repo.label(),
                digest,
                key -> {
                    if (matters(key)) {
                        changed.run();
                    }
                },
                clock);
    }

    ConfigRepo repo() {
        return repo;
    }

    LiveCaches caches() {
        return caches;
    }

    /** All that is to be told. */
    List<Drift> present() {
        return known.values().stream()
                .map(Known::drift)
                .filter(drift -> !drift.isOnlyOwnership())
                .toList();
    }

    /** Cheap, since it is asked for each event: a status that moves is none of our business. */
    private boolean matters(ObjectKey key) {
        InventoryEntry entry = expected.get(key);
        return entry != null && (known.containsKey(key) || !isAsApplied(entry, seen(entry)));
    }

    private Optional<Seen> seen(InventoryEntry entry) {
        return caches.seen(Place.of(entry.key(), entry.apiVersion()), entry.key());
    }

    private static boolean isAsApplied(InventoryEntry entry, Optional<Seen> seen) {
        return seen.isPresent()
                && !seen.get().terminating()
                && seen.get().uid().equals(entry.uid())
                && seen.get().ownedDigest().equals(entry.ownedDigest());
    }

    /** From now on the environment is to be as {@code now} says. */
    void settled(Environment now) throws InterruptedException {
        if (!turn.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            // A look is putting things right, as it was given before; with an API server that is slow it may take long.
            return;
        }
        try {
            if (!now.version().equals(environment.version()) || expected.isEmpty()) {
                environment = now;
                unwanted.clear();
                expect(now);
            }
            caches.follow(expected.values().stream()
                    .map(entry -> Place.of(entry.key(), entry.apiVersion()))
                    .collect(Collectors.toSet()));
        } finally {
            turn.unlock();
        }
    }

    private void expect(Environment now) {
        Map<ObjectKey, InventoryEntry> all = new HashMap<>();
        now.inventory().entries().values().stream()
                .filter(entry -> !entry.isOnlyIntended())
                .forEach(entry -> all.put(entry.key(), entry));
        expected = Map.copyOf(all);
    }

    /** A run begins, or nothing is to be done: waits for what is under way, then nothing more is looked at. */
    void pause(boolean newRun) {
        turn.lock();
        try {
            expected = Map.of();
            if (newRun) {
                fights.forget();
                known.clear();
                hasReported = false;
            }
        } finally {
            turn.unlock();
        }
    }

    /**
     * Whether every object is as it was applied, as far as the watches see; asks nothing. With {@code false} a look is
     * due.
     */
    boolean isQuiet() {
        Map<Place, Sight> sights = new TreeMap<>();
        return hasReported
                && known.isEmpty()
                && expected.values().stream()
                        .allMatch(entry ->
                                sights.computeIfAbsent(Place.of(entry.key(), entry.apiVersion()), caches::sight)
                                                instanceof Sight.Clear
                                        && isAsApplied(entry, seen(entry)));
    }

    /**
     * One look at everything.
     *
     * @return when to look again without an event
     */
    Optional<Duration> look() throws InterruptedException {
        caches.awaitListed(FIRST_LIST);
        turn.lock();
        try {
            return expected.isEmpty() ? Optional.empty() : lookNow();
        } finally {
            turn.unlock();
        }
    }

    private Optional<Duration> lookNow() {
        Instant now = clock.instant();
        Map<Place, Sight> sights = new TreeMap<>();
        List<InventoryEntry> suspects = new ArrayList<>();
        List<InventoryEntry> hidden = new ArrayList<>();
        boolean unsure = false;
        for (InventoryEntry entry : expected.values()) {
            switch (sights.computeIfAbsent(Place.of(entry.key(), entry.apiVersion()), caches::sight)) {
                case Sight.Clear() -> sort(entry, seen(entry), suspects, now);
                case Sight.None(var _) -> hidden.add(entry);
                case Sight.Unsure() -> unsure = true;
            }
        }
        if (!hidden.isEmpty() && !now.isBefore(slowLook)) {
            slowLook = now.plus(SLOW_LOOK);
            suspects.addAll(slowly(hidden));
        }
        boolean troubled = handle(suspects, now);
        tell();
        boolean refused = known.values().stream().anyMatch(each -> each.drift().reason() == Drift.Reason.Refused);
        tries = troubled || refused ? tries + 1 : 0;
        return NextLook.of(
                now,
                unsure,
                hidden.isEmpty() ? Optional.empty() : Optional.of(slowLook),
                tries,
                known.values().stream().map(Known::drift).toList());
    }

    private void sort(InventoryEntry entry, Optional<Seen> seen, List<InventoryEntry> suspects, Instant now) {
        if (isAsApplied(entry, seen)) {
            known.remove(entry.key());
            return;
        }
        Known before = known.get(entry.key());
        boolean asBefore = before != null
                && before.seen().equals(version(seen))
                && before.drift().reason() != Drift.Reason.Refused
                && !isDue(before.drift(), now);
        if (!asBefore && !unwanted.contains(entry.key())) {
            suspects.add(entry);
        }
    }

    private static String version(Optional<Seen> seen) {
        return seen.map(Seen::resourceVersion).orElse("");
    }

    private static boolean isDue(Drift drift, Instant now) {
        Instant until = drift.until();
        return until != null && !now.isBefore(until);
    }

    private List<InventoryEntry> slowly(List<InventoryEntry> hidden) {
        Map<ObjectKey, ObjectNode> live = new LiveObjects(cluster, repo.label())
                .read(hidden.stream()
                        .map(entry -> new LiveObjects.Wanted(entry.key(), entry.apiVersion()))
                        .toList());
        return hidden.stream()
                .filter(entry -> !unwanted.contains(entry.key()))
                .filter(entry -> {
                    ObjectNode there = live.get(entry.key());
                    return there == null
                            || there.path("metadata").has("deletionTimestamp")
                            || !there.path("metadata").path("uid").asText().equals(entry.uid())
                            || !digest.apply(there).equals(entry.ownedDigest());
                })
                .toList();
    }

    /**
     * Looks at each suspect, in the order of waves, namespaces first.
     *
     * @return whether the API server could not be asked about one
     */
    private boolean handle(List<InventoryEntry> suspects, Instant now) {
        if (suspects.isEmpty()) {
            return false;
        }
        LastGood good = Objects.requireNonNull(environment.ledger().lastGood());
        Map<ObjectKey, DesiredObject> wanted = store
                .state(environment, good.digest())
                .map(DesiredState::objects)
                .orElseThrow(() -> new IllegalStateException("the state of last-good is not kept"))
                .stream()
                .collect(Collectors.toMap(DesiredObject::key, Function.identity()));
        suspects.stream()
                .map(InventoryEntry::key)
                .filter(key -> !wanted.containsKey(key))
                .forEach(unwanted::add);
        Map<ObjectKey, String> versions =
                suspects.stream().collect(Collectors.toMap(InventoryEntry::key, entry -> version(seen(entry))));
        Map<ObjectKey, Correction.Result> results = new ConcurrentSkipListMap<>();
        Set<ObjectKey> troubled = ConcurrentHashMap.newKeySet();
        Correction correction = new Correction(cluster, repo, digest, fence, this::pausedUntil, now);
        for (List<InventoryEntry> group : CorrectionOrder.of(suspects, wanted.keySet())) {
            Parallel.forEach(group, entry -> {
                try {
                    DesiredObject object = Objects.requireNonNull(wanted.get(entry.key()));
                    results.put(entry.key(), correction.look(entry, object));
                } catch (ClusterException e) {
                    troubled.add(entry.key());
                    LOG.atWarn()
                            .addKeyValue("object", entry.key())
                            .addKeyValue("why", e.getMessage())
                            .log("drift cannot be looked at now");
                }
            });
        }
        take(results, versions, now);
        return !troubled.isEmpty();
    }

    private Optional<Instant> pausedUntil(ObjectKey key, String manager) {
        synchronized (fights) {
            return fights.pausedUntil(key, manager, clock.instant());
        }
    }

    private void take(Map<ObjectKey, Correction.Result> results, Map<ObjectKey, String> versions, Instant now) {
        List<InventoryEntry> entries = new ArrayList<>();
        List<Drift> corrected = new ArrayList<>();
        results.forEach((key, result) -> {
            switch (result) {
                case Correction.Result.Fine() -> known.remove(key);
                case Correction.Result.Noted(InventoryEntry entry) -> {
                    known.remove(key);
                    entries.add(entry);
                }
                case Correction.Result.Corrected(Drift was, InventoryEntry entry) -> {
                    known.remove(key);
                    entries.add(entry);
                    corrected.add(was);
                    fights.corrected(key, was.manager(), now);
                }
                case Correction.Result.Left(Drift drift) -> {
                    Known before = known.get(key);
                    Drift told = before != null && before.drift().reason() == drift.reason()
                            ? drift.seenSince(before.drift().since())
                            : drift;
                    known.put(key, new Known(told, versions.getOrDefault(key, "")));
                }
            }
        });
        try {
            keep(entries);
        } finally {
            if (!corrected.isEmpty()) {
                report.corrected(repo, corrected);
            }
        }
    }

    /** Digests and uids as they are now; most corrections change neither. */
    private void keep(List<InventoryEntry> entries) {
        List<InventoryEntry> changed = entries.stream()
                .filter(entry ->
                        !Optional.of(entry).equals(environment.inventory().get(entry.key())))
                .toList();
        if (!changed.isEmpty()) {
            environment = store.save(environment.with(environment.inventory().with(changed)));
            expect(environment);
        }
    }

    private void tell() {
        List<Drift> present = present();
        if (!hasReported || !present.equals(reported)) {
            report.present(
                    repo,
                    present,
                    caches.blind().entrySet().stream()
                            .map(each -> each.getKey() + ": " + each.getValue())
                            .toList());
            reported = present;
            hasReported = true;
        }
    }

    @Override
    public void close() {
        caches.close();
    }
}
