package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.chart.ChartServer;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.Identity;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import dev.orkestra.release.SecretAccess;
import dev.orkestra.web.Access;
import dev.orkestra.web.Origin;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * The repository that a HelmRelease's chart comes from.
 *
 * @param url {@code http://}, {@code https://} or {@code oci://}
 * @param access what it is shown
 */
record ChartSource(String url, Access access) {
    private static final Duration SOON = Duration.ofSeconds(2);
    /** A Secret or a right that is missing may come. */
    private static final Duration LATER = Duration.ofSeconds(15);

    /**
     * What the HelmRepository says that {@code release} names. It is read as the agent, which made the one of staged
     * charts; its Secrets are read as {@code identity}.
     */
    static Outcome<ChartSource> of(Cluster cluster, Identity identity, ReleaseSpec release) {
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
        String where = "HelmRepository " + namespace + "/" + name;
        Optional<ObjectNode> repository =
                cluster.get(cluster.resourceType("source.toolkit.fluxcd.io/v1", "HelmRepository"), namespace, name);
        if (repository.isEmpty()) {
            return Outcome.retry(SOON, finding(where + " does not exist", "create it"));
        }
        JsonNode spec = repository.get().path("spec");
        Optional<String> odd = odd(spec);
        return odd.isPresent()
                ? refused(where + odd.get())
                : withAccess(cluster.as(identity), identity, namespace, spec);
    }

    /** What cannot be read, and would be read as something else if it were passed over. */
    private static Optional<String> odd(JsonNode spec) {
        String url = spec.path("url").asText();
        String type = spec.path("type").asText("default");
        if (!type.equals("default") && !type.isEmpty() && !type.equals("oci")) {
            return Optional.of(" has the type " + type + ", which is not known");
        }
        if (type.equals("oci") != ChartServer.isOci(url)) {
            return Optional.of(" has a URL that does not fit its type: oci:// belongs to 'type: oci'");
        }
        if (!spec.path("provider").asText("generic").equals("generic")) {
            return Optional.of(
                    " takes its credentials from a cloud (spec.provider), which the embedded engine does not");
        }
        if (spec.path("insecure").asBoolean() && !isLoopback(url)) {
            return Optional.of(" is to be read without protection (spec.insecure), which the embedded engine does not");
        }
        return Optional.empty();
    }

    private static boolean isLoopback(String url) {
        try {
            String host = URI.create(url).getHost();
            return host != null && Origin.isLoopback(host);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** {@code secretRef} has user and password, {@code certSecretRef} certificates; the first may have both. */
    private static Outcome<ChartSource> withAccess(
            Cluster asGroup, Identity identity, String namespace, JsonNode spec) {
        Access access = Access.OPEN;
        for (String field : new String[] {"secretRef", "certSecretRef"}) {
            String secret = spec.path(field).path("name").asText("");
            if (secret.isEmpty()) {
                continue;
            }
            switch (read(asGroup, identity, namespace, secret)) {
                case Outcome.Done<Access>(Access found) ->
                    access = new Access(
                            access.login().isPresent() ? access.login() : found.login(),
                            found.tls().isPresent() ? found.tls() : access.tls());
                case Outcome.Retry<Access>(Duration after, Diagnostic reason) -> {
                    return Outcome.retry(after, reason);
                }
                case Outcome.Terminal<Access>(Diagnostic reason) -> {
                    // A Secret can be mended without a change of the HelmRelease.
                    return Outcome.retry(LATER, reason);
                }
            }
        }
        return Outcome.done(new ChartSource(spec.path("url").asText(), access));
    }

    private static Outcome<Access> read(Cluster asGroup, Identity identity, String namespace, String name) {
        String where = "Secret " + namespace + "/" + name;
        try {
            Optional<ObjectNode> secret = asGroup.get(asGroup.resourceType("v1", "Secret"), namespace, name);
            return secret.isPresent()
                    ? SecretAccess.of(where, secret.get())
                    : Outcome.retry(
                            SOON, finding(where + ", which the HelmRepository names, does not exist", "create it"));
        } catch (ClusterException e) {
            return Outcome.retry(
                    LATER,
                    finding(
                            where + " cannot be read: " + e.getMessage(),
                            "let the service account " + identity + " read it"));
        }
    }

    private static Outcome<ChartSource> refused(String message) {
        return Outcome.terminal(finding(message, "change the HelmRelease or the HelmRepository"));
    }

    private static Diagnostic finding(String message, String hint) {
        return Diagnostic.error(ErrorCode.ChartPullFailed, message, null, hint);
    }
}
