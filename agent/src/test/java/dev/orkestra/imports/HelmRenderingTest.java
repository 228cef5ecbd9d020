package dev.orkestra.imports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.orkestra.chart.ChartArchive;
import dev.orkestra.chart.Charts;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.process.ChildProcesses;
import dev.orkestra.process.Ended;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is answered around Helm; {@link HelmRenderingIT} runs it. */
class HelmRenderingTest {
    private static final ChildProcesses PRINTS = _ -> new Ended(Ended.How.EXITED, 0, "kind: Katalog\n", "");

    @TempDir
    Path temp;

    private Path helm = Path.of("/nowhere");

    @BeforeEach
    void program() throws IOException {
        helm = Files.createFile(temp.resolve("helm"));
        assertThat(helm.toFile().setExecutable(true)).isTrue();
    }

    private Provided provided(ChildProcesses processes, Map<String, byte[]> files) {
        HelmRendering.Settings settings = HelmRendering.Settings.standard(Optional.of(helm), temp.resolve("work"));
        return new HelmRendering(processes, settings)
                .provide(new Need.Rendering(
                        Provided.Files.of(files, "1.0.0"), List.of(), JsonNodeFactory.instance.objectNode(), null));
    }

    private Provided.Unreadable refused(ChildProcesses processes, Map<String, byte[]> files) {
        return Imports.trouble(provided(processes, files));
    }

    private static Map<String, byte[]> with(String path, byte[] content) {
        Map<String, byte[]> files = new TreeMap<>(Charts.simple("web", "1.0.0").files());
        files.put(path, content);
        return files;
    }

    @Test
    void namesThatThisMachineCannotWriteAreTold() {
        assertThat(provided(PRINTS, with("a.txt", new byte[0]))).isInstanceOf(Provided.Content.class);
        for (String name : List.of("a\0b", "x".repeat(256), "d/" + "é".repeat(128))) {
            Provided.Unreadable found = refused(PRINTS, with(name, new byte[0]));
            assertThat(found.code()).isEqualTo(ErrorCode.RenderFailed);
            assertThat(found.message())
                    .startsWith("the chart has a file whose name cannot be written here: '")
                    .doesNotContain("\0");
        }
        assertThat(refused(PRINTS, with("Chart.yaml/x", new byte[0])).message())
                .isEqualTo("the chart has a file where it has a folder too");
    }

    @Test
    void troubleOfTheMachineMayPassAndTroubleOfTheChartDoesNot() {
        Map<String, byte[]> chart = Charts.simple("web", "1.0.0").files();
        ChildProcesses full = _ -> {
            throw new IOException("no space left");
        };
        assertThat(refused(full, chart).code()).isEqualTo(ErrorCode.ImportFailed);
        ChildProcesses slow = _ -> new Ended(Ended.How.DEADLINE, -1, "", "");
        assertThat(refused(slow, chart))
                .extracting(Provided.Unreadable::code, Provided.Unreadable::message)
                .containsExactly(ErrorCode.ImportFailed, "Helm did not end within 30s, a fixed bound, and was stopped");
        ChildProcesses wrong = _ -> new Ended(Ended.How.EXITED, 1, "", "Error: out of memory, says a template\n");
        assertThat(refused(wrong, chart))
                .extracting(Provided.Unreadable::code, Provided.Unreadable::message)
                .containsExactly(
                        ErrorCode.RenderFailed, "Helm cannot render the chart: out of memory, says a template");
        ChildProcesses hungry = _ -> new Ended(Ended.How.EXITED, 2, "", "fatal error: runtime: out of memory\nx\n");
        assertThat(refused(hungry, chart))
                .extracting(Provided.Unreadable::code, Provided.Unreadable::message)
                .containsExactly(
                        ErrorCode.RenderFailed,
                        "Helm needs more than 512 MiB of memory, a fixed bound, and was stopped");
    }

    @Test
    void chartsInChartsShareOneRoomOnAllLevels() {
        byte[] zeros = new byte[5 << 20];
        ChartArchive sub = Charts.simple("sub", "1.0.0");
        for (int i = 0; i < 5; i++) {
            sub = sub.with("files/" + i, zeros);
        }
        byte[] packed = packed(sub.write("sub"));
        Map<String, byte[]> two = with("charts/a.tgz", packed);
        two.put("charts/b.tgz", packed);
        assertThat(provided(PRINTS, two)).isInstanceOf(Provided.Content.class);
        ChartArchive around = Charts.simple("around", "1.0.0").with("charts/c.tgz", packed);
        two.put("charts/c.tgz", packed(around.write("around")));
        assertThat(refused(PRINTS, two))
                .extracting(Provided.Unreadable::code, Provided.Unreadable::message)
                .containsExactly(
                        ErrorCode.LimitExceeded,
                        "the archive is too large: at most 10000 files, 5 MiB each, 64 MiB in all with the charts in it;"
                                + " these bounds are fixed");
    }

    @Test
    void chartsTooDeepInChartsAreRefused() {
        ChartArchive chart = Charts.simple("sub", "1.0.0");
        for (int i = 0; i < 5; i++) {
            chart = Charts.simple("sub", "1.0.0").with("charts/s.tgz", chart.write("sub"));
        }
        assertThat(provided(PRINTS, chart.files())).isInstanceOf(Provided.Content.class);
        chart = Charts.simple("sub", "1.0.0").with("charts/s.tgz", chart.write("sub"));
        assertThat(refused(PRINTS, chart.files()).message())
                .endsWith("charts/s.tgz lies too deep in other charts: at most 5 in each other, a fixed bound");
    }

    @Test
    void aSchemaThatIsNoTextIsRefused() {
        byte[] beyondUnicode = {0, 0, (byte) 0xff, (byte) 0xfe, 0, 0, 0, 0};
        assertThat(refused(PRINTS, with("values.schema.json", beyondUnicode)).message())
                .startsWith("values.schema.json is not JSON: ");
    }

    /** As gzip makes it, since {@link ChartArchive#write} does not compress. */
    private static byte[] packed(byte[] tgz) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(tgz));
                GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            in.transferTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
