package dev.orkestra.apply;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts chunks (AES-256-GCM) with keys that are derived from the one of {@link SealSecret}. The same content in the
 * same place is the same bytes under the same name, so that it need not be written twice: nonce and name are parts of a
 * keyed digest of the content. So a nonce comes again only with the content that it came with, and a name tells nothing
 * to whoever would guess a content.
 */
final class ChunkSeal {
    /** Digits of a name: as many bits as the digest that has no key gave to the names of the version before. */
    static final int NAME_DIGITS = 32;

    private static final String MAC = "HmacSHA256";
    private static final String PURPOSE = "orkestra.dev/chunk/";
    private static final byte VERSION = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int KEY_BYTES = 32;

    private final SecretKey encryption;
    private final SecretKey naming;

    /** @param key the installation's */
    ChunkSeal(byte[] key) {
        this.encryption = derived(key, PURPOSE + "encrypt", "AES");
        this.naming = derived(key, PURPOSE + "name", MAC);
    }

    /**
     * Where a chunk belongs; in another place it is not what it says.
     *
     * @param ledger name of the ConfigLedger
     * @param what what it holds
     */
    record Place(String ledger, String what) {
        /** Neither holds a line end. */
        private byte[] bytes() {
            return (ledger + "\n" + what + "\n").getBytes(StandardCharsets.UTF_8);
        }
    }

    /**
     * An encrypted chunk.
     *
     * @param digits for its name
     */
    record Sealed(String digits, byte[] bytes) {}

    Sealed seal(Place place, byte[] content) {
        byte[] digest = digest(place, content);
        byte[] nonce = Arrays.copyOf(digest, NONCE_BYTES);
        ByteArrayOutputStream sealed = new ByteArrayOutputStream();
        sealed.write(VERSION);
        sealed.writeBytes(nonce);
        try {
            sealed.writeBytes(cipher(Cipher.ENCRYPT_MODE, nonce, place).doFinal(content));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
        return new Sealed(digits(digest), sealed.toByteArray());
    }

    /** The content of {@code sealed}; empty when it was not sealed with this key for this place and name. */
    Optional<byte[]> open(Place place, String digits, byte[] sealed) {
        if (sealed.length < 1 + NONCE_BYTES || sealed[0] != VERSION) {
            return Optional.empty();
        }
        byte[] nonce = Arrays.copyOfRange(sealed, 1, 1 + NONCE_BYTES);
        try {
            byte[] content = cipher(Cipher.DECRYPT_MODE, nonce, place)
                    .doFinal(sealed, 1 + NONCE_BYTES, sealed.length - 1 - NONCE_BYTES);
            boolean isOfName = MessageDigest.isEqual(
                    digits(digest(place, content)).getBytes(StandardCharsets.US_ASCII),
                    digits.getBytes(StandardCharsets.US_ASCII));
            return isOfName ? Optional.of(content) : Optional.empty();
        } catch (GeneralSecurityException _) {
            return Optional.empty();
        }
    }

    private Cipher cipher(int mode, byte[] nonce, Place place) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, encryption, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(place.bytes());
        return cipher;
    }

    private byte[] digest(Place place, byte[] content) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(naming);
            mac.update(place.bytes());
            return mac.doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + MAC, e);
        }
    }

    /** What the nonce is made of is not told twice. */
    private static String digits(byte[] digest) {
        return HexFormat.of().formatHex(digest, digest.length - NAME_DIGITS / 2, digest.length);
    }

    /**
     * One of the keys that are made of the installation's.
     *
     * @param use another text for each
     */
    static SecretKey derived(byte[] key, String use, String algorithm) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveKey(
                            algorithm,
                            HKDFParameterSpec.expandOnly(
                                    new SecretKeySpec(key, "HKDF-PRK"),
                                    use.getBytes(StandardCharsets.US_ASCII),
                                    KEY_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HKDF", e);
        }
    }
}
