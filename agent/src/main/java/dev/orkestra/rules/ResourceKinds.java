package dev.orkestra.rules;

import java.util.Map;

/** The lists of resource templates in a hook, and what one of each is called. */
final class ResourceKinds {
    private static final Map<String, String> SHOWN = Map.ofEntries(
            Map.entry("deployments", "deployment"),
            Map.entry("replicaSets", "replica set"),
            Map.entry("statefulSets", "stateful set"),
            Map.entry("daemonSets", "daemon set"),
            Map.entry("pods", "pod"),
            Map.entry("jobs", "job"),
            Map.entry("cronJobs", "cron job"),
            Map.entry("services", "service"),
            Map.entry("ingresses", "ingress"),
            Map.entry("networkPolicies", "network policy"),
            Map.entry("configMaps", "config map"),
            Map.entry("secrets", "secret"),
            Map.entry("serviceAccounts", "service account"),
            Map.entry("persistentVolumes", "persistent volume"),
            Map.entry("persistentVolumeClaims", "persistent volume claim"),
            Map.entry("hpa", "autoscaler"),
            Map.entry("pdb", "disruption budget"),
            Map.entry("namespaces", "namespace"),
            Map.entry("roles", "role"),
            Map.entry("roleBindings", "role binding"),
            Map.entry("clusterRoles", "cluster role"),
            Map.entry("clusterRoleBindings", "cluster role binding"),
            Map.entry("limitRanges", "limit range"),
            Map.entry("resourceQuotas", "resource quota"),
            Map.entry("custom", "custom resource"));

    private ResourceKinds() {}

    static boolean isKey(String key) {
        return SHOWN.containsKey(key);
    }

    /** One of them, for a message. */
    static String shown(String key) {
        return SHOWN.getOrDefault(key, key);
    }
}
