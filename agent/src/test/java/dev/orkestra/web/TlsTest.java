package dev.orkestra.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsServer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real HTTPS server that lets in only whom its authority vouches for. */
class TlsTest {
    private final WebClient client = new WebClient();
    private Certificates authority;
    private HttpsServer server;

    @BeforeEach
    void open() throws Exception {
        authority = new Certificates("our authority");
        server = authority.server(true);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write(new byte[] {'o', 'k'});
            exchange.close();
        });
    }

    @AfterEach
    void close() {
        client.close();
        server.stop(0);
    }

    private static URI at(HttpServer server) {
        return URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    private String ask(URI uri, Optional<Tls> tls) throws Exception {
        WebClient.Question question = WebClient.Question.get(uri, Map.of(), Optional.empty(), tls);
        return new String(client.ask(question, 100, Duration.ofSeconds(20)).body(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void aCertificateWithAKeyInPkcs8IsShown(String algorithm) throws Exception {
        Certificates.Pair own = authority.pair("client", algorithm);
        assertThat(ask(at(server), Tls.of(own.certificatePem(), own.keyPem(), authority.pem())))
                .isEqualTo("ok");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void aKeyInTheOlderFormsIsReadAsWell(String algorithm) throws Exception {
        Certificates.Pair own = authority.pair("client", algorithm);
        assertThat(own.oldKeyPem()).startsWith("-----BEGIN " + algorithm + " PRIVATE KEY-----");
        String parameters = Certificates.pem("EC PARAMETERS", new byte[] {6, 0});
        assertThat(ask(at(server), Tls.of(own.certificatePem(), parameters + own.oldKeyPem(), authority.pem())))
                .isEqualTo("ok");
    }

    @Test
    void whoShowsNoCertificateIsNotLetIn() throws Exception {
        Optional<Tls> trustOnly = Tls.of("", "", authority.pem());
        assertThatThrownBy(() -> ask(at(server), trustOnly)).isInstanceOf(WebTrouble.class);
    }

    @Test
    void aServerOfAnotherAuthorityIsNotTrusted() throws Exception {
        Certificates other = new Certificates("another authority");
        Optional<Tls> tls = Tls.of("", "", other.pem());
        for (Optional<Tls> each : List.of(tls, Optional.<Tls>empty())) {
            assertThatThrownBy(() -> ask(at(server), each))
                    .isInstanceOfSatisfying(
                            WebTrouble.class,
                            trouble -> assertThat(trouble.kind()).isEqualTo(WebTrouble.Kind.UNTRUSTED));
        }
    }

    @Test
    void theCertificateIsNotShownWhereARedirectLeads() throws Exception {
        HttpsServer first = authority.server(true);
        try {
            first.createContext("/", exchange -> {
                exchange.getResponseHeaders().add("Location", at(server).toString());
                exchange.sendResponseHeaders(302, -1);
                exchange.close();
            });
            Certificates.Pair own = authority.pair("client", "EC");
            Optional<Tls> tls = Tls.of(own.certificatePem(), own.keyPem(), authority.pem());
            assertThat(ask(at(server), tls)).isEqualTo("ok");
            assertThatThrownBy(() -> ask(at(first), tls))
                    .isInstanceOfSatisfying(
                            WebTrouble.class,
                            trouble -> assertThat(trouble.at().getPort())
                                    .isEqualTo(server.getAddress().getPort()));
        } finally {
            first.stop(0);
        }
    }

    @Test
    void itSaysWhichEntryHasTheWrongForm() throws Exception {
        Certificates.Pair rsa = authority.pair("client", "RSA");
        Certificates.Pair ec = authority.pair("client", "EC");
        String certificate = rsa.certificatePem();
        assertThat(trouble(certificate, "", "")).isEqualTo("tls.crt is there without tls.key");
        assertThat(trouble("", rsa.keyPem(), "")).isEqualTo("tls.key is there without tls.crt");
        assertThat(trouble("/etc/tls/tls.crt", rsa.keyPem(), "")).startsWith("tls.crt is no PEM");
        assertThat(trouble("", "", "nonsense")).startsWith("ca.crt is no PEM");
        assertThat(trouble(rsa.keyPem(), rsa.keyPem(), "")).startsWith("tls.crt holds a private key");
        assertThat(trouble(certificate, certificate, "")).startsWith("tls.key begins with a certificate");
        assertThat(trouble(certificate, ec.keyPem(), "")).contains("no key of the kind that tls.crt names, RSA");
        assertThat(trouble(certificate, ec.oldKeyPem(), ""))
                .isEqualTo("tls.key is a key for EC, and tls.crt is for RSA");
        assertThat(trouble(certificate, authority.pair("client", "RSA").keyPem(), ""))
                .startsWith("tls.key is not the key of the first certificate");
        assertThat(trouble(certificate, rsa.keyPem().substring(0, 400), "")).contains("its last block has no end");
        assertThat(trouble(certificate, Certificates.pem("ENCRYPTED PRIVATE KEY", new byte[9]), ""))
                .isEqualTo("tls.key is protected by a password");
        String legacy = rsa.oldKeyPem().replaceFirst("KEY-----\n", "KEY-----\nProc-Type: 4,ENCRYPTED\n\n");
        assertThat(trouble(certificate, legacy, "")).isEqualTo("tls.key is protected by a password");
        assertThat(trouble(certificate, Certificates.pem("OPENSSH PRIVATE KEY", new byte[9]), ""))
                .isEqualTo("tls.key has the form 'OPENSSH PRIVATE KEY', which is not read");
        assertThat(trouble("", "", Certificates.pem("CERTIFICATE", new byte[9])))
                .contains("is no X.509 certificate");
    }

    @Test
    void nothingOfAKeyIsEverShown() throws Exception {
        Certificates.Pair own = authority.pair("client", "EC");
        String key = own.keyPem();
        assertThat(Tls.of(own.certificatePem(), key, "").orElseThrow()).hasToString("Tls[***]");
        String line = key.lines().skip(1).findFirst().orElseThrow();
        String broken = key.replace(line.substring(0, 8), "AAAAAAAA");
        assertThat(trouble(own.certificatePem(), broken, "")).doesNotContain(line.substring(8, 30));
    }

    private static String trouble(String certificate, String key, String authority) {
        try {
            return "none: " + Tls.of(certificate, key, authority);
        } catch (PemTrouble e) {
            assertThat(e.hint()).isNotEmpty();
            return String.valueOf(e.getMessage());
        }
    }
}
