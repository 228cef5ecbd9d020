package dev.orkestra.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.plan.InventoryEntry;
import dev.orkestra.plan.Ownership;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Removes objects wave by wave, the last wave first, and waits until they are gone, so that what others depend on
 * goes last (DESIGN.md §4.10). Only an object with the uid and the label that the inventory knows is touched.
 */
final class Remover {
    private static final String STILL_THERE = "still there at the deadline";
    private static final Duration SAFETY_LOOK = Duration.ofSeconds(30);
    /** One look is always taken, even past the deadline. */
    private static final Duration FIRST_LOOK = Duration.ofSeconds(10);

    private final Cluster cluster;
    private final String label;
    private final InstantSource clock;
    private final Cluster.Propagation propagation;

    /** @param cluster seen with the environment's identity */
    Remover(Cluster cluster, String label, InstantSource clock) {
        this(cluster, label, clock, Cluster.Propagation.BACKGROUND);
    }

    /** @param propagation foreground: what an object owns is waited for as well */
    Remover(Cluster cluster, String label, InstantSource clock, Cluster.Propagation propagation) {
        this.cluster = cluster;
        this.label = label;
        this.clock = clock;
        this.propagation = propagation;
    }

    /**
     * What became of the entries.
     *
     * @param gone no longer in the cluster, or never ours
     * @param left still there, with the reason
     */
    record Result(Set<ObjectKey> gone, Map<ObjectKey, String> left) {
        /** Why {@code key} is left, as it hinders what comes next: no waiting helps where a finalizer holds it. */
        ClusterException hindrance(ObjectKey key, String what) {
            String reason = left.getOrDefault(key, "");
            return new ClusterException(
                    reason.startsWith(STILL_THERE)
                            ? ClusterException.Reason.STILL_THERE
                            : ClusterException.Reason.UNAVAILABLE,
                    what + ": " + reason);
        }
    }

    /**
     * @param entries in the order in which they are to go; neighbours of one wave go together
     * @param deadline until when to wait; what is still there then is reported, not forced
     */
    Result remove(List<InventoryEntry> entries, Instant deadline) throws InterruptedException {
        Set<ObjectKey> gone = new ConcurrentSkipListSet<>();
        Map<ObjectKey, String> left = new ConcurrentSkipListMap<>();
        for (List<InventoryEntry> wave : byWave(entries)) {
            removeWave(wave, deadline, gone, left);
            if (!left.isEmpty()) {
                break;
            }
        }
        for (InventoryEntry entry : entries) {
            if (!gone.contains(entry.key())) {
                left.putIfAbsent(entry.key(), "not begun: an object of a later wave is still there");
            }
        }
        return new Result(gone, new TreeMap<>(left));
    }

    /** As above, but all at once, whatever their waves: what is to be created again has no order among itself. */
    Result removeTogether(List<InventoryEntry> entries, Instant deadline) throws InterruptedException {
        Set<ObjectKey> gone = new ConcurrentSkipListSet<>();
        Map<ObjectKey, String> left = new ConcurrentSkipListMap<>();
        removeWave(entries, deadline, gone, left);
        return new Result(gone, new TreeMap<>(left));
    }

    private void removeWave(
            List<InventoryEntry> wave, Instant deadline, Set<ObjectKey> gone, Map<ObjectKey, String> left)
            throws InterruptedException {
        Parallel.forEach(wave, entry -> requestRemoval(entry, gone, left));
        List<InventoryEntry> pending = wave.stream()
                .filter(entry -> !gone.contains(entry.key()) && !left.containsKey(entry.key()))
                .toList();
        awaitGone(pending, deadline, gone, left);
    }

    private void requestRemoval(InventoryEntry entry, Set<ObjectKey> gone, Map<ObjectKey, String> left) {
        ObjectKey key = entry.key();
        try {
            ResourceType type = cluster.resourceType(entry.apiVersion(), key.kind());
            Optional<ObjectNode> live = cluster.get(type, key.namespace(), key.name());
            if (live.isEmpty() || !isOurs(live.get(), entry, label)) {
                gone.add(key);
                return;
            }
            cluster.delete(
                    type,
                    key.namespace(),
                    key.name(),
                    live.get().path("metadata").path("uid").asText(),
                    propagation);
        } catch (ClusterException e) {
            if (e.reason() == ClusterException.Reason.MISSING_KIND || e.reason() == ClusterException.Reason.NOT_FOUND) {
                gone.add(key);
            } else {
                left.put(key, e.getMessage());
            }
        }
    }

