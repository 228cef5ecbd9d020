package dev.orkestra.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How two bodies differ when no API server says how: items of lists are told apart by their names, as the API server
 * does for nearly all of its own kinds, else by their numbers.
 */
final class BodyDiff {
    /** Fields that tell items of lists apart, the first that all items have with different values. */
    private static final List<List<String>> KEYS = List.of(
            List.of("name"),
            List.of("containerPort", "protocol"),
            List.of("port", "protocol"),
            List.of("mountPath"),
            List.of("devicePath"),
            List.of("containerPort"),
            List.of("port"),
            List.of("topologyKey", "whenUnsatisfiable"),
            List.of("ip"));

    private BodyDiff() {}

    /** What changes from {@code before} to {@code after}, by path, without origins. */
    static List<FieldChange> between(ObjectNode before, ObjectNode after) {
        List<FieldChange> changes = new ArrayList<>();
        compare(FieldPath.ROOT, before, after, changes);
        return List.copyOf(changes);
    }

    /** What changes when {@code live} is deleted and {@code body} created; what others added to it does not count. */
    static List<FieldChange> ofReplacement(ObjectNode live, ObjectNode body, IgnoredFields ignored) {
        ObjectNode after = body.deepCopy();
        if (after.path("metadata") instanceof ObjectNode metadata) {
            metadata.set("managedFields", live.path("metadata").path("managedFields"));
        }
        List<FieldChange> changes = new ArrayList<>(OwnedFields.changes(live, after, OwnedFields.MANAGER, ignored));
        between(ignored.without(live), ignored.without(body)).stream()
                .filter(change -> change.before() == null)
                .filter(change -> changes.stream().noneMatch(each -> isWithin(change.path(), each.path())))
                .forEach(changes::add);
        return List.copyOf(changes);
    }

    private static boolean isWithin(FieldPath path, FieldPath around) {
        List<FieldPath.Step> steps = path.steps();
        List<FieldPath.Step> outer = around.steps();
        return steps.size() >= outer.size() && steps.subList(0, outer.size()).equals(outer);
    }

    private static void compare(
            FieldPath path, @Nullable JsonNode before, @Nullable JsonNode after, List<FieldChange> changes) {
        if (before == null ? after == null : after != null && FieldPath.same(before, after)) {
            return;
        }
        if (before instanceof ObjectNode old && after instanceof ObjectNode now) {
            TreeSet<String> names = new TreeSet<>();
            old.fieldNames().forEachRemaining(names::add);
            now.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> compare(path.field(name), old.get(name), now.get(name), changes));
        } else if (before instanceof ArrayNode old && after instanceof ArrayNode now) {
            compareLists(path, old, now, changes);
        } else {
            changes.add(new FieldChange(path, before, after, null));
        }
    }

    private static void compareLists(FieldPath path, ArrayNode before, ArrayNode after, List<FieldChange> changes) {
        List<String> keys = keys(before, after);
        if (keys.isEmpty()) {
            if (isPlain(before) && isPlain(after)) {
                changes.add(new FieldChange(path, before, after, null));
                return;
            }
            for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
                compare(path.then(new FieldPath.Step.Index(i)), before.get(i), after.get(i), changes);
            }
            return;
        }
        List<JsonNode> all = new ArrayList<>();
        before.forEach(item -> all.add(keyOf(item, keys)));
        after.forEach(item -> {
            if (!all.contains(keyOf(item, keys))) {
                all.add(keyOf(item, keys));
            }
        });
        for (JsonNode key : all) {
            compare(path.then(new FieldPath.Step.Keyed(key)), find(before, key, keys), find(after, key, keys), changes);
        }
    }

    /** A list of texts or numbers is shown as one value. */
    private static boolean isPlain(ArrayNode list) {
        for (JsonNode item : list) {
            if (item.isContainerNode()) {
                return false;
            }
        }
        return true;
    }

    private static List<String> keys(ArrayNode before, ArrayNode after) {
        return KEYS.stream()
                .filter(keys -> tells(before, keys) && tells(after, keys))
                .findFirst()
                .orElse(List.of());
    }

    private static boolean tells(ArrayNode list, List<String> keys) {
        List<JsonNode> seen = new ArrayList<>();
        for (JsonNode item : list) {
            JsonNode key = keyOf(item, keys);
            if (!item.isObject() || !item.has(keys.getFirst()) || seen.contains(key)) {
                return false;
            }
            seen.add(key);
        }
        return true;
    }

    private static ObjectNode keyOf(JsonNode item, List<String> keys) {
        ObjectNode key = JsonNodeFactory.instance.objectNode();
        for (String name : keys) {
            JsonNode value = item.path(name);
            if (!value.isMissingNode()) {
                key.set(name, value);
            }
        }
        return key;
    }

    private static @Nullable JsonNode find(ArrayNode list, JsonNode key, List<String> keys) {
        for (JsonNode item : list) {
            if (keyOf(item, keys).equals(key)) {
                return item;
            }
        }
        return null;
    }
}
