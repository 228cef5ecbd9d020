package dev.orkestra.imports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.chart.ChartArchive;
import dev.orkestra.chart.Charts;
import dev.orkestra.katalog.ImportAuth;
import dev.orkestra.katalog.ImportLimits;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Pin;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against an HTTP server on the loopback that publishes what no honest repository would. */
class HelmChartsTest {
    private final Map<String, String> variables =
            Map.of("CHARTS_USER", "user", "CHARTS_PASSWORD", "s3cr3t", "CHARTS_TOKEN", "t0k3n");
    private final HelmCharts charts = charts(ImportLimits.DEFAULTS);
    private Charts repository;

    @BeforeEach
    void open() throws IOException {
        repository = new Charts();
    }

    @AfterEach
    void close() {
        charts.close();
        repository.close();
    }

    private HelmCharts charts(ImportLimits limits) {
        return new HelmCharts(name -> Optional.ofNullable(variables.get(name)), limits);
    }

    private Need.HelmChart need(String version, Optional<ImportAuth> auth, Optional<Pin> locked) {
        return new Need.HelmChart(repository.url(), "web", version, auth, locked, null);
    }

    private Provided provided(String version) {
        return charts.provide(need(version, Optional.empty(), Optional.empty()));
    }

    private static String resolved(Provided answer) {
        assertThat(answer).as(answer.toString()).isInstanceOf(Provided.Files.class);
        return ((Provided.Files) answer).pin().resolved();
    }

    private static Provided.Unreadable refused(Provided answer) {
        assertThat(answer).isInstanceOf(Provided.Unreadable.class);
        return (Provided.Unreadable) answer;
    }

    private void publishSeveral() {
        for (String version : new String[] {"1.0.0", "1.2.0", "1.10.0", "2.0.0-rc.1"}) {
            repository.publish(Charts.simple("web", version));
        }
    }

    @ParameterizedTest
    @CsvSource({"1.2.0,1.2.0", "^1.0,1.10.0", "1.x,1.10.0", "'',1.10.0", "2.0.0-rc.1,2.0.0-rc.1", "'>=1, <1.10',1.2.0"})
    void aVersionOrTheNewestOfARangeIsChosen(String version, String chosen) {
        publishSeveral();
        assertThat(resolved(provided(version))).isEqualTo(chosen);
    }

    @Test
    void aLockDecidesWhateverTheVersionNamesToday() {
        publishSeveral();
        Optional<Pin> locked = Optional.of(new Pin("1.2.0", "sha256:any"));
        assertThat(resolved(charts.provide(need("^1.0", Optional.empty(), locked))))
                .isEqualTo("1.2.0");
        Optional<Pin> likeIt = Optional.of(new Pin("v1.2.0", "sha256:any"));
        assertThat(refused(charts.provide(need("^1.0", Optional.empty(), likeIt)))
                        .code())
                .isEqualTo(ErrorCode.NotFound);
        Optional<Pin> gone = Optional.of(new Pin("1.1.0", "sha256:any"));
        Provided.Unreadable found = refused(charts.provide(need("^1.0", Optional.empty(), gone)));
        assertThat(found.code()).isEqualTo(ErrorCode.NotFound);
        assertThat(found.message())
                .isEqualTo("version '1.1.0', which the lock file names, is gone from the repository");
    }

    @Test
    void whatIsNotThereIsSaidWithWhatIs() {
        publishSeveral();
        assertThat(provided("^3.0"))
                .isEqualTo(new Provided.Unreadable(
                        ErrorCode.NotFound,
                        "the repository has no version that fits '^3.0'",
                        "the repository has: 1.0.0, 1.2.0, 1.10.0, 2.0.0-rc.1"));
        Need.HelmChart other =
                new Need.HelmChart(repository.url(), "other", "", Optional.empty(), Optional.empty(), null);
        assertThat(refused(charts.provide(other)).message()).isEqualTo("the repository has no chart 'other'");
    }

    @Test
    void theFilesArePinnedByTheirContent() {
        ChartArchive chart = Charts.simple("web", "1.0.0");
        repository.publish(chart);
        Provided.Files files = (Provided.Files) provided("1.0.0");
        assertThat(files.contents()).containsOnlyKeys("Chart.yaml", "templates/config.yaml");
        assertThat(files.pin()).isEqualTo(new Pin("1.0.0", Pin.digestOf(chart.files())));
    }

