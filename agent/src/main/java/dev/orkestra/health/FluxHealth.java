package dev.orkestra.health;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * Flux's own kinds but the HelmRelease. All of them say in {@code status.observedGeneration} (-1 at first) and in the
 * conditions Ready, Reconciling and Stalled how far they are. Ready False alone is tried again, so it never is the end.
 */
final class FluxHealth {
    private FluxHealth() {}

    static HealthStatus of(String kind, ObjectNode object) {
        if (kind.equals("HelmRepository")
                && object.path("spec").path("type").asText().equals("oci")) {
            // Only a name for others: its controller never writes a status, and the default says generation -1.
            return HealthStatus.current("An OCI repository has no status of its own");
        }
        JsonNode ready = Conditions.find(object, "Ready");
        Optional<HealthStatus> unobserved = Conditions.unobserved(object, true);
        if (unobserved.isPresent()) {
            return HealthStatus.inProgress(suspended(object) + unobserved.get().message());
        }
        return Conditions.stalledOrReconciling(object).orElseGet(() -> {
            if (Conditions.isTrue(ready) && !Conditions.isStale(object, ready)) {
                return HealthStatus.current(Conditions.words(ready));
            }
            return HealthStatus.inProgress(
                    suspended(object) + (ready.isMissingNode() ? "Not ready yet" : Conditions.words(ready)));
        });
    }

    /** A suspended object is left as it is, so it becomes ready only when somebody resumes it. */
    private static String suspended(ObjectNode object) {
        return object.path("spec").path("suspend").asBoolean(false)
                ? object.path("kind").asText() + " is suspended. "
                : "";
    }
}
