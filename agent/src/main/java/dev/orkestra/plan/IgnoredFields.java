package dev.orkestra.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.ConfigRepo.IgnoredDifference;
import dev.orkestra.document.ObjectKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one object that others may change ({@code spec.ignoreDifferences}): they never count as a difference,
 * and an apply leaves them as they are.
 */
public final class IgnoredFields {
    /** For those who ask about objects of no environment. */
    public static final IgnoredFields NONE = new IgnoredFields(List.of(), Set.of());

    private final List<List<String>> pointers;
    private final Set<String> managers;

    private IgnoredFields(List<List<String>> pointers, Set<String> managers) {
        this.pointers = List.copyOf(pointers);
        this.managers = Set.copyOf(managers);
    }

    /** What {@code repo} ignores of the object {@code key}. */
    public static IgnoredFields of(ConfigRepo repo, ObjectKey key) {
        List<List<String>> pointers = new ArrayList<>();
        Set<String> managers = new HashSet<>();
        for (IgnoredDifference rule : repo.policies().ignored()) {
            if (isGroup(rule.group(), key.group())
                    && matches(rule.kind(), key.kind())
                    && matches(rule.namespace(), key.namespace())
                    && matches(rule.name(), key.name())) {
                rule.jsonPointers().forEach(pointer -> pointers.add(steps(pointer)));
                managers.addAll(rule.managers());
            }
        }
        return pointers.isEmpty() && managers.isEmpty() ? NONE : new IgnoredFields(pointers, managers);
    }

    public boolean isEmpty() {
        return pointers.isEmpty() && managers.isEmpty();
    }

    /** The core group is empty, so that an empty text does not stand for all of them. */
    private static boolean isGroup(String wanted, String group) {
        return wanted.equals("*") || wanted.equals(group);
    }

    private static boolean matches(String wanted, String value) {
        return wanted.isEmpty() || wanted.equals("*") || wanted.equals(value);
    }

    private static List<String> steps(String pointer) {
        List<String> steps = new ArrayList<>();
        for (String step : pointer.split("/", -1)) {
            steps.add(step.replace("~1", "/").replace("~0", "~"));
        }
        return List.copyOf(steps.subList(Math.min(1, steps.size()), steps.size()));
    }

    /** {@code live} without what is ignored; itself where nothing is. */
    public ObjectNode without(ObjectNode live) {
        if (isEmpty()) {
            return live;
        }
        ObjectNode copy = live.deepCopy();
        Removal removal = new Removal();
        pointers.forEach(pointer -> removal.find(copy, pointer, 0));
        managedSets(live).forEach(set -> removal.find(copy, set));
        removal.carryOut();
        return copy;
    }

    /**
     * What to apply for {@code body}: an ignored field that we own keeps its live value, as giving it up would take it
     * away; one that only others own is left out, so that they need not share it. A new object is applied as it is.
     */
    public ObjectNode toApply(ObjectNode body, @Nullable ObjectNode live) {
        return isEmpty() || live == null ? body : new KeptFields(live).apply(body, pointers, managedSets(live));
    }

    /** What the managers to whom fields are left own, in the form of fieldsV1. */
    private List<ObjectNode> managedSets(ObjectNode live) {
        List<ObjectNode> sets = new ArrayList<>();
        for (JsonNode entry : live.path("metadata").path("managedFields")) {
            if (managers.contains(entry.path("manager").asText())
                    && entry.path("fieldsV1") instanceof ObjectNode fields) {
                sets.add(fields);
            }
        }
        return sets;
    }

    /** Finds first and removes then, so that numbers of items stay what they are meanwhile. */
    private static final class Removal {
        private record Member(JsonNode parent, String name, int index) {}

        private final List<Member> members = new ArrayList<>();

        void find(JsonNode parent, List<String> pointer, int depth) {
            if (depth >= pointer.size()) {
                return;
            }
            String step = pointer.get(depth);
            boolean last = depth == pointer.size() - 1;
            if (parent instanceof ObjectNode object) {
                for (Map.Entry<String, JsonNode> member : object.properties()) {
                    if (step.equals("*") || step.equals(member.getKey())) {
                        take(parent, member.getKey(), 0, member.getValue(), pointer, last, depth);
                    }
                }
            } else if (parent instanceof ArrayNode list) {
                for (int i = 0; i < list.size(); i++) {
                    if (step.equals("*") || step.equals(Integer.toString(i))) {
                        take(parent, "", i, list.get(i), pointer, last, depth);
                    }
                }
            }
        }

        private void take(
                JsonNode parent,
                String name,
                int index,
                JsonNode value,
                List<String> pointer,
                boolean last,
                int depth) {
            if (last) {
                members.add(new Member(parent, name, index));
            } else {
                find(value, pointer, depth + 1);
            }
        }

        void find(JsonNode parent, JsonNode set) {
            for (Map.Entry<String, JsonNode> member : OwnedFields.members(set)) {
                FieldPath.Step step = FieldPath.step(member.getKey());
                JsonNode child = FieldPath.child(parent, step);
                if (OwnedFields.members(member.getValue()).isEmpty()) {
                    if (parent instanceof ObjectNode && step instanceof FieldPath.Step.Field(String name)) {
                        members.add(new Member(parent, name, 0));
                    }
                } else if (!child.isMissingNode()) {
                    find(child, member.getValue());
                }
            }
        }

        void carryOut() {
            members.sort(Comparator.comparingInt(Member::index).reversed());
            for (Member member : new java.util.LinkedHashSet<>(members)) {
                if (member.parent instanceof ObjectNode object) {
                    object.remove(member.name);
                } else if (member.parent instanceof ArrayNode list) {
                    list.remove(member.index);
                }
            }
        }
    }
}
