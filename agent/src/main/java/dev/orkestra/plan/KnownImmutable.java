package dev.orkestra.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.document.ObjectKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Fields of the built-in kinds that cannot be changed once they are set: to name them where the API server says only
 * "spec", and to warn of them where no API server is asked.
 */
final class KnownImmutable {
    /** Paths; a change at or below one is refused. */
    private static final Map<String, List<String>> FIELDS = Map.ofEntries(
            Map.entry("Deployment.apps", List.of("spec.selector")),
            Map.entry("ReplicaSet.apps", List.of("spec.selector")),
            Map.entry("DaemonSet.apps", List.of("spec.selector")),
            Map.entry("Job.batch", List.of("spec.selector", "spec.template", "spec.completionMode")),
            Map.entry("Service", List.of("spec.clusterIP")),
            Map.entry("Secret", List.of("type")),
            Map.entry("RoleBinding.rbac.authorization.k8s.io", List.of("roleRef")),
            Map.entry("ClusterRoleBinding.rbac.authorization.k8s.io", List.of("roleRef")),
            Map.entry("PriorityClass.scheduling.k8s.io", List.of("value")),
            Map.entry("IngressClass.networking.k8s.io", List.of("spec.controller")),
            Map.entry(
                    "StorageClass.storage.k8s.io",
                    List.of("provisioner", "parameters", "reclaimPolicy", "volumeBindingMode")),
            Map.entry("CustomResourceDefinition.apiextensions.k8s.io", List.of("spec.group", "spec.scope")));

    /** Kinds of whose spec only some fields can be changed. */
    private static final Map<String, Set<String>> MUTABLE = Map.of(
            "StatefulSet.apps",
            Set.of(
                    "replicas",
                    "ordinals",
                    "template",
                    "updateStrategy",
                    "revisionHistoryLimit",
                    "persistentVolumeClaimRetentionPolicy",
                    "minReadySeconds"),
            "PersistentVolumeClaim",
            Set.of("resources", "volumeAttributesClassName", "volumeName"));

    private KnownImmutable() {}

    /** The fields among {@code changes} of {@code key} that cannot be changed. */
    static List<String> among(ObjectKey key, JsonNode before, List<FieldChange> changes) {
        String kind = key.kind() + (key.group().isEmpty() ? "" : "." + key.group());
        Set<String> found = new TreeSet<>();
        for (FieldChange change : changes) {
            String path = change.path().toString();
            FIELDS.getOrDefault(kind, List.of()).stream()
                    .filter(field -> path.equals(field) || path.startsWith(field + ".") || path.startsWith(field + "["))
                    .forEach(found::add);
            Set<String> mutable = MUTABLE.get(kind);
            if (mutable != null
                    && change.path().startsWith("spec")
                    && mutable.stream().noneMatch(field -> change.path().startsWith("spec", field))) {
                found.add(first(path, 2));
            }
            boolean sealed = before.path("immutable").asBoolean()
                    && Set.of("Secret", "ConfigMap").contains(kind);
            if (sealed && !change.path().startsWith("metadata")) {
                found.add(first(path, 1));
            }
        }
        return List.copyOf(found);
    }

    /** The first steps of a path: {@code spec.volumeClaimTemplates} of {@code spec.volumeClaimTemplates[name=a].spec}. */
    private static String first(String path, int steps) {
        String[] parts = path.split("[.\\[]", steps + 1);
        return String.join(".", List.of(parts).subList(0, Math.min(steps, parts.length)));
    }
}
