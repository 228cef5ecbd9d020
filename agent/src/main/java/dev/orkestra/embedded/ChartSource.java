package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import java.time.Duration;
import java.util.Optional;

/** Finds the repository that a HelmRelease's chart comes from. */
final class ChartSource {
    private static final Duration TRY_AGAIN = Duration.ofSeconds(2);

    private ChartSource() {}

    /** The URL of the HelmRepository that {@code release} names. Read as the agent, which made it. */
    static Outcome<String> of(Cluster cluster, ReleaseSpec release) {
        JsonNode reference =
                release.object().path("spec").path("chart").path("spec").path("sourceRef");
        if (!reference.path("kind").asText().equals("HelmRepository")) {
            return refused("charts come from a HelmRepository, not from a "
                    + reference.path("kind").asText());
        }
        String namespace = reference
                .path("namespace")
                .asText(release.object().path("metadata").path("namespace").asText());
        String name = reference.path("name").asText();
        Optional<ObjectNode> repository =
                cluster.get(cluster.resourceType("source.toolkit.fluxcd.io/v1", "HelmRepository"), namespace, name);
        if (repository.isEmpty()) {
            return Outcome.retry(
                    TRY_AGAIN,
                    Diagnostic.error(
                            ErrorCode.ChartPullFailed,
                            "HelmRepository " + namespace + "/" + name + " does not exist",
                            null,
                            "create it"));
        }
        JsonNode spec = repository.get().path("spec");
        String url = spec.path("url").asText();
        if (spec.path("type").asText().equals("oci") || url.startsWith("oci:")) {
            return refused("HelmRepository " + namespace + "/" + name
                    + " is an OCI registry, which the embedded engine does not read yet");
        }
        if (spec.has("secretRef") || spec.has("certSecretRef")) {
            return refused("HelmRepository " + namespace + "/" + name
                    + " needs credentials, which the embedded engine does not read yet");
        }
        return Outcome.done(url);
    }

    private static Outcome<String> refused(String message) {
        return Outcome.terminal(Diagnostic.error(ErrorCode.ChartPullFailed, message, null, "change the HelmRelease"));
    }
}
