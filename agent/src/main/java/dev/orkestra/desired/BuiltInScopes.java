package dev.orkestra.desired;

import dev.orkestra.document.ObjectKey;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Kinds of Kubernetes 1.34 by API group. The version does not matter: no kind ever changed its scope. */
final class BuiltInScopes implements ScopeLookup {
    private record Group(Set<String> namespaced, Set<String> cluster) {}

    private static final Map<String, Group> GROUPS = Map.ofEntries(
            group(
                    "",
                    "Pod Service ConfigMap Secret ServiceAccount PersistentVolumeClaim Event Endpoints LimitRange"
                            + " PodTemplate ReplicationController ResourceQuota",
                    "Namespace Node PersistentVolume ComponentStatus"),
            group("apps", "Deployment StatefulSet DaemonSet ReplicaSet ControllerRevision", ""),
            group("batch", "Job CronJob", ""),
            group("autoscaling", "HorizontalPodAutoscaler", ""),
            group("policy", "PodDisruptionBudget", ""),
            group("networking.k8s.io", "Ingress NetworkPolicy", "IngressClass IPAddress ServiceCIDR"),
            group("discovery.k8s.io", "EndpointSlice", ""),
            group("events.k8s.io", "Event", ""),
            group("coordination.k8s.io", "Lease LeaseCandidate", ""),
            group(
                    "storage.k8s.io",
                    "CSIStorageCapacity",
                    "StorageClass VolumeAttachment CSIDriver CSINode VolumeAttributesClass"),
            group("rbac.authorization.k8s.io", "Role RoleBinding", "ClusterRole ClusterRoleBinding"),
            group("scheduling.k8s.io", "", "PriorityClass"),
            group("node.k8s.io", "", "RuntimeClass"),
            group("resource.k8s.io", "ResourceClaim ResourceClaimTemplate", "DeviceClass ResourceSlice"),
            group("apiextensions.k8s.io", "", "CustomResourceDefinition"),
            group("apiregistration.k8s.io", "", "APIService"),
            group(
                    "admissionregistration.k8s.io",
                    "",
                    "MutatingWebhookConfiguration ValidatingWebhookConfiguration ValidatingAdmissionPolicy"
                            + " ValidatingAdmissionPolicyBinding MutatingAdmissionPolicy"
                            + " MutatingAdmissionPolicyBinding"),
            group("certificates.k8s.io", "", "CertificateSigningRequest ClusterTrustBundle"),
            group("flowcontrol.apiserver.k8s.io", "", "FlowSchema PriorityLevelConfiguration"),
            group("orkestra.azure.microsoft.com", "", "ApplicationGroup"),
            group("argoproj.io", "Workflow", ""),
            group("helm.toolkit.fluxcd.io", "HelmRelease", ""),
            group("source.toolkit.fluxcd.io", "HelmRepository", ""));

    private static Map.Entry<String, Group> group(String name, String namespaced, String cluster) {
        return Map.entry(name, new Group(Set.of(namespaced.split(" ")), Set.of(cluster.split(" "))));
    }

    @Override
    public Optional<Boolean> namespaced(String apiVersion, String kind) {
        Group group = GROUPS.get(ObjectKey.groupOf(apiVersion));
        if (group == null || kind.isEmpty()) {
            return Optional.empty();
        }
        if (group.namespaced().contains(kind)) {
            return Optional.of(true);
        }
        return group.cluster().contains(kind) ? Optional.of(false) : Optional.empty();
    }
}
