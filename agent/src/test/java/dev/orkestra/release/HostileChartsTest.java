package dev.orkestra.release;

import static dev.orkestra.release.HostileArchives.entry;
import static dev.orkestra.release.HostileArchives.tgz;
import static dev.orkestra.release.HostileArchives.zeros;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.chart.Charts;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.Groups;
import dev.orkestra.outcome.Diagnostic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Charts that want to do harm: each is a finding of its own application, and the one beside it is staged. */
class HostileChartsTest {
    private static final byte[] CHART_YAML = bytes("apiVersion: v2\nname: bad\nversion: 1.0.0\n");

    @TempDir
    Path folder;

    private Charts charts;
    private ChartStore store;

    @BeforeEach
    void open() throws IOException {
        charts = new Charts().publish(Charts.simple("good", "1.0.0"));
        store = ChartStore.open(folder, Duration.ofSeconds(60));
    }

    @AfterEach
    void close() {
        store.close();
        charts.close();
    }

    @Test
    void aTarBombEndsAtTheBoundWhateverItWouldUnpackTo() throws Exception {
        byte[] bomb = zeros(10L << 30);
        assertThat(bomb.length).isLessThan(16 << 20);
        long before = System.nanoTime();
        refused(bomb, "too large: at most 10000 files, 5 MiB each, 64 MiB in all");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(30));
        assertThat(bytesOnDisk())
                .as("the archive under two names, and the good one")
                .isLessThan(40L << 20);
    }

    @Test
    void manyFilesEndAtTheBound() throws Exception {
        refused(
                tgz(tar -> {
                    entry(tar, "bad/Chart.yaml", TarConstants.LF_NORMAL, CHART_YAML);
                    for (int i = 0; i < 20_000; i++) {
                        entry(tar, "bad/f" + i, TarConstants.LF_NORMAL, new byte[0]);
                    }
                }),
                "too large: at most 10000 files");
    }

    @Test
    void linksAndDevicesAreRefused() throws Exception {
        for (byte kind : new byte[] {
            TarConstants.LF_SYMLINK,
            TarConstants.LF_LINK,
            TarConstants.LF_CHR,
            TarConstants.LF_BLK,
            TarConstants.LF_FIFO
        }) {
            refused(tgz(tar -> entry(tar, "bad/values.yaml", kind, new byte[0])), "a link or a device");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bad/../../../etc/passwd",
                "../bad/Chart.yaml",
                "/etc/passwd",
                "//bad/x",
                "bad/templates/../../x",
                "bad\\..\\..\\x",
                "bad/C:\\x",
                "bad//x"
            })
    void namesThatLeadOutOfTheChartAreRefused(String name) throws Exception {
        refused(tgz(tar -> entry(tar, name, TarConstants.LF_NORMAL, new byte[0])), "not below its folder");
    }

    @Test
    void aNameOf300CharactersIsNoHarmAndOneOf600IsRefused() throws Exception {
        publish(tgz(tar -> {
            entry(tar, "bad/Chart.yaml", TarConstants.LF_NORMAL, CHART_YAML);
            entry(tar, "bad/templates/" + "n".repeat(300) + ".yaml", TarConstants.LF_NORMAL, new byte[0]);
        }));
        assertThat(stage("").failures()).isEmpty();
        refused(tgz(tar -> entry(tar, "bad/" + "n".repeat(600), TarConstants.LF_NORMAL, new byte[0])), "not below");
    }

    @Test
    void aChartNameThatIsAPathIsRefused() throws Exception {
        for (String name : new String[] {"../../x", "a/b", "'..'", "n".repeat(300), "'a\nb'", "\"a b\""}) {
            refused(
                    Charts.chart("Chart.yaml", "name: " + name.replace("\n", "\n\n  ") + "\nversion: 1.0.0\n")
                            .write("bad"),
                    "has a name that no chart may have");
        }
    }

    @Test
    void chartsInChartsHaveOneBoundTogether() throws Exception {
        byte[][] parts = new byte[6][];
        for (int i = 0; i < parts.length; i++) {
            byte[] metadata = bytes("name: part" + i + "\nversion: 1.0.0\n");
            parts[i] = tgz(tar -> {
                entry(tar, "part/Chart.yaml", TarConstants.LF_NORMAL, metadata);
                for (int k = 0; k < 4; k++) {
                    entry(tar, "part/f" + k, TarConstants.LF_NORMAL, new byte[4 << 20]);
                }
            });
        }
        publish(tgz(tar -> {
            entry(tar, "bad/Chart.yaml", TarConstants.LF_NORMAL, CHART_YAML);
            for (int i = 0; i < parts.length; i++) {
                entry(tar, "bad/charts/part-" + i + ".tgz", TarConstants.LF_NORMAL, parts[i]);
            }
        }));
        assertThat(finding(stage(", subcharts: [{name: part0}]"))).contains("too large");
    }

    @Test
    void onlyTheFirstOfManyNestedChartsIsUnpacked() throws Exception {
        byte[] inner = zeros(1L << 30);
        for (int depth = 0; depth < 20; depth++) {
            byte[] deeper = inner;
            inner = tgz(tar -> {
                entry(tar, "sub/Chart.yaml", TarConstants.LF_NORMAL, bytes("name: sub\nversion: 1.0.0\n"));
                entry(tar, "sub/charts/deeper.tgz", TarConstants.LF_NORMAL, deeper);
            });
        }
        byte[] nested = inner;
        publish(tgz(tar -> {
            entry(tar, "bad/Chart.yaml", TarConstants.LF_NORMAL, CHART_YAML);
            entry(tar, "bad/charts/sub.tgz", TarConstants.LF_NORMAL, nested);
        }));
        assertThat(stage(", subcharts: [{name: sub}]").failures()).isEmpty();
    }

    @Test
    void aBombInChartsIsRefusedWhereItWouldBeDivided() throws Exception {
        byte[] bomb = zeros(1L << 30);
        publish(tgz(tar -> {
            entry(tar, "bad/Chart.yaml", TarConstants.LF_NORMAL, CHART_YAML);
            entry(tar, "bad/charts/bomb.tgz", TarConstants.LF_NORMAL, bomb);
        }));
        assertThat(finding(stage(", subcharts: [{name: bomb}]"))).contains("too large");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "text",
                "",
                "\0",
                "name: {a: b}\nversion: 1.0.0",
                "name: bad\nversion: [1]",
                "name: bad",
                "a: &a [*a]",
                "a: &a {x: 1}\nb: &b {x: *a, y: *a}\nname: bad\nversion: x",
                "name: bad\nversion: 1.0.0\nname: bad"
            })
    void aChartYamlThatIsNoneIsRefused(String content) throws Exception {
        refused(Charts.chart("Chart.yaml", content).write("bad"), "Chart.yaml");
    }

    @Test
    void whatIsNoChartToInstallIsRefused() throws Exception {
        refused(Charts.chart("values.yaml", "a: 1").write("bad"), "has no Chart.yaml");
        refused(
                Charts.chart("Chart.yaml", "name: bad\nversion: 1.0.0\ntype: library\n")
                        .write("bad"),
                "library charts are not installable");
        refused(bytes("<html>not found</html>"), "cannot be read");
        refused(new byte[0], "cannot be read");
    }

    @Test
    void aValuesFileThatUnfoldsWithoutEndIsRefused() throws Exception {
        StringBuilder laughs = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            laughs.append("a" + i + ": &a" + i + " [" + ("*a" + (i - 1) + ", ").repeat(8) + "*a" + (i - 1) + "]\n");
        }
        publish(Charts.chart(
                        "Chart.yaml",
                        "name: bad\nversion: 1.0.0\n",
                        "values.yaml",
                        laughs.toString(),
                        "charts/web/Chart.yaml",
                        "name: web\nversion: 1.0.0\n")
                .write("bad"));
        assertThat(finding(stage(", subcharts: [{name: web}]"))).contains("values.yaml");
    }

    @Test
    void aGroupThatFailsForEverDoesNotFillTheDisk() throws Exception {
        publish(Charts.chart("Chart.yaml", "name: bad\nversion: 1.0.0\ntype: library\n")
                .write("bad"));
        stage("");
        long once = bytesOnDisk();
        for (int i = 0; i < 5; i++) {
            stage("");
        }
        assertThat(bytesOnDisk()).isEqualTo(once);
    }

    private void refused(byte[] archive, String why) throws Exception {
        publish(archive);
        assertThat(finding(stage(""))).contains("failed to pull application chart bad/bad:1.0.0: ", why);
    }

    private void publish(byte[] archive) throws IOException {
        charts.close();
        charts = new Charts().publish(Charts.simple("good", "1.0.0")).publish("bad", "1.0.0", archive);
    }

    private static String finding(ChartStore.Staging staging) {
        assertThat(staging.charts().applications()).containsOnlyKeys("good");
        Map<String, Diagnostic> failures = staging.failures();
        assertThat(failures).containsOnlyKeys("bad");
        return String.valueOf(failures.get("bad"));
    }

    private ChartStore.Staging stage(String more) throws Exception {
        return store.stage(
                ApplicationGroup.of(
                        "g",
                        Groups.json(
                                "{applications: [" + application("bad", more) + ", " + application("good", "") + "]}")),
                ChartLogins.NONE);
    }

    private String application(String name, String more) {
        return "{name: " + name + ", spec: {chart: {url: \"" + charts.url() + "\", name: " + name
                + ", version: 1.0.0}, release: {targetNamespace: ns}" + more + "}}";
    }

    private long bytesOnDisk() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(Path::toFile)
                    .filter(java.io.File::isFile)
                    .mapToLong(java.io.File::length)
                    .sum();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
