package dev.orkestra.health;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.ObjectKey;
import java.util.Optional;
import java.util.Set;

/**
 * Tells from an object alone how healthy it is, by the rules of kstatus. Pure: no clock, no second object.
 *
 * <p>It differs from kstatus where a wave would otherwise be let through or broken off too early:
 *
 * <ul>
 *   <li>A Job is current when it is <em>complete</em>, not when it has started: a wave waits for work that runs to
 *       completion.
 *   <li>A pod that crashes in a loop or can't be scheduled is in progress with its trouble as the message, not failed:
 *       what it misses may be starting beside it, and the wave's deadline ends the wait.
 *   <li>A lost PersistentVolumeClaim has failed.
 * </ul>
 */
public final class Health {
    /** Kinds without a life of their own: stored is healthy, so nobody needs to watch them. */
    private static final Set<String> PASSIVE = Set.of(
            "ConfigMap",
            "Secret",
            "ServiceAccount",
            "Role",
            "RoleBinding",
            "ClusterRole",
            "ClusterRoleBinding",
            "LimitRange",
            "PriorityClass",
            "StorageClass",
            "IngressClass",
            "NetworkPolicy");

    private Health() {}

    /** Whether objects of {@code kind} are healthy as soon as they are stored. */
    public static boolean isPassive(String kind) {
        return PASSIVE.contains(kind);
    }

    /**
     * The health of a live object, status included. An empty object reads as one that is not there.
     *
     * @param object what the API server returned, with apiVersion and kind
     */
    public static HealthStatus of(ObjectNode object) {
        if (object.isEmpty()) {
            return HealthStatus.NOT_FOUND;
        }
        if (object.path("metadata").hasNonNull("deletionTimestamp")) {
            return HealthStatus.terminating("Deletion was asked for; finalizers or children hold it");
        }
        String kind = object.path("kind").asText();
        return switch (ObjectKey.groupOf(object.path("apiVersion").asText())) {
            case "" -> CoreHealth.of(kind, object).orElseGet(() -> Conditions.generic(object));
            case "apps" -> WorkloadHealth.of(kind, object).orElseGet(() -> Conditions.generic(object));
            case "batch" -> kind.equals("Job") ? WorkloadHealth.job(object) : Conditions.generic(object);
            case "apiextensions.k8s.io" -> CoreHealth.customResourceDefinition(object);
            case "apiregistration.k8s.io" -> CoreHealth.apiService(object);
            case "orkestra.azure.microsoft.com" -> ReleaseHealth.applicationGroup(object);
            case "argoproj.io" -> kind.equals("Workflow") ? ReleaseHealth.workflow(object) : Conditions.generic(object);
            case "helm.toolkit.fluxcd.io" -> ReleaseHealth.helmRelease(object);
            default -> Conditions.generic(object);
        };
    }

    /**
     * What keeps a pod from running, in the pod's own words: an image that can't be pulled, a container that crashes
     * or can't be made, no node to run on. Empty when there is nothing to complain of.
     */
    public static Optional<String> podTrouble(ObjectNode pod) {
        return PodTrouble.of(pod);
    }

    /** {@code text} as a sentence's tail: {@code ": text"}, or nothing. */
    static String because(JsonNode text) {
        String words = text.asText("").strip();
        return words.isEmpty() ? "" : ": " + words;
    }
}
