package dev.orkestra.plan;

import dev.orkestra.document.ObjectKey;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/** All entries of one environment, by identity. Immutable; changes give a new one. */
public record Inventory(SequencedMap<ObjectKey, InventoryEntry> entries) {
    public static final Inventory EMPTY = new Inventory(new TreeMap<>());

    public Inventory {
        entries = Collections.unmodifiableSequencedMap(new TreeMap<>(entries));
    }

    public Optional<InventoryEntry> get(ObjectKey key) {
        return Optional.ofNullable(entries.get(key));
    }

    public int size() {
        return entries.size();
    }

    /** This inventory with {@code changed} put in, replacing entries of the same identity. */
    public Inventory with(Collection<InventoryEntry> changed) {
        TreeMap<ObjectKey, InventoryEntry> copy = new TreeMap<>(entries);
        changed.forEach(entry -> copy.put(entry.key(), entry));
        return new Inventory(copy);
    }

    public Inventory without(Collection<ObjectKey> gone) {
        TreeMap<ObjectKey, InventoryEntry> copy = new TreeMap<>(entries);
        gone.forEach(copy::remove);
        return new Inventory(copy);
    }
}
