package dev.orkestra.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.Outside;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.imports.ImportServices;
import dev.orkestra.imports.OpenImports;
import dev.orkestra.imports.Variables;
import dev.orkestra.kustomize.KustomizeBuild;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/**
 * What the overlay of a ConfigRepo imports. The variables that it may name are the keys of one Secret of its own, never
 * the agent's environment: an overlay could send any of those to any server (docs/adr/0010). Each ConfigRepo has a cache
 * of its own, since who may read a cache may read all that is in it.
 */
final class RepoImports {
    private static final ResourceType SECRETS = new ResourceType("", "v1", "Secret", "secrets", true);
    private static final Duration SECRET_RETRY = Duration.ofSeconds(10);

    private final Cluster cluster;
    private final ImportServices services;
    private final KustomizeBuild kustomize;
    private final Path cache;

    RepoImports(Cluster cluster, ImportServices services, KustomizeBuild kustomize, Path cache) {
        this.cluster = cluster;
        this.services = services;
        this.kustomize = kustomize;
        this.cache = cache;
    }

    /**
     * Answers what one composition needs from elsewhere; the caller closes it.
     *
     * @return Retry when the Secret that the ConfigRepo names is not there
     */
    Outcome<OpenImports> open(ConfigRepo repo) {
        Variables variables = _ -> Optional.empty();
        if (!repo.importsSecret().isEmpty()) {
            Optional<ObjectNode> secret = cluster.get(SECRETS, repo.namespace(), repo.importsSecret());
            if (secret.isEmpty()) {
                return Outcome.retry(SECRET_RETRY, missing(repo));
            }
            variables = name -> value(secret.get(), name);
        }
        String folder = CanonicalJson.digest(repo.label().getBytes(StandardCharsets.UTF_8))
                .substring("sha256:".length());
        return Outcome.done(services.open(variables, cache.resolve(folder)));
    }

    /**
     * All that a commit needs beside its tree. What was built is shared: who gets it has given every byte that it was
     * built from.
     */
    Outside outside(OpenImports open) {
        return new Outside(open, kustomize);
    }

    private static Diagnostic missing(ConfigRepo repo) {
        return Diagnostic.error(
                ErrorCode.AuthenticationFailed,
                "the Secret " + repo.namespace() + "/" + repo.importsSecret() + " of spec.imports is not there",
                null,
                "create it: kubectl -n " + repo.namespace() + " create secret generic " + repo.importsSecret()
                        + " --from-literal=NAME=…");
    }

    private static Optional<String> value(ObjectNode secret, String name) {
        String encoded = secret.path("data").path(name).asText("");
        return encoded.isEmpty()
                ? Optional.empty()
                : Optional.of(new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8));
    }
}
