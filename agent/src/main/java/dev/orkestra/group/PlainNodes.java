package dev.orkestra.group;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Nodes of an object that was never a file, so that the rules exist once. */
final class PlainNodes {
    private PlainNodes() {}

    static Node of(JsonNode json, Position nowhere) {
        if (json.isObject()) {
            Map<String, Node.Entry> entries = new LinkedHashMap<>();
            json.properties()
                    .forEach(entry ->
                            entries.put(entry.getKey(), new Node.Entry(nowhere, of(entry.getValue(), nowhere))));
            return new Node.MapNode(entries, nowhere);
        }
        if (json.isArray()) {
            List<Node> items = new ArrayList<>();
            json.forEach(item -> items.add(of(item, nowhere)));
            return new Node.ListNode(items, nowhere);
        }
        if (json.isTextual()) {
            return new Node.ScalarNode(json.textValue(), nowhere);
        }
        if (json.isBoolean()) {
            return new Node.ScalarNode(json.booleanValue(), nowhere);
        }
        if (json.isIntegralNumber()) {
            return new Node.ScalarNode(
                    json.canConvertToLong() ? (Object) json.longValue() : json.bigIntegerValue(), nowhere);
        }
        return new Node.ScalarNode(json.isNumber() ? json.decimalValue() : null, nowhere);
    }
}