    /**
     * An object that was made anew by somebody else, or lost our label, is not ours to delete. Of one that was only
     * intended no uid is known: then the mark must be ours.
     */
    static boolean isOurs(ObjectNode live, InventoryEntry entry, String label) {
        String uid = live.path("metadata").path("uid").asText();
        String owner =
                live.path("metadata").path("labels").path(Labels.CONFIG_REPO).asText();
        return owner.equals(label)
                && (entry.uid().isEmpty()
                        ? Ownership.isMarked(live, label)
                        : entry.uid().equals(uid));
    }

    private void awaitGone(
            List<InventoryEntry> pending, Instant deadline, Set<ObjectKey> gone, Map<ObjectKey, String> left)
            throws InterruptedException {
        Semaphore changes = new Semaphore(1);
        Map<Place, WatchCache> caches = new LinkedHashMap<>();
        try {
            for (InventoryEntry entry : pending) {
                caches.computeIfAbsent(
                        placeOf(entry),
                        place -> cluster.watch(
                                place.type(),
                                place.namespace(),
                                Labels.CONFIG_REPO + "=" + label,
                                (change, object) -> changes.release()));
            }
            Set<WatchCache> blind = blind(caches.values(), deadline);
            List<InventoryEntry> waiting = new ArrayList<>(pending);
            waiting.removeIf(entry -> cannotBeSeen(entry, caches, blind, left));
            while (true) {
                waiting.removeIf(entry -> isGone(entry, caches) && gone.add(entry.key()));
                Duration time = Duration.between(clock.instant(), deadline);
                if (waiting.isEmpty() || time.isNegative() || time.isZero()) {
                    break;
                }
                if (changes.tryAcquire(Math.min(time.toMillis() + 1, SAFETY_LOOK.toMillis()), TimeUnit.MILLISECONDS)) {
                    changes.drainPermits();
                }
            }
            waiting.forEach(entry -> left.put(entry.key(), STILL_THERE + holders(entry, caches)));
        } finally {
            caches.values().forEach(WatchCache::close);
        }
    }

    /** The watches that have not listed anything: an object that they don't show may well be there. */
    private Set<WatchCache> blind(Collection<WatchCache> caches, Instant deadline) throws InterruptedException {
        Set<WatchCache> blind = new HashSet<>();
        for (WatchCache cache : caches) {
            Duration time = Duration.between(clock.instant(), deadline);
            Duration patience = time.compareTo(SAFETY_LOOK) < 0 ? time : SAFETY_LOOK;
            if (!cache.awaitSynced(patience.compareTo(FIRST_LOOK) < 0 ? FIRST_LOOK : patience)) {
                blind.add(cache);
            }
        }
        return blind;
    }

    private boolean cannotBeSeen(
            InventoryEntry entry, Map<Place, WatchCache> caches, Set<WatchCache> blind, Map<ObjectKey, String> left) {
        WatchCache cache = caches.get(placeOf(entry));
        if (cache == null || !blind.contains(cache)) {
            return false;
        }
        left.put(
                entry.key(),
                "its deletion was asked for, but whether it is gone cannot be seen"
                        + cache.trouble()
                                .map(trouble -> ": " + trouble.getMessage())
                                .orElse(""));
        return true;
    }

    private boolean isGone(InventoryEntry entry, Map<Place, WatchCache> caches) {
        return find(entry, caches)
                .map(live -> !entry.uid().isEmpty()
                        && !live.path("metadata").path("uid").asText().equals(entry.uid()))
                .orElse(true);
    }

    private String holders(InventoryEntry entry, Map<Place, WatchCache> caches) {
        return find(entry, caches)
                .map(live -> live.path("metadata").path("finalizers"))
                .filter(finalizers -> !finalizers.isEmpty())
                .map(finalizers -> ", held by finalizers " + finalizers)
                .orElse("");
    }

    private Optional<ObjectNode> find(InventoryEntry entry, Map<Place, WatchCache> caches) {
        WatchCache cache = caches.get(placeOf(entry));
        return cache == null
                ? Optional.empty()
                : cache.get(entry.key().namespace(), entry.key().name());
    }

    private Place placeOf(InventoryEntry entry) {
        return new Place(
                cluster.resourceType(entry.apiVersion(), entry.key().kind()),
                entry.key().namespace());
    }

    private static List<List<InventoryEntry>> byWave(List<InventoryEntry> entries) {
        List<List<InventoryEntry>> waves = new ArrayList<>();
        for (InventoryEntry entry : entries) {
            if (waves.isEmpty() || !waves.getLast().getFirst().wave().equals(entry.wave())) {
                waves.add(new ArrayList<>());
            }
            waves.getLast().add(entry);
        }
        return waves;
    }

    private record Place(ResourceType type, String namespace) {}
}
