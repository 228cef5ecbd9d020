package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.List;
import java.util.regex.Pattern;

/** Names that Kubernetes must be able to take. */
final class NameRules {
    static final List<Rule> ALL = List.of(
            Rule.error(
                    "CrdName",
                    "the name of a CRD entry is no DNS label",
                    """
                    The name of an entry under spec.crds becomes part of names and labels in the cluster. Use at most 63
                    of a-z, 0-9 and '-', beginning and ending with a letter or digit.""",
                    "Orkestra refuses it as well, when it loads the Katalog",
                    NameRules::crdNames),
            Rule.error(
                    "NamespaceName",
                    "a namespace is no DNS label",
                    """
                    No namespace of this name can exist, so nothing would ever be found in it. Use at most 63 of a-z,
                    0-9 and '-', beginning and ending with a letter or digit.""",
                    "Orkestra refuses it as well, when it loads the Katalog",
                    NameRules::namespaces),
            Rule.warning(
                    "NamespaceOfClusterScoped",
                    "a cluster-scoped CRD names a namespace",
                    """
                    Objects of a cluster-scoped kind live in no namespace, so the field is cleared and says nothing.
                    Remove it, or remove 'namespaced: false'.""",
                    "Orkestra warns as well",
                    NameRules::clusterScoped));

    static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    static final String DNS_HINT = "use at most 63 of a-z, 0-9 and '-', beginning and ending with a letter or digit";

    private NameRules() {}

    private static void crdNames(View view, Report report) {
        for (Crd crd : view.crds()) {
            if (!DNS_LABEL.matcher(crd.name()).matches()) {
                report.at(crd.position(), "'" + crd.name() + "' is no name for a CRD entry", DNS_HINT);
            }
        }
    }

    private static void namespaces(View view, Report report) {
        view.root().map("metadata").ifPresent(metadata -> namespace(metadata, "metadata.namespace", report));
        view.crds().forEach(crd -> namespace(crd.node(), "namespace", report));
    }

    private static void namespace(Node.MapNode holder, String shown, Report report) {
        holder.text("namespace")
                .filter(text -> !DNS_LABEL.matcher(text).matches())
                .ifPresent(text -> report.at(
                        holder.get("namespace").orElse(holder),
                        shown + " '" + text + "' is no name of a namespace",
                        DNS_HINT));
    }

    private static void clusterScoped(View view, Report report) {
        for (Crd crd : view.crds()) {
            if (!crd.isNamespaced() && crd.node().entries().containsKey("namespace")) {
                report.at(
                        crd.node(),
                        "namespace",
                        "the namespace of a cluster-scoped CRD is ignored",
                        "remove it, or remove 'namespaced: false'");
            }
        }
    }
}
