package dev.orkestra.web;

import dev.orkestra.document.CanonicalJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** The certificate that one shows, and the authority that one trusts. Its text shows neither. */
public final class Tls {
    /** Names of the entries, as Secrets of type kubernetes.io/tls have them. */
    public static final String CERTIFICATE = "tls.crt";

    public static final String KEY = "tls.key";
    public static final String AUTHORITY = "ca.crt";

    /** Of a store that never leaves the memory. */
    private static final char[] NO_SECRET = "memory".toCharArray();

    private final String fingerprint;
    private final Optional<KeyManager[]> own;
    private final List<X509Certificate> authorities;

    private Tls(String fingerprint, Optional<KeyManager[]> own, List<X509Certificate> authorities) {
        this.fingerprint = fingerprint;
        this.own = own;
        this.authorities = authorities;
    }

    /**
     * Reads PEM texts, each of which may be empty.
     *
     * @param certificate one's own, followed by those of the authorities between it and the root
     * @param key the certificate's private key: PKCS#8, PKCS#1 or SEC1, without a password
     * @param authority certificates that alone are trusted; empty to trust those that the machine trusts
     * @return empty when all three are
     */
    public static Optional<Tls> of(String certificate, String key, String authority) throws PemTrouble {
        if (certificate.isBlank() && key.isBlank() && authority.isBlank()) {
            return Optional.empty();
        }
        if (certificate.isBlank() != key.isBlank()) {
            String there = certificate.isBlank() ? KEY : CERTIFICATE;
            String missing = certificate.isBlank() ? CERTIFICATE : KEY;
            throw new PemTrouble(there + " is there without " + missing, "give both, or neither and only " + AUTHORITY);
        }
        List<X509Certificate> authorities = authority.isBlank() ? List.of() : Pem.certificates(AUTHORITY, authority);
        Optional<KeyManager[]> own = Optional.empty();
        if (!certificate.isBlank()) {
            List<X509Certificate> chain = Pem.certificates(CERTIFICATE, certificate);
            own = Optional.of(keyManagers(
                    chain, PrivateKeys.read(KEY, key, chain.getFirst().getPublicKey())));
        }
        String all = certificate + "\0" + key + "\0" + authority;
        return Optional.of(new Tls(CanonicalJson.digest(all.getBytes(StandardCharsets.UTF_8)), own, authorities));
    }

    /** Without one's own certificate, for servers that it is not meant for. */
    public Tls authorityAlone() {
        return new Tls(fingerprint + " alone", Optional.empty(), authorities);
    }

    /** Tells this from others; not for people. */
    String fingerprint() {
        return fingerprint;
    }

    /**
     * What connections are made with.
     *
     * @param mine for the server that this was made for. Others, to which that one redirects, are not shown the
     *     certificate, and may be vouched for by the machine's authorities as well
     */
    SSLContext context(boolean mine) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(mine ? own.orElse(null) : null, authorities.isEmpty() ? null : trust(!mine), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw Pem.missing(e);
        }
    }

    private TrustManager[] trust(boolean machine) throws GeneralSecurityException {
        List<X509Certificate> trusted = new ArrayList<>(authorities);
        if (machine) {
            TrustManagerFactory known = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            known.init((KeyStore) null);
            for (TrustManager each : known.getTrustManagers()) {
                if (each instanceof X509TrustManager manager) {
                    trusted.addAll(List.of(manager.getAcceptedIssuers()));
                }
            }
        }
        KeyStore store = emptyStore();
        for (int i = 0; i < trusted.size(); i++) {
            store.setCertificateEntry("authority-" + i, trusted.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyManager[] keyManagers(List<X509Certificate> chain, PrivateKey key) {
        try {
            KeyStore store = emptyStore();
            store.setKeyEntry("own", key, NO_SECRET, chain.toArray(new X509Certificate[0]));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, NO_SECRET);
            return factory.getKeyManagers();
        } catch (GeneralSecurityException e) {
            throw Pem.missing(e);
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            return store;
        } catch (IOException e) {
            throw new IllegalStateException("nothing is read", e);
        }
    }

    @Override
    public String toString() {
        return "Tls[***]";
    }
}
