package dev.orkestra.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import dev.orkestra.run.Commands;
import dev.orkestra.source.Commit;
import dev.orkestra.source.Credentials;
import dev.orkestra.source.GitMirror;
import dev.orkestra.source.SourceRequest;
import dev.orkestra.source.Tree;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/** The Git side of a ConfigRepo: its credentials from the cluster, its commits from the mirror. */
final class RepoSource {
    private static final ResourceType SECRETS = new ResourceType("", "v1", "Secret", "secrets", true);
    private static final Duration FETCH_DEADLINE = Duration.ofMinutes(1);
    private static final Duration SECRET_RETRY = Duration.ofSeconds(10);

    private final Cluster cluster;
    private final GitMirror mirror;
    private final Metrics metrics;
    private final FetchTurns turns = new FetchTurns();

    RepoSource(Cluster cluster, GitMirror mirror, Metrics metrics) {
        this.cluster = cluster;
        this.mirror = mirror;
        this.metrics = metrics;
    }

    /**
     * The credentials of one moment.
     *
     * @param version another text whenever the Secret was changed, made or deleted
     * @param credentials empty when there is no such Secret, or none with user and password
     */
    record Access(String version, Optional<Credentials> credentials) {}

    /** One request; none where no Secret is named. */
    Access access(ConfigRepo repo) {
        if (repo.source().secretName().isEmpty()) {
            return new Access("", Optional.of(Credentials.NONE));
        }
        return cluster.get(SECRETS, repo.namespace(), repo.source().secretName())
                .map(secret -> new Access(
                        secret.path("metadata").path("uid").asText() + "/"
                                + secret.path("metadata")
                                        .path("resourceVersion")
                                        .asText(),
                        credentials(secret)))
                .orElseGet(() -> new Access("", Optional.empty()));
    }

    Outcome<Commit> fetch(ConfigRepo repo) {
        return fetch(repo, access(repo));
    }

    Outcome<Commit> fetch(ConfigRepo repo, Access access) {
        Optional<Credentials> credentials = access.credentials();
        if (credentials.isEmpty()) {
            return Outcome.retry(
                    SECRET_RETRY,
                    Diagnostic.error(
                            ErrorCode.AuthenticationFailed,
                            "the Secret " + repo.namespace() + "/"
                                    + repo.source().secretName() + " is not there, or has no username and password",
                            null,
                            "create it: kubectl -n " + repo.namespace() + " create secret generic "
                                    + repo.source().secretName()
                                    + " --from-literal=username=… --from-literal=password=…"));
        }
        long begun = System.nanoTime();
        Outcome<Commit> outcome =
                inTurn(new SourceRequest(repo.source().url(), repo.source().ref(), credentials.get(), FETCH_DEADLINE));
        String result = switch (outcome) {
            case Outcome.Done<Commit> _ -> "done";
            case Outcome.Retry<Commit> _ -> "retry";
            case Outcome.Terminal<Commit> _ -> "terminal";
        };
        metrics.fetch(result, Duration.ofNanos(System.nanoTime() - begun));
        return outcome;
    }

    private Outcome<Commit> inTurn(SourceRequest request) {
        try {
            return turns.of(request.url()).take(() -> mirror.fetch(request));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Outcome.retry(
                    SECRET_RETRY, Diagnostic.error(ErrorCode.FetchFailed, "the agent is being stopped", null, ""));
        }
    }

    /** Whether {@code to} is {@code from} or comes after it. */
    boolean isForward(ConfigRepo repo, String from, String to) {
        return mirror.isAncestor(repo.source().url(), from, to);
    }

    /** The files of a fetched commit. */
    Tree tree(ConfigRepo repo, String commit) {
        return mirror.tree(repo.source().url(), commit);
    }

    /**
     * Why the commit cannot be read now; empty when it can. The cache volume may be lost at any time, so Git is asked for
     * what is not here; and history may have been rewritten.
     */
    Optional<Diagnostic> missing(ConfigRepo repo, String commit) {
        if (has(repo, commit)) {
            return Optional.empty();
        }
        return switch (fetch(repo)) {
            case Outcome.Retry<Commit>(var _, Diagnostic reason) -> Optional.of(reason);
            case Outcome.Terminal<Commit>(Diagnostic reason) -> Optional.of(reason);
            case Outcome.Done<Commit> _ ->
                has(repo, commit)
                        ? Optional.empty()
                        : Optional.of(Diagnostic.error(
                                ErrorCode.RefNotFound,
                                "Commit " + commit + " is not kept, and what was fetched from Git does not hold it",
                                null,
                                "Push it again, or ask for another one: "
                                        + Commands.history(repo.namespace(), repo.name())
                                        + " tells which were good"));
        };
    }

    private boolean has(ConfigRepo repo, String commit) {
        return mirror.commit(repo.source().url(), commit).isPresent();
    }

    private static Optional<Credentials> credentials(ObjectNode secret) {
        return secret.path("data").has("username") && secret.path("data").has("password")
                ? Optional.of(new Credentials(decoded(secret, "username"), decoded(secret, "password")))
                : Optional.empty();
    }

    private static String decoded(ObjectNode secret, String key) {
        return new String(
                Base64.getDecoder().decode(secret.path("data").path(key).asText()), StandardCharsets.UTF_8);
    }
}
