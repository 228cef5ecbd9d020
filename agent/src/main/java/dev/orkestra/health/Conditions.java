package dev.orkestra.health;

import static dev.orkestra.health.Health.because;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Reads conditions and generations, and holds the rule for kinds that have no rule of their own. */
final class Conditions {
    private Conditions() {}

    /** The condition of {@code type}, or a missing node. */
    static JsonNode find(ObjectNode object, String type) {
        for (JsonNode condition : object.path("status").path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        return MissingNode.getInstance();
    }

    static boolean isTrue(JsonNode condition) {
        return condition.path("status").asText().equals("True");
    }

    static boolean isFalse(JsonNode condition) {
        return condition.path("status").asText().equals("False");
    }

    /** {@code Reason: message} of a condition, whatever of it there is. */
    static String words(JsonNode condition) {
        String reason = condition.path("reason").asText("");
        return reason.isEmpty() ? condition.path("message").asText("") : reason + because(condition.path("message"));
    }

    static long generation(ObjectNode object) {
        return object.path("metadata").path("generation").asLong(0);
    }

    /**
     * In progress when the controller says that it has not seen this generation. A controller that says nothing of
     * generations is believed, unless {@code required}: the built-in workloads always say it once they have looked.
     */
    static Optional<HealthStatus> unobserved(ObjectNode object, boolean required) {
        JsonNode observed = object.path("status").path("observedGeneration");
        // Some third-party kinds keep a hash or a number as text there.
        boolean readable = observed.isIntegralNumber() || observed.asText("").matches("-?[0-9]{1,18}");
        if (!readable) {
            return required
                    ? Optional.of(HealthStatus.inProgress("Its controller has not looked at it yet"))
                    : Optional.empty();
        }
        long generation = generation(object);
        if (observed.asLong() == generation) {
            return Optional.empty();
        }
        return Optional.of(HealthStatus.inProgress(
                "Its controller has seen generation " + observed.asLong() + " of " + generation));
    }

    /** A condition of an older generation tells nothing of this one. */
    static boolean isStale(ObjectNode object, JsonNode condition) {
        JsonNode observed = condition.path("observedGeneration");
        return observed.isIntegralNumber() && observed.asLong() != generation(object);
    }

    /** Stalled and Reconciling, which mean the same on every kind that has them. */
    static Optional<HealthStatus> stalledOrReconciling(ObjectNode object) {
        JsonNode stalled = find(object, "Stalled");
        if (isTrue(stalled) && !isStale(object, stalled)) {
            return Optional.of(HealthStatus.failed("Stalled: " + words(stalled)));
        }
        JsonNode reconciling = find(object, "Reconciling");
        if (isTrue(reconciling)) {
            // Ready's message says why it is not there yet; Reconciling's only that somebody is at it.
            JsonNode ready = find(object, "Ready");
            return Optional.of(HealthStatus.inProgress(words(isFalse(ready) ? ready : reconciling)));
        }
        return Optional.empty();
    }

    /** The kstatus rule for any kind: generations, then Stalled, Reconciling and Ready; without them it is current. */
    static HealthStatus generic(ObjectNode object) {
        return unobserved(object, false).or(() -> stalledOrReconciling(object)).orElseGet(() -> ready(object));
    }

    private static HealthStatus ready(ObjectNode object) {
        JsonNode ready = find(object, "Ready");
        if (ready.isMissingNode()) {
            return HealthStatus.current("");
        }
        if (isStale(object, ready)) {
            return HealthStatus.inProgress("Ready speaks of an older generation");
        }
        return isTrue(ready)
                ? HealthStatus.current(words(ready))
                : HealthStatus.inProgress("Not ready: " + words(ready));
    }
}
