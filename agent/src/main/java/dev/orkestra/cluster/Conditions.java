package dev.orkestra.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Conditions in a status, as the API conventions want them: one per type, and {@code lastTransitionTime} moves only
 * when the status of the condition does. DESIGN.md §7: no timestamp moves on a no-op.
 */
public final class Conditions {
    /** What the API server accepts for the message of a condition. */
    private static final int MAX_MESSAGE = 32_768;

    private Conditions() {}

    /**
     * Sets one condition in {@code status.conditions}, in place.
     *
     * @param value True, False or Unknown
     * @param observedGeneration the generation it speaks of; 0 leaves the field out
     */
    public static void set(
            ObjectNode status,
            String type,
            String value,
            String reason,
            String message,
            long observedGeneration,
            Instant now) {
        ArrayNode conditions = status.withArray("/conditions");
        ObjectNode condition = null;
        for (JsonNode each : conditions) {
            if (each.path("type").asText().equals(type) && each instanceof ObjectNode found) {
                condition = found;
            }
        }
        boolean moved = condition == null || !condition.path("status").asText().equals(value);
        if (condition == null) {
            condition = conditions.addObject().put("type", type);
        }
        condition.put("status", value);
        condition.put("reason", reason);
        condition.put("message", message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) : message);
        if (observedGeneration > 0) {
            condition.put("observedGeneration", observedGeneration);
        }
        if (moved) {
            condition.put(
                    "lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
        }
    }

    /** Takes a condition out, if it is there. */
    public static void remove(ObjectNode status, String type) {
        if (status.path("conditions") instanceof ArrayNode conditions) {
            for (int i = conditions.size() - 1; i >= 0; i--) {
                if (conditions.get(i).path("type").asText().equals(type)) {
                    conditions.remove(i);
                }
            }
        }
    }

    /** The condition of {@code type} in {@code object}'s status. */
    public static Optional<JsonNode> find(JsonNode object, String type) {
        for (JsonNode each : object.path("status").path("conditions")) {
            if (each.path("type").asText().equals(type)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }
}
