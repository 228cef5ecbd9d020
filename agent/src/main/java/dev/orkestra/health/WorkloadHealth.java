package dev.orkestra.health;

import static dev.orkestra.health.Health.because;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** The kinds that run pods and count them. */
final class WorkloadHealth {
    private WorkloadHealth() {}

    static Optional<HealthStatus> of(String kind, ObjectNode object) {
        return switch (kind) {
            case "Deployment" -> Optional.of(observed(object).orElseGet(() -> deployment(object)));
            case "StatefulSet" -> Optional.of(observed(object).orElseGet(() -> statefulSet(object)));
            case "DaemonSet" -> Optional.of(observed(object).orElseGet(() -> daemonSet(object)));
            case "ReplicaSet" -> Optional.of(observed(object).orElseGet(() -> replicaSet(object)));
            default -> Optional.empty();
        };
    }

    private static Optional<HealthStatus> observed(ObjectNode object) {
        return Conditions.unobserved(object, true);
    }

    private static HealthStatus deployment(ObjectNode object) {
        JsonNode progressing = Conditions.find(object, "Progressing");
        if (progressing.path("reason").asText().equals("ProgressDeadlineExceeded")) {
            return HealthStatus.failed("Progress deadline exceeded" + because(progressing.path("message")));
        }
        JsonNode failure = Conditions.find(object, "ReplicaFailure");
        long wanted = wantedReplicas(object);
        return fewer(object, "updatedReplicas", wanted, "updated" + failureWords(failure))
                .or(() -> more(object, wanted))
                .or(() -> fewer(object, "availableReplicas", wanted, "available" + failureWords(failure)))
                .or(() -> rolloutPending(object, progressing))
                .orElseGet(() -> HealthStatus.current(wanted + " replicas are available"));
    }

    private static String failureWords(JsonNode failure) {
        return Conditions.isTrue(failure) ? because(failure.path("message")) : "";
    }

    /** With a progress deadline the rollout is over only when the controller says so: pods may still be settling. */
    private static Optional<HealthStatus> rolloutPending(ObjectNode object, JsonNode progressing) {
        if (!object.path("spec").hasNonNull("progressDeadlineSeconds")
                || progressing.path("reason").asText().equals("NewReplicaSetAvailable")) {
            return Optional.empty();
        }
        return Optional.of(
                HealthStatus.inProgress("The rollout is not complete" + because(progressing.path("message"))));
    }

    private static HealthStatus statefulSet(ObjectNode object) {
        JsonNode strategy = object.path("spec").path("updateStrategy");
        long wanted = wantedReplicas(object);
        Optional<HealthStatus> counted = fewer(object, "replicas", wanted, "created")
                .or(() -> fewer(object, "readyReplicas", wanted, "ready"))
                .or(() -> more(object, wanted));
        if (counted.isPresent()) {
            return counted.get();
        }
        if (strategy.path("type").asText().equals("OnDelete")) {
            return HealthStatus.current("Pods are updated when somebody deletes them (OnDelete)");
        }
        long partition = strategy.path("rollingUpdate").path("partition").asLong(0);
        if (partition > 0) {
            return fewer(object, "updatedReplicas", Math.max(0, wanted - partition), "updated")
                    .orElseGet(() -> HealthStatus.current("Updated down to partition " + partition));
        }
        JsonNode status = object.path("status");
        String update = status.path("updateRevision").asText();
        if (!status.path("currentRevision").asText().equals(update)) {
            return HealthStatus.inProgress("Rolling over to revision " + update);
        }
        return HealthStatus.current(wanted + " replicas are ready");
    }

    private static HealthStatus daemonSet(ObjectNode object) {
        JsonNode status = object.path("status");
        if (!status.has("desiredNumberScheduled")) {
            return HealthStatus.inProgress("Not yet known on how many nodes it runs");
        }
        long wanted = status.path("desiredNumberScheduled").asLong();
        boolean onDelete =
                object.path("spec").path("updateStrategy").path("type").asText().equals("OnDelete");
        return fewer(object, "currentNumberScheduled", wanted, "scheduled")
                .or(() -> onDelete ? Optional.empty() : fewer(object, "updatedNumberScheduled", wanted, "updated"))
                .or(() -> fewer(object, "numberAvailable", wanted, "available"))
                .or(() -> fewer(object, "numberReady", wanted, "ready"))
                .orElseGet(() -> HealthStatus.current("Available on " + wanted + " nodes"));
    }

    private static HealthStatus replicaSet(ObjectNode object) {
        long wanted = wantedReplicas(object);
        String failure = failureWords(Conditions.find(object, "ReplicaFailure"));
        return fewer(object, "fullyLabeledReplicas", wanted, "labelled" + failure)
                .or(() -> fewer(object, "availableReplicas", wanted, "available" + failure))
                .or(() -> fewer(object, "readyReplicas", wanted, "ready" + failure))
                .or(() -> more(object, wanted))
                .orElseGet(() -> HealthStatus.current(wanted + " replicas are available"));
    }

    static HealthStatus replicationController(ObjectNode object) {
        return observed(object).orElseGet(() -> replicaSet(object));
    }

    static HealthStatus job(ObjectNode object) {
        JsonNode failed = Conditions.find(object, "Failed");
        if (Conditions.isTrue(failed)) {
            return HealthStatus.failed("Job failed: " + Conditions.words(failed));
        }
        if (Conditions.isTrue(Conditions.find(object, "Complete"))) {
            return HealthStatus.current("Job is complete");
        }
        if (object.path("spec").path("suspend").asBoolean(false)) {
            return HealthStatus.inProgress("Job is suspended");
        }
        JsonNode status = object.path("status");
        return HealthStatus.inProgress("Job is running: "
                + status.path("active").asLong(0) + " active, "
                + status.path("succeeded").asLong(0) + " succeeded, "
                + status.path("failed").asLong(0) + " failed");
    }

    private static long wantedReplicas(ObjectNode object) {
        return object.path("spec").path("replicas").asLong(1);
    }

    private static Optional<HealthStatus> fewer(ObjectNode object, String field, long wanted, String what) {
        long have = object.path("status").path(field).asLong(0);
        return have >= wanted
                ? Optional.empty()
                : Optional.of(HealthStatus.inProgress(have + " of " + wanted + " replicas " + what));
    }

    private static Optional<HealthStatus> more(ObjectNode object, long wanted) {
        long have = object.path("status").path("replicas").asLong(0);
        return have <= wanted
                ? Optional.empty()
                : Optional.of(HealthStatus.inProgress((have - wanted) + " old replicas are still there"));
    }
}
