package dev.orkestra.drift;

import dev.orkestra.document.ObjectKey;
import dev.orkestra.plan.InventoryEntry;

/**
 * An object that seems to differ.
 *
 * @param version its version as seen; empty where it is not there
 * @param isThere whether it was seen, and is not being deleted
 */
record Suspect(InventoryEntry entry, String version, boolean isThere) {
    ObjectKey key() {
        return entry.key();
    }
}
