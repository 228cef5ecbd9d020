package dev.orkestra.kustomize;

import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Walks an object beside the documents that may have written it, and gives each value the place of the one that says
 * the same; patches before the document itself.
 */
final class PlacedNodes {
    private final List<Operation> operations;
    private final BiFunction<List<String>, Node, Optional<Position>> elsewhere;

    /**
     * Places.
     *
     * @param operations JSON patches for the object, the last one first
     * @param elsewhere where a value is written that no document has
     */
    PlacedNodes(List<Operation> operations, BiFunction<List<String>, Node, Optional<Position>> elsewhere) {
        this.operations = operations;
        this.elsewhere = elsewhere;
    }

    /** A value that a JSON patch writes; a path that ends with {@code -} adds to a list. */
    record Operation(List<String> path, Node value) {}

    /** The steps of a JSON pointer. */
    static List<String> path(String pointer) {
        List<String> steps = new ArrayList<>();
        for (String step : pointer.split("/", -1)) {
            steps.add(step.replace("~1", "/").replace("~0", "~"));
        }
        return steps.subList(Math.min(1, steps.size()), steps.size());
    }

    /**
     * The object with places.
     *
     * @param sources patches, the last one first, and the document at the end
     * @param near its place
     */
    Node.MapNode object(Node.MapNode object, List<Node> sources, Position near) {
        return map(object, sources, near, List.of());
    }

    private Node node(Node node, List<Node> sources, Position near, List<String> path) {
        return switch (node) {
            case Node.ScalarNode scalar -> new Node.ScalarNode(scalar.value(), scalar(scalar, sources, near, path));
            case Node.ListNode list -> list(list, sources, near, path);
            case Node.MapNode map -> map(map, sources, near, path);
        };
    }

    private Position scalar(Node.ScalarNode scalar, List<Node> sources, Position near, List<String> path) {
        return writer(sources, scalar)
                .map(Node::position)
                .or(() -> elsewhere.apply(path, scalar))
                .orElse(sources.isEmpty() ? near : sources.getLast().position());
    }

    /** The document where it says the same, for a patch repeats much to say what it is for; else the last patch. */
    private static Optional<Node> writer(List<Node> sources, Node value) {
        return sources.isEmpty() || !same(sources.getLast(), value)
                ? sources.stream().filter(each -> same(each, value)).findFirst()
                : Optional.of(sources.getLast());
    }

    private Node.MapNode map(Node.MapNode map, List<Node> sources, Position near, List<String> path) {
        Position place = last(sources, Node.MapNode.class).map(Node::position).orElse(near);
        Position around = path.isEmpty() ? near : place;
        Map<String, Node.Entry> entries = new LinkedHashMap<>();
        map.entries().forEach((key, entry) -> {
            List<String> deeper = with(path, key);
            List<Node> children = new ArrayList<>(written(deeper));
            List<Position> keys =
                    new ArrayList<>(children.stream().map(Node::position).toList());
            for (Node source : sources) {
                if (source instanceof Node.MapNode written && written.get(key).isPresent()) {
                    children.add(written.get(key).get());
                    keys.add(written.keyPosition(key));
                }
            }
            Node placed = node(entry.value(), children, around, deeper);
            entries.put(key, new Node.Entry(keyPlace(entry.value(), placed, children, keys, around), placed));
        });
        return new Node.MapNode(entries, around);
    }

    /** Where the key stands: with the value that won, or in the document, or where the value's own place is. */
    private static Position keyPlace(
            Node value, Node placed, List<Node> children, List<Position> keys, Position around) {
        if (value instanceof Node.ScalarNode) {
            Optional<Node> writer = writer(children, value);
            if (writer.isPresent()) {
                return keys.get(children.indexOf(writer.get()));
            }
            boolean byOther = !placed.position().equals(around)
                    && (children.isEmpty()
                            || !placed.position().equals(children.getLast().position()));
            if (byOther) {
                return placed.position();
            }
        }
        return keys.isEmpty() ? placed.position() : keys.getLast();
    }

    private Node list(Node.ListNode list, List<Node> sources, Position near, List<String> path) {
        Position place = last(sources, Node.ListNode.class).map(Node::position).orElse(near);
        List<Node> items = new ArrayList<>();
        for (int i = 0; i < list.items().size(); i++) {
            Node item = list.items().get(i);
            List<String> deeper = with(path, String.valueOf(i));
            List<Node> children = new ArrayList<>(written(deeper));
            for (Node source : sources) {
                if (source instanceof Node.ListNode written) {
                    item(written, item, i, list.items().size()).ifPresent(children::add);
                }
            }
            if (children.isEmpty()) {
                written(with(path, "-")).stream()
                        .filter(each -> same(each, item))
                        .forEach(children::add);
            }
            items.add(node(item, children, place, deeper));
        }
        return new Node.ListNode(items, place);
    }

    /** The item that is meant: the one of the same name, else the same value, else the one at the same place. */
    private static Optional<Node> item(Node.ListNode list, Node item, int index, int size) {
        Optional<String> name = item instanceof Node.MapNode map ? map.text("name") : Optional.empty();
        if (name.isPresent()) {
            return list.items().stream()
                    .filter(each ->
                            each instanceof Node.MapNode map && map.text("name").equals(name))
                    .findFirst();
        }
        return list.items().stream()
                .filter(each -> same(each, item))
                .findFirst()
                .or(() -> list.items().size() == size ? Optional.of(list.items().get(index)) : Optional.empty());
    }

    /** What operations write at {@code path}, or below a value that they write. */
    private List<Node> written(List<String> path) {
        List<Node> found = new ArrayList<>();
        for (Operation operation : operations) {
            if (operation.path().equals(path)) {
                found.add(operation.value());
            }
        }
        return found;
    }

    private static boolean same(Node one, Node other) {
        if (one instanceof Node.ScalarNode(Object left, Position _)
                && other instanceof Node.ScalarNode(Object right, Position _)) {
            return java.util.Objects.equals(left, right);
        }
        return one.getClass() == other.getClass() && CanonicalJson.same(one.toJson(), other.toJson());
    }

    private static <T extends Node> Optional<T> last(List<Node> nodes, Class<T> type) {
        return nodes.stream().filter(type::isInstance).map(type::cast).reduce((_, second) -> second);
    }

    private static List<String> with(List<String> path, String step) {
        List<String> longer = new ArrayList<>(path);
        longer.add(step);
        return longer;
    }
}
