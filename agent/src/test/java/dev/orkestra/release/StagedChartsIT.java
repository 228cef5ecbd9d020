package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.chart.ChartArchive;
import dev.orkestra.chart.Charts;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.Groups;
import dev.orkestra.process.Command;
import dev.orkestra.process.Ended;
import dev.orkestra.process.LocalProcesses;
import dev.orkestra.testing.Testbed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the real Helm makes of staged charts. */
class StagedChartsIT {
    private static final String CONFIG_MAP = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: {{ .Release.Name }}-%s}
            data: {size: "{{ .Values.size }}", zone: "{{ .Values.global.zone }}", word: "{{ include "word" . }}"}
            """;
    private static final ChartArchive SHOP = Charts.chart(
            "Chart.yaml",
            """
                    apiVersion: v2
                    name: umbrella
                    version: 1.0.0
                    dependencies: [{name: web, version: 0.1.0}]
                    """,
            "values.yaml",
            "size: 1\nown: {word: x}\nglobal: {zone: x}\nweb: {size: 3}\n",
            "templates/_word.tpl",
            "{{ define \"word\" }}from the parent{{ end }}",
            "templates/NOTES.txt",
            "{{ .Values.own.word }}",
            "templates/own.yaml",
            CONFIG_MAP.formatted("own"),
            "templates/" + "n".repeat(300) + ".yaml",
            "# long\n",
            "charts/web/Chart.yaml",
            """
                    apiVersion: v2
                    name: web
                    version: 0.1.0
                    dependencies: [{name: deep, version: 0.0.1}]
                    """,
            "charts/web/values.yaml",
            "size: 2\n",
            "charts/web/templates/web.yaml",
            CONFIG_MAP.formatted("web"),
            "charts/web/charts/deep/Chart.yaml",
            "apiVersion: v2\nname: deep\nversion: 0.0.1\n",
            "charts/web/charts/deep/templates/deep.yaml",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \"{{ .Release.Name }}-deep\"}\n");

    @TempDir
    Path folder;

    private final LocalProcesses processes = new LocalProcesses();

    @AfterEach
    void close() {
        processes.close();
    }

    @Test
    void q03_aSubchartWithoutAConditionIsNotInstalledASecondTimeByItsParent() throws Exception {
        assertThat(rendered(split().chart(), "{web: {enabled: false}}"))
                .contains("name: shop-own")
                .doesNotContain("shop-web")
                .doesNotContain("shop-deep");
        assertThat(rendered(split().chart(), "{}")).contains("shop-web");
    }

    @Test
    void q21_q22_q44_aSubchartAloneIsWhatItWasInItsParent() throws Exception {
        ChartSplit.Part web = Objects.requireNonNull(split().subcharts().get("web"));
        assertThat(rendered(web, "{}"))
                .contains("name: shop-web", "size: \"3\"", "zone: \"x\"", "word: \"from the parent\"")
                .contains("name: \"shop-deep\"")
                .doesNotContain("shop-own");
    }

    private static ChartSplit split() throws Exception {
        ApplicationGroup group = ApplicationGroup.of(
                "g",
                Groups.json(
                        "{applications: [{name: shop, spec: {chart: {name: umbrella}, subcharts: [{name: web}]}}]}"));
        return ChartSplit.of(group.applications().getFirst(), SHOP.write("umbrella"));
    }

    private String rendered(ChartSplit.Part part, String values) throws Exception {
        Path archive = folder.resolve(part.name() + ".tgz");
        Files.write(archive, part.bytes());
        List<String> words = new ArrayList<>(
                List.of(Testbed.shared().helm().toString(), "template", "shop", archive.toString(), "--values", "-"));
        Ended ended = processes.run(new Command(
                words,
                Map.of("HOME", folder.toString()),
                folder,
                values.getBytes(StandardCharsets.UTF_8),
                Duration.ofMinutes(1),
                1 << 20));
        assertThat(ended.succeeded()).as(ended.toString()).isTrue();
        return ended.standardOutput();
    }
}
