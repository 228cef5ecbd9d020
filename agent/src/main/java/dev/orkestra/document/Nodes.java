package dev.orkestra.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;

/** Turns nodes into plain JSON trees. */
final class Nodes {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Nodes() {}

    static JsonNode toJson(Node node) {
        return switch (node) {
            case Node.MapNode map -> {
                ObjectNode object = JSON.objectNode();
                map.entries().forEach((key, entry) -> object.set(key, toJson(entry.value())));
                yield object;
            }
            case Node.ListNode list -> {
                ArrayNode array = JSON.arrayNode(list.items().size());
                list.items().forEach(item -> array.add(toJson(item)));
                yield array;
            }
            case Node.ScalarNode scalar ->
                switch (scalar.value()) {
                    case null -> JSON.nullNode();
                    case String text -> JSON.textNode(text);
                    case Boolean flag -> JSON.booleanNode(flag);
                    case Long number -> JSON.numberNode(number.longValue());
                    case BigInteger number -> JSON.numberNode(number);
                    case BigDecimal number -> JSON.numberNode(number);
                    default ->
                        throw new IllegalStateException(
                                "not a scalar: " + scalar.value().getClass());
                };
        };
    }
}
