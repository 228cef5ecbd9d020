package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ork validate -o …} as a whole. What each form does with odd texts is the business of ReportFormatTest. */
class ValidateFormatsTest {
    private static final String KATALOG = """
            apiVersion: orkestra.orkspace.io/v1
            kind: Katalog
            metadata: {name: %s}
            spec:
              crds:
                %s:
                  apiTypes: {group: shop.example, version: v1, kind: %s, plural: all}
            """;
    private static final String HOSTILE = "100%, <a>: \"b\" & 'ü'.yaml";
    private static final List<String> FILES =
            List.of("komposer.yaml", "clean.yaml", "warning.yaml", "note.yaml", HOSTILE, "nowhere.yaml");

    @TempDir
    private Path root;

    private Path folder = Path.of("");

    private void file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @BeforeEach
    void aRepositoryOfEverything() throws IOException {
        Files.createDirectory(root.resolve(".git"));
        folder = root.resolve("envs");
        Files.createDirectory(folder);
        file("../orkestra-rules.yaml", """
                apiVersion: orkestra.dev/v1alpha1
                kind: RuleSettings
                rules: {NotStable: info}
                """);
        file("komposer.yaml", """
                apiVersion: orkestra.orkspace.io/v1
                kind: Komposer
                metadata: {name: production}
                imports:
                  files: [../base/carts.yaml]
                """);
        file("../base/carts.yaml", KATALOG.formatted("carts", "cart", "Cart") + "      dependsOn: [stok]\n");
        file("clean.yaml", KATALOG.formatted("clean", "page", "Page"));
        file("warning.yaml", KATALOG.formatted("warning", "page", "Page") + "      labels: {public: yes}\n");
        file("note.yaml", KATALOG.formatted("note", "page", "Page") + "lifecycle: {maturity: alpha}\n");
        file(HOSTILE, "\"a,b::%0A\": 4\n".repeat(2));
    }

    private Ran run(String... more) {
        List<String> arguments = new ArrayList<>(List.of("validate"));
        arguments.addAll(List.of(more));
        arguments.addAll(FILES);
        return Ran.in(folder, arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "text, mixed.txt",
        "json, mixed.json",
        "sarif, mixed.sarif",
        "github, mixed.github.txt",
        "junit, mixed.junit.xml"
    })
    void eachFormTellsOfErrorsWarningsNotesAndWhatCouldNotBeRead(String format, String golden) throws IOException {
        Ran ran = run("-o", format);

        Golden.assertMatches("formats/" + golden, ran.out());
        assertThat(ran.err()).isEqualTo("ork validate: nowhere.yaml: there is no such file\n");
        assertThat(ran.exitCode()).isEqualTo(2);
    }

