package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Children of kinds that Orkestra has no list for, in all hooks. Where a constructor works, they are not made. */
final class CustomResourceRules {
    static final List<Rule> ALL = List.of(
            Rule.error(
                    "NativeKindAsCustom",
                    "a kind that has a list of its own stands under custom",
                    """
                    Under custom an object is written as it is. In its own list a kind has defaults, profiles, correction of
                    drift and a place in .children. A simulation fails on such a kind under custom. Move it.""",
                    "Orkestra refuses it as well (validation step 23), but not in onDelete",
                    CustomResourceRules::nativeKinds),
            Rule.error(
                    "CustomResourceName",
                    "the name of a custom resource is no DNS label",
                    """
                    Kubernetes would refuse the object at each reconcile. Use at most 63 of a-z, 0-9 and '-', beginning and
                    ending with a letter or digit. A template is only known at run time and not looked at.""",
                    "Orkestra refuses it as well (validation step 23), but not in onDelete",
                    CustomResourceRules::names),
            Rule.error(
                    "CustomResourceLabel",
                    "a custom resource has a label or annotation that Kubernetes refuses",
                    """
                    Kubernetes would refuse the object at each reconcile. Keys are at most 63 letters, digits, '-', '_' and
                    '.', with a DNS name and '/' before them or not. Values of labels have the same letters; those of
                    annotations are free.""",
                    "Orkestra refuses it as well (validation step 23), but not in onDelete",
                    CustomResourceRules::labels),
            Rule.error(
                    "CustomNamespaceMissing",
                    "a custom resource does not say its namespace",
                    """
                    An object of a kind that lives in namespaces needs one, and none is assumed: it might be made in a wrong
                    one. Write metadata.namespace, mostly "{{ .metadata.namespace }}", or metadata.namespaced: false.""",
                    "Orkestra refuses it as well (validation step 23), but not in onDelete",
                    CustomResourceRules::namespaces),
            Rule.error(
                    "ClusterScopedNamespace",
                    "a cluster-wide custom resource names a namespace",
                    """
                    Its metadata says namespaced: false, so it is in no namespace. One of the two is wrong; remove it.""",
                    "Orkestra refuses it as well (validation step 23), but not in onDelete",
                    CustomResourceRules::clusterScoped),
            Rule.warning(
                    "CustomStatusIgnored",
                    "a custom resource has a status that is not written",
                    """
                    With hasStatus: false nothing is written to the status of the object, so the status here has no effect.
                    Remove one of the two.""",
                    "Orkestra warns as well (validation step 23), but not in onDelete",
                    CustomResourceRules::status));

    /** Kinds with a list of their own, by group and kind in lower case. Those of the core group fail by their version. */
    private static final Map<String, String> LISTS = Map.ofEntries(
            Map.entry("apps/deployment", "deployments"),
            Map.entry("apps/replicaset", "replicaSets"),
            Map.entry("apps/statefulset", "statefulSets"),
            Map.entry("batch/job", "jobs"),
            Map.entry("batch/cronjob", "cronJobs"),
            Map.entry("networking.k8s.io/ingress", "ingresses"),
            Map.entry("networking.k8s.io/networkpolicy", "networkPolicies"),
            Map.entry("autoscaling/horizontalpodautoscaler", "hpa"),
            Map.entry("policy/poddisruptionbudget", "pdb"),
            Map.entry("rbac.authorization.k8s.io/role", "roles"),
            Map.entry("rbac.authorization.k8s.io/rolebinding", "roleBindings"),
            Map.entry("rbac.authorization.k8s.io/clusterrole", "clusterRoles"),
            Map.entry("rbac.authorization.k8s.io/clusterrolebinding", "clusterRoleBindings"));

    private CustomResourceRules() {}

    private static Stream<Node.MapNode> all(View view) {
        Set<String> constructed = view.crds().stream()
                .filter(crd -> Fields.isSet(crd.node(), "operatorBox.reconcile.constructor"))
                .map(Crd::name)
                .collect(Collectors.toSet());
        return view.resources("custom")
                .filter(resource -> !constructed.contains(resource.hook().crd()))
                .map(Resource::node);
    }

    private static void metadata(View view, BiConsumer<Node.MapNode, Node.MapNode> check) {
        all(view).forEach(custom -> custom.map("metadata").ifPresent(metadata -> check.accept(custom, metadata)));
    }

    private static void nativeKinds(View view, Report report) {
        all(view).forEach(custom -> {
            String apiVersion = custom.text("apiVersion").orElse("");
            String kind = custom.text("kind").orElse("");
            int slash = apiVersion.indexOf('/');
            String list =
                    LISTS.get((apiVersion.substring(0, Math.max(slash, 0)) + "/" + kind).toLowerCase(Locale.ROOT));
            if (list != null) {
                report.at(custom, "kind", "'" + kind + "' does not belong under custom", "move it to '" + list + "'");
            }
        });
    }

    private static void names(View view, Report report) {
        metadata(
                view,
                (_, metadata) -> Fields.plainText(metadata, "name")
                        .filter(name -> !NameRules.DNS_LABEL.matcher(name).matches())
                        .ifPresent(name -> report.at(
                                metadata.get("name").orElse(metadata),
                                "'" + name + "' is no name for a custom resource",
                                NameRules.DNS_HINT)));
    }

    private static void labels(View view, Report report) {
        metadata(view, (_, metadata) -> {
            metadata.map("labels")
                    .ifPresent(labels -> labels.entries().forEach((key, entry) -> {
                        key(key, entry, "label", report);
                        Fields.text(entry.value())
                                .filter(value -> !Fields.isTemplate(value) && !LabelSyntax.isValue(value))
                                .ifPresent(_ -> report.at(
                                        entry.value(),
                                        "the label '" + key + "' cannot have this value",
                                        LabelSyntax.VALUE_HINT));
                    }));
            metadata.map("annotations")
                    .ifPresent(annotations ->
                            annotations.entries().forEach((key, entry) -> key(key, entry, "annotation", report)));
        });
    }

    private static void key(String key, Node.Entry entry, String what, Report report) {
        // Of a key with braces the schema has said that it cannot be a template.
        if (!LabelSyntax.isKey(key) && !key.contains("{") && !key.contains("}")) {
            report.at(entry.keyPosition(), "'" + key + "' is no key of " + what + "s", LabelSyntax.KEY_HINT);
        }
    }

    private static boolean isNamespaced(Node.MapNode metadata) {
        return Fields.flag(metadata, "namespaced").orElse(true);
    }

    private static void namespaces(View view, Report report) {
        metadata(view, (custom, metadata) -> {
            if (isNamespaced(metadata) && !Fields.isSet(metadata, "namespace")) {
                report.at(
                        custom,
                        "metadata",
                        "this custom resource has no metadata.namespace",
                        "add it, or metadata.namespaced: false for a cluster-wide kind");
            }
        });
    }

    private static void clusterScoped(View view, Report report) {
        metadata(view, (_, metadata) -> {
            if (!isNamespaced(metadata) && Fields.isSet(metadata, "namespace")) {
                report.at(
                        metadata,
                        "namespace",
                        "a custom resource with 'namespaced: false' is in no namespace",
                        "remove namespace, or 'namespaced: false'");
            }
        });
    }

    private static void status(View view, Report report) {
        all(view).forEach(custom -> {
            if (Fields.flag(custom, "hasStatus").filter(has -> !has).isPresent() && Fields.isSet(custom, "status")) {
                report.at(
                        custom,
                        "status",
                        "with 'hasStatus: false' this status is not written",
                        "remove status, or 'hasStatus: false'");
            }
        });
    }
}
