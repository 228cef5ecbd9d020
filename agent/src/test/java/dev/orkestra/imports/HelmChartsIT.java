package dev.orkestra.imports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.katalog.ImportLimits;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Pin;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.testing.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Charts that the real Helm packaged, from a real repository. */
class HelmChartsIT {
    @TempDir
    Path temp;

    private final Testbed testbed = Testbed.shared();
    private final String name = "imports-" + UUID.randomUUID().toString().substring(0, 8);

    private Provided provided(String chart, String version, Optional<Pin> locked) {
        try (HelmCharts charts = new HelmCharts(_ -> Optional.empty(), ImportLimits.DEFAULTS)) {
            return charts.provide(
                    new Need.HelmChart(testbed.chartsUrl().toString(), chart, version, Optional.empty(), locked, null));
        }
    }

    private void publish(String version) throws IOException {
        Path chart = temp.resolve(version).resolve(name);
        Files.createDirectories(chart.resolve("templates"));
        Files.createDirectories(chart.resolve("charts/sub/templates"));
        Files.writeString(
                chart.resolve("Chart.yaml"), "apiVersion: v2\nname: " + name + "\nversion: " + version + "\n");
        Files.writeString(chart.resolve("values.yaml"), "a: 1\n");
        Files.writeString(chart.resolve("templates/a.yaml"), "a: {{ .Values.a }}\n");
        Files.writeString(chart.resolve("charts/sub/Chart.yaml"), "apiVersion: v2\nname: sub\nversion: 0.1.0\n");
        testbed.packageCharts(chart);
    }

    @Test
    void aChartOfARealRepositoryIsFoundByVersionRangeAndLock() throws IOException {
        publish("1.0.0");
        publish("1.1.0");
        Provided newest = provided(name, "", Optional.empty());
        assertThat(newest).isInstanceOf(Provided.Files.class);
        Provided.Files files = (Provided.Files) newest;
        assertThat(files.pin().resolved()).isEqualTo("1.1.0");
        assertThat(files.contents())
                .containsOnlyKeys("Chart.yaml", "values.yaml", "templates/a.yaml", "charts/sub/Chart.yaml");
        Provided locked = provided(name, "^1.0", Optional.of(new Pin("1.0.0", "sha256:any")));
        assertThat(((Provided.Files) locked).pin().resolved()).isEqualTo("1.0.0");
        assertThat(((Provided.Files) provided(name, "~1.0.0", Optional.empty())).pin())
                .isEqualTo(((Provided.Files) locked).pin());
    }

    @Test
    void aChartThatIsNotThereIsTold() {
        assertThat(provided(name + "-gone", "", Optional.empty()))
                .isEqualTo(new Provided.Unreadable(
                        ErrorCode.NotFound, "the repository has no chart '" + name + "-gone'", "check its name"));
    }
}
