package dev.orkestra.drift;

import dev.orkestra.apply.EnvironmentStore.Environment;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.live.LiveCaches;
import dev.orkestra.live.LiveCaches.Sight;
import dev.orkestra.live.Place;
import dev.orkestra.live.Seen;
import dev.orkestra.plan.InventoryEntry;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What an environment's objects should be, as the inventory says, beside what the watches see. Thread-safe. */
final class Expected {
    private final LiveCaches caches;
    /** Empty while it is not known, or is a run's business. */
    private volatile Map<ObjectKey, InventoryEntry> entries = Map.of();

    Expected(LiveCaches caches) {
        this.caches = caches;
    }

    void settled(Environment now) {
        Map<ObjectKey, InventoryEntry> all = new HashMap<>();
        now.inventory().entries().values().stream()
                .filter(entry -> !entry.isOnlyIntended())
                .forEach(entry -> all.put(entry.key(), entry));
        entries = Map.copyOf(all);
    }

    void nothing() {
        entries = Map.of();
    }

    boolean isNothing() {
        return entries.isEmpty();
    }

    Collection<InventoryEntry> all() {
        return entries.values();
    }

    Optional<InventoryEntry> get(ObjectKey key) {
        return Optional.ofNullable(entries.get(key));
    }

    Set<Place> places() {
        return entries.values().stream().map(Expected::place).collect(Collectors.toSet());
    }

    static Place place(InventoryEntry entry) {
        return Place.of(entry.key(), entry.apiVersion());
    }

    Optional<Seen> seen(InventoryEntry entry) {
        return caches.seen(place(entry), entry.key());
    }

    static boolean isAsApplied(InventoryEntry entry, Optional<Seen> seen) {
        return seen.isPresent()
                && !seen.get().terminating()
                && seen.get().uid().equals(entry.uid())
                && seen.get().ownedDigest().equals(entry.ownedDigest());
    }

    /** Whether every place is seen, and every object is as it was applied. */
    boolean isMet() {
        Map<Place, Sight> sights = new TreeMap<>();
        return entries.values().stream()
                .allMatch(entry -> sights.computeIfAbsent(place(entry), caches::sight) instanceof Sight.Clear
                        && isAsApplied(entry, seen(entry)));
    }

    static String version(Optional<Seen> seen) {
        return seen.map(Seen::resourceVersion).orElse("");
    }

    /** Of what is hidden no version is known: it does not move between two slow looks. */
    Optional<String> versionNow(ObjectKey key) {
        return get(key).filter(entry -> caches.sight(place(entry)) instanceof Sight.Clear)
                .map(entry -> version(seen(entry)));
    }
}
