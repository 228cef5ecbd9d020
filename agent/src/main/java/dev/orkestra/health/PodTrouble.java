package dev.orkestra.health;

import static dev.orkestra.health.Health.because;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds what keeps a pod from running. */
final class PodTrouble {
    /** Reasons for waiting that are part of an ordinary start. */
    private static final Set<String> ORDINARY = Set.of("", "ContainerCreating", "PodInitializing");

    private PodTrouble() {}

    static Optional<String> of(ObjectNode pod) {
        JsonNode status = pod.path("status");
        for (String containers : List.of("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses")) {
            for (JsonNode container : status.path(containers)) {
                Optional<String> trouble = ofContainer(container);
                if (trouble.isPresent()) {
                    return trouble;
                }
            }
        }
        JsonNode scheduled = Conditions.find(pod, "PodScheduled");
        if (Conditions.isFalse(scheduled)) {
            return Optional.of("Pod can't be scheduled: " + Conditions.words(scheduled));
        }
        if (status.path("phase").asText().equals("Failed")) {
            return Optional.of("Pod has failed" + because(status.path("reason")) + because(status.path("message")));
        }
        return Optional.empty();
    }

    private static Optional<String> ofContainer(JsonNode container) {
        String name = "Container " + container.path("name").asText();
        JsonNode waiting = container.path("state").path("waiting");
        if (!ORDINARY.contains(waiting.path("reason").asText(""))) {
            return Optional.of(name + ": " + Conditions.words(waiting) + lastExit(container));
        }
        JsonNode ended = container.path("state").path("terminated");
        if (ended.path("exitCode").asInt(0) != 0) {
            return Optional.of(
                    name + " ended with exit code " + ended.path("exitCode").asInt() + endWords(ended));
        }
        return Optional.empty();
    }

    /** A crash loop's own message only says how long the back-off is; the last end says why. */
    private static String lastExit(JsonNode container) {
        JsonNode ended = container.path("lastState").path("terminated");
        return ended.isMissingNode() || ended.isNull()
                ? ""
                : " (last exit code " + ended.path("exitCode").asInt() + endWords(ended) + ")";
    }

    private static String endWords(JsonNode ended) {
        String reason = ended.path("reason").asText("");
        return (reason.isEmpty() || reason.equals("Error") ? "" : ": " + reason) + because(ended.path("message"));
    }
}
