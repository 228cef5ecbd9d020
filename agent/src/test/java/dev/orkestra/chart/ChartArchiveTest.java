package dev.orkestra.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;

class ChartArchiveTest {
    @Test
    void whatIsWrittenIsReadAgainAndIsAlwaysTheSameBytes() throws Exception {
        ChartArchive chart = Charts.chart(
                "Chart.yaml",
                "name: a\nversion: 1.0.0\n",
                "templates/" + "deep/".repeat(30) + "x.yaml",
                "a: 1\n",
                "big.txt",
                "x".repeat(200_000));
        byte[] bytes = chart.write("a");
        ChartArchive read = ChartArchive.read(bytes);
        assertThat(read.files().keySet()).isEqualTo(chart.files().keySet());
        assertThat(read.files().get("big.txt")).isEqualTo(chart.files().get("big.txt"));
        assertThat(read.write("a")).isEqualTo(bytes);
    }

    @Test
    void storedGzipIsGzip() throws IOException {
        for (int size : new int[] {0, 1, 65_535, 65_536, 200_000}) {
            byte[] content = new byte[size];
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(StoredGzip.of(content)))) {
                assertThat(in.readAllBytes()).hasSize(size);
            }
        }
    }

    @Test
    void anArchiveThatReachesOutsideItsFolderIsRefused() throws IOException {
        assertRefused(tgz("a/../../etc/passwd", "x", TarConstants.LF_NORMAL), "not below its folder");
        assertRefused(tgz("/a/Chart.yaml", "x", TarConstants.LF_NORMAL), "not below its folder");
        assertRefused(tgz("a/C:/x", "x", TarConstants.LF_NORMAL), "not below its folder");
        assertRefused(tgz("a\\..\\x", "x", TarConstants.LF_NORMAL), "not below its folder");
    }

    @Test
    void linksAndDevicesAreRefused() throws IOException {
        assertRefused(tgz("a/values.yaml", "", TarConstants.LF_SYMLINK), "a link or a device");
        assertRefused(tgz("a/values.yaml", "", TarConstants.LF_LINK), "a link or a device");
        assertRefused(tgz("a/values.yaml", "", TarConstants.LF_CHR), "a link or a device");
    }

    @Test
    void anArchiveThatUnpacksToTooMuchIsRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            byte[] zeros = new byte[4 << 20];
            for (int i = 0; i < 20; i++) {
                entry(tar, "a/" + i, zeros, TarConstants.LF_NORMAL);
            }
        }
        assertThat(bytes.size()).isLessThan(1 << 20);
        assertRefused(bytes.toByteArray(), "too large");
    }

    @Test
    void whatIsNoChartIsRefused() throws IOException {
        assertRefused("not an archive".getBytes(java.nio.charset.StandardCharsets.UTF_8), "cannot be read");
        assertRefused(new byte[0], "cannot be read");
        assertRefused(tgz("a/values.yaml", "x: 1", TarConstants.LF_NORMAL), "has no Chart.yaml");
        assertRefused(tgz("Chart.yaml", "name: a", TarConstants.LF_NORMAL), "one folder");
    }

    private static void assertRefused(byte[] archive, String why) {
        assertThatThrownBy(() -> ChartArchive.read(archive))
                .isInstanceOf(ChartTrouble.class)
                .hasMessageContaining(why);
    }

    private static byte[] tgz(String path, String content, byte type) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            entry(tar, path, content.getBytes(java.nio.charset.StandardCharsets.UTF_8), type);
        }
        return bytes.toByteArray();
    }

    private static void entry(TarArchiveOutputStream tar, String path, byte[] content, byte type) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(path, type, true);
        entry.setSize(content.length);
        if (type != TarConstants.LF_NORMAL) {
            entry.setLinkName("/etc/passwd");
        }
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
