package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Conditions;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;

/** How far the pod of a step is, in Argo's words. Pure. */
sealed interface PodVerdict {
    /**
     * Its container does not run yet.
     *
     * @param why what it waits for; may be empty
     */
    record Waiting(String why) implements PodVerdict {}

    /** Its container runs. */
    record Running() implements PodVerdict {}

    /**
     * It ended.
     *
     * @param hasLog whether the container ran, so that its last words may tell more
     */
    record Ended(WorkflowNode.Phase phase, String message, boolean hasLog) implements PodVerdict {}

    /** Reasons of pods that the cluster ended, whatever they did. */
    Set<String> TAKEN_AWAY = Set.of(
            "Evicted",
            "NodeLost",
            "NodeShutdown",
            "NodeAffinity",
            "Preempting",
            "Shutdown",
            "Terminated",
            "UnexpectedAdmissionError",
            "OutOfcpu",
            "OutOfmemory",
            "OutOfpods");

    /** Nobody can tell what it did: Argo 4.1.2 called such a step Succeeded. */
    static Ended lost(String name) {
        return new Ended(
                WorkflowNode.Phase.Error,
                "pod deleted: " + name + " was deleted while it was under way; whether it did its work is not known",
                false);
    }

    /**
     * Judges a pod.
     *
     * @param live empty: it is not there any more
     * @param uid of the pod that was started; empty: of whichever is there
     */
    static PodVerdict of(String name, Optional<ObjectNode> live, String uid) {
        if (live.isEmpty()
                || !uid.isEmpty()
                        && !live.get().path("metadata").path("uid").asText().equals(uid)) {
            return lost(name);
        }
        ObjectNode pod = live.get();
        JsonNode main = pod.path("status").path("containerStatuses").path(0).path("state");
        boolean leaving = pod.path("metadata").hasNonNull("deletionTimestamp");
        if (leaving && !endedBefore(main.path("terminated"), pod.path("metadata"))) {
            return lost(name);
        }
        return switch (pod.path("status").path("phase").asText("")) {
            case "Succeeded" -> new Ended(WorkflowNode.Phase.Succeeded, "", false);
            case "Failed" -> failed(pod.path("status"), main.path("terminated"));
            case "Running" ->
                main.has("running") || main.has("terminated") ? new Running() : new Waiting(waiting(pod, main));
            default -> new Waiting(waiting(pod, main));
        };
    }

    /** A container that was told to stop may end with 0: only what ended before that counts. */
    private static boolean endedBefore(JsonNode terminated, JsonNode metadata) {
        try {
            Instant deleted = Instant.parse(metadata.path("deletionTimestamp").asText())
                    .minus(Duration.ofSeconds(
                            metadata.path("deletionGracePeriodSeconds").asLong(0)));
            return Instant.parse(terminated.path("finishedAt").asText()).isBefore(deleted);
        } catch (DateTimeParseException notEnded) {
            return false;
        }
    }

    private static Ended failed(JsonNode status, JsonNode terminated) {
        String reason = status.path("reason").asText("");
        String said = status.path("message").asText("");
        if (!reason.isEmpty() || !said.isEmpty()) {
            WorkflowNode.Phase phase =
                    TAKEN_AWAY.contains(reason) ? WorkflowNode.Phase.Error : WorkflowNode.Phase.Failed;
            return new Ended(phase, said.isEmpty() ? "pod failed: " + reason : said, terminated.has("exitCode"));
        }
        if (!terminated.has("exitCode")) {
            return new Ended(WorkflowNode.Phase.Error, "pod failed before its container ran", false);
        }
        String words = terminated.path("message").asText("");
        return new Ended(
                WorkflowNode.Phase.Failed,
                PodDocument.CONTAINER + ": " + terminated.path("reason").asText("Error") + " (exit code "
                        + terminated.path("exitCode").asInt() + ")" + (words.isEmpty() ? "" : ": " + LogTail.of(words)),
                true);
    }

    private static String waiting(ObjectNode pod, JsonNode main) {
        JsonNode waiting = main.path("waiting");
        if (waiting.has("reason")) {
            return said(waiting);
        }
        return Conditions.find(pod, "PodScheduled")
                .filter(condition -> condition.path("status").asText().equals("False"))
                .map(PodVerdict::said)
                .orElse("");
    }

    private static String said(JsonNode words) {
        String message = words.path("message").asText("");
        String reason = words.path("reason").asText("");
        return message.isEmpty() ? reason : reason + ": " + message;
    }
}
