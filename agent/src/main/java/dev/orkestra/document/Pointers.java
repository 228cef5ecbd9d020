package dev.orkestra.document;

import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds places in a node by JSON pointer (RFC 6901), for example {@code /spec/crds/web/dependsOn/0}. */
public final class Pointers {
    private Pointers() {}

    /** The node at {@code pointer}; the empty pointer is {@code root} itself. */
    public static Optional<Node> find(Node root, String pointer) {
        Optional<Node> node = Optional.of(root);
        for (String step : steps(pointer)) {
            node = node.flatMap(parent -> child(parent, step));
        }
        return node;
    }

    /**
     * Where the key at the end of {@code pointer} is written; for an item of a list, where the item begins. What is not
     * there has the place of the nearest thing around it that is.
     */
    public static Position keyPosition(Node root, String pointer) {
        Node node = root;
        Position position = root.position();
        for (String step : steps(pointer)) {
            Optional<Node> child = child(node, step);
            if (child.isEmpty()) {
                return position;
            }
            position = node instanceof Node.MapNode map
                    ? map.keyPosition(step)
                    : child.get().position();
            node = child.get();
        }
        return position;
    }

    /** The pointer to {@code step} below {@code pointer}. */
    public static String below(String pointer, String step) {
        return pointer + "/" + step.replace("~", "~0").replace("/", "~1");
    }

    /** The steps of {@code pointer}, escapes undone. */
    public static List<String> steps(String pointer) {
        List<String> steps = new ArrayList<>();
        if (pointer.isEmpty()) {
            return steps;
        }
        if (!pointer.startsWith("/")) {
            throw new IllegalArgumentException("a JSON pointer begins with '/': " + pointer);
        }
        for (String step : pointer.substring(1).split("/", -1)) {
            steps.add(step.replace("~1", "/").replace("~0", "~"));
        }
        return steps;
    }

    private static Optional<Node> child(Node node, String step) {
        return switch (node) {
            case Node.MapNode map -> map.get(step);
            case Node.ListNode list -> {
                boolean isIndex =
                        !step.isEmpty() && step.length() < 10 && step.chars().allMatch(c -> c >= '0' && c <= '9');
                int index = isIndex ? Integer.parseInt(step) : Integer.MAX_VALUE;
                yield index < list.items().size() ? Optional.of(list.items().get(index)) : Optional.empty();
            }
            case Node.ScalarNode _ -> Optional.empty();
        };
    }
}
