package dev.orkestra.katalog;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Brings a document of any of the three generations to the newest (orkspace-katalog.md §0.2). Generations may be mixed
 * in one document. Pure; what is in the newest generation already comes back as the same object without a finding, and
 * every node keeps the place where it was written.
 */
public final class GenerationNormaliser {
    private static final String FIRST_API_VERSION = "orkestra.konductor.io/v1Alpha";

    private final GenerationFindings findings;

    private GenerationNormaliser(GenerationFindings findings) {
        this.findings = findings;
    }

    /**
     * {@code document} in the newest layout; itself, if it is no document of Orkestra's.
     *
     * @param mode whether an older key is a warning or an error; it is moved in either case, so that no later check has
     *     something to say of it as well
     * @param findings gets one finding for each older key, at that key
     */
    public static Node.MapNode normalise(Node.MapNode document, SchemaMode mode, List<Diagnostic> findings) {
        String kind = document.text("kind").orElse("");
        String apiVersion = document.text("apiVersion").orElse(Source.API_VERSION);
        boolean isFirst = apiVersion.equals(FIRST_API_VERSION);
        if (!Source.KINDS.contains(kind) || !isFirst && !apiVersion.equals(Source.API_VERSION)) {
            return document;
        }
        GenerationFindings collected = new GenerationFindings(mode);
        Node.MapNode result = isFirst ? withApiVersion(document, collected) : document;
        Optional<GenerationPlace> root = root(kind);
        if (root.isPresent()) {
            result = new GenerationNormaliser(collected).visit(root.get(), result);
        }
        collected.addTo(findings, document.position());
        return result;
    }

    private static Optional<GenerationPlace> root(String kind) {
        return switch (kind) {
            case "Katalog", "Komposer" -> Optional.of(GenerationPlace.KATALOG);
            case "Motif" -> Optional.of(GenerationPlace.MOTIF);
            case "E2E" -> Optional.of(GenerationPlace.E2E);
            default -> Optional.empty();
        };
    }

    private static Node.MapNode withApiVersion(Node.MapNode document, GenerationFindings findings) {
        Node.Entry old = document.entries().get("apiVersion");
        if (old == null) {
            return document;
        }
        findings.apiVersion(FIRST_API_VERSION, Source.API_VERSION, old.keyPosition());
        return document.with(
                "apiVersion",
                new Node.Entry(
                        old.keyPosition(),
                        new Node.ScalarNode(Source.API_VERSION, old.value().position())));
    }

    private Node.MapNode visit(GenerationPlace place, Node.MapNode map) {
        Node.MapNode result = map;
        for (MovedKey key : MovedKeys.of(place)) {
            result = GenerationMove.apply(result, key, findings);
        }
        for (GenerationShape shape : GenerationShape.ALL) {
            if (shape.place() == place) {
                result = GenerationReshape.apply(result, shape, findings);
            }
        }
        for (GenerationGrammar.Child child : GenerationGrammar.below(place)) {
            Node.Entry entry = result.entries().get(child.key());
            if (entry != null) {
                Node changed = visit(child, entry.value());
                if (changed != entry.value()) {
                    result = result.with(child.key(), new Node.Entry(entry.keyPosition(), changed));
                }
            }
        }
        return result;
    }

    private Node visit(GenerationGrammar.Child child, Node value) {
        UnaryOperator<Node> visitor = node -> node instanceof Node.MapNode map ? visit(child.place(), map) : node;
        return switch (child.shape()) {
            case ONE -> visitor.apply(value);
            case ITEMS -> eachItem(value, visitor);
            case VALUES -> eachValue(value, visitor);
            case VALUES_OF_ITEMS -> eachItem(value, item -> eachValue(item, visitor));
        };
    }

    private static Node eachItem(Node value, UnaryOperator<Node> change) {
        if (!(value instanceof Node.ListNode list)) {
            return value;
        }
        boolean changed = false;
        List<Node> items = new ArrayList<>(list.items().size());
        for (Node item : list.items()) {
            Node result = change.apply(item);
            changed |= result != item;
            items.add(result);
        }
        return changed ? new Node.ListNode(items, list.position()) : list;
    }

    private static Node eachValue(Node value, UnaryOperator<Node> change) {
        if (!(value instanceof Node.MapNode map)) {
            return value;
        }
        boolean changed = false;
        Map<String, Node.Entry> entries = new LinkedHashMap<>();
        for (Map.Entry<String, Node.Entry> entry : map.entries().entrySet()) {
            Node old = entry.getValue().value();
            Node result = change.apply(old);
            changed |= result != old;
            entries.put(entry.getKey(), new Node.Entry(entry.getValue().keyPosition(), result));
        }
        return changed ? new Node.MapNode(entries, map.position()) : map;
    }
}
