package dev.orkestra.apply;

import dev.orkestra.desired.Assembler;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.run.LastGood;
import dev.orkestra.run.Ledger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * Digests of Secrets are keyed, and with them the digest of a state that holds some. It stands in ConfigRuns, where more
 * people read than may see a Secret: without the key they could try values until one fits. A state without Secrets has
 * the digest that anybody can compute.
 */
final class ContentDigests {
    private static final String MAC = "HmacSHA256";

    private final SecretKey key;

    /** @param key the installation's */
    ContentDigests(byte[] key) {
        this.key = ChunkSeal.derived(key, "orkestra.dev/content/digest", MAC);
    }

    /**
     * Whether the digest of {@code state} would tell something of a Secret. Content that {@code ledger} knows by the
     * digest that the version before gave it goes on by that: else what is quarantined would run again.
     */
    static boolean mustBeKeyed(DesiredState state, Ledger ledger) {
        return state.objects().stream().anyMatch(object -> isSecret(object.key())) && !isKnown(ledger, state.digest());
    }

    private static boolean isKnown(Ledger ledger, String digest) {
        LastGood good = ledger.lastGood();
        return ledger.isQuarantined(digest)
                || ledger.settledDigest().equals(digest)
                || (good != null && good.digest().equals(digest));
    }

    /** {@code state} with keyed digests of its Secrets. */
    DesiredState keyed(DesiredState state) {
        return Assembler.state(
                state.commit(),
                state.objects().stream()
                        .map(object -> isSecret(object.key()) ? keyed(object) : object)
                        .toList(),
                state.hooks());
    }

    private DesiredObject keyed(DesiredObject secret) {
        return new DesiredObject(secret.key(), secret.body(), secret.wave(), secret.origin(), digest(secret));
    }

    private String digest(DesiredObject secret) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            mac.update((secret.key() + "\n").getBytes(StandardCharsets.UTF_8));
            return "hmac-sha256:" + HexFormat.of().formatHex(mac.doFinal(CanonicalJson.bytes(secret.body())));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + MAC, e);
        }
    }

    private static boolean isSecret(ObjectKey key) {
        return key.kind().equals("Secret") && key.group().isEmpty();
    }
}
