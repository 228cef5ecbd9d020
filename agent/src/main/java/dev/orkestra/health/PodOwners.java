package dev.orkestra.health;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.ObjectKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which pods tell of a workload as its spec is now: those of an older template must not condemn the new one. */
public final class PodOwners {
    private static final Map<String, Set<String>> WITH_PODS = Map.of(
            "", Set.of("Pod", "ReplicationController"),
            "apps", Set.of("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"),
            "batch", Set.of("Job"));

    private static final String REVISION = "deployment.kubernetes.io/revision";
    private static final String GENERATION = "deprecated.daemonset.template.generation";

    private PodOwners() {}

    /** Whether objects of this kind have pods of their own, or are pods. */
    public static boolean hasPods(ObjectKey key) {
        return WITH_PODS.getOrDefault(key.group(), Set.of()).contains(key.kind());
    }

    /**
     * The pods that {@code workload} runs by its newest template and that are not being deleted. None while its
     * controller has not seen the newest template, for then nobody can tell.
     *
     * @param replicaSets those of its namespace; only for Deployments
     * @param pods those of its namespace
     */
    public static List<ObjectNode> current(
            ObjectNode workload, Collection<ObjectNode> replicaSets, Collection<ObjectNode> pods) {
        return switch (workload.path("kind").asText()) {
            case "Pod" -> List.of(workload);
            case "Job" -> ownedBy(workload, pods);
            case "Deployment" ->
                isObserved(workload)
                        ? newestOf(workload, replicaSets)
                                .map(replicaSet -> ownedBy(replicaSet, pods))
                                .orElse(List.of())
                        : List.of();
            case "StatefulSet" ->
                labelled(
                        workload,
                        pods,
                        "controller-revision-hash",
                        workload.path("status").path("updateRevision").asText(""));
            case "DaemonSet" -> labelled(workload, pods, "pod-template-generation", annotation(workload, GENERATION));
            default -> isObserved(workload) ? ownedBy(workload, pods) : List.of();
        };
    }

    private static boolean isObserved(ObjectNode workload) {
        return Conditions.unobserved(workload, true).isEmpty();
    }

    /** The controller gives both the same revision, and writes them before it says which generation it has seen. */
    private static Optional<ObjectNode> newestOf(ObjectNode deployment, Collection<ObjectNode> replicaSets) {
        String revision = annotation(deployment, REVISION);
        return ownedBy(deployment, replicaSets).stream()
                .filter(replicaSet ->
                        !revision.isEmpty() && annotation(replicaSet, REVISION).equals(revision))
                .findFirst();
    }

    private static List<ObjectNode> labelled(
            ObjectNode workload, Collection<ObjectNode> pods, String label, String value) {
        if (value.isEmpty() || !isObserved(workload)) {
            return List.of();
        }
        return ownedBy(workload, pods).stream()
                .filter(pod -> pod.path("metadata")
                        .path("labels")
                        .path(label)
                        .asText("")
                        .equals(value))
                .toList();
    }

    private static String annotation(ObjectNode object, String name) {
        return object.path("metadata").path("annotations").path(name).asText("");
    }

    private static List<ObjectNode> ownedBy(ObjectNode owner, Collection<ObjectNode> objects) {
        String uid = owner.path("metadata").path("uid").asText("");
        return objects.stream()
                .filter(object -> !object.path("metadata").hasNonNull("deletionTimestamp"))
                .filter(object -> isOwner(object, uid))
                .toList();
    }

    private static boolean isOwner(ObjectNode object, String uid) {
        for (JsonNode owner : object.path("metadata").path("ownerReferences")) {
            if (owner.path("controller").asBoolean(false)
                    && owner.path("uid").asText("").equals(uid)) {
                return !uid.isEmpty();
            }
        }
        return false;
    }
}
