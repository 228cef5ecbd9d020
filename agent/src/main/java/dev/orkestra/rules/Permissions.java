package dev.orkestra.rules;

import dev.orkestra.document.Node;
import dev.orkestra.document.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the operator of one CRD must be allowed to do: with its objects, with what its hooks make, with what it reads. */
final class Permissions {
    private static final List<String> READ = List.of("get", "list", "watch");
    private static final List<String> OWN = List.of("get", "list", "watch", "update", "patch");
    private static final List<String> STATUS = List.of("get", "update", "patch");
    private static final List<String> MAKE = List.of("get", "list", "watch", "create", "update", "patch", "delete");
    private static final List<String> ORDER = MAKE;

    /** Group and plural of the kinds in hooks, by the lists that they stand in. */
    private static final Map<String, String> MADE = Map.ofEntries(
            Map.entry("deployments", "apps/deployments"),
            Map.entry("replicaSets", "apps/replicasets"),
            Map.entry("statefulSets", "apps/statefulsets"),
            Map.entry("daemonSets", "apps/daemonsets"),
            Map.entry("pods", "/pods"),
            Map.entry("jobs", "batch/jobs"),
            Map.entry("cronJobs", "batch/cronjobs"),
            Map.entry("services", "/services"),
            Map.entry("ingresses", "networking.k8s.io/ingresses"),
            Map.entry("networkPolicies", "networking.k8s.io/networkpolicies"),
            Map.entry("configMaps", "/configmaps"),
            Map.entry("secrets", "/secrets"),
            Map.entry("serviceAccounts", "/serviceaccounts"),
            Map.entry("persistentVolumes", "/persistentvolumes"),
            Map.entry("persistentVolumeClaims", "/persistentvolumeclaims"),
            Map.entry("hpa", "autoscaling/horizontalpodautoscalers"),
            Map.entry("pdb", "policy/poddisruptionbudgets"),
            Map.entry("namespaces", "/namespaces"),
            Map.entry("roles", "rbac.authorization.k8s.io/roles"),
            Map.entry("roleBindings", "rbac.authorization.k8s.io/rolebindings"),
            Map.entry("clusterRoles", "rbac.authorization.k8s.io/clusterroles"),
            Map.entry("clusterRoleBindings", "rbac.authorization.k8s.io/clusterrolebindings"),
            Map.entry("limitRanges", "/limitranges"),
            Map.entry("resourceQuotas", "/resourcequotas"));

    private record What(String group, String resource) {}

    private record Granted(TreeSet<Integer> verbs, boolean isGuessed) {}

    private final Map<String, What> byKey = new TreeMap<>();
    private final Map<String, Granted> granted = new TreeMap<>();

    private Permissions() {}

    /** The permissions for {@code crd}, by group and resource. */
    static List<Permission> of(View view, Crd crd) {
        Permissions permissions = new Permissions();
        crd.map("apiTypes").flatMap(ApiTypes::of).ifPresent(types -> permissions.own(types, plural(crd, types)));
        view.resources().stream()
                .filter(resource -> resource.hook().crd().equals(crd.name()))
                .forEach(permissions::made);
        crd.boxes().values().forEach(box -> permissions.observed(view, box));
        return permissions.list();
    }

    /** The plural that a CRD entry writes, else the one that its built-in kind has. */
    static String plural(Crd crd, ApiTypes types) {
        return crd.map("apiTypes")
                .flatMap(node -> Fields.plainText(node, "plural"))
                .orElseGet(() -> pluralOf(types.kind()));
    }

    /** The plural of an English noun, which those of all built-in kinds are. */
    static String pluralOf(String kind) {
        String word = kind.toLowerCase(Locale.ROOT);
        if (word.endsWith("y") && !word.endsWith("ay") && !word.endsWith("ey")) {
            return word.substring(0, word.length() - 1) + "ies";
        }
        return word + (word.endsWith("s") || word.endsWith("x") || word.endsWith("ch") ? "es" : "s");
    }

    private void own(ApiTypes types, String plural) {
        grant(types.group(), plural, OWN, false);
        grant(types.group(), plural + "/status", STATUS, false);
        grant(types.group(), plural + "/finalizers", List.of("update"), false);
    }

    private void made(Resource resource) {
        if (resource.key().equals("custom")) {
            kind(resource.node(), MAKE);
            return;
        }
        Optional.ofNullable(MADE.get(resource.key())).ifPresent(known -> {
            int slash = known.indexOf('/');
            grant(known.substring(0, slash), known.substring(slash + 1), MAKE, false);
        });
    }

    private void observed(View view, Node.MapNode box) {
        Fields.maps(box, "observe.watch").forEach(watch -> kind(watch, READ));
        Fields.maps(box, "observe.cross")
                .forEach(cross -> Fields.plainText(cross, "crd")
                        .ifPresent(name -> view.crds().stream()
                                .filter(other -> other.name().equals(name))
                                .forEach(other -> other.map("apiTypes")
                                        .flatMap(ApiTypes::of)
                                        .ifPresent(types -> grant(types.group(), plural(other, types), READ, false)))));
        Fields.maps(box, "reconcile.hooks.managedResources").forEach(managed -> kind(managed, MAKE));
        Fields.maps(box, "reconcile.constructor.managedResources").forEach(managed -> kind(managed, MAKE));
    }

    private void kind(Node.MapNode node, List<String> verbs) {
        Fields.plainText(node, "kind").ifPresent(kind -> {
            String apiVersion = Fields.plainText(node, "apiVersion").orElse("");
            String plural = Fields.plainText(node, "plural").orElse("");
            grant(
                    ObjectKey.groupOf(apiVersion),
                    plural.isEmpty() ? pluralOf(kind) : plural,
                    verbs,
                    plural.isEmpty() && ApiTypes.builtIn(kind).isEmpty());
        });
    }

    private void grant(String group, String resource, List<String> verbs, boolean isGuessed) {
        String key = group + "/" + resource;
        byKey.put(key, new What(group, resource));
        TreeSet<Integer> all = granted.computeIfAbsent(key, _ -> new Granted(new TreeSet<>(), isGuessed))
                .verbs();
        verbs.forEach(verb -> all.add(ORDER.indexOf(verb)));
    }

    private List<Permission> list() {
        List<Permission> all = new ArrayList<>();
        granted.forEach((key, each) -> {
            What what = byKey.get(key);
            if (what != null) {
                List<String> verbs = each.verbs().stream().map(ORDER::get).toList();
                all.add(new Permission(what.group(), what.resource(), verbs, each.isGuessed()));
            }
        });
        return all.stream().sorted().toList();
    }
}
