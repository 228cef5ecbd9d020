package dev.orkestra.crd;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A value as the API server takes it: without the nulls that no schema allows, and with the defaults of its fields. A
 * default is not copied, so that {@link Place} knows it again.
 */
final class Defaults {
    /** Lists in defaults of lists multiply: more than this is not looked at. */
    static final long MOST_VALUES = 1_000_000;

    private Defaults() {}

    static Node applied(Node value, Schema schema) {
        return switch (value) {
            case Node.MapNode map -> map(map, schema);
            case Node.ListNode list ->
                schema.items().isEmpty() ? list : list(list, schema.items().get());
            case Node.ScalarNode scalar -> scalar;
        };
    }

    private static Node map(Node.MapNode map, Schema schema) {
        Map<String, Node.Entry> entries = new LinkedHashMap<>();
        map.entries().forEach((key, entry) -> {
            Optional<Schema> at = schema.at(key);
            if (at.isEmpty()) {
                entries.put(key, entry);
                return;
            }
            if (isNull(entry.value()) && !at.get().flags().nullable()) {
                at.get().defaultValue().ifPresent(node -> entries.put(key, missing(map.position(), node)));
                return;
            }
            entries.put(key, new Node.Entry(entry.keyPosition(), applied(entry.value(), at.get())));
        });
        schema.properties().forEach((key, property) -> {
            if (!entries.containsKey(key)) {
                property.defaultValue().ifPresent(node -> entries.put(key, missing(map.position(), node)));
            }
        });
        return new Node.MapNode(entries, map.position());
    }

    private static Node list(Node.ListNode list, Schema items) {
        List<Node> copy = new ArrayList<>(list.items().size());
        for (Node item : list.items()) {
            boolean isReplaced = isNull(item)
                    && !items.flags().nullable()
                    && items.defaultValue().isPresent();
            copy.add(isReplaced ? items.defaultValue().get() : applied(item, items));
        }
        return new Node.ListNode(copy, list.position());
    }

    private static Node.Entry missing(Position at, Node value) {
        return new Node.Entry(at, value);
    }

    static boolean isNull(Node value) {
        return value instanceof Node.ScalarNode scalar && scalar.value() == null;
    }

    /** Values in {@code node} as if each default were written out. */
    static long size(Node node) {
        return size(node, new IdentityHashMap<>());
    }

    private static long size(Node node, Map<Node, Long> known) {
        Long before = known.get(node);
        if (before != null) {
            return before;
        }
        long size = 1;
        switch (node) {
            case Node.MapNode map -> {
                for (Node.Entry entry : map.entries().values()) {
                    size += size(entry.value(), known);
                }
            }
            case Node.ListNode list -> {
                for (Node item : list.items()) {
                    size += size(item, known);
                }
            }
            case Node.ScalarNode _ -> {}
        }
        long counted = Math.min(size, Long.MAX_VALUE / 1_000_000);
        known.put(node, counted);
        return counted;
    }
}
