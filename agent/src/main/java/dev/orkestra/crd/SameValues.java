package dev.orkestra.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.Node;
import java.math.BigDecimal;
import java.math.BigInteger;

/** JSON in which numbers that are equal are the same: 1 and 1.0. */
final class SameValues {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private SameValues() {}

    static JsonNode of(Node value) {
        return switch (value) {
            case Node.MapNode map -> {
                ObjectNode object = JSON.objectNode();
                map.entries().forEach((key, entry) -> object.set(key, of(entry.value())));
                yield object;
            }
            case Node.ListNode list -> {
                ArrayNode array = JSON.arrayNode(list.items().size());
                list.items().forEach(item -> array.add(of(item)));
                yield array;
            }
            case Node.ScalarNode scalar ->
                switch (scalar.value()) {
                    case Long number ->
                        JSON.numberNode(BigDecimal.valueOf(number).stripTrailingZeros());
                    case BigInteger number -> JSON.numberNode(new BigDecimal(number).stripTrailingZeros());
                    case BigDecimal number -> JSON.numberNode(number.stripTrailingZeros());
                    case null -> JSON.nullNode();
                    default -> scalar.toJson();
                };
        };
    }
}
