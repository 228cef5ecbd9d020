package dev.orkestra.plan;

import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;

/**
 * One instance of a hook that a run has made, or is about to (DESIGN.md §3, "intent before effect").
 *
 * @param instance identity in the cluster
 * @param apiVersion version it is made with, to find it again
 * @param wave where in the order
 * @param hook identity of the hook as it is written: all its instances share it
 * @param run number of the run that it belongs to
 * @param uid uid that the server gave it; empty while it is only intended
 * @param succeeded whether it has done its work, so that this run never does it again, even when the instance is gone
 */
public record HookEntry(
        ObjectKey instance, String apiVersion, Wave wave, ObjectKey hook, int run, String uid, boolean succeeded) {

    public HookEntry made(String newUid) {
        return new HookEntry(instance, apiVersion, wave, hook, run, newUid, succeeded);
    }

    public HookEntry done() {
        return new HookEntry(instance, apiVersion, wave, hook, run, uid, true);
    }

    /** What a removal must know of it. */
    public InventoryEntry toRemove() {
        return new InventoryEntry(instance, apiVersion, wave, "", "", uid);
    }
}
