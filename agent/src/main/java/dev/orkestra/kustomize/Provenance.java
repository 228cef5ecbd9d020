package dev.orkestra.kustomize;

import dev.orkestra.document.Document;
import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Gives objects that kustomize printed the places in the commit that wrote them: the document that it began as, the
 * patches that changed it, the generator that made it. What cannot be told exactly gets the place of what is around it.
 */
final class Provenance {
    private final CollectedInputs inputs;
    private final Transformers transformers;

    Provenance(CollectedInputs inputs) {
        this.inputs = inputs;
        this.transformers = new Transformers(inputs.kustomizations().values());
    }

    /** {@code object} as kustomize printed it, with places, and without its annotation of origin. */
    Node.MapNode place(Node.MapNode object) {
        Node.MapNode stripped = Origin.strip(object);
        String kind = object.text("kind").orElse("");
        String name = nameOf(object);
        Optional<Origin> origin = Origin.of(object);
        Optional<Node.MapNode> base = origin.flatMap(each -> document(each, kind, name));
        Position near = base.map(Node.MapNode::position)
                .or(() -> origin.map(each -> generator(each, name)))
                .orElse(Position.startOf(inputs.entry()));
        List<Node> sources = new ArrayList<>();
        List<PlacedNodes.Operation> operations = new ArrayList<>();
        for (Patch patch : inputs.patches().reversed()) {
            addPatch(patch, kind, name, sources, operations);
        }
        base.ifPresent(sources::add);
        String baseName = base.map(Provenance::nameOf).orElse(name);
        return new PlacedNodes(operations, (path, value) -> transformers.place(path, value, baseName))
                .object(stripped, sources, near);
    }

    static String nameOf(Node.MapNode object) {
        return object.map("metadata").flatMap(metadata -> metadata.text("name")).orElse("");
    }

    /** The document of {@code origin}'s file that became the object: prefixes and suffixes may stand around its name. */
    private Optional<Node.MapNode> document(Origin origin, String kind, String name) {
        if (!origin.generator().isEmpty()) {
            return Optional.empty();
        }
        List<Node.MapNode> ofKind = inputs.documents().getOrDefault(origin.file(), List.of()).stream()
                .flatMap(document -> members(document).stream())
                .filter(each -> each.text("kind").filter(kind::equals).isPresent())
                .toList();
        return ofKind.stream()
                .filter(each -> !nameOf(each).isEmpty() && name.contains(nameOf(each)))
                .max(Comparator.comparingInt(each -> nameOf(each).length()))
                .or(() -> ofKind.stream().findFirst());
    }

    /** Kustomize takes lists apart. */
    private static List<Node.MapNode> members(Document document) {
        Optional<Node.MapNode> map = document.mapping();
        if (map.filter(each -> each.text("kind").orElse("").endsWith("List")).isPresent()
                && map.get().list("items").isPresent()) {
            return InputWalk.maps(map.get(), "items");
        }
        return map.stream().toList();
    }

    /** The entry of the generator that made it. */
    private Position generator(Origin origin, String name) {
        Node.MapNode root = inputs.kustomizations().get(origin.file());
        if (root == null) {
            return Position.startOf(
                    inputs.inputs().files().containsKey(origin.file()) ? origin.file() : inputs.entry());
        }
        String field = origin.generator().equals("SecretGenerator") ? "secretGenerator" : "configMapGenerator";
        return InputWalk.maps(root, field).stream()
                .filter(each -> name.contains(each.text("name").orElse("\n")))
                .max(Comparator.comparingInt(
                        each -> each.text("name").orElse("").length()))
                .map(Node.MapNode::position)
                .orElse(root.keyPosition(field));
    }

    private static void addPatch(
            Patch patch, String kind, String name, List<Node> sources, List<PlacedNodes.Operation> operations) {
        boolean aimed =
                patch.target().filter(target -> fits(target, kind, name)).isPresent();
        for (Node content : patch.content()) {
            Node placed = patch.inline().map(place -> at(content, place)).orElse(content);
            if (placed instanceof Node.ListNode list) {
                if (aimed) {
                    addOperations(list, operations);
                }
            } else if (placed instanceof Node.MapNode map
                    && (aimed || patch.target().isEmpty() && names(map, kind, name))) {
                sources.add(map);
            }
        }
    }

    private static void addOperations(Node.ListNode list, List<PlacedNodes.Operation> operations) {
        // The last one wins.
        for (Node each : list.items().reversed()) {
            if (each instanceof Node.MapNode map && map.text("path").isPresent()) {
                map.get("value")
                        .ifPresent(value -> operations.add(new PlacedNodes.Operation(
                                PlacedNodes.path(map.text("path").orElseThrow()), value)));
            }
        }
    }

    private static boolean names(Node.MapNode patch, String kind, String name) {
        return patch.text("kind").filter(kind::equals).isPresent()
                && !nameOf(patch).isEmpty()
                && name.contains(nameOf(patch));
    }

    /** Whether a target may mean the object; its name is a pattern, which nobody should have to evaluate twice. */
    private static boolean fits(Node.MapNode target, String kind, String name) {
        boolean fitsKind = target.text("kind")
                .filter(each -> !isPattern(each) && !each.equals(kind))
                .isEmpty();
        boolean fitsName = target.text("name")
                .filter(each -> !isPattern(each) && !name.contains(each))
                .isEmpty();
        return fitsKind && fitsName;
    }

    private static boolean isPattern(String text) {
        return !text.toLowerCase(Locale.ROOT).matches("[-a-z0-9]*");
    }

    /** {@code node}, all of it at one place. */
    static Node at(Node node, Position place) {
        return switch (node) {
            case Node.ScalarNode scalar -> new Node.ScalarNode(scalar.value(), place);
            case Node.ListNode list ->
                new Node.ListNode(
                        list.items().stream().map(each -> at(each, place)).toList(), place);
            case Node.MapNode map -> {
                java.util.Map<String, Node.Entry> entries = new java.util.LinkedHashMap<>();
                map.entries()
                        .forEach((key, entry) -> entries.put(key, new Node.Entry(place, at(entry.value(), place))));
                yield new Node.MapNode(entries, place);
            }
        };
    }
}
