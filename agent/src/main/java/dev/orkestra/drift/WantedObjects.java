package dev.orkestra.drift;

import dev.orkestra.apply.EnvironmentStore;
import dev.orkestra.apply.EnvironmentStore.Environment;
import dev.orkestra.apply.RollbackDefinitions;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.run.LastGood;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What objects should be, from last-good's kept state. The state is read when an object is asked for that was not asked
 * for before, and only such objects stay in memory: whole environments are large.
 */
final class WantedObjects {
    private static final int MOST = 1_000;

    private final EnvironmentStore store;
    private final Map<ObjectKey, DesiredObject> known = new HashMap<>();
    /** In the inventory, but not in last-good, or left by a rollback as another commit made it: nobody's drift. */
    private final Set<ObjectKey> unwanted = ConcurrentHashMap.newKeySet();

    private String digest = "";

    WantedObjects(EnvironmentStore store) {
        this.store = store;
    }

    /** Whether the object is known not to be wanted. */
    boolean isUnwanted(ObjectKey key) {
        return unwanted.contains(key);
    }

    /** From now on {@code environment}'s last-good counts. */
    void settled(Environment environment) {
        LastGood good = environment.ledger().lastGood();
        String now = good == null ? "" : good.digest();
        if (!now.equals(digest)) {
            digest = now;
            known.clear();
            unwanted.clear();
        }
    }

    /** Those of {@code keys} that are wanted. */
    Map<ObjectKey, DesiredObject> of(Environment environment, Collection<ObjectKey> keys) {
        settled(environment);
        List<ObjectKey> missing = keys.stream()
                .filter(key -> !known.containsKey(key) && !unwanted.contains(key))
                .toList();
        if (!missing.isEmpty()) {
            read(environment, missing);
        }
        Map<ObjectKey, DesiredObject> wanted = new HashMap<>();
        keys.stream()
                .filter(known::containsKey)
                .forEach(key -> wanted.put(key, Objects.requireNonNull(known.get(key))));
        if (known.size() > MOST) {
            known.clear();
        }
        return wanted;
    }

    private void read(Environment environment, List<ObjectKey> missing) {
        Map<ObjectKey, DesiredObject> all = new HashMap<>();
        store.state(environment, digest)
                .map(DesiredState::objects)
                .orElseThrow(() -> new IllegalStateException("the state of last-good is not kept"))
                .forEach(object -> all.put(object.key(), object));
        for (ObjectKey key : missing) {
            DesiredObject object = all.get(key);
            // To put such a definition right would be to take it back.
            if (object == null || RollbackDefinitions.isOfAnotherCommit(object, environment.inventory())) {
                unwanted.add(key);
            } else {
                known.put(key, object);
            }
        }
    }
}
