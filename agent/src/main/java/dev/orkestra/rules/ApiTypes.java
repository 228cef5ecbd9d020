package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The kind that a CRD entry is about.
 *
 * @param group API group, empty for the core group
 */
public record ApiTypes(String group, String version, String kind) {
    /** Kinds that need no more than their name, by lower-case name; group/version as Kubernetes serves them. */
    private static final Map<String, String> BUILT_IN = Map.ofEntries(
            core("Pod"),
            core("Service"),
            core("ConfigMap"),
            core("Secret"),
            core("Namespace"),
            core("ServiceAccount"),
            core("PersistentVolumeClaim"),
            core("PersistentVolume"),
            core("Event"),
            core("Node"),
            core("ResourceQuota"),
            core("LimitRange"),
            core("ComponentStatus"),
            core("PodTemplate"),
            of("Deployment", "apps/v1"),
            of("StatefulSet", "apps/v1"),
            of("DaemonSet", "apps/v1"),
            of("ReplicaSet", "apps/v1"),
            of("Job", "batch/v1"),
            of("CronJob", "batch/v1"),
            of("Ingress", "networking.k8s.io/v1"),
            of("NetworkPolicy", "networking.k8s.io/v1"),
            of("IngressClass", "networking.k8s.io/v1"),
            of("HorizontalPodAutoscaler", "autoscaling/v2"),
            of("ClusterRole", "rbac.authorization.k8s.io/v1"),
            of("ClusterRoleBinding", "rbac.authorization.k8s.io/v1"),
            of("Role", "rbac.authorization.k8s.io/v1"),
            of("RoleBinding", "rbac.authorization.k8s.io/v1"),
            of("StorageClass", "storage.k8s.io/v1"),
            of("VolumeAttachment", "storage.k8s.io/v1"),
            of("PodDisruptionBudget", "policy/v1"),
            of("CustomResourceDefinition", "apiextensions.k8s.io/v1"),
            of("APIService", "apiregistration.k8s.io/v1"),
            of("MutatingWebhookConfiguration", "admissionregistration.k8s.io/v1"),
            of("ValidatingWebhookConfiguration", "admissionregistration.k8s.io/v1"),
            of("PriorityClass", "scheduling.k8s.io/v1"),
            of("EndpointSlice", "discovery.k8s.io/v1"),
            of("Lease", "coordination.k8s.io/v1"));

    /** The same by kind and by plural. */
    private static final Map<String, ApiTypes> BY_RESOURCE = byResource();

    private static Map<String, ApiTypes> byResource() {
        Map<String, ApiTypes> result = new HashMap<>();
        BUILT_IN.forEach((name, text) -> {
            result.put(name, parse(text));
            result.put(plural(name), parse(text));
        });
        return Map.copyOf(result);
    }

    private static String plural(String name) {
        if (name.endsWith("y")) {
            return name.substring(0, name.length() - 1) + "ies";
        }
        return name + (name.endsWith("s") ? "es" : "s");
    }

    private static Map.Entry<String, String> core(String kind) {
        return of(kind, "v1");
    }

    private static Map.Entry<String, String> of(String kind, String apiVersion) {
        return Map.entry(kind.toLowerCase(Locale.ROOT), kind + " " + apiVersion);
    }

    /** Whether kind, version and plural are there; the group may be missing, which is the core group. */
    public static boolean isComplete(Node.MapNode apiTypes) {
        return has(apiTypes, "kind") && has(apiTypes, "version") && has(apiTypes, "plural");
    }

    /** Whether Kubernetes brings this kind itself. */
    boolean isBuiltIn() {
        return Optional.ofNullable(BUILT_IN.get(kind.toLowerCase(Locale.ROOT)))
                .map(ApiTypes::parse)
                .filter(this::equals)
                .isPresent();
    }

    static boolean isKindAlone(Node.MapNode apiTypes) {
        return has(apiTypes, "kind")
                && !has(apiTypes, "version")
                && !has(apiTypes, "plural")
                && !has(apiTypes, "group");
    }

    /** What {@code apiTypes} means; empty when it says too little or names no built-in kind. */
    public static Optional<ApiTypes> of(Node.MapNode apiTypes) {
        String kind = apiTypes.text("kind").orElse("");
        if (isComplete(apiTypes)) {
            return Optional.of(new ApiTypes(
                    apiTypes.text("group").orElse(""), apiTypes.text("version").orElse(""), kind));
        }
        if (!isKindAlone(apiTypes)) {
            return Optional.empty();
        }
        return Optional.ofNullable(BUILT_IN.get(kind.toLowerCase(Locale.ROOT))).map(ApiTypes::parse);
    }

    /** The kind of Kubernetes' own that {@code name}, a kind or a plural in any case, means. */
    static Optional<ApiTypes> builtIn(String name) {
        return Optional.ofNullable(BY_RESOURCE.get(name.toLowerCase(Locale.ROOT)));
    }

    /** {@code group/version}; the version alone in the core group. */
    String apiVersion() {
        return (group.isEmpty() ? "" : group + "/") + version;
    }

    private static ApiTypes parse(String builtIn) {
        int space = builtIn.indexOf(' ');
        int slash = builtIn.indexOf('/');
        String group = slash < 0 ? "" : builtIn.substring(space + 1, slash);
        return new ApiTypes(group, builtIn.substring(Math.max(space, slash) + 1), builtIn.substring(0, space));
    }

    private static boolean has(Node.MapNode map, String key) {
        return map.text(key).filter(text -> !text.isEmpty()).isPresent();
    }

    /** {@code group/version, Kind} for people. */
    @Override
    public String toString() {
        return apiVersion() + ", " + kind;
    }
}
