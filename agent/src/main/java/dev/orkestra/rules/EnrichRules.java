package dev.orkestra.rules;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What is read around an object. */
final class EnrichRules {
    static final List<Rule> ALL = List.of(
            Rule.error(
                    "EnrichMixed",
                    "a CRD says enrichAll, and enrich beside it",
                    """
                    One reads everything around an object, the other only what is listed, so one of them is not meant.
                    Keep one.""",
                    "Orkestra refuses it as well (validation step 25)",
                    EnrichRules::mixed),
            Rule.error(
                    "UnknownEnrichTarget",
                    "enrich names something that cannot be read around an object",
                    """
                    Templates would never find it. Known are pods, services and their backingpods, deployments and
                    their replicasets, statefulsets and their pvcs, the owner of a replicaset, jobs, cronjobs,
                    ingresses, networkpolicies, hpa, pv, storageclasses, endpoints, events and warnings, and nodes;
                    singular, plural and the short names of kubectl, in any letter case.""",
                    "Orkestra refuses it as well (validation step 25)",
                    EnrichRules::unknownTarget));

    /** Kinds with their plurals and short names, and what can be read of them: upstream's {@code pkg/children}. */
    private static final Set<String> TARGETS = Set.of("""
            pod pods po service services svc backingpods persistentvolumeclaim persistentvolumeclaims pvc pvcs pvclaim
            persistentvolume persistentvolumes pv pvs event events ev warnings node nodes deployment deployments deploy
            dep replicasets statefulset statefulsets sts replicaset rs owner job jobs cronjob cronjobs cj ingress
            ingresses ing networkpolicy networkpolicies np horizontalpodautoscaler horizontalpodautoscalers hpa
            storageclass storageclasses sc endpointslice endpointslices ep endpoints
            """.strip().split("\\s+"));

    private EnrichRules() {}

    private static void mixed(View view, Report report) {
        for (Crd crd : view.crds()) {
            if (crd.node().isTrue("enrichAll") && Fields.isSet(crd.node(), "enrich")) {
                report.at(
                        crd.node(),
                        "enrich",
                        "the CRD '" + crd.name() + "' says enrichAll, and enrich beside it",
                        "keep one of the two");
            }
        }
    }

    private static void unknownTarget(View view, Report report) {
        for (Crd crd : view.crds()) {
            for (Node item : Fields.items(crd.node(), "enrich")) {
                switch (item) {
                    case Node.MapNode map ->
                        map.entries().forEach((target, entry) -> unknownTarget(target, entry.keyPosition(), report));
                    case Node.ScalarNode scalar ->
                        Fields.text(scalar).ifPresent(target -> unknownTarget(target, scalar.position(), report));
                    case Node.ListNode _ -> {
                        // The schema has said that this is no target.
                    }
                }
            }
        }
    }

    private static void unknownTarget(String target, Position position, Report report) {
        if (!TARGETS.contains(target.toLowerCase(Locale.ROOT))) {
            report.at(
                    position,
                    "'" + target + "' cannot be read around an object",
                    DidYouMean.of(target, TARGETS, "such as pods, events or replicasets"));
        }
    }
}
