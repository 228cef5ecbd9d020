package dev.orkestra.web;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/**
 * An authority for one test, and certificates that it signs: written by hand, since the JDK has no public way to make
 * one.
 */
public final class Certificates {
    private static final AtomicInteger SERIAL = new AtomicInteger(1);
    /** ecdsa-with-SHA256. */
    private static final byte[] SIGNED_WITH = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private final String name;
    private final KeyPair keys = keys("EC");
    private final X509Certificate certificate;

    /** A certificate and its key. */
    public record Pair(X509Certificate certificate, PrivateKey key) {
        public String certificatePem() throws GeneralSecurityException {
            return pem("CERTIFICATE", certificate.getEncoded());
        }

        /** PKCS#8. */
        public String keyPem() {
            return pem("PRIVATE KEY", key.getEncoded());
        }

        /** What PKCS#8 wraps: PKCS#1 for RSA, SEC1 for EC. */
        public String oldKeyPem() {
            byte[] der = key.getEncoded();
            int at = end(der, 0, false);
            at = end(der, at, true);
            at = end(der, at, true);
            byte[] inner = Arrays.copyOfRange(der, end(der, at, false), end(der, at, true));
            return pem(key.getAlgorithm() + " PRIVATE KEY", inner);
        }
    }

    public Certificates(String name) throws GeneralSecurityException {
        this.name = name;
        this.certificate = issue(name, keys, true);
    }

    public String pem() throws GeneralSecurityException {
        return pem("CERTIFICATE", certificate.getEncoded());
    }

    /** A certificate for localhost and 127.0.0.1, and for clients. */
    public Pair pair(String subject, String algorithm) throws GeneralSecurityException {
        KeyPair own = keys(algorithm);
        return new Pair(issue(subject, own, false), own.getPrivate());
    }

    /**
     * A server on 127.0.0.1 that this authority vouches for, running.
     *
     * @param wantsCertificate whether it lets in only whom the authority vouches for as well
     */
    public HttpsServer server(boolean wantsCertificate) throws Exception {
        SSLContext context = context(pair("server", "EC"));
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = context.getDefaultSSLParameters();
                wanted.setNeedClientAuth(wantsCertificate);
                parameters.setSSLParameters(wanted);
            }
        });
        server.start();
        return server;
    }

    private SSLContext context(Pair own) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", own.key, new char[] {'x'}, new Certificate[] {own.certificate});
        store.setCertificateEntry("authority", certificate);
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(store, new char[] {'x'});
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    public static String pem(String label, byte[] content) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
    }

    private static KeyPair keys(String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (!algorithm.startsWith("Ed")) {
                generator.initialize(algorithm.equals("EC") ? 256 : 2048);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private X509Certificate issue(String subject, KeyPair subjectKeys, boolean authority)
            throws GeneralSecurityException {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        byte[] extensions = authority
                ? extension(oid(0x55, 0x1d, 0x13), sequence(der(0x01, new byte[] {(byte) 0xff})))
                : extension(
                        oid(0x55, 0x1d, 0x11),
                        sequence(
                                der(0x82, "localhost".getBytes(StandardCharsets.US_ASCII)),
                                der(0x87, new byte[] {127, 0, 0, 1})));
        byte[] body = sequence(
                der(0xa0, der(0x02, new byte[] {2})),
                der(0x02, new byte[] {(byte) SERIAL.getAndIncrement()}),
                SIGNED_WITH,
                distinguished(name),
                sequence(time(now.minus(1, ChronoUnit.HOURS)), time(now.plus(1, ChronoUnit.DAYS))),
                distinguished(subject),
                subjectKeys.getPublic().getEncoded(),
                der(0xa3, sequence(extensions)));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(body);
        byte[] signed = signature.sign();
        byte[] bits = new byte[signed.length + 1];
        System.arraycopy(signed, 0, bits, 1, signed.length);
        byte[] whole = sequence(body, SIGNED_WITH, der(0x03, bits));
        Collection<? extends Certificate> read =
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(whole));
        return (X509Certificate) List.copyOf(read).getFirst();
    }

    private static byte[] extension(byte[] oid, byte[] content) {
        return sequence(oid, der(0x04, content));
    }

    private static byte[] distinguished(String name) {
        return sequence(der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, name.getBytes(StandardCharsets.UTF_8)))));
    }

    private static byte[] time(Instant at) {
        return der(0x18, TIME.format(at).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] oid(int... bytes) {
        byte[] content = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            content[i] = (byte) bytes[i];
        }
        return der(0x06, content);
    }

    private static byte[] sequence(byte[]... parts) {
        return der(0x30, parts);
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.size() < 0x80) {
            out.write(content.size());
        } else if (content.size() < 0x100) {
            out.write(0x81);
            out.write(content.size());
        } else {
            out.write(0x82);
            out.write(content.size() >> 8);
            out.write(content.size());
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    /** Where the element at {@code at} has its content, or ends. */
    private static int end(byte[] der, int at, boolean whole) {
        int first = der[at + 1] & 0xff;
        int header = first < 0x80 ? 2 : 2 + (first & 0x7f);
        int length = first < 0x80 ? first : 0;
        for (int i = at + 2; i < at + header; i++) {
            length = length << 8 | der[i] & 0xff;
        }
        return at + header + (whole ? length : 0);
    }
}
