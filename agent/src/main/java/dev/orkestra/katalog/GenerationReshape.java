package dev.orkestra.katalog;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Brings one value to its newest form. A value in no known form stays: the schema says what is wrong with it. */
final class GenerationReshape {
    private final GenerationShape shape;
    private final GenerationFindings findings;

    private GenerationReshape(GenerationShape shape, GenerationFindings findings) {
        this.shape = shape;
        this.findings = findings;
    }

    /** {@code map} with the value in its newest form; {@code map} itself where there is nothing to change. */
    static Node.MapNode apply(Node.MapNode map, GenerationShape shape, GenerationFindings findings) {
        return new GenerationReshape(shape, findings).apply(map, shape.path());
    }

    private Node.MapNode apply(Node.MapNode map, List<String> path) {
        Node.Entry entry = map.entries().get(path.getFirst());
        if (entry == null) {
            return map;
        }
        Node value = entry.value();
        if (path.size() == 1) {
            if (!(value instanceof Node.ListNode list)) {
                return map;
            }
            return reshaped(list)
                    .map(result -> {
                        findings.reshaped(shape, entry.keyPosition());
                        return map.with(path.getFirst(), new Node.Entry(entry.keyPosition(), result));
                    })
                    .orElse(map);
        }
        if (!(value instanceof Node.MapNode inner)) {
            return map;
        }
        Node.MapNode changed = apply(inner, path.subList(1, path.size()));
        return changed == inner ? map : map.with(path.getFirst(), new Node.Entry(entry.keyPosition(), changed));
    }

    private Optional<Node> reshaped(Node.ListNode list) {
        return switch (shape.form()) {
            case BY_NAME -> Optional.of(byName(list));
            case FUNCTIONS -> Optional.of(wrapped("functions", list));
            case RULES -> Optional.of(wrapped("rules", list));
            case KEY_VALUE -> keyValue(list);
            case NAMED -> named(list);
        };
    }

    private Node byName(Node.ListNode list) {
        Map<String, Node.Entry> entries = new LinkedHashMap<>();
        for (Node item : list.items()) {
            Node.@Nullable ScalarNode name = item instanceof Node.MapNode map ? text(map, "name") : null;
            if (name == null) {
                findings.error(
                        ErrorCode.MissingField,
                        "an entry of '" + shape.name() + "' has no 'name'",
                        item.position(),
                        "add it; it is the key of the entry");
            } else {
                Node.MapNode rest = ((Node.MapNode) item).without("name");
                put(entries, name, rest, ErrorCode.DuplicateCrd);
            }
        }
        return new Node.MapNode(entries, list.position());
    }

    private Optional<Node> keyValue(Node.ListNode list) {
        Map<String, Node.Entry> entries = new LinkedHashMap<>();
        for (Node item : list.items()) {
            Node.@Nullable ScalarNode key =
                    item instanceof Node.MapNode map && map.entries().size() == 2 ? text(map, "key") : null;
            if (key == null || ((Node.MapNode) item).get("value").isEmpty()) {
                return Optional.empty();
            }
            put(entries, key, ((Node.MapNode) item).get("value").orElseThrow(), ErrorCode.DuplicateKey);
        }
        return Optional.of(new Node.MapNode(entries, list.position()));
    }

    private void put(Map<String, Node.Entry> entries, Node.ScalarNode key, Node value, ErrorCode ifTwice) {
        Position place = key.position();
        Node.Entry first = entries.putIfAbsent((String) key.value(), new Node.Entry(place, value));
        if (first != null) {
            findings.error(
                    ifTwice,
                    "'" + key.value() + "' is already written at " + first.keyPosition(),
                    place,
                    "keep one of the two");
        }
    }

    private static Node wrapped(String key, Node.ListNode list) {
        return new Node.MapNode(Map.of(key, new Node.Entry(list.position(), list)), list.position());
    }

    private static Optional<Node> named(Node.ListNode list) {
        boolean changed = false;
        List<Node> items = new ArrayList<>();
        for (Node item : list.items()) {
            boolean isText = item instanceof Node.ScalarNode scalar && scalar.value() instanceof String;
            changed |= isText;
            items.add(
                    isText
                            ? new Node.MapNode(Map.of("name", new Node.Entry(item.position(), item)), item.position())
                            : item);
        }
        return changed ? Optional.of(new Node.ListNode(items, list.position())) : Optional.empty();
    }

    private static Node.@Nullable ScalarNode text(Node.MapNode map, String key) {
        return map.get(key).orElse(null) instanceof Node.ScalarNode scalar && scalar.value() instanceof String
                ? scalar
                : null;
    }
}
