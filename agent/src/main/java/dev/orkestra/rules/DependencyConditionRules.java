package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.List;

/** For what of another CRD is waited. */
final class DependencyConditionRules {
    /** Orkestra's own words; it checks none of them. */
    private static final List<String> KNOWN = List.of("pending", "started", "healthy", "ready", "degraded", "deleted");

    static final List<Rule> ALL = List.of(Rule.warning(
            "UnknownDependencyCondition",
            "a dependency waits for a condition that there is not",
            """
            A CRD is pending, started, healthy, ready, degraded or deleted. With any other word nobody knows when the wait
            ends, and the operator may never start.""",
            "Orkestra does not look at this",
            DependencyConditionRules::unknown));

    private DependencyConditionRules() {}

    private static void unknown(View view, Report report) {
        for (Crd crd : view.crds()) {
            crd.map("dependsOn")
                    .ifPresent(map -> map.entries().forEach((name, entry) -> {
                        Node condition = entry.value() instanceof Node.MapNode block
                                ? block.get("condition").orElse(block)
                                : entry.value();
                        Fields.text(condition)
                                .filter(word -> !KNOWN.contains(word))
                                .ifPresent(word -> report.at(
                                        condition,
                                        "'" + word + "' is no condition to wait for with the CRD '" + name + "'",
                                        DidYouMean.of(word, KNOWN, "write one of " + String.join(", ", KNOWN))));
                    }));
        }
    }
}
