package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.chart.Charts;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.Groups;
import dev.orkestra.group.StagedCharts;
import dev.orkestra.process.Command;
import dev.orkestra.process.Ended;
import dev.orkestra.process.LocalProcesses;
import dev.orkestra.testing.Testbed;
import dev.orkestra.web.Access;
import dev.orkestra.web.Login;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Staging to the real registry, which the real Helm reads. */
class RegistryDestinationIT {
    @TempDir
    Path folder;

    @Test
    void whatIsStagedIsPulledByHelmAndStagingAgainSucceeds() throws Exception {
        Testbed testbed = Testbed.shared();
        String place = "staging-it/" + UUID.randomUUID();
        try (Charts charts = new Charts().publish(Charts.simple("web", "1.0.0+a"));
                RegistryDestination destination = new RegistryDestination(
                        URI.create("oci://" + testbed.registry() + "/" + place),
                        Access.of(new Login.Basic(testbed.registryUser(), testbed.registryPassword())),
                        Duration.ofSeconds(20));
                ChartStore store = ChartStore.open(folder.resolve("store"), Duration.ofSeconds(20), destination);
                LocalProcesses processes = new LocalProcesses()) {
            StagedCharts staged = staged(store, charts);
            assertThat(staged(store, charts)).isEqualTo(staged);
            assertThat(Files.readAllBytes(pulled(testbed, place, processes)))
                    .isEqualTo(store.chart(digest(staged)).orElseThrow());
            try (Charts other = new Charts()) {
                other.publish(Charts.simple("web", "1.0.0+a").with("values.yaml", new byte[] {'#'}));
                StagedCharts changed = staged(store, other);
                assertThat(changed).isNotEqualTo(staged);
                assertThat(Files.readAllBytes(pulled(testbed, place, processes)))
                        .isEqualTo(store.chart(digest(changed)).orElseThrow());
            }
        }
    }

    private static String digest(StagedCharts staged) {
        return Objects.requireNonNull(staged.applications().get("web")).chart().digest();
    }

    private Path pulled(Testbed testbed, String place, LocalProcesses processes) throws Exception {
        Path file = folder.resolve("web-1.0.0+a.tgz");
        Files.deleteIfExists(file);
        Ended pulled = processes.run(new Command(
                List.of(
                        testbed.helm().toString(),
                        "pull",
                        "--plain-http",
                        "oci://" + testbed.publicRegistry() + "/" + place + "/web",
                        "--version",
                        "1.0.0+a"),
                Map.of("HOME", folder.toString()),
                folder,
                new byte[0],
                Duration.ofMinutes(1),
                1 << 20));
        assertThat(pulled.succeeded()).as(pulled.toString()).isTrue();
        return file;
    }

    private static StagedCharts staged(ChartStore store, Charts charts) throws Exception {
        ChartStore.Staging staging = store.stage(
                ApplicationGroup.of(
                        "g",
                        Groups.json("{applications: [{name: web, spec: {chart: {url: \"" + charts.url()
                                + "\", name: web}, release: {targetNamespace: ns}}}]}")),
                ChartLogins.NONE);
        assertThat(staging.failures()).isEmpty();
        return staging.charts();
    }
}
