package dev.orkestra.health;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.ObjectKey;
import java.util.Optional;

/**
 * Tells from an object alone how healthy it is, by the rules of kstatus. Pure: no clock, no second object.
 * {@link HealthRules} puts the rules of a ConfigRepo before these, {@link EarlyFailures} looks at the pods of a workload.
 *
 * <p>It differs from kstatus where a wave would otherwise be let through or broken off too early:
 *
 * <ul>
 *   <li>A Job is current when it is <em>complete</em>, not when it has started: a wave waits for work that runs to
 *       completion.
 *   <li>A pod that crashes in a loop or can't be scheduled is in progress with its trouble as the message, not failed:
 *       what it misses may be starting beside it, and the wave's deadline ends the wait.
 *   <li>A lost PersistentVolumeClaim or a failed PersistentVolume has failed.
 *   <li>Flux's and Argo's kinds are in progress until their controller has looked at them, a HelmRepository of type oci
 *       excepted: nobody looks at that one.
 * </ul>
 */
public final class Health {
    private Health() {}

    /** Whether objects of this kind are healthy as soon as they are stored. */
    public static boolean isPassive(ObjectKey key) {
        return PassiveKinds.contains(key);
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
        ObjectKey key = ObjectKey.of(object);
        return PassiveKinds.contains(key)
                ? HealthStatus.current("")
                : byKind(key.group(), key.kind(), object).orElseGet(() -> Conditions.generic(object));
    }

    private static Optional<HealthStatus> byKind(String group, String kind, ObjectNode object) {
        return switch (group) {
            case "" -> CoreHealth.of(kind, object);
            case "apps" -> WorkloadHealth.of(kind, object);
            case "batch" -> kind.equals("Job") ? Optional.of(WorkloadHealth.job(object)) : Optional.empty();
            case "autoscaling" ->
                kind.equals("HorizontalPodAutoscaler")
                        ? Optional.of(ScalingHealth.autoscaler(object))
                        : Optional.empty();
            case "policy" ->
                kind.equals("PodDisruptionBudget")
                        ? Optional.of(ScalingHealth.disruptionBudget(object))
                        : Optional.empty();
            case "apiextensions.k8s.io" -> Optional.of(CoreHealth.customResourceDefinition(object));
            case "apiregistration.k8s.io" -> Optional.of(CoreHealth.apiService(object));
            case "orkestra.azure.microsoft.com" -> Optional.of(ReleaseHealth.applicationGroup(object));
            case "argoproj.io" ->
                kind.equals("Workflow") ? Optional.of(ReleaseHealth.workflow(object)) : ArgoHealth.of(kind, object);
            case "helm.toolkit.fluxcd.io" -> Optional.of(ReleaseHealth.helmRelease(object));
            default ->
                group.endsWith(".toolkit.fluxcd.io") ? Optional.of(FluxHealth.of(kind, object)) : Optional.empty();
        };
    }

    /**
     * What keeps a pod from running, in the pod's own words: an image that can't be pulled, a container that crashes
     * or can't be made, no node to run on. Empty when there is nothing to complain of.
     */
    public static Optional<String> podTrouble(ObjectNode pod) {
        return PodTrouble.of(pod).map(PodTrouble::words);
    }

    /** {@code text} as a sentence's tail: {@code ": text"}, or nothing. */
    static String because(JsonNode text) {
        String words = text.asText("").strip();
        return words.isEmpty() ? "" : ": " + words;
    }
}
