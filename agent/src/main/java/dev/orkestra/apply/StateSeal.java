package dev.orkestra.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.document.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The mark by which the agent knows what it wrote itself: a keyed digest of where it stands and what it says. Whoever
 * may write ConfigRuns and ConfigLedgers can't make one up. An older text of the same object fits as well: that is what
 * a restored backup is. Thread-safe.
 */
final class StateSeal {
    /** In the journal of ConfigRuns and the status of ConfigLedgers. */
    static final String FIELD = "seal";

    private static final String ALGORITHM = "HmacSHA256";

    private final Cluster cluster;
    private final String namespace;
    private volatile Optional<byte[]> key = Optional.empty();

    /** @param namespace the agent's */
    StateSeal(Cluster cluster, String namespace) {
        this.cluster = cluster;
        this.namespace = namespace;
    }

    /**
     * The seal of {@code content}; makes the key when there is none yet.
     *
     * @param purpose what it is, so that a run's journal is no ledger
     * @param place what it belongs to
     */
    String of(String purpose, JsonNode place, JsonNode content) {
        return digest(key(), purpose, place, content);
    }

    /** The key that all is derived from; made when there is none yet. */
    byte[] key() {
        byte[] known = key.orElseGet(() -> SealSecret.findOrCreate(cluster, namespace));
        key = Optional.of(known);
        return known;
    }

    /**
     * As {@link #key}, to read what was written with it.
     *
     * @throws EnvironmentStore.DamagedException when it is gone
     */
    byte[] known() {
        return find().orElseThrow(() -> SealSecret.lost(namespace));
    }

    /** As {@link #known}; empty when it is gone, or not made yet. */
    Optional<byte[]> find() {
        Optional<byte[]> known = key.or(() -> SealSecret.find(cluster, namespace));
        key = known;
        return known;
    }

    /**
     * Whether {@code seal} is that of {@code content}.
     *
     * @throws EnvironmentStore.DamagedException when it cannot be told, because the key is gone
     */
    boolean fits(String seal, String purpose, JsonNode place, JsonNode content) {
        return MessageDigest.isEqual(
                seal.getBytes(StandardCharsets.UTF_8),
                digest(known(), purpose, place, content).getBytes(StandardCharsets.UTF_8));
    }

    private static String digest(byte[] key, String purpose, JsonNode place, JsonNode content) {
        ObjectNode parts = JsonNodeFactory.instance.objectNode().put("purpose", "orkestra.dev/state/" + purpose);
        parts.set("place", place);
        parts.set("content", content);
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(CanonicalJson.bytes(parts)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
