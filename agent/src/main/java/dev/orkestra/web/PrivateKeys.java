package dev.orkestra.web;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;

/** Private keys from PEM, in the three forms that programs write: PKCS#8, PKCS#1 for RSA, SEC1 for elliptic curves. */
final class PrivateKeys {
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

    private PrivateKeys() {}

    /**
     * The key in {@code text} that belongs to {@code certified}.
     *
     * @param entry its name, for messages
     */
    static PrivateKey read(String entry, String text, PublicKey certified) throws PemTrouble {
        for (Pem block : Pem.blocks(entry, text)) {
            if (block.label().endsWith("PRIVATE KEY")) {
                return matching(entry, key(entry, block, certified), certified);
            }
            if (block.label().equals("CERTIFICATE")) {
                throw new PemTrouble(
                        entry + " begins with a certificate, where a private key is expected",
                        "put the private key alone into " + entry);
            }
        }
        throw new PemTrouble(entry + " holds no block 'PRIVATE KEY'", "put the private key in PEM form into " + entry);
    }

    private static PrivateKey key(String entry, Pem block, PublicKey certified) throws PemTrouble {
        if (block.encrypted()) {
            throw new PemTrouble(
                    entry + " is protected by a password",
                    "store it without one: openssl pkey -in key.pem -out " + entry);
        }
        byte[] pkcs8 = switch (block.label()) {
            case "PRIVATE KEY" -> block.content();
            case "RSA PRIVATE KEY" -> wrapped(entry, block, "RSA", certified);
            case "EC PRIVATE KEY" -> wrapped(entry, block, "EC", certified);
            default ->
                throw new PemTrouble(
                        entry + " has the form '" + block.label() + "', which is not read",
                        "use PRIVATE KEY (PKCS#8), RSA PRIVATE KEY (PKCS#1) or EC PRIVATE KEY (SEC1)");
        };
        try {
            return KeyFactory.getInstance(certified.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            // Without its words: they may show a piece of the key.
            throw Pem.broken(
                    entry,
                    "its block '" + block.label() + "' is no key of the kind that tls.crt names, "
                            + certified.getAlgorithm());
        }
    }

    /**
     * The older forms are what PKCS#8 wraps; which algorithm and curve it is stands in the certificate, in the same
     * form as PKCS#8 has it.
     */
    private static byte[] wrapped(String entry, Pem block, String algorithm, PublicKey certified) throws PemTrouble {
        if (!certified.getAlgorithm().equals(algorithm)) {
            throw new PemTrouble(
                    entry + " is a key for " + algorithm + ", and tls.crt is for " + certified.getAlgorithm(),
                    "store the key that belongs to the certificate");
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(VERSION_0);
        content.writeBytes(algorithm(certified.getEncoded()));
        content.writeBytes(der(OCTET_STRING, block.content()));
        return der(SEQUENCE, content.toByteArray());
    }

    /** The first element of a SubjectPublicKeyInfo, which is a sequence of two. */
    private static byte[] algorithm(byte[] info) {
        int start = headerLength(info, 0);
        int length = headerLength(info, start) + contentLength(info, start);
        return Arrays.copyOfRange(info, start, start + length);
    }

    private static int headerLength(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return first < 0x80 ? 2 : 2 + (first & 0x7f);
    }

    private static int contentLength(byte[] der, int at) {
        int length = 0;
        if ((der[at + 1] & 0xff) < 0x80) {
            return der[at + 1];
        }
        for (int i = at + 2; i < at + headerLength(der, at); i++) {
            length = length << 8 | der[i] & 0xff;
        }
        return length;
    }

    private static byte[] der(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            int bytes = (32 - Integer.numberOfLeadingZeros(content.length) + 7) / 8;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(content.length >>> (8 * i));
            }
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    /** What is signed by one half must be known by the other; else the server would only say "handshake failure". */
    private static PrivateKey matching(String entry, PrivateKey key, PublicKey certified) throws PemTrouble {
        String algorithm = switch (certified.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> certified.getAlgorithm();
        };
        byte[] text = {1, 2, 3};
        boolean match;
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(text);
            byte[] signature = signing.sign();
            Signature checking = Signature.getInstance(algorithm);
            checking.initVerify(certified);
            checking.update(text);
            match = checking.verify(signature);
        } catch (GeneralSecurityException e) {
            match = false;
        }
        if (!match) {
            throw new PemTrouble(
                    entry + " is not the key of the first certificate in tls.crt",
                    "store the pair that belongs together, one's own certificate before those of its authorities");
        }
        return key;
    }
}
