package dev.orkestra.cluster;

/**
 * How a server-side apply is made.
 *
 * @param fieldManager one of the names of DESIGN.md §7, never renamed
 * @param force take over fields of other managers
 * @param dryRun ask only; nothing is stored
 */
public record ApplyOptions(String fieldManager, boolean force, boolean dryRun) {
    public static ApplyOptions of(String fieldManager) {
        return new ApplyOptions(fieldManager, false, false);
    }

    public ApplyOptions forced() {
        return new ApplyOptions(fieldManager, true, dryRun);
    }

    public ApplyOptions asDryRun() {
        return new ApplyOptions(fieldManager, force, true);
    }
}
