package dev.orkestra.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.document.ObjectKey;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted, and what is there.
 *
 * @param inventory what this environment has applied; empty where it is not known
 * @param live live objects of {@code desired} and {@code inventory}, with their managedFields, as far as they are there
 */
public record Situation(ConfigRepo repo, DesiredState desired, Inventory inventory, Map<ObjectKey, ObjectNode> live) {
    @Nullable
    ObjectNode live(ObjectKey key) {
        return live.get(key);
    }

    /** The differences of {@code key} that are nobody's business. */
    IgnoredFields ignored(ObjectKey key) {
        return IgnoredFields.of(repo, key);
    }

    /** Whether what we want and what we own are as they were after the last apply. */
    boolean isUnchanged(DesiredObject object) {
        InventoryEntry entry = inventory.get(object.key()).orElse(null);
        ObjectNode present = live.get(object.key());
        return entry != null
                && present != null
                && entry.desiredDigest().equals(object.digest())
                && entry.uid().equals(present.path("metadata").path("uid").asText())
                && !isBeingDeleted(present)
                && entry.ownedDigest().equals(OwnedFields.digest(present, OwnedFields.MANAGER, ignored(object.key())));
    }

    static boolean isBeingDeleted(ObjectNode present) {
        return present.path("metadata").has("deletionTimestamp");
    }
}
