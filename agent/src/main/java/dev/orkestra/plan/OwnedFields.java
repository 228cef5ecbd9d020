package dev.orkestra.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.CanonicalJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a live object that one manager has applied, as the server tells in {@code metadata.managedFields}.
 * Whatever others own (a default, a status, a scaler's replicas) is no difference to us.
 */
public final class OwnedFields {
    /** The manager of applied objects (DESIGN.md §7); never renamed. */
    public static final String MANAGER = "orkestra-agent";

    private OwnedFields() {}

    private record Leaf(FieldPath path, JsonNode value) {}

    /**
     * {@code sha256:…} over the owned fields and their values. It changes when a value changes, and as well when a
     * field
     * is taken away from the manager.
     */
    public static String digest(ObjectNode live, String manager) {
        return digest(live, manager, IgnoredFields.NONE);
    }

    /** As above, but without what is {@code ignored}. The inventory holds this one. */
    public static String digest(ObjectNode live, String manager, IgnoredFields ignored) {
        ObjectNode flat = JsonNodeFactory.instance.objectNode();
        leaves(ignored.without(live), ownedSet(live, manager)).forEach((text, leaf) -> flat.set(text, leaf.value()));
        return CanonicalJson.digest(flat);
    }

    /** Whether the manager owns the same fields in both, whatever their values. */
    public static boolean sameOwnership(ObjectNode before, ObjectNode after, String manager) {
        return sameOwnership(before, after, manager, IgnoredFields.NONE);
    }

    /** Whether the manager owns the same fields in both, whatever their values; what is ignored does not count. */
    public static boolean sameOwnership(ObjectNode before, ObjectNode after, String manager, IgnoredFields ignored) {
        ObjectNode one = ownedSet(before, manager);
        ObjectNode other = ownedSet(after, manager);
        return one.equals(other)
                || !ignored.isEmpty()
                        && leaves(ignored.without(before), one)
                                .keySet()
                                .equals(leaves(ignored.without(after), other).keySet());
    }

    /**
     * How {@code after} differs from {@code before} in the fields that the manager owns in either of them, by path. The
     * changes have no origin.
     */
    public static List<FieldChange> changes(ObjectNode before, ObjectNode after, String manager) {
        return changes(before, after, manager, IgnoredFields.NONE);
    }

    /** As above, but without what is {@code ignored}. */
    public static List<FieldChange> changes(
            ObjectNode before, ObjectNode after, String manager, IgnoredFields ignored) {
        ObjectNode set = merge(ownedSet(before, manager), ownedSet(after, manager));
        Map<String, Leaf> old = leaves(ignored.without(before), set);
        Map<String, Leaf> now = leaves(ignored.without(after), set);
        TreeSet<String> all = new TreeSet<>(old.keySet());
        all.addAll(now.keySet());
        List<FieldChange> changes = new ArrayList<>();
        for (String text : all) {
            Leaf one = old.get(text);
            Leaf other = now.get(text);
            FieldPath path = Objects.requireNonNull(one == null ? other : one).path();
            if (!path.isKeyOfItem()) {
                compare(path, one == null ? null : one.value(), other == null ? null : other.value(), changes);
            }
        }
        return List.copyOf(changes);
    }

    /** A field that is owned as a whole can still be a mapping: then its members tell more. */
    private static void compare(
            FieldPath path, @Nullable JsonNode before, @Nullable JsonNode after, List<FieldChange> changes) {
        if (before == null ? after == null : after != null && FieldPath.same(before, after)) {
            return;
        }
        if (before != null && after != null && before.isObject() && after.isObject()) {
            TreeSet<String> names = new TreeSet<>();
            before.fieldNames().forEachRemaining(names::add);
            after.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> compare(path.field(name), before.get(name), after.get(name), changes));
            return;
        }
        changes.add(new FieldChange(path, before, after, null));
    }

    /** The manager's applied set, in the form of fieldsV1; what it wrote to subresources is not ours to apply. */
    static ObjectNode ownedSet(ObjectNode object, String manager) {
        ObjectNode set = JsonNodeFactory.instance.objectNode();
        for (JsonNode entry : object.path("metadata").path("managedFields")) {
            boolean ours = entry.path("manager").asText().equals(manager)
                    && entry.path("operation").asText().equals("Apply")
                    && entry.path("subresource").asText("").isEmpty();
            if (ours && entry.path("fieldsV1") instanceof ObjectNode fields) {
                set = merge(set, fields);
            }
        }
        return set;
    }

    /** What all managers own together. */
    static ObjectNode allSets(ObjectNode object) {
        ObjectNode set = JsonNodeFactory.instance.objectNode();
        for (JsonNode entry : object.path("metadata").path("managedFields")) {
            if (entry.path("fieldsV1") instanceof ObjectNode fields) {
                set = merge(set, fields);
            }
        }
        return set;
    }

    /** The steps below a place of a set; its own "." is none. */
    static List<Map.Entry<String, JsonNode>> members(JsonNode set) {
        return set.properties().stream()
                .filter(member -> !member.getKey().equals("."))
                .toList();
    }

    private static ObjectNode merge(ObjectNode one, ObjectNode other) {
        ObjectNode merged = one.deepCopy();
        for (Map.Entry<String, JsonNode> entry : other.properties()) {
            JsonNode present = merged.get(entry.getKey());
            merged.set(
                    entry.getKey(),
                    present instanceof ObjectNode left && entry.getValue() instanceof ObjectNode right
                            ? merge(left, right)
                            : entry.getValue().deepCopy());
        }
        return merged;
    }

    private static Map<String, Leaf> leaves(ObjectNode object, ObjectNode set) {
        Map<String, Leaf> leaves = new TreeMap<>();
        collect(object, set, FieldPath.ROOT, "", leaves);
        return leaves;
    }

    private static void collect(JsonNode value, JsonNode set, FieldPath path, String text, Map<String, Leaf> leaves) {
        boolean hasMembers = false;
        for (Map.Entry<String, JsonNode> member : set.properties()) {
            if (member.getKey().equals(".")) {
                continue;
            }
            hasMembers = true;
            FieldPath.Step step = FieldPath.step(member.getKey());
            JsonNode child = FieldPath.child(value, step);
            if (!child.isMissingNode()) {
                collect(child, member.getValue(), path.then(step), text + "/" + escaped(member.getKey()), leaves);
            }
        }
        if (!hasMembers && !path.steps().isEmpty()) {
            // "." alone: the thing itself is owned, and nothing that others put into it.
            JsonNode owned = set.has(".") && value.isContainerNode()
                    ? (value.isObject() ? JsonNodeFactory.instance.objectNode() : JsonNodeFactory.instance.arrayNode())
                    : value;
            leaves.put(text, new Leaf(path, owned));
        }
    }

    private static String escaped(String step) {
        return step.replace("~", "~0").replace("/", "~1");
    }
}
