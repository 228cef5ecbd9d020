package dev.orkestra.katalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Random documents in the newest layout, and the same ones in mixtures of older layouts. */
final class GenerationDocuments {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int DEEPEST = 12;

    /** Names that users may give and that are old keys elsewhere: none of them may be touched. */
    private static final List<String> NAMES =
            List.of("web", "anyOf", "workers", "reconciler", "resources", "onCreate", "labels", "sources");

    private final Random random;

    GenerationDocuments(Random random) {
        this.random = random;
    }

    ObjectNode newest() {
        ObjectNode document = JSON.objectNode();
        document.put("apiVersion", Source.API_VERSION);
        document.put("kind", "Katalog");
        document.set("metadata", JSON.objectNode().put("name", "k"));
        fill(GenerationPlace.KATALOG, document, 0);
        return document;
    }

    /** The document with some of its keys where they stood before. */
    ObjectNode older(ObjectNode newest) {
        ObjectNode document = newest.deepCopy();
        downgrade(GenerationPlace.KATALOG, document);
        return document;
    }

    private void fill(GenerationPlace place, ObjectNode map, int depth) {
        for (GenerationGrammar.Child child : GenerationGrammar.below(place)) {
            if (depth < DEEPEST
                    && random.nextInt(10) < (GenerationGrammar.below(place).size() > 10 ? 1 : 6)) {
                map.set(child.key(), value(child, depth + 1));
            }
        }
        for (MovedKey key : MovedKeys.of(place)) {
            if (!key.isDropped() && random.nextInt(4) == 0 && !isPlace(place, key.to())) {
                setIfAbsent(map, key.to(), free());
            }
        }
        if (place == GenerationPlace.CRD || place == GenerationPlace.RESOURCE) {
            map.set("labels", JSON.objectNode().put("anyOf", "kept").put("app", "web"));
        }
        if (map.isEmpty() || random.nextInt(4) == 0) {
            map.set("data", free());
        }
    }

    private JsonNode value(GenerationGrammar.Child child, int depth) {
        return switch (child.shape()) {
            case ONE -> place(child, depth);
            case ITEMS -> JSON.arrayNode().add(place(child, depth)).add("text").add(place(child, depth));
            case VALUES -> named(child, depth);
            case VALUES_OF_ITEMS -> JSON.arrayNode().add("text").add(named(child, depth));
        };
    }

    private ObjectNode place(GenerationGrammar.Child child, int depth) {
        ObjectNode map = JSON.objectNode();
        fill(child.place(), map, depth);
        return map;
    }

    private ObjectNode named(GenerationGrammar.Child child, int depth) {
        ObjectNode map = JSON.objectNode();
        for (int i = 0; i < 2; i++) {
            map.set(NAMES.get(random.nextInt(NAMES.size())), place(child, depth));
        }
        return map;
    }

    private JsonNode free() {
        return switch (random.nextInt(4)) {
            case 0 -> JSON.numberNode(random.nextInt(100));
            case 1 ->
                JSON.arrayNode().add(JSON.objectNode().put("anyOf", "kept").put("field", ".spec.a"));
            case 2 ->
                JSON.objectNode().put("anyOf", "kept").put("reconciler", 1).put("workers", 2);
            default -> JSON.textNode("text" + random.nextInt(100));
        };
    }

    /** Whether the grammar knows what stands at {@code path}, so that no free content may be put there. */
    private static boolean isPlace(GenerationPlace place, List<String> path) {
        if (path.isEmpty()) {
            return true;
        }
        Optional<GenerationGrammar.Child> child = GenerationGrammar.below(place).stream()
                .filter(candidate -> candidate.key().equals(path.getFirst()))
                .findFirst();
        return child.isPresent() && (path.size() == 1 || isPlace(child.get().place(), path.subList(1, path.size())));
    }

    private static void setIfAbsent(ObjectNode map, List<String> path, JsonNode value) {
        ObjectNode parent = map;
        for (String key : path.subList(0, path.size() - 1)) {
            JsonNode next = parent.get(key);
            if (next != null && !next.isObject()) {
                return;
            }
            parent = next == null ? parent.putObject(key) : (ObjectNode) next;
        }
        if (!parent.has(path.getLast())) {
            parent.set(path.getLast(), value);
        }
    }

    private void downgrade(GenerationPlace place, ObjectNode map) {
        for (GenerationGrammar.Child child : GenerationGrammar.below(place)) {
            JsonNode value = map.get(child.key());
            if (value != null) {
                switch (child.shape()) {
                    case ONE -> downgradeMap(child.place(), value);
                    case ITEMS, VALUES -> value.forEach(item -> downgradeMap(child.place(), item));
                    case VALUES_OF_ITEMS ->
                        value.forEach(item -> item.forEach(inner -> downgradeMap(child.place(), inner)));
                }
            }
        }
        reshape(place, map);
        List<MovedKey> keys = new ArrayList<>(MovedKeys.of(place));
        Collections.reverse(keys);
        for (MovedKey key : keys) {
            if (!key.isDropped()
                    && random.nextInt(3) == 0
                    && !at(map, key.from()).isPresent()) {
                at(map, key.to()).filter(_ -> canHold(map, key)).ifPresent(value -> {
                    remove(map, key.to());
                    setIfAbsent(map, key.from(), value);
                });
            }
        }
    }

    private void downgradeMap(GenerationPlace place, JsonNode value) {
        if (value instanceof ObjectNode map) {
            downgrade(place, map);
        }
    }

    private void reshape(GenerationPlace place, ObjectNode map) {
        boolean hasLabels = place == GenerationPlace.CRD || place == GenerationPlace.RESOURCE;
        if (hasLabels && random.nextInt(3) == 0) {
            ArrayNode list = JSON.arrayNode();
            map.get("labels")
                    .properties()
                    .forEach(
                            label -> list.addObject().put("key", label.getKey()).set("value", label.getValue()));
            map.set("labels", list);
        }
        if (place == GenerationPlace.SPEC && map.get("crds") instanceof ObjectNode crds && random.nextInt(3) == 0) {
            ArrayNode list = JSON.arrayNode();
            crds.properties().forEach(crd -> {
                ObjectNode item = list.addObject().put("name", crd.getKey());
                item.setAll((ObjectNode) crd.getValue());
            });
            map.set("crds", list);
        }
    }

    /** Whether the old path leads through mappings only, and none that the new path would take away. */
    private static boolean canHold(ObjectNode map, MovedKey key) {
        JsonNode parent = map;
        for (String step : key.from().subList(0, key.from().size() - 1)) {
            parent = parent.path(step);
            if (!parent.isMissingNode() && !parent.isObject()) {
                return false;
            }
        }
        return true;
    }

    private static Optional<JsonNode> at(ObjectNode map, List<String> path) {
        JsonNode node = map;
        for (String key : path) {
            node = node.path(key);
        }
        return node.isMissingNode() ? Optional.empty() : Optional.of(node);
    }

    /** Removes what is at {@code path}, and the mappings that this leaves empty. */
    private static void remove(ObjectNode map, List<String> path) {
        if (path.size() > 1) {
            ObjectNode child = (ObjectNode) map.get(path.getFirst());
            remove(child, path.subList(1, path.size()));
            if (!child.isEmpty()) {
                return;
            }
        }
        map.remove(path.getFirst());
    }
}
