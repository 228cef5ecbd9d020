package dev.orkestra.apply;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.EnvironmentStore.DamagedException;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * The key of all seals of an installation: a Secret of the agent's namespace, made once and never changed (ADR 13,
 * ADR 20).
 */
public final class SealSecret {
    /** Its name. It binds what is in clusters: never renamed. */
    public static final String NAME = "orkestra-seal";

    private static final String FIELD = "key";
    private static final int LENGTH = 32;

    private SealSecret() {}

    /**
     * The key; made when there is none yet.
     *
     * @throws DamagedException when the Secret holds no key, or is gone while something sealed is there: another key
     *     would disown all of that
     */
    public static byte[] findOrCreate(Cluster cluster, String namespace) {
        Optional<byte[]> known = find(cluster, namespace);
        if (known.isPresent()) {
            return known.get();
        }
        boolean isSealed =
                cluster.list(EnvironmentStore.LEDGERS, namespace, "").stream().anyMatch(LedgerTrust::isSealed);
        if (isSealed) {
            throw lost(namespace);
        }
        try {
            cluster.create(SecretChunks.SECRETS, fresh(namespace), Labels.MANAGER);
        } catch (ClusterException e) {
            if (e.reason() != ClusterException.Reason.ALREADY_EXISTS) {
                throw e;
            }
        }
        return find(cluster, namespace).orElseThrow(() -> lost(namespace));
    }

    /** The key, if it is there. */
    static Optional<byte[]> find(Cluster cluster, String namespace) {
        return cluster.get(SecretChunks.SECRETS, namespace, NAME).map(secret -> key(secret, namespace));
    }

    private static byte[] key(ObjectNode secret, String namespace) {
        try {
            byte[] key =
                    Base64.getDecoder().decode(secret.path("data").path(FIELD).asText(""));
            if (key.length == LENGTH) {
                return key;
            }
        } catch (IllegalArgumentException _) {
            // Told below, without what it holds.
        }
        throw new DamagedException(
                "the Secret " + namespace + "/" + NAME + " holds no key of " + LENGTH + " bytes",
                "restore that Secret");
    }

    static DamagedException lost(String namespace) {
        return new DamagedException(
                "the Secret " + namespace + "/" + NAME + " is gone, and with it the key of what the agent has sealed",
                "restore that Secret; without a backup see \"What the agent keeps\" in docs/configrepo.md");
    }

    private static ObjectNode fresh(String namespace) {
        byte[] key = new byte[LENGTH];
        new SecureRandom().nextBytes(key);
        ObjectNode secret = JsonNodeFactory.instance.objectNode();
        secret.put("apiVersion", "v1")
                .put("kind", "Secret")
                .put("type", "Opaque")
                .put("immutable", true);
        secret.putObject("metadata").put("name", NAME).put("namespace", namespace);
        secret.putObject("data").put(FIELD, Base64.getEncoder().encodeToString(key));
        return secret;
    }
}
