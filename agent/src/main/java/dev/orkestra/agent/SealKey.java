package dev.orkestra.agent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.release.GroupNames;
import dev.orkestra.release.ReleaseSeal;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/** The key of {@link ReleaseSeal}: a Secret of the agent's namespace, made once and never changed. */
final class SealKey {
    private static final String NAME = "orkestra-seal";
    private static final String FIELD = "key";
    private static final int LENGTH = 32;

    private SealKey() {}

    /**
     * The seal of this installation.
     *
     * @throws IllegalStateException when the Secret holds no key; to make another one would be to disown all releases
     */
    static ReleaseSeal of(Cluster cluster, String namespace) {
        ResourceType secrets = cluster.resourceType("v1", "Secret");
        Optional<ObjectNode> known = cluster.get(secrets, namespace, NAME);
        if (known.isEmpty()) {
            try {
                known = Optional.of(cluster.create(secrets, fresh(namespace), GroupNames.MANAGER));
            } catch (ClusterException e) {
                if (e.reason() != ClusterException.Reason.ALREADY_EXISTS) {
                    throw e;
                }
                known = cluster.get(secrets, namespace, NAME);
            }
        }
        try {
            String text = known.map(secret -> secret.path("data").path(FIELD).asText(""))
                    .orElse("");
            return new ReleaseSeal(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "Secret " + namespace + "/" + NAME + " holds no key of " + LENGTH
                            + " bytes; restore it, or remove it: "
                            + "then the releases that are there are left alone until their groups change",
                    e);
        }
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
