package dev.orkestra.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.DesiredObject;
import java.util.Map;

/**
 * Objects as an API server returns them after a server-side apply, with lists owned as a whole. What a real server
 * returns is held in {@link OwnedFieldsTest} and in the integration tests.
 */
final class AppliedObjects {
    private AppliedObjects() {}

    static ObjectNode applied(ObjectNode body, String uid, String manager) {
        ObjectNode live = body.deepCopy();
        ObjectNode metadata = (ObjectNode) live.get("metadata");
        ObjectNode fields = (ObjectNode) fields(body);
        fields.remove("f:apiVersion");
        fields.remove("f:kind");
        ((ObjectNode) fields.get("f:metadata")).remove(java.util.List.of("f:name", "f:namespace"));
        metadata.put("uid", uid).put("resourceVersion", "1");
        metadata.putArray("managedFields")
                .addObject()
                .put("manager", manager)
                .put("operation", "Apply")
                .set("fieldsV1", fields);
        return live;
    }

    static ObjectNode applied(DesiredObject object) {
        return applied(object.body(), "uid-" + object.key().name(), OwnedFields.MANAGER);
    }

    /** The entry that the inventory holds after {@code object} was applied. */
    static InventoryEntry entry(DesiredObject object) {
        return new InventoryEntry(
                object.key(),
                object.apiVersion(),
                object.wave(),
                object.digest(),
                OwnedFields.digest(applied(object), OwnedFields.MANAGER),
                "uid-" + object.key().name());
    }

    private static JsonNode fields(JsonNode value) {
        ObjectNode set = JsonNodeFactory.instance.objectNode();
        if (value.isObject()) {
            for (Map.Entry<String, JsonNode> member : value.properties()) {
                set.set("f:" + member.getKey(), fields(member.getValue()));
            }
        }
        return set;
    }
}
