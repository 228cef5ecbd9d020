package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the conditions of a document, wherever it has {@code when} and {@code or}. */
final class Conditions {
    /** What belongs to others, such as a chart's values: a {@code when} in there is none of ours. */
    private static final Set<String> FREE =
            Set.of("values", "with", "args", "default", "override", "normalize", "conversion", "providers");

    /** Mappings whose keys are names that people choose. */
    private static final Set<String> BY_NAME = Set.of("target", "fields", "labels", "annotations", "events", "crds");

    private final List<ConditionList> found = new ArrayList<>();

    private Conditions() {}

    /**
     * A {@code when} or an {@code or}.
     *
     * @param isAnd whether all of it must hold
     * @param isAdmission whether it belongs to a rule of {@code admission}
     * @param items the mappings in it
     */
    record ConditionList(boolean isAnd, boolean isAdmission, List<Node.MapNode> items) {}

    /** All of a document, those of disabled entries left out. */
    static List<ConditionList> of(View view) {
        Conditions conditions = new Conditions();
        view.root().entries().forEach((key, entry) -> {
            if (!key.equals("spec") || !(entry.value() instanceof Node.MapNode spec)) {
                conditions.walk(key, entry.value(), key.equals("admission"), false);
                return;
            }
            spec.entries().forEach((below, value) -> {
                if (below.equals("crds")) {
                    view.crds().forEach(crd -> conditions.children(crd.node(), false, false));
                } else {
                    conditions.walk(below, value.value(), false, false);
                }
            });
        });
        return conditions.found;
    }

    private void children(Node.MapNode map, boolean isAdmission, boolean areNames) {
        for (Map.Entry<String, Node.Entry> entry : map.entries().entrySet()) {
            String key = entry.getKey();
            Node value = entry.getValue().value();
            if (areNames || !FREE.contains(key)) {
                walk(key, value, isAdmission || (!areNames && key.equals("admission")), areNames);
            }
        }
    }

    private void walk(String key, Node value, boolean isAdmission, boolean isName) {
        switch (value) {
            case Node.MapNode map -> children(map, isAdmission, !isName && BY_NAME.contains(key));
            case Node.ListNode list -> {
                List<Node.MapNode> maps = maps(list);
                if (!isName && (key.equals("when") || key.equals("or"))) {
                    found.add(new ConditionList(key.equals("when"), isAdmission, maps));
                } else if (!isName && key.equals("custom")) {
                    // The rest of a custom resource is another program's.
                    maps.forEach(item -> List.of("when", "or")
                            .forEach(own ->
                                    item.list(own).ifPresent(conditions -> walk(own, conditions, isAdmission, false))));
                } else {
                    // Calls are gates of their own: only what stands in a rule decides on an object.
                    boolean decides = isAdmission && !key.equals("external");
                    maps.forEach(item -> children(item, decides, false));
                }
            }
            case Node.ScalarNode _ -> {
                // A scalar holds no conditions.
            }
        }
    }

    private static List<Node.MapNode> maps(Node.ListNode list) {
        return list.items().stream()
                .filter(Node.MapNode.class::isInstance)
                .map(Node.MapNode.class::cast)
                .toList();
    }
}
