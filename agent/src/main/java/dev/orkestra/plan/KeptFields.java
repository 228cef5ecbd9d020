package dev.orkestra.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes a body that leaves ignored fields of a live object as they are. */
final class KeptFields {
    private final ObjectNode live;
    /** Who owns what, all managers together: says how the items of a list are told apart. */
    private final ObjectNode owned;

    private final ObjectNode ours;

    KeptFields(ObjectNode live) {
        this.live = live;
        this.owned = OwnedFields.allSets(live);
        this.ours = OwnedFields.ownedSet(live, OwnedFields.MANAGER);
    }

    /**
     * One place, as it is wanted, is there and is owned.
     *
     * @param atomic whether something around it is owned as a whole, so that it cannot be left out of it
     */
    private record Place(JsonNode wanted, JsonNode live, JsonNode owned, JsonNode ours, boolean atomic) {
        Place field(String name) {
            JsonNode set = owned.path("f:" + name);
            return new Place(
                    wanted.path(name),
                    live.path(name),
                    set,
                    ours.path("f:" + name),
                    atomic || isWhole(set, live.path(name)));
        }

        /** The same item of the list in the cluster: by its keys, or by its number in a list that is owned as a whole. */
        Place item(int index) {
            JsonNode item = wanted.path(index);
            for (Map.Entry<String, JsonNode> member : OwnedFields.members(owned)) {
                if (FieldPath.step(member.getKey()) instanceof FieldPath.Step.Keyed keyed
                        && isMeant(item, keyed.keys())) {
                    return new Place(
                            item, FieldPath.child(live, keyed), member.getValue(), ours.path(member.getKey()), atomic);
                }
            }
            boolean keyed = OwnedFields.members(owned).stream()
                    .anyMatch(each -> each.getKey().startsWith("k:"));
            return keyed
                    ? new Place(
                            item,
                            MissingNode.getInstance(),
                            MissingNode.getInstance(),
                            MissingNode.getInstance(),
                            atomic)
                    : new Place(item, live.path(index), MissingNode.getInstance(), MissingNode.getInstance(), true);
        }

        private static boolean isWhole(JsonNode set, JsonNode value) {
            return set.isObject() && OwnedFields.members(set).isEmpty() && value.isContainerNode();
        }

        /** A key that is not written has the server's default (a port's protocol). */
        private static boolean isMeant(JsonNode item, JsonNode keys) {
            boolean any = false;
            for (Map.Entry<String, JsonNode> key : keys.properties()) {
                JsonNode value = item.path(key.getKey());
                if (!value.isMissingNode() && !FieldPath.same(value, key.getValue())) {
                    return false;
                }
                any |= !value.isMissingNode();
            }
            return any;
        }

        /** What is to stand here: a missing node for nothing. */
        JsonNode kept() {
            if (live.isMissingNode()) {
                return live;
            }
            if (atomic) {
                return live.deepCopy();
            }
            return ours.isMissingNode() ? ours : ownPart(live, ours);
        }
    }

    ObjectNode apply(ObjectNode body, List<List<String>> pointers, List<ObjectNode> sets) {
        ObjectNode result = body.deepCopy();
        for (List<String> pointer : pointers) {
            keep(new Place(result, live, owned, ours, false), pointer, 0);
        }
        for (ObjectNode set : sets) {
            keep(new Place(result, live, owned, ours, false), set);
        }
        return result;
    }

    private void keep(Place at, List<String> pointer, int depth) {
        if (depth >= pointer.size()) {
            return;
        }
        String step = pointer.get(depth);
        boolean last = depth == pointer.size() - 1;
        if (at.wanted() instanceof ObjectNode object) {
            for (String name : step.equals("*") ? names(at) : List.of(step)) {
                Place place = at.field(name);
                if (last) {
                    settle(object, name, place);
                } else {
                    keep(place, pointer, depth + 1);
                }
            }
        } else if (at.wanted() instanceof ArrayNode list) {
            for (int i = list.size() - 1; i >= 0; i--) {
                if (step.equals("*") || step.equals(Integer.toString(i))) {
                    Place place = at.item(i);
                    if (last) {
                        settle(list, i, place);
                    } else {
                        keep(place, pointer, depth + 1);
                    }
                }
            }
        }
    }

    private void keep(Place at, JsonNode set) {
        for (Map.Entry<String, JsonNode> member : OwnedFields.members(set)) {
            boolean leaf = OwnedFields.members(member.getValue()).isEmpty();
            switch (FieldPath.step(member.getKey())) {
                case FieldPath.Step.Field(String name) -> {
                    if (!leaf) {
                        keep(at.field(name), member.getValue());
                    } else if (at.wanted() instanceof ObjectNode object) {
                        settle(object, name, at.field(name));
                    }
                }
                case FieldPath.Step.Keyed(JsonNode keys) -> {
                    for (int i = 0; !leaf && i < at.wanted().size(); i++) {
                        if (at.wanted().isArray() && Place.isMeant(at.wanted().get(i), keys)) {
                            keep(at.item(i), member.getValue());
                        }
                    }
                }
                // Members of sets are owned one by one, and nobody's apply changes another's.
                case FieldPath.Step.Member _, FieldPath.Step.Index _ -> {}
            }
        }
    }

    private static List<String> names(Place at) {
        List<String> names = new ArrayList<>();
        at.wanted().fieldNames().forEachRemaining(names::add);
        OwnedFields.members(at.ours()).forEach(member -> {
            if (FieldPath.step(member.getKey()) instanceof FieldPath.Step.Field(String name) && !names.contains(name)) {
                names.add(name);
            }
        });
        return names;
    }

    private static void settle(ObjectNode parent, String name, Place place) {
        JsonNode kept = place.kept();
        if (kept.isMissingNode()) {
            parent.remove(name);
        } else {
            parent.set(name, kept);
        }
    }

    private static void settle(ArrayNode parent, int index, Place place) {
        JsonNode kept = place.kept();
        if (kept.isMissingNode()) {
            parent.remove(index);
        } else {
            parent.set(index, kept);
        }
    }

    /** The part of {@code value} that {@code set} names. */
    private static JsonNode ownPart(JsonNode value, JsonNode set) {
        List<Map.Entry<String, JsonNode>> members = OwnedFields.members(set);
        if (members.isEmpty()) {
            return value.deepCopy();
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Map.Entry<String, JsonNode> member : members) {
            FieldPath.Step step = FieldPath.step(member.getKey());
            JsonNode child = FieldPath.child(value, step);
            if (!child.isMissingNode()) {
                JsonNode part = ownPart(child, member.getValue());
                if (step instanceof FieldPath.Step.Field(String name)) {
                    object.set(name, part);
                } else {
                    list.add(part);
                }
            }
        }
        return value.isArray() ? list : object;
    }
}
