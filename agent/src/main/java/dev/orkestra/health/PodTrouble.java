package dev.orkestra.health;

import static dev.orkestra.health.Health.because;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * What keeps a pod from running.
 *
 * @param kind how bad it is
 * @param container whose trouble it is; empty when it is the pod's
 * @param restarts how often the container was started again
 * @param words the pod's own words, never more than {@value #LONGEST} characters and never a line of a log
 */
record PodTrouble(Kind kind, String container, int restarts, String words) {
    /** Conditions and events hold it, several at once. */
    private static final int LONGEST = 600;

    /** How bad it is. */
    enum Kind {
        /** Nobody even tries: the name is no image's, or it may not be pulled and is not there. */
        IMAGE_IMPOSSIBLE,
        /** The registry has answered: there is no such image, or it is not for us. */
        IMAGE_REFUSED,
        /** It cannot be pulled, and the text tells neither who is to blame nor whether it will pass. */
        IMAGE_UNCLEAR,
        /** The registry, the network before it or the node itself is in trouble, whatever the image. */
        IMAGE_UNREACHABLE,
        /** The container cannot be made: a ConfigMap, a Secret or a key is missing, for example. */
        CONTAINER,
        /** It starts and ends again. */
        CRASH_LOOP,
        /** Anything else: no node, a container that has ended once. */
        OTHER;

        boolean isImage() {
            return switch (this) {
                case IMAGE_IMPOSSIBLE, IMAGE_REFUSED, IMAGE_UNCLEAR, IMAGE_UNREACHABLE -> true;
                case CONTAINER, CRASH_LOOP, OTHER -> false;
            };
        }
    }

    PodTrouble {
        words = words.length() <= LONGEST ? words : words.substring(0, LONGEST) + "…";
    }

    /** The first trouble of a pod; empty when there is nothing to complain of. */
    static Optional<PodTrouble> of(ObjectNode pod) {
        JsonNode status = pod.path("status");
        for (String containers : List.of("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses")) {
            for (JsonNode container : status.path(containers)) {
                Optional<PodTrouble> trouble = ofContainer(pod, container);
                if (trouble.isPresent()) {
                    return trouble;
                }
            }
        }
        JsonNode scheduled = Conditions.find(pod, "PodScheduled");
        if (Conditions.isFalse(scheduled)) {
            return Optional.of(ofPod("Pod can't be scheduled: " + Conditions.words(scheduled)));
        }
        if (status.path("phase").asText().equals("Failed")) {
            return Optional.of(
                    ofPod("Pod has failed" + because(status.path("reason")) + because(status.path("message"))));
        }
        return Optional.empty();
    }

    private static PodTrouble ofPod(String words) {
        return new PodTrouble(Kind.OTHER, "", 0, words);
    }

    private static Optional<PodTrouble> ofContainer(ObjectNode pod, JsonNode container) {
        String name = container.path("name").asText();
        int restarts = container.path("restartCount").asInt(0);
        boolean quiet = writesItsLog(pod, name);
        JsonNode waiting = container.path("state").path("waiting");
        String reason = waiting.path("reason").asText("");
        Optional<Kind> kind =
                WaitingReasons.kind(reason, waiting.path("message").asText(""));
        if (kind.isPresent()) {
            String words = "Container " + name + ": " + Conditions.words(waiting) + lastExit(container, quiet);
            return Optional.of(new PodTrouble(kind.get(), name, restarts, words));
        }
        JsonNode ended = container.path("state").path("terminated");
        int exit = ended.path("exitCode").asInt(0);
        return exit == 0
                ? Optional.empty()
                : Optional.of(new PodTrouble(
                        Kind.OTHER,
                        name,
                        restarts,
                        "Container " + name + " ended with exit code " + exit + endWords(ended, quiet)));
    }

    /** A crash loop's own message only says how long the back-off is; the last end says why. */
    private static String lastExit(JsonNode container, boolean quiet) {
        JsonNode ended = container.path("lastState").path("terminated");
        return ended.isMissingNode() || ended.isNull()
                ? ""
                : " (last exit code " + ended.path("exitCode").asInt() + endWords(ended, quiet) + ")";
    }

    private static String endWords(JsonNode ended, boolean quiet) {
        String reason = ended.path("reason").asText("");
        return (reason.isEmpty() || reason.equals("Error") ? "" : ": " + reason)
                + (quiet ? "" : because(ended.path("message")));
    }

    /** Whether the message of its end may be the tail of its log: that may hold secrets, and is not passed on. */
    private static boolean writesItsLog(ObjectNode pod, String container) {
        for (String containers : List.of("initContainers", "containers", "ephemeralContainers")) {
            for (JsonNode each : pod.path("spec").path(containers)) {
                if (each.path("name").asText().equals(container)
                        && each.path("terminationMessagePolicy").asText().equals("FallbackToLogsOnError")) {
                    return true;
                }
            }
        }
        return false;
    }
}
