package dev.orkestra.web;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The blocks of a PEM text (RFC 7468).
 *
 * @param label what stands after BEGIN
 * @param encrypted whether the block is protected by a password, as OpenSSL did it before PKCS#8
 * @param content empty for an encrypted block, of which nobody here can read more
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
record Pem(String label, boolean encrypted, byte[] content) {
    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";
    private static final String CERTIFICATE = "CERTIFICATE";

    /** @param entry its name, for messages */
    static List<Pem> blocks(String entry, String text) throws PemTrouble {
        List<Pem> found = new ArrayList<>();
        int at = text.indexOf(BEGIN);
        while (at >= 0) {
            int labelEnd = text.indexOf(DASHES, at + BEGIN.length());
            String label = labelEnd < 0 ? "" : text.substring(at + BEGIN.length(), labelEnd);
            int end = text.indexOf("-----END " + label + DASHES, Math.max(at, labelEnd));
            if (labelEnd < 0 || end < 0) {
                throw broken(entry, "its last block has no end");
            }
            String body = text.substring(labelEnd + DASHES.length(), end);
            boolean encrypted = body.contains("ENCRYPTED") || label.startsWith("ENCRYPTED");
            found.add(new Pem(label, encrypted, encrypted ? new byte[0] : decoded(entry, body)));
            at = text.indexOf(BEGIN, end);
        }
        if (found.isEmpty()) {
            throw new PemTrouble(
                    entry + " is no PEM: it has no line '-----BEGIN …-----'",
                    "store the text of the PEM file itself, not its path or its binary form");
        }
        return found;
    }

    private static byte[] decoded(String entry, String body) throws PemTrouble {
        try {
            return Base64.getMimeDecoder().decode(body.strip());
        } catch (IllegalArgumentException e) {
            throw broken(entry, "a block of it is no Base64");
        }
    }

    static List<X509Certificate> certificates(String entry, String text) throws PemTrouble {
        List<X509Certificate> found = new ArrayList<>();
        for (Pem block : blocks(entry, text)) {
            if (block.label.contains("PRIVATE KEY")) {
                throw new PemTrouble(
                        entry + " holds a private key, where certificates are expected",
                        "put certificates alone into " + entry);
            }
            if (block.label.equals(CERTIFICATE)) {
                found.add(certificate(entry, block.content));
            }
        }
        if (found.isEmpty()) {
            throw new PemTrouble(
                    entry + " holds no block 'CERTIFICATE'", "put the certificate in PEM form into " + entry);
        }
        return found;
    }

    private static X509Certificate certificate(String entry, byte[] content) throws PemTrouble {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(content));
        } catch (CertificateException e) {
            throw broken(entry, "a block 'CERTIFICATE' of it is no X.509 certificate");
        }
    }

    static PemTrouble broken(String entry, String how) {
        return new PemTrouble(entry + " cannot be read: " + how, "create the Secret anew from the PEM files");
    }

    static IllegalStateException missing(GeneralSecurityException e) {
        return new IllegalStateException("every JDK has this", e);
    }
}
