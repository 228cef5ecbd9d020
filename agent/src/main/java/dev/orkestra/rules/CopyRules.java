package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.List;

/** Objects and variables that are taken over from elsewhere. */
final class CopyRules {
    static final List<Rule> ALL = List.of(
            Rule.error(
                            "CopyIncomplete",
                            "a copy says where from or where to, and not both",
                            """
                    Without toNamespaces nothing is copied, and without fromNamespace the original is looked for in the
                    wrong place; both fail without a word. Write both, or none of them.""",
                            "Orkestra refuses it as well (validation step 37), although examples in its documentation do it",
                            CopyRules::incomplete)
                    .about("Katalog", "Motif"),
            Rule.error(
                            "SuffixWithoutKeys",
                            "variables get a suffix, and no keys are listed",
                            """
                    Kubernetes takes over a whole Secret or ConfigMap only under the names that its keys have, with a
                    prefix at most. List the keys, so that each becomes a variable of its own, or remove the suffix.""",
                            "Orkestra refuses it as well (validation step 43)",
                            CopyRules::suffix)
                    .about("Katalog", "Motif"));

    private static final String[] COPIED = {"secrets", "configMaps", "networkPolicies", "resourceQuotas", "limitRanges"
    };

    private CopyRules() {}

    private static void incomplete(View view, Report report) {
        view.resources(COPIED).forEach(resource -> {
            boolean hasFrom = Fields.isSet(resource.node(), "fromNamespace");
            boolean hasTo = Fields.isSet(resource.node(), "toNamespaces");
            if (hasFrom != hasTo) {
                String there = hasFrom ? "fromNamespace" : "toNamespaces";
                String missing = hasFrom ? "toNamespaces" : "fromNamespace";
                report.at(
                        resource.node(),
                        there,
                        resource.shown() + " has '" + there + "', and no '" + missing + "'",
                        "add '" + missing + "', or remove '" + there + "'");
            }
        });
    }

    private static void suffix(View view, Report report) {
        view.workloads().forEach(resource -> {
            for (String source : List.of("secretRef", "configMapRef")) {
                for (Node.MapNode ref : Fields.maps(resource.node(), "envFrom." + source)) {
                    if (Fields.isSet(ref, "suffix") && !Fields.isSet(ref, "keys")) {
                        report.at(
                                ref,
                                "suffix",
                                resource.shown() + " takes over all of '"
                                        + ref.text("name").orElse("") + "', which cannot have a suffix",
                                "list the keys, or remove 'suffix'");
                    }
                }
            }
        });
    }
}