    @Test
    void strictMakesErrorsOfWarningsAndLeavesNotes() throws IOException {
        Ran ran = Ran.in(folder, "validate", "--strict", "-o", "json", "warning.yaml", "note.yaml", "clean.yaml");

        JsonNode json = new ObjectMapper().readTree(ran.out());
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(json.at("/summary").toString())
                .isEqualTo("{\"exitCode\":1,\"files\":3,\"unreadable\":0,\"errors\":1,\"warnings\":0,\"infos\":1}");
        assertThat(json.at("/files/0/ok").asBoolean()).isFalse();
        assertThat(Ran.in(folder, "validate", "-o", "junit", "--strict", "warning.yaml")
                        .out())
                .contains("failures=\"1\"")
                .contains("<failure message=\"'yes' is ambiguous");
        assertThat(Ran.in(folder, "validate", "warning.yaml", "note.yaml").exitCode())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "sarif", "github", "junit"})
    void withoutAnyFileThereStillIsADocumentThatSaysSo(String format) throws IOException {
        Path empty = Files.createDirectory(root.resolve("empty"));

        Ran ran = Ran.in(empty, "validate", "-o", format);

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.out()).contains("neither katalog.yaml nor komposer.yaml is here");
        assertThat(ran.err()).isEqualTo(Ran.in(empty, "validate").err());
    }

    /** One that has everything that details tell of. */
    private static final String RICH = """
            apiVersion: orkestra.orkspace.io/v1
            kind: Katalog
            metadata: {name: rich}
            notes:
              functions:
                - {name: short, description: The first eight characters., expression: "{{ . }}"}
            profiles:
              reconciler:
                - {name: calm, workers: 1, resync: 5m}
            spec:
              crds:
                site:
                  apiTypes: {group: shop.example, version: v1, kind: Site, plural: sites}
                  namespace: web
                  dependsOn: {cart: healthy, pod: {condition: started}}
                  operatorBox:
                    observe:
                      watch:
                        - {apiVersion: mesh.example/v1, kind: Gateway, on: [update], keyFrom: {label: site}}
                    preReconcile:
                      external:
                        - {name: prices, url: "https://prices.example"}
                    runtime:
                      deletionProtection: {protectCRD: true, protectCRs: true}
                      restrictedNamespaces: [kube-system]
                    reconcile:
                      profile: calm
                      queue: {maxDepth: 500}
                      onReconcile:
                        deployments:
                          - {name: web, image: "web:1.2", resources: {profile: small}}
                        custom:
                          - apiVersion: mesh.example/v1
                            kind: Route
                            metadata: {name: web, namespace: web}
                            spec: {}
                cart:
                  apiTypes: {group: shop.example, version: v1, kind: Cart, plural: carts}
                  operatorBox:
                    reconcile: {profile: conservative, queue: {maxDepth: 500}}
                pod:
                  apiTypes: {kind: Pod}
                  labelSelector: "app=web"
                  operatorBox:
                    reconcile: {workers: 2, queue: {maxDepth: 100}}
                gone:
                  enabled: false
                  apiTypes: {group: shop.example, version: v1, kind: Gone, plural: gone}
            """;

    @Test
    void detailsTellWhatAKatalogComesTo() throws IOException {
        file("rich.yaml", RICH);

        Golden.assertMatches(
                "formats/full.txt",
                Ran.in(folder, "validate", "--full", "rich.yaml").out());
        Golden.assertMatches(
                "formats/full.json",
                Ran.in(folder, "validate", "--full", "-o", "json", "rich.yaml").out());
        Golden.assertMatches(
                "formats/profiles.txt",
                Ran.in(folder, "validate", "--profiles", "--notes", "rich.yaml", "clean.yaml")
                        .out());
        Golden.assertMatches(
                "formats/profiles.json",
                Ran.in(folder, "validate", "--profiles", "--notes", "-o", "json", "rich.yaml")
                        .out());
        assertThat(Ran.in(folder, "validate", "--full", "-o", "junit", "rich.yaml")
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void allJsonIsAsTheSchemaSays() throws IOException {
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(Path.of("../schemas/validate-output.schema.json")));

        for (String golden : List.of("mixed.json", "full.json", "profiles.json")) {
            String json = Files.readString(Golden.folder().resolve("formats").resolve(golden));
            assertThat(schema.validate(json, InputFormat.JSON)).as(golden).isEmpty();
        }
    }

    @Test
    void manyFilesComeInTheOrderInWhichTheyWereNamed() throws IOException {
        List<String> names =
                IntStream.range(0, 1_000).mapToObj(i -> "many/" + i + ".yaml").toList();
        for (String name : names) {
            file(name, name.endsWith("7.yaml") ? "a: 1\na: 2\n" : KATALOG.formatted("many", "page", "Page"));
        }

        Ran ran = Ran.in(
                folder, Stream.concat(Stream.of("validate"), names.stream()).toArray(String[]::new));

        assertThat(ran.out()
                        .lines()
                        .filter(line -> line.startsWith("many/"))
                        .map(line -> line.substring(0, line.indexOf(".yaml") + 5)))
                .isEqualTo(names);
        assertThat(ran.out()).endsWith("1000 files checked: 100 errors, no warnings\n");
        assertThat(ran.exitCode()).isEqualTo(1);
    }

    @Test
    void settingsAreThoseOfTheRootOrThoseThatAreNamed() throws IOException {
        file("other.yaml", """
                apiVersion: orkestra.dev/v1alpha1
                kind: RuleSettings
                strict: true
                rules: {NotStable: ignore}
                """);

        assertThat(Ran.in(folder, "validate", "note.yaml").out()).contains(": info: this Katalog calls itself alpha");
        assertThat(Ran.in(folder, "validate", "--rules", "other.yaml", "note.yaml")
                        .out())
                .isEqualTo("note.yaml: ok: 'note', 1 CRD from 1 file\n1 file checked: no errors, no warnings\n");
        assertThat(Ran.in(folder, "validate", "--rules", "other.yaml", "warning.yaml")
                        .exitCode())
                .isEqualTo(1);
        assertThat(Ran.in(folder, "compose", "-f", "note.yaml").err()).contains(": info: this Katalog");
        assertThat(Ran.in(folder, "compose", "-f", "warning.yaml", "--strict"))
                .satisfies(ran -> assertThat(ran.exitCode()).isEqualTo(1))
                .satisfies(ran -> assertThat(ran.out()).isEmpty());
    }

    @Test
    void aFolderThatIsNoRepositoryHasItsSettingsInTheWorkingDirectory() throws IOException {
        Files.delete(root.resolve(".git"));
        Files.copy(root.resolve("orkestra-rules.yaml"), folder.resolve("orkestra-rules.yaml"));
        file("deep/note.yaml", Files.readString(folder.resolve("note.yaml")));

        assertThat(Ran.in(folder, "validate", "deep/note.yaml").out()).contains(": info: ");
        assertThat(Ran.in(folder.resolve("deep"), "validate", "note.yaml").out())
                .contains(": warning: ");
    }

    @Test
    void settingsThatAreWrongAreToldOnceBeforeTheFirstFileThatTheyHoldFor() throws IOException {
        file("../orkestra-rules.yaml", """
                apiVersion: orkestra.dev/v1alpha1
                kind: RuleSettings
                rules: {NotStabel: info}
                """);

        Ran ran = Ran.in(folder, "validate", "clean.yaml", "note.yaml");

        assertThat(ran.out()).isEqualTo("""
                ../orkestra-rules.yaml:3:9: error: there is no rule 'NotStabel' (did you mean 'NotStable'?) [WrongValue]
                  3 | rules: {NotStabel: info}
                    |         ^
                clean.yaml: ok: 'clean', 1 CRD from 1 file
                note.yaml:8:13: warning: this Katalog calls itself alpha [NotStable]
                  8 | lifecycle: {maturity: alpha}
                    |             ^
                note.yaml: ok: 'note', 1 CRD from 1 file
                3 files checked: 1 error, 1 warning
                """);
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(Ran.in(folder, "validate", "clean.yaml", "../orkestra-rules.yaml")
                        .out())
                .endsWith("2 files checked: 1 error, no warnings\n");
        assertThat(Ran.in(folder, "compose", "-f", "clean.yaml").err())
                .contains("there is no rule 'NotStabel'")
                .endsWith("clean.yaml: not composed: 1 error, no warnings\n");
        assertThat(Ran.in(folder, "validate", "--rules", "gone.yaml", "clean.yaml"))
                .isEqualTo(new Ran(
                        2,
                        "clean.yaml: ok: 'clean', 1 CRD from 1 file\n1 file checked: no errors, no warnings; 1 could not be read\n",
                        "ork validate: gone.yaml: there is no such file\n"));
    }

    @Test
    void rulesAreListedAndExplained() {
        Ran list = Ran.in(folder, "validate", "--list-rules");

        assertThat(list.exitCode()).isZero();
        assertThat(list.out()).containsPattern("(?m)^DependencyCycle +error +dependencies lead back");
        assertThat(Ran.in(folder, "validate", "--explain", "DependencyCicle"))
                .satisfies(ran -> assertThat(ran.exitCode()).isEqualTo(2))
                .satisfies(ran -> assertThat(ran.err()).contains("did you mean DependencyCycle?"));
        assertThat(Ran.in(folder, "validate", "--list-rules", "-o", "json").exitCode())
                .isEqualTo(2);
    }

    @Test
    void theHelpNamesAllOfIt() throws IOException {
        Golden.assertMatches(
                "formats/help.txt", Ran.in(folder, "validate", "--help").out());
    }

    @Test
    void theCompletionOffersTheForms() {
        assertThat(Ran.in(folder, "generate-completion").out())
                .contains("\"text\" \"json\" \"sarif\" \"github\" \"junit\"")
                .contains("--list-rules")
                .contains("--explain");
    }
}
