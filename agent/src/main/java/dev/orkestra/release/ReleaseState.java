package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.group.ReleaseGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the HelmReleases of a group say against what its graph wants of them. A workflow's word is not enough: Argo
 * reported success for a pod that was taken away under it.
 *
 * @param missing wanted, not there
 * @param failed not ready and not on the way, with why
 * @param open neither ready nor failed, or there but not wanted, with why
 */
record ReleaseState(List<String> missing, List<String> failed, List<String> open) {
    /** Reasons of Ready that end an action, as the recorded lives of Flux's controller show them. */
    private static final Set<String> ENDS = Set.of(
            "InstallFailed",
            "UpgradeFailed",
            "TestFailed",
            "RollbackSucceeded",
            "RollbackFailed",
            "UninstallSucceeded",
            "UninstallFailed");

    static ReleaseState of(ReleaseGraph wanted, List<ObjectNode> releases) {
        Map<String, ObjectNode> byKey = new TreeMap<>();
        releases.forEach(release -> byKey.put(InstalledReleases.key(release), release));
        List<String> missing = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        List<String> open = new ArrayList<>();
        for (String key : wanted.helmReleaseKeys()) {
            ObjectNode release = byKey.remove(key);
            if (release == null) {
                missing.add("HelmRelease " + key + " does not exist");
            } else if (!isReady(release)) {
                boolean ended = hasFailed(release);
                (ended ? failed : open).add("HelmRelease " + key + ": " + words(release));
            }
        }
        // An executor of the user's own may make the HelmRelease that it is given.
        byKey.keySet().removeAll(wanted.releaseKeys());
        byKey.keySet().forEach(key -> open.add("HelmRelease " + key + " is still there"));
        return new ReleaseState(missing, failed, open);
    }

    boolean isGood() {
        return missing.isEmpty() && failed.isEmpty() && open.isEmpty();
    }

    /** Ready at the generation that the object has now; whatever the reason (shapes seen of Flux and of ours). */
    static boolean isReady(JsonNode release) {
        return isObserved(release)
                && !release.path("metadata").has("deletionTimestamp")
                && is(release, "Ready", "True");
    }

    /** Whether it will not become ready by itself. */
    static boolean hasFailed(JsonNode release) {
        return endedBadly(release) || isStalled(release);
    }

    /** An action failed, and nothing is tried any more; a source or a server that is away may come back. */
    private static boolean endedBadly(JsonNode release) {
        return isObserved(release)
                && Conditions.find(release, "Ready")
                        .filter(ready -> ready.path("status").asText().equals("False"))
                        .filter(ready -> ENDS.contains(ready.path("reason").asText()))
                        .isPresent();
    }

    /** Of an older generation it says nothing of this one. */
    private static boolean isStalled(JsonNode release) {
        long generation = release.path("metadata").path("generation").asLong();
        return Conditions.find(release, "Stalled")
                .filter(stalled -> stalled.path("status").asText().equals("True"))
                .filter(stalled ->
                        stalled.path("observedGeneration").asLong(isObserved(release) ? generation : -1) == generation)
                .isPresent();
    }

    private static boolean isObserved(JsonNode release) {
        long generation = release.path("metadata").path("generation").asLong();
        return release.path("status").path("observedGeneration").asLong(-1) == generation;
    }

    private static boolean is(JsonNode release, String type, String value) {
        return Conditions.find(release, type)
                .filter(condition -> condition.path("status").asText().equals(value))
                .isPresent();
    }

    private static String words(JsonNode release) {
        return Conditions.find(release, "Ready")
                .map(ready -> ready.path("reason").asText() + ": "
                        + ready.path("message").asText())
                .orElse("nothing is known of it yet");
    }
}
