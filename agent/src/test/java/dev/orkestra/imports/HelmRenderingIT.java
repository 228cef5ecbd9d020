package dev.orkestra.imports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.chart.ChartArchive;
import dev.orkestra.chart.Charts;
import dev.orkestra.document.Document;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Provided;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.process.Command;
import dev.orkestra.process.Ended;
import dev.orkestra.process.LocalProcesses;
import dev.orkestra.testing.Testbed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Renders with the real Helm. */
class HelmRenderingIT {
    private static final String METADATA = "apiVersion: v2\nname: demo\nversion: 1.0.0\n";

    @TempDir
    Path temp;

    private final Path helm = Testbed.shared().helm();
    private final LocalProcesses processes = new LocalProcesses();

    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        processes.close();
        Path folder = temp.resolve("work");
        if (Files.exists(folder)) {
            try (Stream<Path> left = Files.list(folder)) {
                assertThat(left).isEmpty();
            }
        }
    }

    private Provided provided(
            HelmRendering.Settings settings, ChartArchive chart, String values, String... valueFiles) {
        List<JsonNode> files = Stream.of(valueFiles).map(HelmRenderingIT::yaml).toList();
        return new HelmRendering(processes, settings)
                .provide(new Need.Rendering(Provided.Files.of(chart.files(), "1.0.0"), files, yaml(values), null));
    }

    private HelmRendering.Settings settings() {
        return HelmRendering.Settings.standard(Optional.of(helm), temp.resolve("work"));
    }

    private String rendered(ChartArchive chart, String values, String... valueFiles) {
        Provided answer = provided(settings(), chart, values, valueFiles);
        assertThat(answer).as(answer.toString()).isInstanceOf(Provided.Content.class);
        return new String(((Provided.Content) answer).bytes(), StandardCharsets.UTF_8);
    }

    private Provided.Unreadable refused(ChartArchive chart) {
        Provided answer = provided(settings(), chart, "{}");
        assertThat(answer).isInstanceOf(Provided.Unreadable.class);
        assertThat(answer.toString()).doesNotContain(temp.toString());
        return (Provided.Unreadable) answer;
    }

    private static ChartArchive chart(String... pathsAndContents) {
        List<String> all = new ArrayList<>(List.of("Chart.yaml", METADATA));
        all.addAll(List.of(pathsAndContents));
        return Charts.chart(all.toArray(String[]::new));
    }

    private static JsonNode yaml(String text) {
        return DocumentReader.read("values.yaml", text.getBytes(StandardCharsets.UTF_8))
                .documents()
                .getFirst()
                .root()
                .toJson();
    }

    /** The value of {@code out} in the one document that was rendered. */
    private static JsonNode out(String rendered) {
        List<Document> documents = DocumentReader.read("out.yaml", rendered.getBytes(StandardCharsets.UTF_8))
                .documents();
        assertThat(documents).hasSize(1);
        return documents.getFirst().root().toJson().path("out");
    }

    private static final ChartArchive VALUES = chart(
            "values.yaml",
            "m: {a: 1, b: {c: 2, d: 3}}\nk: default\n",
            "templates/a.yaml",
            "out: {{ toJson .Values }}\n");

    @Test
    void valueFilesMergeDeeplyAndValuesReplaceTopLevelKeysBeforeTheDefaultsComeUnderneath() {
        assertThat(out(rendered(VALUES, "{}", "{m: {b: {c: 5}}}", "{m: {b: {x: 1}, a: null}}")))
                .isEqualTo(yaml("{m: {b: {c: 5, d: 3, x: 1}}, k: default}"));
        assertThat(out(rendered(VALUES, "{m: {y: 7}}", "{m: {b: {c: 5}, z: 9}, k: file}")))
                .as("z and c of the file are gone; the chart's own defaults are not")
                .isEqualTo(yaml("{m: {a: 1, b: {c: 2, d: 3}, y: 7}, k: file}"));
    }

    /** The same value files, merged by Helm itself. */
    @Test
    void ourMergeOfValueFilesIsHelms() throws Exception {
        List<String> files = List.of(
                "{m: {b: {c: null, l: [1, 2]}}, w: {o: 1}, p: {q: {r: 1}}}",
                "{m: {b: {c: {x: 1}, l: [3]}, a: null}, w: 4, p: {q: null}}",
                "{w: {s: 1}, p: {t: 2}, u: null, k: null}");
        Path folder = temp.resolve("helms");
        List<String> arguments = new ArrayList<>(List.of(helm.toString(), "template", "r", folder.toString()));
        for (Map.Entry<String, byte[]> file : VALUES.files().entrySet()) {
            Files.createDirectories(folder.resolve(file.getKey()).getParent());
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
        for (int i = 0; i < files.size(); i++) {
            arguments.addAll(List.of(
                    "--values",
                    Files.writeString(temp.resolve(i + ".yaml"), files.get(i)).toString()));
        }
        Ended ended = processes.run(new Command(
                arguments, Map.of("HOME", temp.toString()), temp, new byte[0], Duration.ofSeconds(30), 1 << 20));
        assertThat(ended.succeeded()).as(ended.standardError()).isTrue();
        assertThat(out(rendered(VALUES, "{}", files.toArray(String[]::new)))).isEqualTo(out(ended.standardOutput()));
    }

    @Test
    void filesSubchartsAndResourceDefinitionsAreRenderedAndHooksAreNot() {
        String text = rendered(
                chart(
                        "config/a.txt", "from a file",
                        "crds/crd.yaml", "kind: CustomResourceDefinition\nmetadata: {name: c}\n",
                        "charts/sub/Chart.yaml", "apiVersion: v2\nname: sub\nversion: 0.1.0\n",
                        "charts/sub/templates/s.yaml", "kind: Katalog\nmetadata: {name: s}\n",
                        "templates/a.yaml",
                                "kind: Katalog\nmetadata: {name: {{ .Release.Name }}}\ndata: {{ .Files.Get \"config/a.txt\" }}\n",
                        "templates/h.yaml",
                                "kind: Job\nmetadata: {name: hook, annotations: {\"helm.sh/hook\": pre-install}}\n",
                        "templates/NOTES.txt", "thank you"),
                "{}");
        assertThat(text)
                .contains("kind: CustomResourceDefinition", "name: orkestra-render", "data: from a file")
                .contains("# Source: demo/charts/sub/templates/s.yaml")
                .doesNotContain("name: hook", "thank you");
        assertThat(rendered(VALUES, "{}")).isEqualTo(rendered(VALUES, "{}"));
    }

    @Test
    void aPackedSubchartIsRenderedToo() {
        byte[] sub = Charts.simple("sub", "0.1.0").write("sub");
        assertThat(rendered(chart("values.yaml", "").with("charts/sub-0.1.0.tgz", sub), "{}"))
                .contains("# Source: demo/charts/sub/templates/config.yaml");
    }

    @Test
    void theChartSeesNoClusterNoEnvironmentAndNoNameServer() {
        assertThat(out(rendered(
                        chart(
                                "templates/a.yaml",
                                "out: {look: {{ toJson (lookup \"v1\" \"Secret\" \"default\" \"\") }},"
                                        + " host: \"{{ getHostByName \"localhost\" }}\"}\n"),
                        "{}")))
                .isEqualTo(yaml("{look: {}, host: ''}"));
        assertThat(refused(chart("templates/a.yaml", "out: {{ env \"PATH\" }}\n"))
                        .message())
                .isEqualTo(
                        "Helm cannot render the chart: parse error at (demo/templates/a.yaml:1): function \"env\" not"
                                + " defined");
    }

    @Test
    void errorsNameTheTemplateAndItsLine() {
        assertThat(refused(chart("templates/a.yaml", "kind: X\nx: {{ required \"a name is needed\" .Values.name }}\n")))
                .isEqualTo(new Provided.Unreadable(
                        ErrorCode.RenderFailed,
                        "Helm cannot render the chart: execution error at (demo/templates/a.yaml:2:6): a name is needed",
                        "mend the chart, or the values that it is given"));
        assertThat(refused(chart("templates/a.yaml", "a: [\nb: }\n")).message())
                .startsWith("Helm cannot render the chart: YAML parse error on demo/templates/a.yaml: ");
        assertThat(refused(Charts.chart("values.yaml", "a: 1\n")).message())
                .isEqualTo("Helm cannot render the chart: Chart.yaml file is missing");
    }

    @Test
    void valuesThatDontFitTheSchemaAreTold() {
        Provided.Unreadable found = refused(chart(
                "values.yaml",
                "count: 5\n",
                "values.schema.json",
                "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"required\": [\"name\"],"
                        + " \"properties\": {\"count\": {\"$ref\": \"#/definitions/text\"}},"
                        + " \"definitions\": {\"text\": {\"type\": \"string\"}}}"));
        assertThat(found.message())
                .startsWith("the values don't fit the chart's values.schema.json: demo: ")
                .contains("at '': missing property 'name'")
                .contains("at '/count': got number, want string");
        assertThat(found.hint()).isEqualTo("change values or the value files of this import");
    }

    @Test
    void schemasThatLeadOutOfTheChartAreRefused() throws IOException {
        Path secret = Files.writeString(temp.resolve("secret.json"), "canary");
        String schema = "{\"properties\": {\"a\": [{\"$ref\": \"" + secret.toUri() + "\"}]}}";
        assertThat(provided(settings(), chart("values.schema.json", schema), "{}"))
                .isEqualTo(new Provided.Unreadable(
                        ErrorCode.OutsideRoot,
                        "a schema of the chart refers to something outside of it: values.schema.json: "
                                + secret.toUri(),
                        "write what it refers to into the schema"));
        ChartArchive sub = Charts.simple("sub", "0.1.0")
                .with("values.schema.json", "{\"$schema\": \"http://127.0.0.1:9/x\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(refused(chart("values.yaml", "").with("charts/sub.tgz", sub.write("sub")))
                        .message())
                .endsWith("charts/sub.tgz/values.schema.json: http://127.0.0.1:9/x");
        assertThat(refused(chart("values.schema.json", "{")).message()).startsWith("values.schema.json is not JSON: ");
    }

    @Test
    void dependenciesThatAreNotVendoredAreNotFetched() {
        Provided.Unreadable found = refused(Charts.chart(
                "Chart.yaml",
                METADATA + "dependencies: [{name: sub, version: 1.0.0, repository: \"https://host.invalid\"}]\n"));
        assertThat(found)
                .isEqualTo(new Provided.Unreadable(
                        ErrorCode.RenderFailed,
                        "the chart needs charts that are not in its charts/ folder: sub",
                        "put them there with 'helm dependency build'; rendering fetches nothing"));
    }

    @Test
    void aTemplateWithoutEndIsStopped() {
        assertThat(refused(chart(
                                "templates/a.yaml",
                                "{{ define \"r\" }}{{ include \"r\" . }}{{ end }}x: {{ include \"r\" . }}\n"))
                        .message())
                .startsWith("Helm cannot render the chart: template: demo/templates/a.yaml:1:50: ")
                .hasSizeLessThan(800);
        HelmRendering.Settings hasty =
                new HelmRendering.Settings(Optional.of(helm), temp.resolve("work"), Duration.ofSeconds(2), 1 << 20);
        ChartArchive loop =
                chart("templates/a.yaml", "{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}");
        assertThat(provided(hasty, loop, "{}"))
                .isEqualTo(new Provided.Unreadable(
                        ErrorCode.ImportFailed,
                        "Helm did not end within 2s, a fixed bound, and was stopped",
                        "look for endless loops in the chart's templates, and whether the machine is overloaded"));
        ChartArchive flood = chart("templates/a.yaml", "x: {{ repeat 3000000 \"x\" }}\n");
        assertThat(provided(hasty, flood, "{}"))
                .isInstanceOfSatisfying(
                        Provided.Unreadable.class,
                        found -> assertThat(found.message())
                                .isEqualTo("Helm printed more than 1 MiB, a fixed bound, and was stopped"));
    }

    @Test
    void aTemplateThatTakesMemoryWithoutEndIsStopped() {
        String message = "Helm needs more than 512 MiB of memory, a fixed bound, and was stopped";
        Provided.Unreadable range = refused(chart("templates/a.yaml", "{{ range until 1000000000 }}{{ end }}\n"));
        assertThat(range.code()).isEqualTo(ErrorCode.RenderFailed);
        assertThat(range.message()).isEqualTo(message);
        Provided.Unreadable list = refused(chart(
                "templates/a.yaml",
                "{{ $l := list \"a\" }}{{ range until 60 }}{{ $l = concat $l $l }}{{ end }}x: {{ len $l }}\n"));
        assertThat(list.message()).isEqualTo(message);
    }

    @Test
    void filesThatLeadOutOfTheFolderAreRefused() {
        Map<String, byte[]> files = new TreeMap<>(VALUES.files());
        files.put("../escaped", new byte[0]);
        assertThat(refused(new ChartArchive(files)).code()).isEqualTo(ErrorCode.OutsideRoot);
        assertThat(temp.resolve("work/escaped")).doesNotExist();
    }

    @Test
    void withoutHelmTheHintSaysHowToGetIt() {
        HelmRendering.Settings none = HelmRendering.Settings.standard(Optional.empty(), temp.resolve("work"));
        assertThat(provided(none, VALUES, "{}"))
                .isEqualTo(new Provided.Unreadable(
                        ErrorCode.RenderFailed,
                        "Helm is needed to render it, and there is none",
                        "install Helm 3, or name the program with --helm or in the variable ORK_HELM"));
        HelmRendering.Settings wrong =
                HelmRendering.Settings.standard(Optional.of(Path.of("/no/helm")), temp.resolve("work"));
        assertThat(provided(wrong, VALUES, "{}").toString()).contains("/no/helm is no program");
    }

    @Test
    void theSampleRepositorysChartsRender() throws IOException {
        Path folder = Testbed.root().resolve("sample-repo/charts/shop");
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        assertThat(rendered(new ChartArchive(files), "{}")).contains("# Source: shop/");
    }
}
