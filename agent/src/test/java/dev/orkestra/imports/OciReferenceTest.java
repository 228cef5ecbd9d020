package dev.orkestra.imports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.registry.OciReference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OciReferenceTest {
    private static final String SECRET = "s3cr3t-value";

    @Test
    void addressesThatAreNoneAreRefusedBeforeAnythingIsAsked() {
        StringBuilder said = new StringBuilder();
        for (String address : List.of(
                "web",
                "/web",
                "a.test/",
                "a.test/Web",
                "a.test/../web",
                "a.test/web?x=y",
                "a.test/web#f",
                "a.test/a//b",
                "a.test:x/web",
                "ann:" + SECRET + "@a.test/web",
                "https://a.test/web",
                "a.test/" + "w".repeat(256))) {
            said.append(address).append("\n  ").append(words(address, "1.0"));
            said.append('\n');
        }
        for (String version :
                List.of("", "a b", "../x", "1.0?x", "sha256:12", "sha512:" + "0".repeat(128), "-1", "x".repeat(129))) {
            said.append(version).append("\n  ").append(words("a.test/web", version));
            said.append('\n');
        }
        assertThat(said.toString().replaceAll("(?m)^\\S.*", "")).doesNotContain(SECRET);
        Imports.golden("registry-addresses.txt", said.toString());
    }

    @Test
    void onlyLoopbackIsAskedWithoutProtection() throws Exception {
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("localhost:5000/a", "http://localhost:5000/v2/a/manifests/1");
        expected.put("127.0.0.1/a", "http://127.0.0.1/v2/a/manifests/1");
        expected.put("[::1]:5000/a", "http://[::1]:5000/v2/a/manifests/1");
        expected.put("127.0.0.1.evil.test/a", "https://127.0.0.1.evil.test/v2/a/manifests/1");
        expected.put("localhost.evil.test/a", "https://localhost.evil.test/v2/a/manifests/1");
        expected.put("[fe80::1]/a", "https://[fe80::1]/v2/a/manifests/1");
        expected.put("10.0.0.1:5000/a/b", "https://10.0.0.1:5000/v2/a/b/manifests/1");
        expected.put("docker.io/library/a", "https://registry-1.docker.io/v2/library/a/manifests/1");
        for (Map.Entry<String, String> each : expected.entrySet()) {
            assertThat(OciReference.of(each.getKey(), "1").manifest()).hasToString(each.getValue());
        }
    }

    private static String words(String repository, String version) {
        try (RemoteImports imports = Imports.with(Imports.LIMITS, Map.of())) {
            return Imports.words(imports.provide(Imports.artifact(repository, version)));
        }
    }
}
