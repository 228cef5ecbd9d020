package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** Further clusters of a gateway, and who sends objects there. */
final class ClusterRules {
    private static final String ORIGIN = "Orkestra refuses it as well (validation step 48)";

    static final List<Rule> ALL = List.of(
            Rule.error(
                    "ClusterWithoutCa",
                    "the certificate of a cluster cannot be checked",
                    """
                    A token is sent to whoever answers at the address. Name the certificate authority under caRef; for tests
                    only, say insecure: true.""",
                    ORIGIN,
                    ClusterRules::withoutCa),
            Rule.error(
                    "ClusterInsecureKubeconfig",
                    "a cluster with a kubeconfig is called insecure",
                    """
                    A kubeconfig says itself how the certificate is checked, so insecure beside secretRef means nothing.
                    Remove it.""",
                    ORIGIN,
                    ClusterRules::insecureKubeconfig),
            Rule.error(
                    "UnknownCluster",
                    "serve names a cluster that the gateway does not know",
                    """
                    Objects that are to go there would be refused one by one. Declare the cluster under gateway.clusters, or
                    remove the name.""",
                    ORIGIN + ", when there are any clusters at all",
                    ClusterRules::unknown),
            Rule.error(
                    "TargetClusterOutside",
                    "a target goes to a cluster that its CRD does not",
                    """
                    The clusters of a target are some of those of its CRD. Add the cluster to serve.clusters, or take it out
                    here.""",
                    ORIGIN,
                    ClusterRules::outside));

    private ClusterRules() {}

    private static void clusters(View view, BiConsumer<String, Node.MapNode> each) {
        Gateway.clusters(view)
                .ifPresent(clusters -> clusters.entries().forEach((name, entry) -> {
                    if (entry.value() instanceof Node.MapNode cluster) {
                        each.accept(name, cluster);
                    }
                }));
    }

    private static void withoutCa(View view, Report report) {
        clusters(view, (name, cluster) -> {
            boolean hasCa = Fields.isSet(cluster, "caRef") || cluster.isTrue("insecure");
            if (Fields.isSet(cluster, "tokenRef") && !Fields.isSet(cluster, "secretRef") && !hasCa) {
                report.at(
                        cluster,
                        "tokenRef",
                        "the certificate of the cluster '" + name + "' cannot be checked",
                        "add caRef");
            }
        });
    }

    private static void insecureKubeconfig(View view, Report report) {
        clusters(view, (name, cluster) -> {
            if (Fields.isSet(cluster, "secretRef") && cluster.isTrue("insecure")) {
                report.at(
                        cluster,
                        "insecure",
                        "the kubeconfig of the cluster '" + name + "' says itself how its certificate is checked",
                        "remove this");
            }
        });
    }

    private static void unknown(View view, Report report) {
        if (Gateway.of(view).isEmpty()) {
            return;
        }
        Set<String> known = new HashSet<>();
        clusters(view, (name, _) -> known.add(name));
        for (Crd crd : view.crds()) {
            Fields.items(crd.node(), "serve.clusters").forEach(item -> unknown(item, known, report));
        }
    }

    private static void unknown(Node item, Set<String> known, Report report) {
        Fields.text(item)
                .filter(name -> !name.isEmpty() && !Fields.isTemplate(name) && !known.contains(name))
                .ifPresent(name -> report.at(
                        item,
                        "the gateway has no cluster '" + name + "'",
                        DidYouMean.of(name, known, "declare it under gateway.clusters")));
    }

    private static void outside(View view, Report report) {
        if (Gateway.of(view).isEmpty()) {
            return;
        }
        for (Crd crd : view.crds()) {
            Set<String> own = names(crd);
            for (Map.Entry<String, Node.MapNode> target : Serve.targets(crd).entrySet()) {
                for (Node item : Fields.items(target.getValue(), "clusters")) {
                    Fields.text(item)
                            .filter(name -> !name.isEmpty() && !Fields.isTemplate(name) && !own.contains(name))
                            .ifPresent(name -> report.at(
                                    item,
                                    "serve.clusters does not have '" + name + "', so the target '" + target.getKey()
                                            + "' cannot go there",
                                    "add it there"));
                }
            }
        }
    }

    private static Set<String> names(Crd crd) {
        Set<String> names = new HashSet<>();
        Fields.items(crd.node(), "serve.clusters")
                .forEach(item -> Fields.text(item).ifPresent(names::add));
        return names;
    }
}
