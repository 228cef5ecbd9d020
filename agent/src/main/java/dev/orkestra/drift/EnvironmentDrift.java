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
import dev.orkestra.document.ObjectKey;
import dev.orkestra.live.LiveCaches;
import dev.orkestra.live.LiveCaches.Sight;
import dev.orkestra.live.Place;
import dev.orkestra.live.Seen;
import dev.orkestra.plan.InventoryEntry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
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

    private final Expected expected;
    private final Findings findings = new Findings();
    private final LeavingNamespaces namespaces;
    private final WantedObjects wanted;
    private final Telling telling;
    /** How many want a look that is under way to end; between two objects it does. */
    private final AtomicInteger interrupting = new AtomicInteger();
    /** A run is under way that has changed nothing yet: what is seen is told, and nothing is written. */
    private boolean held;
    /** {@link #settled} found no room: when there is some, the ConfigRepo's look, which reads anew, is to come again. */
    private final AtomicBoolean missed = new AtomicBoolean();

    private Environment environment = Environment.NOTHING;
    private Instant slowLook = Instant.MIN;

    /**
     * @param cluster seen with the environment's identity
     * @param changed called with the time until a look is wanted, when an object has changed; must not block
     */
    EnvironmentDrift(
            ConfigRepo repo,
            Cluster cluster,
            EnvironmentStore store,
            Function<ObjectNode, String> digest,
            Runnable fence,
            DriftReport report,
            InstantSource clock,
            Consumer<Duration> changed) {
        this.repo = repo;
        this.cluster = cluster;
        this.store = store;
        this.wanted = new WantedObjects(store);
        this.namespaces = new LeavingNamespaces(cluster);
        this.digest = digest;
        this.fence = fence;
        this.report = report;
        this.telling = new Telling(repo, report);
        this.clock = clock;
        this.caches = new LiveCaches(
                cluster, repo.label(), digest, key -> matters(key).ifPresent(changed), clock);
        this.expected = new Expected(caches);
    }

    ConfigRepo repo() {
        return repo;
    }

    LiveCaches caches() {
        return caches;
    }

    /** All that is to be told. */
    List<Drift> present() {
        return findings.present().stream()
                .filter(drift -> !drift.isOnlyOwnership())
                .toList();
    }

    /**
     * When an event of the object wants a look; empty where it does not. Cheap, since it is asked for each: a status that
     * moves is none of our business, and who writes what is left alone is not followed write by write.
     */
    private Optional<Duration> matters(ObjectKey key) {
        Optional<InventoryEntry> entry = expected.get(key);
        if (entry.isEmpty() || wanted.isUnwanted(key)) {
            return Optional.empty();
        }
        Optional<Seen> seen = expected.seen(entry.get());
        if (Expected.isAsApplied(entry.get(), seen)) {
            return findings.has(key) ? Optional.of(Duration.ZERO) : Optional.empty();
        }
        Instant now = clock.instant();
        return findings.due(key, Expected.version(seen))
                .map(due -> due.isAfter(now) ? Duration.between(now, due) : Duration.ZERO);
    }

    /** From now on the environment is to be as {@code now} says; false: no room, and the caller is to ask for a look here. */
    boolean settled(Environment now) throws InterruptedException {
        if (!turn.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            // A look is putting things right, as it was given before; with an API server that is slow it may take long.
            missed.set(true);
            return false;
        }
        try {
            missed.set(false);
            if (!now.version().equals(environment.version()) || expected.isNothing()) {
                environment = now;
                wanted.settled(now);
                expected.settled(now);
            }
            if (held) {
                held = false;
                findings.clear();
            }
            caches.follow(expected.places());
            return true;
        } finally {
            turn.unlock();
        }
    }

    /** Nothing is to be done: waits for what is under way, then nothing more is looked at. */
    void pause() {
        interrupt(expected::nothing);
    }

    /**
     * A run begins to change things. Its plan has looked at every object, so what was known is forgotten.
     *
     * @return whether anything is told on the ConfigRepo that does not hold any more
     */
    boolean forget() {
        AtomicBoolean wasTold = new AtomicBoolean();
        interrupt(() -> {
            wasTold.set(telling.isAnything());
            expected.nothing();
            fights.forget();
            findings.clear();
            telling.again();
        });
        return wasTold.get();
    }

    /** A run begins that changes nothing yet, perhaps for days: from now on it is only told what is so. */
    void hold() {
        interrupt(() -> held = true);
    }

    private void interrupt(Runnable change) {
        interrupting.incrementAndGet();
        Instant began = clock.instant();
        turn.lock();
        try {
            Duration waited = Duration.between(began, clock.instant());
            if (waited.compareTo(PATIENCE) > 0) {
                LOG.atInfo()
                        .addKeyValue("configRepo", repo.label())
                        .addKeyValue("waited", waited)
                        .log("waited for requests of a correction that were under way");
            }
            change.run();
        } finally {
            interrupting.decrementAndGet();
            turn.unlock();
        }
    }

    /**
     * Whether every object is as it was applied, as far as the watches see; asks nothing. With {@code false} a look is
     * due.
     */
    boolean isQuiet() {
        return telling.hasTold() && findings.isEmpty() && expected.isMet();
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
            return expected.isNothing() ? Optional.empty() : lookNow();
        } finally {
            turn.unlock();
            if (missed.getAndSet(false)) {
                report.outdated(repo);
            }
        }
    }

    private Optional<Duration> lookNow() {
        Instant now = clock.instant();
        Map<Place, Sight> sights = new TreeMap<>();
        List<Suspect> suspects = new ArrayList<>();
        List<InventoryEntry> hidden = new ArrayList<>();
        boolean unsure = false;
        for (InventoryEntry entry : expected.all()) {
            switch (sights.computeIfAbsent(Expected.place(entry), caches::sight)) {
                case Sight.Clear() -> sort(entry, expected.seen(entry), suspects, now);
                case Sight.None(var _) -> hidden.add(entry);
                case Sight.Unsure() -> unsure = true;
            }
        }
        if (!hidden.isEmpty() && !now.isBefore(slowLook)) {
            slowLook = now.plus(SLOW_LOOK);
            slowly(hidden, suspects, now);
        }
        handle(suspects, now);
        Optional<Instant> toTell = telling.tell(present(), caches.blind(), now);
        return NextLook.of(
                now,
                unsure,
                List.of(
                        hidden.isEmpty() ? Optional.empty() : Optional.of(slowLook),
                        findings.firstDue(expected::versionNow),
                        toTell));
    }

    private void sort(InventoryEntry entry, Optional<Seen> seen, List<Suspect> suspects, Instant now) {
        String version = Expected.version(seen);
        if (Expected.isAsApplied(entry, seen)) {
            findings.fine(entry.key(), version, now);
            return;
        }
        boolean isThere = seen.filter(there -> !there.terminating()).isPresent();
        suspect(new Suspect(entry, version, isThere), suspects, now);
    }

    private void suspect(Suspect suspect, List<Suspect> suspects, Instant now) {
        boolean isDue = findings.due(suspect.key(), suspect.version())
                .filter(due -> !now.isBefore(due))
                .isPresent();
        if (isDue && !wanted.isUnwanted(suspect.key())) {
            suspects.add(suspect);
        }
    }

    private void slowly(List<InventoryEntry> hidden, List<Suspect> suspects, Instant now) {
        Map<ObjectKey, ObjectNode> live = new LiveObjects(cluster, repo.label())
                .read(hidden.stream()
                        .map(entry -> new LiveObjects.Wanted(entry.key(), entry.apiVersion()))
                        .toList());
        for (InventoryEntry entry : hidden) {
            sort(entry, Optional.ofNullable(live.get(entry.key())).map(there -> Seen.of(there, digest)), suspects, now);
        }
    }

    /** Looks at each suspect, in the order of waves, namespaces first. */
    private void handle(List<Suspect> all, Instant now) {
        List<Suspect> suspects =
                all.stream().filter(suspect -> !isLeaving(suspect, now)).toList();
        if (suspects.isEmpty()) {
            return;
        }
        Map<ObjectKey, Suspect> byKey = suspects.stream().collect(Collectors.toMap(Suspect::key, Function.identity()));
        Map<ObjectKey, DesiredObject> objects = wanted.of(environment, byKey.keySet());
        byKey.keySet().stream().filter(wanted::isUnwanted).forEach(findings::corrected);
        Map<ObjectKey, Correction.Result> results = new ConcurrentSkipListMap<>();
        Correction correction = new Correction(cluster, repo, digest, fence, this::pausedUntil, namespaces, held, now);
        List<InventoryEntry> entries = suspects.stream().map(Suspect::entry).toList();
        for (List<InventoryEntry> group : CorrectionOrder.of(entries, objects.keySet())) {
            Parallel.forEach(group, entry -> {
                if (interrupting.get() > 0) {
                    return;
                }
                Suspect suspect = Objects.requireNonNull(byKey.get(entry.key()));
                DesiredObject object = Objects.requireNonNull(objects.get(entry.key()));
                try {
                    results.put(entry.key(), correction.look(entry, object));
                } catch (ClusterException e) {
                    troubled(suspect, e, now);
                }
            });
        }
        take(results, byKey, now);
    }

    /** Whether it goes with its namespace: then nothing else is asked. */
    private boolean isLeaving(Suspect suspect, Instant now) {
        ObjectKey key = suspect.key();
        try {
            boolean leaving = !suspect.isThere() && namespaces.isLeaving(key.namespace(), now);
            if (leaving) {
                findings.left(LeavingNamespaces.drift(key, now), suspect.version(), now);
            }
            return leaving;
        } catch (ClusterException e) {
            troubled(suspect, e, now);
            return true;
        }
    }

    private void troubled(Suspect suspect, ClusterException why, Instant now) {
        findings.troubled(suspect.key(), suspect.version(), now);
        LOG.atWarn()
                .addKeyValue("object", suspect.key())
                .addKeyValue("why", why.getMessage())
                .log("drift cannot be looked at now");
    }

    private Optional<Instant> pausedUntil(ObjectKey key, String manager) {
        synchronized (fights) {
            return fights.pausedUntil(key, manager, clock.instant());
        }
    }

    private void take(Map<ObjectKey, Correction.Result> results, Map<ObjectKey, Suspect> suspects, Instant now) {
        List<InventoryEntry> entries = new ArrayList<>();
        List<Drift> corrected = new ArrayList<>();
        results.forEach((key, result) -> {
            String version = Objects.requireNonNull(suspects.get(key)).version();
            switch (result) {
                case Correction.Result.Fine() -> findings.fine(key, version, now);
                case Correction.Result.Noted(InventoryEntry entry) -> {
                    if (held) {
                        // The run has the inventory in its hands.
                        findings.left(Drift.onlyOwnership(key, now), version, now);
                    } else {
                        findings.fine(key, version, now);
                        entries.add(entry);
                    }
                }
                case Correction.Result.Corrected(Drift was, InventoryEntry entry) -> {
                    findings.corrected(key);
                    entries.add(entry);
                    corrected.add(was);
                    fights.corrected(key, was.manager(), now);
                }
                case Correction.Result.Left(Drift drift) -> findings.left(drift, version, now);
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
            expected.settled(environment);
        }
    }

    @Override
    public void close() {
        caches.close();
    }
}
