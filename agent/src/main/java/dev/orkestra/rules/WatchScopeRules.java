package dev.orkestra.rules;

import java.util.List;

/** How many objects an operator looks at. */
final class WatchScopeRules {
    /** Each of these leaves out objects that are none of the operator's. */
    private static final List<String> LIMITS =
            List.of("labelSelector", "fieldSelector", "namespace", "operatorBox.runtime.allowedNamespaces");

    static final List<Rule> ALL = List.of(Rule.warning(
            "WatchesAllOfBuiltIn",
            "an operator looks after every object of a kind of Kubernetes",
            """
            Objects of such a kind belong to everybody, those of the cluster itself included. The operator would hold all of
            them in memory, and reconcile each. Restrict it by labelSelector, fieldSelector or namespace.""",
            "Orkestra's documentation asks for a labelSelector, and its code does not look at it",
            WatchScopeRules::all));

    private WatchScopeRules() {}

    private static void all(View view, Report report) {
        for (Crd crd : view.crds()) {
            boolean isLimited = LIMITS.stream().anyMatch(path -> Fields.isSet(crd.node(), path));
            if (!isLimited) {
                crd.map("apiTypes")
                        .flatMap(ApiTypes::of)
                        .filter(ApiTypes::isBuiltIn)
                        .ifPresent(types -> report.at(
                                crd.node(),
                                "apiTypes",
                                "the CRD '" + crd.name() + "' looks after every " + types.kind() + " of the cluster",
                                "add a labelSelector, a fieldSelector or a namespace"));
            }
        }
    }
}
