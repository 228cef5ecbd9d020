package dev.orkestra.run;

import static dev.orkestra.run.Json.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;

/** A resolved state as JSON: all that a run, or a rollback to it, needs without Git. It may hold clear Secrets. */
public final class DesiredStateJson {
    private DesiredStateJson() {}

    public static ObjectNode write(DesiredState state) {
        ObjectNode node = Json.versioned().put("commit", state.commit()).put("digest", state.digest());
        node.set("objects", Json.array(state.objects(), DesiredStateJson::object));
        return node;
    }

    /**
     * The state that {@code node} was written from. Bodies are shared with {@code node}.
     *
     * @throws IllegalStateException when a newer agent wrote it
     */
    public static DesiredState read(JsonNode node) {
        Json.checkVersion(node);
        return new DesiredState(
                text(node, "commit"), Json.list(node.path("objects"), DesiredStateJson::object), text(node, "digest"));
    }

    private static JsonNode object(DesiredObject object) {
        ObjectNode node = Json.object();
        node.set("key", Json.key(object.key()));
        Json.wave(node, object.wave()).put("origin", object.origin().toString()).put("digest", object.digest());
        node.set("body", object.body());
        return node;
    }

    private static DesiredObject object(JsonNode node) {
        return new DesiredObject(
                Json.key(node.path("key")),
                (ObjectNode) node.required("body"),
                Json.wave(node),
                Json.position(text(node, "origin")),
                text(node, "digest"));
    }
}