    @Test
    void credentialsAreSentAsAuthSaysAndNeverShown() {
        publishSeveral();
        repository.authorization = "Basic dXNlcjpzM2NyM3Q=";
        ImportAuth basic = new ImportAuth.Basic("CHARTS_USER", "CHARTS_PASSWORD");
        assertThat(resolved(charts.provide(need("1.0.0", Optional.of(basic), Optional.empty()))))
                .isEqualTo("1.0.0");
        ImportAuth token = new ImportAuth.Token("CHARTS_TOKEN");
        Provided.Unreadable found = refused(charts.provide(need("1.0.0", Optional.of(token), Optional.empty())));
        assertThat(found.code()).isEqualTo(ErrorCode.AuthenticationFailed);
        assertThat(found.toString()).doesNotContain("t0k3n");
        repository.authorization = "Bearer t0k3n";
        assertThat(resolved(charts.provide(need("1.0.0", Optional.of(token), Optional.empty()))))
                .isEqualTo("1.0.0");
        ImportAuth unset = new ImportAuth.Token("NOT_SET");
        assertThat(refused(charts.provide(need("1.0.0", Optional.of(unset), Optional.empty())))
                        .message())
                .contains("NOT_SET");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"oci://host.test/charts", "file:///charts", "https://u:canary@host.test/", "charts", "http:"})
    void otherPlacesThanHelmRepositoriesAreRefused(String url) {
        Need.HelmChart need = new Need.HelmChart(url, "web", "1.0.0", Optional.empty(), Optional.empty(), null);
        Provided.Unreadable found = refused(charts.provide(need));
        assertThat(found.code()).isEqualTo(ErrorCode.ImportNotAllowed);
        assertThat(found.toString()).doesNotContain("canary");
    }

    @Test
    void anArchiveOfAnotherDigestIsRefused() throws Exception {
        repository.publish(Charts.simple("web", "1.0.0"));
        repository.put("/files/web-1.0.0.tgz", Charts.simple("web", "6.6.6").write("web"));
        assertThat(refused(provided("1.0.0")).message()).contains("has another digest than the index says");
    }

    @Test
    void bombsLinksAndWaysOutAreRefused() throws IOException {
        repository.publish("web", "1.0.0", tgz(TarConstants.LF_NORMAL, "web/zeros", 20, 4 << 20));
        repository.publish("web", "2.0.0", tgz(TarConstants.LF_SYMLINK, "web/values.yaml", 1, 0));
        repository.publish("web", "3.0.0", tgz(TarConstants.LF_NORMAL, "web/../../x", 1, 1));
        repository.publish("web", "4.0.0", "no archive".getBytes(StandardCharsets.UTF_8));
        assertThat(refused(provided("1.0.0")).code()).isEqualTo(ErrorCode.LimitExceeded);
        assertThat(refused(provided("2.0.0")).message())
                .isEqualTo("the archive holds a link or a device: 'web/values.yaml0'");
        assertThat(refused(provided("3.0.0")).message()).contains("not below its folder");
        assertThat(refused(provided("4.0.0")).message()).contains("cannot be read");
    }

    @Test
    void tooManyBytesAndTooMuchTimeNameTheirLimits() throws IOException {
        repository.publish(Charts.simple("web", "1.0.0").with("big", new byte[5_000]));
        try (HelmCharts small = charts(new ImportLimits(5, 5, 2_000, Duration.ofSeconds(5)))) {
            assertThat(refused(small.provide(need("1.0.0", Optional.empty(), Optional.empty())))
                            .message())
                    .contains("at most 2000 bytes can be imported (maxImportBytes)");
        }
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                HelmCharts hasty = charts(new ImportLimits(5, 5, 2_000, Duration.ofMillis(300)))) {
            Need.HelmChart need = new Need.HelmChart(
                    "http://127.0.0.1:" + silent.getLocalPort(), "web", "", Optional.empty(), Optional.empty(), null);
            assertThat(hasty.provide(need))
                    .isEqualTo(
                            new Provided.Unreadable(
                                    ErrorCode.ImportFailed,
                                    "the repository did not answer in full within 300ms (maxImportTime)",
                                    "see whether the server is well, or raise the limit with --limit maxImportTime=…; the agent takes the same option"));
        }
    }

    private static byte[] tgz(byte kind, String path, int entries, int size) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            for (int i = 0; i < entries; i++) {
                TarArchiveEntry entry = new TarArchiveEntry(path + i, kind, true);
                entry.setSize(size);
                if (kind == TarConstants.LF_SYMLINK) {
                    entry.setLinkName("/etc/passwd");
                }
                tar.putArchiveEntry(entry);
                tar.write(new byte[size]);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }
}
