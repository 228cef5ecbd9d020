package dev.orkestra.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.health.Health;
import java.util.List;
import java.util.Optional;

/**
 * What the pods of a hook say of its end: the exit code, and what the container has written as its termination message.
 * Logs are not read: whatever a program prints there would stand in conditions and events.
 */
final class HookWords {
    private static final String OF_JOB = "batch.kubernetes.io/job-name";

    private final Cluster cluster;

    /** @param cluster seen with the environment's identity */
    HookWords(Cluster cluster) {
        this.cluster = cluster;
    }

    /** {@code message} with the words of the pods of {@code hook} behind it, as far as there are any. */
    String added(ObjectKey hook, String message) {
        try {
            return pods(hook).stream()
                    .map(Health::podTrouble)
                    .flatMap(Optional::stream)
                    .filter(words -> !message.contains(words))
                    .findFirst()
                    .map(words -> message + ": " + words)
                    .orElse(message);
        } catch (ClusterException e) {
            return message + " (its pods cannot be read: " + e.getMessage() + ")";
        }
    }

    private List<ObjectNode> pods(ObjectKey hook) {
        return switch (hook.group() + "/" + hook.kind()) {
            case "/Pod" ->
                cluster.get(cluster.resourceType("v1", "Pod"), hook.namespace(), hook.name()).stream()
                        .toList();
            case "batch/Job" ->
                cluster.list(cluster.resourceType("v1", "Pod"), hook.namespace(), OF_JOB + "=" + hook.name());
            default -> List.of();
        };
    }
}
