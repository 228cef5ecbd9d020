package dev.orkestra.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.ConfigRepoParser;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The secrets of webhooks, from the cluster. What was found counts for some seconds, since anybody may ask. */
final class WebhookSecrets {
    private static final ResourceType SECRETS = new ResourceType("", "v1", "Secret", "secrets", true);
    private static final String KEY = "token";
    private static final Duration LASTS = Duration.ofSeconds(5);
    private static final int MOST_KNOWN = 1_000;
    /** A secret that can be guessed is none; GitHub's and Gitea's advice is a long random text. */
    private static final int LEAST_BYTES = 16;

    private final Cluster cluster;
    private final String namespace;
    private final InstantSource clock;
    private final Map<String, Found> known = new ConcurrentHashMap<>();
    /** Held against where there is none, so that the answer takes as long. */
    private final byte[] nobodys = new byte[32];

    WebhookSecrets(Cluster cluster, String namespace, InstantSource clock) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.clock = clock;
        new SecureRandom().nextBytes(nobodys);
    }

    /**
     * What was found.
     *
     * @param secret the secret, or one that nobody knows
     * @param why there is none; empty when there is
     */
    record Found(byte[] secret, String why, Instant until) {}

    /** @throws dev.orkestra.cluster.ClusterException when the API server cannot be asked */
    Found of(String configRepo) {
        Instant now = clock.instant();
        Found found = known.get(configRepo);
        if (found != null && now.isBefore(found.until())) {
            return found;
        }
        if (known.size() >= MOST_KNOWN) {
            known.clear();
        }
        Found read = read(configRepo, now.plus(LASTS));
        known.put(configRepo, read);
        return read;
    }

    private Found read(String name, Instant until) {
        Optional<ObjectNode> object = cluster.get(RepoStatus.CONFIG_REPOS, namespace, name);
        if (object.isEmpty()) {
            return none("there is no such ConfigRepo", until);
        }
        Optional<ConfigRepo> repo = ConfigRepoParser.parse(object.get()).configRepo();
        if (repo.isEmpty()) {
            return none("the ConfigRepo cannot be read; its condition Ready says why", until);
        }
        String secretName = repo.get().source().webhookSecretName();
        if (secretName.isEmpty()) {
            return none("the ConfigRepo names no spec.source.webhook.secretRef", until);
        }
        return cluster.get(SECRETS, namespace, secretName)
                .map(secret -> found(secretName, secret, until))
                .orElseGet(() -> none("the Secret " + secretName + " is not there", until));
    }

    private Found found(String name, ObjectNode secret, Instant until) {
        byte[] token = Base64.getDecoder().decode(secret.path("data").path(KEY).asText(""));
        return token.length >= LEAST_BYTES
                ? new Found(token, "", until)
                : none("the Secret " + name + " has no " + KEY + " of at least " + LEAST_BYTES + " bytes", until);
    }

    private Found none(String why, Instant until) {
        return new Found(nobodys, why, until);
    }
}
