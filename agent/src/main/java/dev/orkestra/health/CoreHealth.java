package dev.orkestra.health;

import static dev.orkestra.health.Health.because;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Kinds of the core group, and those that add kinds to the API. */
final class CoreHealth {
    private CoreHealth() {}

    static Optional<HealthStatus> of(String kind, ObjectNode object) {
        return switch (kind) {
            case "Pod" -> Optional.of(pod(object));
            case "PersistentVolumeClaim" -> Optional.of(claim(object));
            case "PersistentVolume" -> Optional.of(volume(object));
            case "ReplicationController" -> Optional.of(WorkloadHealth.replicationController(object));
            case "Service" -> Optional.of(service(object));
            case "Namespace" -> Optional.of(namespace(object));
            default -> Optional.empty();
        };
    }

    private static HealthStatus pod(ObjectNode pod) {
        JsonNode status = pod.path("status");
        switch (status.path("phase").asText()) {
            case "Succeeded" -> {
                return HealthStatus.current("Pod has completed");
            }
            case "Failed" -> {
                return HealthStatus.failed("Pod has failed" + because(status.path("message")));
            }
            default -> {
                JsonNode ready = Conditions.find(pod, "Ready");
                if (Conditions.isTrue(ready)) {
                    return HealthStatus.current("Pod is ready");
                }
                return HealthStatus.inProgress(PodTrouble.of(pod)
                        .map(PodTrouble::words)
                        .orElseGet(() -> "Pod is not ready" + because(ready.path("message"))));
            }
        }
    }

    private static HealthStatus claim(ObjectNode claim) {
        String phase = claim.path("status").path("phase").asText("");
        return switch (phase) {
            case "Bound" -> HealthStatus.current("Claim is bound");
            case "Lost" -> HealthStatus.failed("The claim has lost its volume");
            default -> HealthStatus.inProgress("Claim is not bound yet");
        };
    }

    /** Available, Bound and Released are all that a volume of its own can be. */
    private static HealthStatus volume(ObjectNode volume) {
        JsonNode status = volume.path("status");
        return switch (status.path("phase").asText("")) {
            case "", "Pending" -> HealthStatus.inProgress("Volume is not available yet");
            case "Failed" -> HealthStatus.failed("Volume has failed" + because(status.path("message")));
            default -> HealthStatus.current("");
        };
    }

    private static HealthStatus service(ObjectNode service) {
        boolean balanced = service.path("spec").path("type").asText().equals("LoadBalancer");
        if (balanced
                && service.path("status").path("loadBalancer").path("ingress").isEmpty()) {
            return HealthStatus.inProgress("The load balancer has no address yet");
        }
        return HealthStatus.current("");
    }

    private static HealthStatus namespace(ObjectNode namespace) {
        String phase = namespace.path("status").path("phase").asText("");
        return switch (phase) {
            case "Active" -> HealthStatus.current("");
            case "Terminating" -> HealthStatus.terminating("Namespace is being emptied");
            default -> HealthStatus.inProgress("Namespace is not active yet");
        };
    }

    static HealthStatus customResourceDefinition(ObjectNode crd) {
        JsonNode accepted = Conditions.find(crd, "NamesAccepted");
        if (Conditions.isFalse(accepted)) {
            return HealthStatus.failed("Its names are not accepted: " + Conditions.words(accepted));
        }
        JsonNode established = Conditions.find(crd, "Established");
        if (Conditions.isTrue(established) && Conditions.isTrue(accepted)) {
            return HealthStatus.current("The kind is served");
        }
        if (Conditions.isFalse(established)
                && !established.path("reason").asText().equals("Installing")) {
            return HealthStatus.failed("The kind is not served: " + Conditions.words(established));
        }
        return HealthStatus.inProgress("The kind is not served yet");
    }

    static HealthStatus apiService(ObjectNode service) {
        JsonNode available = Conditions.find(service, "Available");
        return Conditions.isTrue(available)
                ? HealthStatus.current("")
                : HealthStatus.inProgress("API is not available" + because(available.path("message")));
    }
}
