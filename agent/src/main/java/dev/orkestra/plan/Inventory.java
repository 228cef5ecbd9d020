package dev.orkestra.plan;

import dev.orkestra.document.ObjectKey;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * All entries of one environment, by identity. Immutable; changes give a new one.
 *
 * @param entries the objects that the environment is made of
 * @param hooks instances of hooks that runs have made, or were about to. They are apart from the objects, because nobody
 *     wants them: they are not planned, not pruned, not counted and not missed
 */
public record Inventory(SequencedMap<ObjectKey, InventoryEntry> entries, SequencedMap<ObjectKey, HookEntry> hooks) {
    public static final Inventory EMPTY = new Inventory(new TreeMap<>(), new TreeMap<>());

    public Inventory {
        entries = Collections.unmodifiableSequencedMap(new TreeMap<>(entries));
        hooks = Collections.unmodifiableSequencedMap(new TreeMap<>(hooks));
    }

    public Optional<InventoryEntry> get(ObjectKey key) {
        return Optional.ofNullable(entries.get(key));
    }

    /** The instance of a hook. */
    public Optional<HookEntry> hook(ObjectKey instance) {
        return Optional.ofNullable(hooks.get(instance));
    }

    public int size() {
        return entries.size();
    }

    /** This inventory with {@code changed} put in, replacing entries of the same identity. */
    public Inventory with(Collection<InventoryEntry> changed) {
        return new Inventory(changed(entries, copy -> changed.forEach(entry -> copy.put(entry.key(), entry))), hooks);
    }

    public Inventory without(Collection<ObjectKey> gone) {
        return new Inventory(changed(entries, copy -> gone.forEach(copy::remove)), hooks);
    }

    /** As {@link #with}, for instances of hooks; this very inventory when there is nothing to change. */
    public Inventory withHooks(Collection<HookEntry> changed) {
        return changed.isEmpty()
                ? this
                : new Inventory(
                        entries, changed(hooks, copy -> changed.forEach(entry -> copy.put(entry.instance(), entry))));
    }

    /** As {@link #without}, for instances of hooks; this very inventory when there is nothing to change. */
    public Inventory withoutHooks(Collection<ObjectKey> gone) {
        return gone.isEmpty() ? this : new Inventory(entries, changed(hooks, copy -> gone.forEach(copy::remove)));
    }

    private static <T> TreeMap<ObjectKey, T> changed(
            SequencedMap<ObjectKey, T> from, Consumer<TreeMap<ObjectKey, T>> change) {
        TreeMap<ObjectKey, T> copy = new TreeMap<>(from);
        change.accept(copy);
        return copy;
    }
}
