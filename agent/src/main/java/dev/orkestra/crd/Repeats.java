package dev.orkestra.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.Node;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.schema.Words;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Items of a list that may stand there once. */
final class Repeats {
    private final Report report;

    Repeats(Report report) {
        this.report = report;
    }

    void check(Node.ListNode list, Schema schema, Place place) {
        boolean isSet = schema.list().type().equals("set") || schema.bounds().uniqueItems();
        boolean isMap = schema.list().type().equals("map");
        if (!isSet && !isMap) {
            return;
        }
        Map<JsonNode, Integer> first = new HashMap<>();
        for (int i = 0; i < list.items().size(); i++) {
            Node item = list.items().get(i);
            if (!report.mayWork(1)) {
                return;
            }
            if (isMap && !(item instanceof Node.MapNode)) {
                continue; // of the wrong type, which was said
            }
            JsonNode key = isMap ? key((Node.MapNode) item, schema.list().keys()) : SameValues.of(item);
            Integer before = first.putIfAbsent(key, i);
            if (before != null) {
                Place here = place.item(list, i, schema.items().orElse(null));
                report.error(
                        ErrorCode.WrongValue,
                        here.name() + (isMap ? same(schema.list().keys()) : " repeats ")
                                + place.item(list, before, null).name() + "; each may stand here once",
                        here.position(),
                        isMap ? "change it, or merge the two" : "remove it");
            }
        }
    }

    private static String same(List<String> keys) {
        return " has the same '" + Words.shortened(String.join("', '", keys)) + "' as ";
    }

    private static JsonNode key(Node.MapNode item, List<String> fields) {
        ObjectNode key = JsonNodeFactory.instance.objectNode();
        fields.forEach(field -> item.get(field).ifPresent(value -> key.set(field, SameValues.of(value))));
        return key;
    }
}
