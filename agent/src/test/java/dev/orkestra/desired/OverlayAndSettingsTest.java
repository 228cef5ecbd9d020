package dev.orkestra.desired;

import static dev.orkestra.desired.AssemblerTest.NOTHING;
import static dev.orkestra.desired.AssemblerTest.configMap;
import static dev.orkestra.desired.AssemblerTest.repo;
import static dev.orkestra.desired.AssemblerTest.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.source.TreeEntry;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an overlay and the settings of a commit make of its desired state. */
class OverlayAndSettingsTest {
    static final String KOMPOSER = """
            apiVersion: orkestra.orkspace.io/v1
            kind: Komposer
            metadata: {name: staging}
            imports: {files: [../base/web.yaml]}
            """;

    static final String KATALOG = """
            apiVersion: orkestra.orkspace.io/v1
            kind: Katalog
            metadata: {name: web}
            spec:
              crds:
                website:
                  apiTypes: {group: web.example.test, version: v1alpha1, kind: Website, plural: websites}
                  dependsOn: {%s}
            """;

    private static AssembleResult overlay(MapTree tree) {
        return Assembler.assemble(
                repo("overlays/staging.yaml", new ConfigRepo.Layer("apps", 2)),
                "c0ffee",
                tree.file("apps/a.yaml", configMap("a", "")),
                NOTHING);
    }

    @Test
    void theOverlayBecomesAConfigMapBetweenTheLayers() {
        AssembleResult result = overlay(
                new MapTree().file("overlays/staging.yaml", KOMPOSER).file("base/web.yaml", KATALOG.formatted("")));
        assertThat(result.diagnostics()).isEmpty();
        DesiredObject object = result.state().orElseThrow().objects().getFirst();
        assertThat(object.key().toString()).isEqualTo("ConfigMap/orkestra/orkestra-katalog");
        assertThat(object.wave()).isEqualTo(Wave.sync(1, 1));
        assertThat(object.origin().file()).isEqualTo("overlays/staging.yaml");
        assertThat(object.body().at("/data/katalog.yaml").asText())
                .contains("kind: Katalog")
                .contains("website:");
        assertThat(object.body()
                        .at("/metadata/labels/orkestra.dev~1config-repo")
                        .asText())
                .isEqualTo("orkestra.staging");
        assertThat(result.state().orElseThrow().objects()).hasSize(2);
    }

    @Test
    void aCycleInTheOverlayIsRefusedAtItsPlace() {
        AssembleResult result = overlay(new MapTree()
                .file("overlays/staging.yaml", KOMPOSER + """
                        spec:
                          crds:
                            queue:
                              apiTypes: {group: web.example.test, version: v1alpha1, kind: Queue, plural: queues}
                              dependsOn: {website: started}
                        """)
                .file("base/web.yaml", KATALOG.formatted("queue: started")));
        assertThat(result.state()).isEmpty();
        assertThat(result.diagnostics())
                .anyMatch(finding -> finding.code() == ErrorCode.DependencyCycle
                        && finding.at().isPresent());
    }

    @Test
    void anOverlayThatIsNotThereOrALinkIsRefused() {
        assertThat(texts(overlay(new MapTree())))
                .singleElement()
                .asString()
                .startsWith("error: the overlay 'overlays/staging.yaml' is not a file of this commit");
        assertThat(texts(overlay(new MapTree().leaf("overlays/staging.yaml", TreeEntry.Kind.SYMLINK))))
                .singleElement()
                .asString()
                .startsWith(
                        "overlays/staging.yaml:1:1: error: overlays/staging.yaml: a symbolic link or submodule is not followed");
        assertThat(texts(overlay(new MapTree()
                        .file("overlays/staging.yaml", KOMPOSER)
                        .leaf("base/web.yaml", TreeEntry.Kind.SYMLINK))))
                .singleElement()
                .asString()
                .startsWith("overlays/staging.yaml:4:19: error: base/web.yaml: a symbolic link");
    }

    static final String SETTINGS = "apiVersion: orkestra.dev/v1alpha1\nkind: RuleSettings\n";

    private static AssembleResult withSettings(String settings) {
        return overlay(new MapTree()
                .file("orkestra-rules.yaml", SETTINGS + settings)
                .file("overlays/staging.yaml", KOMPOSER + "lifecycle: {maturity: beta}\n")
                .file("base/web.yaml", KATALOG.formatted("")));
    }

    @Test
    void theCommitsOwnSettingsSayHowSeriouslyFindingsAreTaken() {
        assertThat(withSettings("").diagnostics())
                .singleElement()
                .asString()
                .contains(": warning: ")
                .contains("[NotStable]");
        assertThat(withSettings("").state()).isPresent();
        assertThat(withSettings("rules: {NotStable: ignore}\n").diagnostics()).isEmpty();
        assertThat(texts(withSettings("rules: {NotStable: error}\n")))
                .singleElement()
                .asString()
                .contains(": error: ");
        assertThat(texts(withSettings("strict: true\n"))).hasSize(1);
    }

    @Test
    void strictIsForTheLayersToo() {
        MapTree group = new MapTree().file("apps/x.yaml", """
                apiVersion: orkestra.azure.microsoft.com/v1alpha1
                kind: ApplicationGroup
                metadata: {name: shop}
                spec:
                  applications:
                    - name: a
                      spec:
                        chart: {url: "http://charts.test", name: a}
                        release: {targetNamespace: shop}
                """);
        ConfigRepo.Layer root = new ConfigRepo.Layer("", 0);
        ScopeLookup namespaced = (apiVersion, kind) -> Optional.of(true);

        assertThat(Assembler.assemble(repo("", root), "c0ffee", group, namespaced)
                        .state())
                .isPresent();
        assertThat(texts(Assembler.assemble(
                        repo("", root),
                        "c0ffee",
                        group.file("orkestra-rules.yaml", SETTINGS + "strict: true\n"),
                        namespaced)))
                .as("the settings are no manifest of the layer")
                .singleElement()
                .asString()
                .startsWith("apps/x.yaml:8:16: error: application 'a' names no chart.version");
    }

    @Test
    void settingsThatAreWrongMakeTheCommitInvalid() {
        assertThat(texts(withSettings("rules: {NotStabel: ignore}\n")))
                .hasSize(2)
                .anyMatch(text -> text.startsWith("orkestra-rules.yaml:3:9: error: there is no rule 'NotStabel'"));
        assertThat(texts(overlay(new MapTree()
                        .leaf("orkestra-rules.yaml", TreeEntry.Kind.SYMLINK)
                        .file("overlays/staging.yaml", KOMPOSER)
                        .file("base/web.yaml", KATALOG.formatted("")))))
                .singleElement()
                .asString()
                .startsWith("orkestra-rules.yaml:1:1: error: a symbolic link or submodule is not followed");
    }
}
