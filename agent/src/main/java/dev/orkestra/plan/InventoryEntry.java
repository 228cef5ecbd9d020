package dev.orkestra.plan;

import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;

/**
 * One object that this environment has applied, or was about to (DESIGN.md §3, "intent before effect").
 *
 * @param key identity
 * @param apiVersion version it was applied with, to find it again
 * @param wave wave it was applied in, for pruning in reverse
 * @param desiredDigest digest of the body at the last apply; empty while it is only intended
 * @param ownedDigest digest of the fields that we own, as the server returned them then; empty while only intended
 * @param uid uid that the server gave it; empty while only intended
 */
public record InventoryEntry(
        ObjectKey key, String apiVersion, Wave wave, String desiredDigest, String ownedDigest, String uid) {
    public static InventoryEntry intended(ObjectKey key, String apiVersion, Wave wave) {
        return new InventoryEntry(key, apiVersion, wave, "", "", "");
    }

    public boolean isOnlyIntended() {
        return desiredDigest.isEmpty();
    }
}
