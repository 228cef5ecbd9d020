package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orkestra.chart.ChartArchive;
import dev.orkestra.chart.ChartTrouble;
import dev.orkestra.chart.Charts;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.Groups;
import dev.orkestra.group.Naming;
import org.junit.jupiter.api.Test;

class ChartSplitTest {
    private static final ChartArchive UMBRELLA = Charts.chart(
            "Chart.yaml", """
                    apiVersion: v2
                    name: umbrella
                    version: 1.2.0
                    appVersion: 1.5
                    custom: kept
                    dependencies:
                    - {name: api, version: 0.1.0, condition: api.on}
                    - {name: web, version: 0.2.0}
                    """,
            "values.yaml", "api: {on: true}\n",
            "templates/_helpers.tpl", "{{ define \"u\" }}x{{ end }}",
            "templates/NOTES.txt", "{{ .Values.gone.gone }}",
            "charts/api/Chart.yaml", "apiVersion: v2\nname: api\nversion: 0.1.0\n",
            "charts/api/charts/deep/Chart.yaml", "apiVersion: v2\nname: deep\nversion: 0.0.1\n",
            "charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 0.2.0\n",
            "charts/extra/Chart.yaml", "apiVersion: v2\nname: extra\nversion: 0.3.0\n",
            "charts/_off/Chart.yaml", "apiVersion: v2\nname: off\nversion: 0.3.0\n",
            "charts/README.md", "no chart");

    @Test
    void withoutDeclaredSubchartsTheChartStaysWhole() throws Exception {
        ChartSplit split = ChartSplit.of(application(""), UMBRELLA);
        assertThat(split.subcharts()).isEmpty();
        assertThat(split.chart().name()).isEqualTo("umbrella");
        assertThat(ChartMetadata.read(split.chart().archive())
                        .json()
                        .path("dependencies")
                        .get(1)
                        .has("condition"))
                .isFalse();
    }

    @Test
    void oneDeclaredSubchartDividesTheWholeChart() throws Exception {
        ChartSplit split = ChartSplit.of(application("{name: web}"), UMBRELLA);
        assertThat(split.subcharts().keySet()).containsExactly("api", "extra", "web");
        ChartSplit.Part web = part(split, "web");
        assertThat(web.name()).isEqualTo(Naming.subchart("shop", "web"));
        assertThat(web.version()).isEqualTo("0.2.0");
        assertThat(ChartMetadata.read(web.archive()).name()).isEqualTo(web.name());
        assertThat(web.archive().files().keySet()).containsExactly("Chart.yaml", "templates/_umbrella_helpers.tpl");
    }

    @Test
    void q21_chartsInsideASubchartStayInIt() throws Exception {
        ChartSplit split = ChartSplit.of(application("{name: web}"), UMBRELLA);
        assertThat(part(split, "api").archive().files().keySet()).contains("charts/deep/Chart.yaml");
    }

    @Test
    void q22_whatTheParentSetsForASubchartStillHolds() throws Exception {
        ChartArchive chart = UMBRELLA.with(
                        "values.yaml", bytes("web: {size: 3, gone: null, deep: {a: 1}}\nglobal: {zone: x}\nother: 1\n"))
                .with("charts/web/values.yaml", bytes("size: 1\ngone: 1\ndeep: {b: 2}\nkept: true\n"));
        ChartSplit split = ChartSplit.of(application("{name: web}"), chart);
        assertThat(Groups.json(Charts.text(part(split, "web").archive(), "values.yaml")))
                .isEqualTo(Groups.json("{size: 3, deep: {b: 2, a: 1}, kept: true, global: {zone: x}}"));
        assertThat(Charts.text(split.chart().archive(), "values.yaml")).contains("other: 1");
    }

    @Test
    void q03_theParentCanSwitchOffEachChartThatIsInstalledSeparately() throws Exception {
        ChartArchive parent =
                ChartSplit.of(application("{name: web}"), UMBRELLA).chart().archive();
        assertThat(parent.files().keySet()).contains("charts/web/Chart.yaml", "charts/api/Chart.yaml");
        assertThat(Charts.text(parent, "Chart.yaml")).isEqualTo("""
                apiVersion: v2
                name: umbrella
                version: 1.2.0
                appVersion: "1.5"
                custom: kept
                dependencies:
                - name: api
                  version: 0.1.0
                  condition: "api.enabled,api.on"
                - name: web
                  version: 0.2.0
                  condition: web.enabled
                - name: extra
                  version: 0.3.0
                  repository: ""
                  condition: extra.enabled
                """);
    }

