package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.Document;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Limits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * An object that a release consists of.
 *
 * @param namespace as the chart wrote it; empty: the release's, or none
 * @param kept whether it stays when the release is uninstalled
 */
record ManifestObject(String apiVersion, String kind, String namespace, String name, boolean kept) {
    private static final Limits LIMITS = new Limits(32 << 20, 100, 200, 10_000, 4_000_000);

    /** Kinds that are what they should be as soon as they exist. */
    private static final Set<String> PASSIVE = Set.of(
            "v1/ConfigMap",
            "v1/Secret",
            "v1/ServiceAccount",
            "v1/LimitRange",
            "v1/ResourceQuota",
            "rbac.authorization.k8s.io/v1/Role",
            "rbac.authorization.k8s.io/v1/RoleBinding",
            "rbac.authorization.k8s.io/v1/ClusterRole",
            "rbac.authorization.k8s.io/v1/ClusterRoleBinding",
            "networking.k8s.io/v1/NetworkPolicy",
            "networking.k8s.io/v1/Ingress",
            "networking.k8s.io/v1/IngressClass",
            "autoscaling/v2/HorizontalPodAutoscaler",
            "scheduling.k8s.io/v1/PriorityClass",
            "admissionregistration.k8s.io/v1/MutatingWebhookConfiguration",
            "admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration",
            "storage.k8s.io/v1/StorageClass");

    /** The objects of a manifest. */
    static List<ManifestObject> read(String manifest) {
        return documents(manifest).stream().map(ManifestObject::of).toList();
    }

    /**
     * The objects of a manifest, whole. Helm has already applied it, so what only our reader minds, such as a key that
     * is written twice, does not matter here.
     */
    static List<ObjectNode> documents(String manifest) {
        List<ObjectNode> objects = new ArrayList<>();
        for (Document document : DocumentReader.read("manifest", manifest.getBytes(StandardCharsets.UTF_8), LIMITS)
                .documents()) {
            JsonNode object = document.root().toJson();
            if (object.path("kind").asText().endsWith("List")
                    && object.path("items").isArray()) {
                object.path("items").forEach(item -> add(objects, item));
            } else {
                add(objects, object);
            }
        }
        return List.copyOf(objects);
    }

    private static void add(List<ObjectNode> objects, JsonNode object) {
        if (object instanceof ObjectNode named
                && !object.path("metadata").path("name").asText("").isEmpty()) {
            objects.add(named);
        }
    }

    static ManifestObject of(ObjectNode object) {
        JsonNode metadata = object.path("metadata");
        return new ManifestObject(
                object.path("apiVersion").asText(),
                object.path("kind").asText(),
                metadata.path("namespace").asText(""),
                metadata.path("name").asText(),
                metadata.path("annotations")
                        .path("helm.sh/resource-policy")
                        .asText("")
                        .equals("keep"));
    }

    boolean isPassive() {
        return PASSIVE.contains(apiVersion + "/" + kind);
    }

    boolean runsPods() {
        return apiVersion.startsWith("apps/") || apiVersion.startsWith("batch/");
    }
}
