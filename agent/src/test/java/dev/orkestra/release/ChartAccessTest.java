package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.chart.Charts;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.Groups;
import dev.orkestra.outcome.Outcome;
import dev.orkestra.web.Access;
import dev.orkestra.web.Certificates;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Charts of a repository over HTTPS that lets in only who shows a certificate, with a Secret's content. */
class ChartAccessTest {
    @TempDir
    Path folder;

    private Certificates authority;
    private Charts charts;
    private ChartStore store;

    @BeforeEach
    void open() throws Exception {
        authority = new Certificates("our authority");
        charts = new Charts(authority.server(true)).publish(Charts.simple("web", "1.0.0"));
        store = ChartStore.open(folder, Duration.ofSeconds(20));
    }

    @AfterEach
    void close() {
        store.close();
        charts.close();
    }

    @Test
    void q07_pemTextOfTheSecretIsUsedForTlsBesideUserAndPassword() throws Exception {
        charts.authorization = "Basic dXNlcjpzM2NyM3Q=";
        Certificates.Pair own = authority.pair("client", "EC");
        assertThat(staged(Map.of(
                        "username", "user",
                        "password", "s3cr3t\n",
                        "tls.crt", own.certificatePem(),
                        "tls.key", own.keyPem(),
                        "ca.crt", authority.pem())))
                .isEqualTo("{}");
    }

    @Test
    void aServerThatIsNotTrustedSaysWhichEntriesMatter() throws Exception {
        assertThat(staged(Map.of()))
                .contains("the secure connection failed", "ca.crt", "tls.crt")
                .doesNotContain("Exception");
        assertThat(staged(Map.of("ca.crt", authority.pem()))).contains("cannot be reached");
    }

    @Test
    void aWrongEntryIsNamedWithItsSecretAndNotShown() {
        assertThat(finding(Map.of("tls.crt", "/etc/tls.crt", "tls.key", "s3cr3t")))
                .contains("Secret ns/repo: tls.crt is no PEM")
                .doesNotContain("s3cr3t");
        assertThat(finding(Map.of("username", "a:b", "password", "s3cr3t")))
                .contains("Secret ns/repo has a username with a colon")
                .doesNotContain("s3cr3t");
        ObjectNode odd = JsonNodeFactory.instance.objectNode();
        odd.putObject("data").put("password", "s3cr3t-s3cr3t!");
        assertThat(String.valueOf(SecretAccess.of("Secret ns/repo", odd)))
                .contains("holds no Base64")
                .doesNotContain("s3cr3t");
    }

    private static String finding(Map<String, String> data) {
        return String.valueOf(SecretAccess.of("Secret ns/repo", secret(data)));
    }

    private String staged(Map<String, String> data) throws Exception {
        ApplicationGroup group = ApplicationGroup.of(
                "g",
                Groups.json("{applications: [{name: web, spec: {chart: {url: \"" + charts.url()
                        + "\", name: web, version: 1.0.0}, release: {targetNamespace: ns}}}]}"));
        Outcome<Access> access = SecretAccess.of("Secret ns/repo", secret(data));
        return store.stage(group, _ -> access).failures().toString();
    }

    private static ObjectNode secret(Map<String, String> data) {
        ObjectNode secret = JsonNodeFactory.instance.objectNode();
        ObjectNode encoded = secret.putObject("data");
        data.forEach((key, value) ->
                encoded.put(key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
        return secret;
    }
}
