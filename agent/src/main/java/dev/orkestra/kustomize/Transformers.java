package dev.orkestra.kustomize;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Finds what the short fields of kustomizations wrote: names, namespaces, labels, images, replicas. */
final class Transformers {
    /** The overlay first. */
    private final List<Node.MapNode> kustomizations;

    Transformers(Collection<Node.MapNode> kustomizations) {
        this.kustomizations = new ArrayList<>(kustomizations);
    }

    /**
     * Where {@code value} at {@code path} of an object is written.
     *
     * @param name the object's name before the build
     */
    Optional<Position> place(List<String> path, Node value, String name) {
        if (!(value instanceof Node.ScalarNode(Object scalar, Position _))) {
            return Optional.empty();
        }
        String text = String.valueOf(scalar);
        String last = path.isEmpty() ? "" : path.getLast();
        for (Node.MapNode root : kustomizations) {
            Optional<Position> found = switch (last) {
                case "namespace" -> equal(root, "namespace", text);
                case "name" -> affix(root, "namePrefix", text, true).or(() -> affix(root, "nameSuffix", text, false));
                case "image" -> image(root, text);
                case "replicas" -> replicas(root, name, text);
                default -> Optional.empty();
            };
            found = found.or(() -> label(root, last, text));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<Position> equal(Node.MapNode root, String key, String text) {
        return root.text(key).filter(text::equals).map(_ -> root.keyPosition(key));
    }

    private static Optional<Position> affix(Node.MapNode root, String key, String name, boolean first) {
        return root.text(key)
                .filter(affix -> !affix.isEmpty() && (first ? name.startsWith(affix) : name.endsWith(affix)))
                .map(_ -> root.keyPosition(key));
    }

    private static Optional<Position> label(Node.MapNode root, String key, String text) {
        List<Node.MapNode> pairs = new ArrayList<>();
        root.map("commonLabels").ifPresent(pairs::add);
        root.map("commonAnnotations").ifPresent(pairs::add);
        InputWalk.maps(root, "labels").forEach(each -> each.map("pairs").ifPresent(pairs::add));
        return pairs.stream()
                .filter(map -> map.text(key).filter(text::equals).isPresent())
                .map(map -> map.keyPosition(key))
                .findFirst();
    }

    private static Optional<Position> image(Node.MapNode root, String image) {
        return InputWalk.maps(root, "images").stream()
                .filter(each -> {
                    String name =
                            each.text("newName").or(() -> each.text("name")).orElse("\n");
                    return image.startsWith(name);
                })
                .map(each -> each.keyPosition(
                        each.get("newTag").isPresent()
                                ? "newTag"
                                : each.get("digest").isPresent() ? "digest" : "newName"))
                .findFirst();
    }

    private static Optional<Position> replicas(Node.MapNode root, String name, String count) {
        return InputWalk.maps(root, "replicas").stream()
                .filter(each -> name.equals(each.text("name").orElse("\n"))
                        && each.get("count")
                                .filter(node -> node.toJson().asText().equals(count))
                                .isPresent())
                .map(each -> each.keyPosition("count"))
                .findFirst();
    }
}