    @Test
    void aChartOfTheOldKindKeepsItsDependenciesApart() throws Exception {
        ChartArchive old = Charts.chart(
                "Chart.yaml", "apiVersion: v1\nname: umbrella\nversion: 1.0.0\n",
                "requirements.yaml", "dependencies: [{name: api, version: 0.1.0}]\n",
                "charts/api/Chart.yaml", "apiVersion: v1\nname: api\nversion: 0.1.0\n");
        ChartArchive parent =
                ChartSplit.of(application("{name: api}"), old).chart().archive();
        assertThat(Charts.text(parent, "requirements.yaml")).contains("condition: api.enabled");
        assertThat(Charts.text(parent, "Chart.yaml")).doesNotContain("dependencies");
    }

    @Test
    void aPackedSubchartIsReadToo() throws Exception {
        ChartArchive packed = UMBRELLA.with(
                "charts/zip-1.0.0.tgz", Charts.simple("zip", "1.0.0").write("zip"));
        assertThat(ChartSplit.of(application("{name: zip}"), packed).subcharts())
                .containsKey("zip");
    }

    @Test
    void aChartWithoutManifestsGetsOne() throws Exception {
        assertThat(Charts.text(
                        ChartSplit.of(application(""), UMBRELLA).chart().archive(), "templates/dummy-configmap.yaml"))
                .isEqualTo("""
                        apiVersion: v1
                        kind: ConfigMap
                        metadata:
                          name: {{ .Release.Name }}-dummy
                          namespace: {{ .Release.Namespace }}
                        data:
                          name: "umbrella"
                          version: "1.2.0"
                        """);
        ChartArchive whole = Charts.simple("umbrella", "1.0.0");
        assertThat(ChartSplit.of(application(""), whole).chart().archive().files())
                .doesNotContainKey("templates/dummy-configmap.yaml");
    }

    @Test
    void whatCannotBeInstalledIsRefused() {
        assertRefused(application("{name: nowhere}"), UMBRELLA, "does not embed the declared subchart 'nowhere'");
        assertRefused(
                application(""),
                Charts.chart("Chart.yaml", "name: umbrella\nversion: 1.0.0\ntype: library\n"),
                "library charts are not installable");
        assertRefused(application(""), Charts.chart("Chart.yaml", "name: umbrella\n"), "no version");
        assertRefused(application(""), Charts.chart("Chart.yaml", "name: u\nversion: latest\n"), "'latest'");
        assertRefused(application(""), Charts.chart("Chart.yaml", "name: [\n"), "Chart.yaml");
    }

    @Test
    void q02_aSubchartIsFoundWhenTheApplicationIsNotNamedLikeTheChart() throws Exception {
        ApplicationGroup.Application application = application("{name: web}");
        assertThat(application.name()).isNotEqualTo(application.chart().name());
        String staged = part(ChartSplit.of(application, UMBRELLA), "web").name();
        assertThat(staged).isEqualTo(Naming.subchart("shop", "web")).isNotEqualTo(Naming.subchart("umbrella", "web"));
    }

    @Test
    void q44_namedTemplatesAreCopiedWithTheUnderscoreInFrontAndNotesAreNot() throws Exception {
        ChartArchive chart = UMBRELLA.with("templates/lib.tpl", bytes("{{ define \"v\" }}{{ end }}"));
        assertThat(part(ChartSplit.of(application("{name: web}"), chart), "web")
                        .archive()
                        .files()
                        .keySet())
                .containsExactly("Chart.yaml", "templates/_umbrella_helpers.tpl", "templates/umbrella_lib.tpl");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private static ChartSplit.Part part(ChartSplit split, String subchart) {
        return java.util.Objects.requireNonNull(split.subcharts().get(subchart));
    }

    private static void assertRefused(ApplicationGroup.Application application, ChartArchive chart, String why) {
        assertThatThrownBy(() -> ChartSplit.of(application, chart))
                .isInstanceOf(ChartTrouble.class)
                .hasMessageContaining(why);
    }

    private static ApplicationGroup.Application application(String subcharts) {
        return ApplicationGroup.of(
                        "g",
                        Groups.json("{applications: [{name: shop, spec: {chart: {name: umbrella}, subcharts: ["
                                + subcharts + "]}}]}"))
                .applications()
                .getFirst();
    }
}
