package dev.orkestra.health;

import dev.orkestra.document.ObjectKey;
import java.util.Map;
import java.util.Set;

/** Kinds without a life of their own: stored is healthy, so nobody needs to watch them. By group, since names repeat. */
final class PassiveKinds {
    private static final Map<String, Set<String>> BY_GROUP = Map.ofEntries(
            Map.entry(
                    "",
                    Set.of(
                            "ConfigMap",
                            "Secret",
                            "ServiceAccount",
                            "LimitRange",
                            "ResourceQuota",
                            "Endpoints",
                            "PodTemplate")),
            Map.entry("apps", Set.of("ControllerRevision")),
            // Its Jobs are not the commit's work, and its schedule may be a month away.
            Map.entry("batch", Set.of("CronJob")),
            Map.entry("rbac.authorization.k8s.io", Set.of("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding")),
            Map.entry("scheduling.k8s.io", Set.of("PriorityClass")),
            Map.entry("storage.k8s.io", Set.of("StorageClass", "CSIDriver", "VolumeAttributesClass")),
            // Not every controller writes an Ingress's address, so nobody can wait for it.
            Map.entry("networking.k8s.io", Set.of("Ingress", "IngressClass", "NetworkPolicy")),
            Map.entry("discovery.k8s.io", Set.of("EndpointSlice")),
            Map.entry("node.k8s.io", Set.of("RuntimeClass")),
            Map.entry("coordination.k8s.io", Set.of("Lease")),
            Map.entry(
                    "admissionregistration.k8s.io",
                    Set.of(
                            "ValidatingWebhookConfiguration",
                            "MutatingWebhookConfiguration",
                            "ValidatingAdmissionPolicyBinding",
                            "MutatingAdmissionPolicy",
                            "MutatingAdmissionPolicyBinding")),
            Map.entry(
                    "argoproj.io",
                    Set.of(
                            "AppProject",
                            "WorkflowTemplate",
                            "ClusterWorkflowTemplate",
                            // Its conditions may speak of an older spec, and nothing says so.
                            "CronWorkflow",
                            "WorkflowEventBinding",
                            "AnalysisTemplate",
                            "ClusterAnalysisTemplate")),
            Map.entry("notification.toolkit.fluxcd.io", Set.of("Alert", "Provider")));

    private PassiveKinds() {}

    static boolean contains(ObjectKey key) {
        return BY_GROUP.getOrDefault(key.group(), Set.of()).contains(key.kind());
    }
}
