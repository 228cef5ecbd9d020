package dev.orkestra.katalog;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes one key to its new place. Whatever was written keeps its position; mappings that it needs get the key's. */
final class GenerationMove {
    private final MovedKey key;
    private final GenerationFindings findings;
    private boolean refused;

    private GenerationMove(MovedKey key, GenerationFindings findings) {
        this.key = key;
        this.findings = findings;
    }

    /** {@code map} with {@code key} moved; {@code map} itself where it does not have the key. */
    static Node.MapNode apply(Node.MapNode map, MovedKey key, GenerationFindings findings) {
        return new GenerationMove(key, findings).apply(map, key.from(), key.to());
    }

    private Node.MapNode apply(Node.MapNode map, List<String> from, List<String> to) {
        Node.Entry first = map.entries().get(from.getFirst());
        if (first == null) {
            return map;
        }
        if (from.size() > 1 && to.size() > 1 && from.getFirst().equals(to.getFirst())) {
            if (!(first.value() instanceof Node.MapNode inner)) {
                return map;
            }
            Node.MapNode changed = apply(inner, tail(from), tail(to));
            return changed == inner ? map : map.with(from.getFirst(), new Node.Entry(first.keyPosition(), changed));
        }
        Optional<Node.Entry> found = find(first, tail(from));
        if (found.isEmpty()) {
            return map;
        }
        Position place = found.get().keyPosition();
        Node.@Nullable Entry rest = without(first, tail(from));
        if (to.isEmpty()) {
            findings.dropped(key, place);
            return replaced(map, from.getFirst(), rest, null, null);
        }
        Node.Entry target = map.entries().get(to.getFirst());
        Node.Entry result = target == null ? nested(tail(to), found.get()) : into(target, tail(to), found.get());
        if (!refused) {
            findings.moved(key, place);
        }
        return replaced(map, from.getFirst(), rest, to.getFirst(), result);
    }

    private static Optional<Node.Entry> find(Node.Entry entry, List<String> path) {
        if (path.isEmpty()) {
            return Optional.of(entry);
        }
        return entry.value() instanceof Node.MapNode map
                ? Optional.ofNullable(map.entries().get(path.getFirst())).flatMap(child -> find(child, tail(path)))
                : Optional.empty();
    }

    /** {@code entry} without what is at {@code path}, which is there; null when nothing is left of it. */
    private static Node.@Nullable Entry without(Node.Entry entry, List<String> path) {
        if (path.isEmpty() || !(entry.value() instanceof Node.MapNode map)) {
            return null;
        }
        Node.Entry child = map.entries().get(path.getFirst());
        Node.@Nullable Entry left = child == null ? null : without(child, tail(path));
        Node.MapNode rest = left == null ? map.without(path.getFirst()) : map.with(path.getFirst(), left);
        return rest.entries().isEmpty() ? null : new Node.Entry(entry.keyPosition(), rest);
    }

    /** The new key takes the old one's turn where it was not there before: the order stays as people wrote it. */
    private static Node.MapNode replaced(
            Node.MapNode map,
            String oldKey,
            Node.@Nullable Entry rest,
            @Nullable String newKey,
            Node.@Nullable Entry result) {
        Map<String, Node.Entry> entries = new LinkedHashMap<>();
        map.entries().forEach((name, entry) -> {
            if (!name.equals(oldKey)) {
                entries.put(name, entry);
                return;
            }
            if (rest != null) {
                entries.put(name, rest);
            }
            if (newKey != null && result != null && !map.entries().containsKey(newKey)) {
                entries.put(newKey, result);
            }
        });
        if (newKey != null && result != null) {
            entries.put(newKey, result);
        }
        return new Node.MapNode(entries, map.position());
    }

    private Node.Entry into(Node.Entry target, List<String> path, Node.Entry moved) {
        if (path.isEmpty()) {
            return merged(target, moved, "");
        }
        if (isNull(target.value())) {
            return new Node.Entry(target.keyPosition(), nested(path, moved).value());
        }
        if (!(target.value() instanceof Node.MapNode map)) {
            refused = true;
            findings.noMapping(key, moved.keyPosition(), target.value().position());
            return target;
        }
        Node.Entry child = map.entries().get(path.getFirst());
        Node.Entry next = child == null ? nested(tail(path), moved) : into(child, tail(path), moved);
        return new Node.Entry(target.keyPosition(), map.with(path.getFirst(), next));
    }

    /** Mappings come together where they do not touch; of anything else only one can count. */
    private Node.Entry merged(Node.Entry target, Node.Entry moved, String below) {
        if (isNull(moved.value())) {
            return target;
        }
        if (isNull(target.value())) {
            return moved;
        }
        if (target.value() instanceof Node.MapNode into && moved.value() instanceof Node.MapNode from) {
            Map<String, Node.Entry> entries = new LinkedHashMap<>(into.entries());
            from.entries()
                    .forEach((name, entry) -> entries.merge(
                            name, entry, (already, second) -> merged(already, second, below + "." + name)));
            return new Node.Entry(target.keyPosition(), new Node.MapNode(entries, into.position()));
        }
        refused |= below.isEmpty();
        findings.twice(key.oldName() + below, key.newName() + below, moved.keyPosition(), target.keyPosition());
        return target;
    }

    private static Node.Entry nested(List<String> path, Node.Entry entry) {
        if (path.isEmpty()) {
            return entry;
        }
        Position place = entry.keyPosition();
        return new Node.Entry(place, new Node.MapNode(Map.of(path.getFirst(), nested(tail(path), entry)), place));
    }

    private static boolean isNull(Node node) {
        return node instanceof Node.ScalarNode scalar && scalar.value() == null;
    }

    private static List<String> tail(List<String> path) {
        return path.subList(Math.min(1, path.size()), path.size());
    }
}
