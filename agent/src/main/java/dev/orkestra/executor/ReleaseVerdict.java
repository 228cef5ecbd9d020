package dev.orkestra.executor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import java.util.Optional;
import java.util.Set;

/** Whether a HelmRelease got where its spec wants it. Pure. */
public sealed interface ReleaseVerdict {
    /** Ready at its generation. */
    record Ready() implements ReleaseVerdict {}

    /**
     * Not yet.
     *
     * @param reason what it says of itself
     */
    record Waiting(String reason) implements ReleaseVerdict {}

    /** It will not become ready without a change of its spec. */
    record Failed(Diagnostic reason) implements ReleaseVerdict {}

    /** Reasons of a Ready=False that ended an action; others, such as a source that is not there yet, may pass. */
    Set<String> FAILED_ACTIONS = Set.of("InstallFailed", "UpgradeFailed");

    /**
     * Judges what is known of the HelmRelease that was applied as {@code uid} and {@code generation}.
     *
     * <p>Success is Ready=True and observedGeneration == generation, whatever the reason: while Flux works on
     * generation 2, Ready still says True of generation 1, and observedGeneration moves last (seen with
     * helm-controller 1.6). Failure for good is Stalled, or a failed action with no retries left.
     *
     * @param live empty: it is not there
     */
    static ReleaseVerdict of(Optional<ObjectNode> live, String uid, long generation) {
        if (live.isEmpty()) {
            return failed("the HelmRelease was deleted while it was waited for", "");
        }
        ObjectNode release = live.get();
        String name = ObjectKey.of(release).toString();
        JsonNode metadata = release.path("metadata");
        if (!metadata.path("uid").asText().equals(uid) || metadata.hasNonNull("deletionTimestamp")) {
            return failed(name + " was deleted or replaced while it was waited for", "");
        }
        long current = metadata.path("generation").asLong();
        if (current < generation) {
            return new Waiting("the change of its spec has not been seen yet");
        }
        boolean observed = release.path("status").path("observedGeneration").asLong(-1) == current;
        Optional<JsonNode> ready = Conditions.find(release, "Ready");
        String words = ready.map(each -> each.path("message").asText()).orElse("no engine has looked at it yet");
        if (observed && ready.filter(each -> is(each, "True")).isPresent()) {
            return new Ready();
        }
        Optional<JsonNode> stalled = Conditions.find(release, "Stalled")
                .filter(each -> is(each, "True"))
                .filter(each -> each.path("observedGeneration").asLong(observed ? current : -1) == current);
        boolean endedBadly = observed
                && ready.filter(each -> is(each, "False"))
                        .filter(each ->
                                FAILED_ACTIONS.contains(each.path("reason").asText()))
                        .isPresent()
                && retriesLeft(release) == 0;
        if (stalled.isPresent() || endedBadly) {
            return failed(
                    name + " failed: " + why(release, words), "`helm history` and the events of its pods tell more");
        }
        return new Waiting(words);
    }

    /** After a rollback Ready tells of that; what failed before it stands in Released. */
    private static String why(ObjectNode release, String ready) {
        return Conditions.find(release, "Released")
                .filter(released -> is(released, "False"))
                .map(released -> released.path("message").asText())
                .filter(released -> !released.equals(ready))
                .map(released -> released + "; then: " + ready)
                .orElse(ready);
    }

    private static boolean is(JsonNode condition, String status) {
        return condition.path("status").asText().equals(status);
    }

    private static long retriesLeft(ObjectNode release) {
        JsonNode status = release.path("status");
        boolean upgrading = status.path("lastAttemptedReleaseAction").asText().equals("upgrade");
        JsonNode action = release.path("spec").path(upgrading ? "upgrade" : "install");
        long retries = action.path("remediation").path("retries").asLong(0);
        long failures =
                status.path(upgrading ? "upgradeFailures" : "installFailures").asLong(0);
        return retries < 0 ? 1 : Math.max(0, retries + 1 - Math.max(1, failures));
    }

    private static Failed failed(String message, String hint) {
        return new Failed(Diagnostic.error(ErrorCode.ReleaseFailed, message, null, hint));
    }
}
