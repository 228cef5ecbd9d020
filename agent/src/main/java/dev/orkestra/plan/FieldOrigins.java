package dev.orkestra.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import java.util.Map;
import java.util.Optional;

/** Finds the place in a document that writes a field, or the nearest thing around it. */
final class FieldOrigins {
    private FieldOrigins() {}

    static Position of(Node.MapNode root, FieldPath path) {
        if (path.startsWith("data")
                && path.steps().size() > 1
                && root.map("data").isEmpty()) {
            return of(root, path.under("stringData")); // a Secret that people write in clear text
        }
        Node node = root;
        Position position = root.position();
        for (FieldPath.Step step : path.steps()) {
            Optional<Found> child = child(node, step);
            if (child.isEmpty()) {
                return position;
            }
            node = child.get().node();
            position = child.get().position();
        }
        return position;
    }

    private record Found(Node node, Position position) {}

    private static Optional<Found> child(Node parent, FieldPath.Step step) {
        return switch (step) {
            case FieldPath.Step.Field(String name) ->
                parent instanceof Node.MapNode map
                        ? map.get(name).map(node -> new Found(node, map.keyPosition(name)))
                        : Optional.empty();
            case FieldPath.Step.Index(int number) ->
                parent instanceof Node.ListNode list && number < list.items().size()
                        ? Optional.of(list.items().get(number)).map(node -> new Found(node, node.position()))
                        : Optional.empty();
            case FieldPath.Step.Keyed(JsonNode keys) ->
                item(parent, node -> node instanceof Node.MapNode map && hasKeys(map, keys));
            case FieldPath.Step.Member(JsonNode value) ->
                item(parent, node -> node.toJson().equals(value));
        };
    }

    private static Optional<Found> item(Node parent, java.util.function.Predicate<Node> wanted) {
        return parent instanceof Node.ListNode list
                ? list.items().stream().filter(wanted).findFirst().map(node -> new Found(node, node.position()))
                : Optional.empty();
    }

    /** A key that is not written has the server's default (a port's protocol), so it matches. */
    private static boolean hasKeys(Node.MapNode item, JsonNode keys) {
        boolean any = false;
        for (Map.Entry<String, JsonNode> key : keys.properties()) {
            Optional<Node> written = item.get(key.getKey());
            if (written.isPresent()
                    && !written.get().toJson().asText().equals(key.getValue().asText())) {
                return false;
            }
            any |= written.isPresent();
        }
        return any;
    }
}
