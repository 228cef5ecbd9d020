package dev.orkestra.run;

import static dev.orkestra.run.Json.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.plan.HookEntry;
import dev.orkestra.plan.Inventory;
import dev.orkestra.plan.InventoryEntry;
import java.util.List;

/** The inventory as JSON; the same inventory is always the same JSON. */
public final class InventoryJson {
    private InventoryJson() {}

    public static ObjectNode write(Inventory inventory) {
        ObjectNode node = Json.versioned();
        node.set("entries", Json.array(List.copyOf(inventory.entries().values()), InventoryJson::entry));
        if (!inventory.hooks().isEmpty()) {
            node.set("hooks", Json.array(List.copyOf(inventory.hooks().values()), InventoryJson::hook));
        }
        return node;
    }

    /**
     * The inventory that {@code node} was written from; an empty object is the empty inventory.
     *
     * @throws IllegalStateException when a newer agent wrote it
     */
    public static Inventory read(JsonNode node) {
        Json.checkVersion(node);
        return Inventory.EMPTY
                .with(Json.list(node.path("entries"), InventoryJson::entry))
                .withHooks(Json.list(node.path("hooks"), InventoryJson::hook));
    }

    private static JsonNode entry(InventoryEntry entry) {
        ObjectNode node = Json.key(entry.key()).put("apiVersion", entry.apiVersion());
        Json.wave(node, entry.wave());
        Json.putText(node, "desiredDigest", entry.desiredDigest());
        Json.putText(node, "ownedDigest", entry.ownedDigest());
        Json.putText(node, "uid", entry.uid());
        return node;
    }

    private static InventoryEntry entry(JsonNode node) {
        ObjectKey key = Json.key(node);
        return new InventoryEntry(
                key,
                text(node, "apiVersion"),
                Json.wave(node),
                text(node, "desiredDigest"),
                text(node, "ownedDigest"),
                text(node, "uid"));
    }

    private static JsonNode hook(HookEntry entry) {
        ObjectNode node = Json.key(entry.instance()).put("apiVersion", entry.apiVersion());
        Json.wave(node, entry.wave());
        node.set("of", Json.key(entry.hook()));
        node.put("run", entry.run());
        Json.putText(node, "uid", entry.uid());
        return node.put("succeeded", entry.succeeded());
    }

    private static HookEntry hook(JsonNode node) {
        return new HookEntry(
                Json.key(node),
                text(node, "apiVersion"),
                Json.wave(node),
                Json.key(node.path("of")),
                node.path("run").asInt(),
                text(node, "uid"),
                node.path("succeeded").asBoolean());
    }
}
