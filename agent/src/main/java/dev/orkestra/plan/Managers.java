package dev.orkestra.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Tells who wrote a field of a live object. */
final class Managers {
    private Managers() {}

    /** The manager besides {@code ours} that owns {@code path}, the last that wrote; empty when there is none. */
    static String otherOwner(ObjectNode live, FieldPath path, String ours) {
        String owner = "";
        String time = "";
        for (JsonNode entry : live.path("metadata").path("managedFields")) {
            String manager = entry.path("manager").asText();
            String written = entry.path("time").asText();
            if (!manager.equals(ours) && written.compareTo(time) >= 0 && owns(entry.path("fieldsV1"), path)) {
                owner = manager;
                time = written;
            }
        }
        return owner;
    }

    private static boolean owns(JsonNode set, FieldPath path) {
        JsonNode at = set;
        for (FieldPath.Step step : path.steps()) {
            JsonNode next = member(at, step);
            if (next.isMissingNode()) {
                return at != set && OwnedFields.members(at).isEmpty(); // owned as a whole
            }
            at = next;
        }
        return at != set;
    }

    private static JsonNode member(JsonNode set, FieldPath.Step step) {
        for (Map.Entry<String, JsonNode> member : OwnedFields.members(set)) {
            if (FieldPath.step(member.getKey()).equals(step)) {
                return member.getValue();
            }
        }
        return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }
}
