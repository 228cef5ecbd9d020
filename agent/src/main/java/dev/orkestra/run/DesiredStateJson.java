package dev.orkestra.run;

import static dev.orkestra.run.Json.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.desired.Hook;
import java.util.Set;

/** A resolved state as JSON: all that a run, or a rollback to it, needs without Git. It may hold clear Secrets. */
public final class DesiredStateJson {
    private DesiredStateJson() {}

    public static ObjectNode write(DesiredState state) {
        ObjectNode node = Json.versioned().put("commit", state.commit()).put("digest", state.digest());
        node.set("objects", Json.array(state.objects(), DesiredStateJson::object));
        node.set("hooks", Json.array(state.hooks(), DesiredStateJson::hook));
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
                text(node, "commit"),
                Json.list(node.path("objects"), DesiredStateJson::object),
                Json.list(node.path("hooks"), DesiredStateJson::hook),
                text(node, "digest"));
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

    private static JsonNode hook(Hook hook) {
        ObjectNode node = Json.object();
        node.set("key", Json.key(hook.key()));
        Json.wave(node, hook.wave())
                .put("onRollback", hook.onRollback())
                .put("origin", hook.origin().toString())
                .put("digest", hook.digest());
        node.set(
                "removed",
                Json.array(hook.removed().stream().sorted().toList(), each -> TextNode.valueOf(each.name())));
        node.set("body", hook.body());
        return node;
    }

    private static Hook hook(JsonNode node) {
        return new Hook(
                Json.key(node.path("key")),
                (ObjectNode) node.required("body"),
                Json.wave(node),
                Set.copyOf(Json.list(node.path("removed"), each -> Hook.Removal.valueOf(each.asText()))),
                node.path("onRollback").asBoolean(),
                Json.position(text(node, "origin")),
                text(node, "digest"));
    }
}
