package dev.orkestra.katalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.document.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads and sets values deep in a mapping by the keys that lead there. */
final class Paths {
    private Paths() {}

    /** The path of {@code key} in the mapping at {@code path}. */
    static List<String> below(List<String> path, String key) {
        List<String> longer = new ArrayList<>(path);
        longer.add(key);
        return List.copyOf(longer);
    }

    static Optional<Node> get(Node.MapNode root, List<String> path) {
        Optional<Node> node = Optional.of(root);
        for (String key : path) {
            node = node.flatMap(value -> value instanceof Node.MapNode map ? map.get(key) : Optional.empty());
        }
        return node;
    }

    /** {@code root} with {@code entry} at {@code path}; mappings on the way that are missing are made. */
    static Node.MapNode set(Node.MapNode root, List<String> path, Node.Entry entry) {
        String key = path.getFirst();
        if (path.size() == 1) {
            return root.with(key, entry);
        }
        Node.Entry old = root.entries().get(key);
        Node.MapNode child = old != null && old.value() instanceof Node.MapNode map
                ? map
                : new Node.MapNode(Map.of(), entry.value().position());
        Node.MapNode changed = set(child, path.subList(1, path.size()), entry);
        return root.with(key, new Node.Entry(old == null ? entry.keyPosition() : old.keyPosition(), changed));
    }

    /** The items of both lists, the first ones first, each value once. */
    static Node.ListNode union(Optional<Node> first, Node.ListNode second) {
        List<Node> items = new ArrayList<>();
        Set<JsonNode> seen = new HashSet<>();
        Optional<Node.ListNode> firstList =
                first.flatMap(node -> node instanceof Node.ListNode list ? Optional.of(list) : Optional.empty());
        firstList.ifPresent(list -> items.addAll(list.items()));
        items.addAll(second.items());
        items.removeIf(item -> !seen.add(item.toJson()));
        return new Node.ListNode(items, firstList.orElse(second).position());
    }

    /** Whether a key has no value, as one has whose lines are all commented out: upstream takes that for not declared. */
    static boolean isNothing(Node node) {
        return node instanceof Node.ScalarNode(Object value, var _) && value == null;
    }

    /** {@code map} without the keys that have no value. */
    static Node.MapNode withoutNothing(Node.MapNode map) {
        if (map.entries().values().stream().noneMatch(entry -> isNothing(entry.value()))) {
            return map;
        }
        Map<String, Node.Entry> entries = new java.util.LinkedHashMap<>(map.entries());
        entries.values().removeIf(entry -> isNothing(entry.value()));
        return new Node.MapNode(entries, map.position());
    }
}
