package dev.orkestra.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orkestra.process.Command;
import dev.orkestra.process.Ended;
import dev.orkestra.process.LocalProcesses;
import dev.orkestra.registry.OciPush;
import dev.orkestra.registry.OciReference;
import dev.orkestra.registry.OciSession;
import dev.orkestra.testing.Testbed;
import dev.orkestra.web.Access;
import dev.orkestra.web.Login;
import dev.orkestra.web.WebClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real registry, with the real Helm at the other end. */
class ChartRegistryIT {
    @TempDir
    Path folder;

    private final Testbed testbed = Testbed.shared();
    private final LocalProcesses processes = new LocalProcesses();
    private final ChartDownloads downloads = new ChartDownloads();
    private final WebClient client = new WebClient();
    private final String place = "charts-it/" + UUID.randomUUID();
    private final Access access = Access.of(new Login.Basic(testbed.registryUser(), testbed.registryPassword()));

    @BeforeEach
    void login() throws Exception {
        helm(
                testbed.registryPassword(),
                "registry",
                "login",
                "--plain-http",
                "--username",
                testbed.registryUser(),
                "--password-stdin",
                testbed.registry());
    }

    @AfterEach
    void close() {
        processes.close();
        downloads.close();
        client.close();
    }

    @Test
    void whatHelmPushesIsFoundAndPulled() throws Exception {
        for (String version : new String[] {"1.0.0", "1.2.0", "2.0.0+build.7"}) {
            Path file = folder.resolve("web-" + version + ".tgz");
            Files.write(file, Charts.simple("web", version).write("web"));
            helm("", "push", "--plain-http", file.toString(), "oci://" + testbed.registry() + "/" + place);
        }
        for (ChartServer server : List.of(at(testbed.registry(), access), at(testbed.publicRegistry(), Access.OPEN))) {
            HelmIndex.Entry entry = server.find("web", "^1").orElseThrow();
            assertThat(entry.version()).isEqualTo("1.2.0");
            assertThat(server.archive("web", entry)).isEqualTo(Files.readAllBytes(folder.resolve("web-1.2.0.tgz")));
            assertThat(server.find("web", "*"))
                    .hasValueSatisfying(newest -> assertThat(newest.version()).isEqualTo("2.0.0+build.7"));
            assertThat(server.find("web", "9.9.9")).isEmpty();
            assertThat(server.find("absent", "1.0.0")).isEmpty();
        }
        assertThatThrownBy(() -> at(testbed.registry(), Access.OPEN).find("web", "*"))
                .hasMessageContaining("without credentials");
    }

    @Test
    void whatIsPushedIsPulledByHelm() throws Exception {
        byte[] archive = Charts.simple("web", "1.0.0+a").write("web");
        String first = push(archive);
        assertThat(push(archive)).as("pushed twice").isEqualTo(first);
        helm(
                "",
                "pull",
                "--plain-http",
                "oci://" + testbed.publicRegistry() + "/" + place + "/web",
                "--version",
                "1.0.0+a",
                "--destination",
                folder.toString());
        assertThat(Files.readAllBytes(folder.resolve("web-1.0.0+a.tgz"))).isEqualTo(archive);
    }

    private String push(byte[] archive) throws Exception {
        OciReference reference =
                OciReference.of(testbed.registry() + "/" + place + "/web", ChartRegistry.tag("1.0.0+a"));
        OciSession session =
                new OciSession(client, reference, access, OciSession.Right.PUSH, () -> Duration.ofSeconds(20));
        byte[] config =
                "{\"apiVersion\":\"v2\",\"name\":\"web\",\"version\":\"1.0.0+a\"}".getBytes(StandardCharsets.UTF_8);
        return OciPush.push(
                session,
                new OciPush.Blob(ChartRegistry.CONFIG, config),
                new OciPush.Blob(ChartRegistry.LAYER, archive),
                Map.of("org.opencontainers.image.title", "web"));
    }

    private ChartServer at(String registry, Access as) throws ChartTrouble {
        return ChartServer.at("oci://" + registry + "/" + place, as, downloads, () -> Duration.ofSeconds(20));
    }

    private void helm(String input, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(testbed.helm().toString()));
        all.addAll(List.of(arguments));
        Ended ended = processes.run(new Command(
                all,
                Map.of("HOME", folder.toString()),
                folder,
                input.getBytes(StandardCharsets.UTF_8),
                Duration.ofMinutes(1),
                1 << 20));
        assertThat(ended.succeeded()).as(ended.toString()).isTrue();
    }
}
