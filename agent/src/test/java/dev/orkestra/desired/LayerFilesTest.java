package dev.orkestra.desired;

import static dev.orkestra.desired.AssemblerTest.NOTHING;
import static dev.orkestra.desired.AssemblerTest.assemble;
import static dev.orkestra.desired.AssemblerTest.configMap;
import static dev.orkestra.desired.AssemblerTest.repo;
import static dev.orkestra.desired.AssemblerTest.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Limits;
import dev.orkestra.katalog.InputLimits;
import dev.orkestra.kustomize.KustomizeBuild;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.outcome.Severity;
import dev.orkestra.rules.RuleSettings;
import dev.orkestra.rules.RuleSettingsFile;
import dev.orkestra.source.SourceException;
import dev.orkestra.source.Tree;
import dev.orkestra.source.TreeEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the files of layers may be, and how much is said of them. */
class LayerFilesTest {
    @Test
    void linksSubmodulesChartsAndKustomizeFoldersAreRefusedOnceEach() {
        MapTree tree = new MapTree()
                .leaf("apps/link.yaml", TreeEntry.Kind.SYMLINK)
                .leaf("apps/sub", TreeEntry.Kind.SUBMODULE)
                .file("apps/chart/Chart.yaml", "name: x")
                .file("apps/chart/templates/a.yaml", "{{ if }}")
                .file("apps/kust/kustomization.yaml", "resources: []")
                .file("apps/kust/patch.yaml", "not: complete");
        assertThat(texts(assemble(tree, new ConfigRepo.Layer("apps", 0))))
                .containsExactly(
                        "apps/chart/Chart.yaml:1:1: error: a Helm chart is not a folder of manifests (let an"
                                + " ApplicationGroup name the chart, and keep its folder out of the layers) [UnknownKind]",
                        "apps/kust/kustomization.yaml:1:1: error: kustomize is needed to build this folder, and there is none"
                                + " (install kustomize 5, or name the program with --kustomize or in the variable ORK_KUSTOMIZE)"
                                + " [ImportFailed]",
                        "apps/link.yaml:1:1: error: a symbolic link is not followed (commit the file itself) [OutsideRoot]",
                        "apps/sub:1:1: error: a submodule is not followed (commit its files, or use a ConfigRepo for it)"
                                + " [OutsideRoot]");
    }

    /** Says of each folder that it is built. */
    private static AssembleResult built(MapTree tree, ConfigRepo.Layer... layers) {
        return Assembler.assemble(
                repo("", layers),
                "c0ffee",
                tree,
                NOTHING,
                InputLimits.DEFAULTS,
                new Outside(
                        KatalogOverlay.NOTHING_ELSE,
                        inputs -> new KustomizeBuild.Built.Objects(
                                "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: of."
                                        + (inputs.folder().isEmpty()
                                                ? "root"
                                                : inputs.folder().replace('/', '.'))
                                        + "\n  annotations: {config.kubernetes.io/origin: \"path: ../repo/"
                                        + inputs.files().firstKey() + "\"}\n")));
    }

    private static List<String> names(AssembleResult result) {
        return result.state().orElseThrow(() -> new AssertionError(result.diagnostics())).objects().stream()
                .map(object -> object.key().name() + " w" + object.wave().number())
                .sorted()
                .toList();
    }

    @Test
    void theTopmostFoldersWithAKustomizationAreBuiltAndWhatTheyNameIsNoManifest() {
        MapTree tree = new MapTree()
                .file("apps/plain/a.yaml", configMap("plain", ""))
                .file("apps/x/kustomization.yaml", "resources: [inner, a.yaml, ../y]")
                .file("apps/x/a.yaml", configMap("not-itself", ""))
                .file("apps/x/inner/kustomization.yaml", "resources: []")
                .file("apps/x/forgotten/notes.yaml", "neither: a manifest")
                .file("apps/x/chart/Chart.yaml", "name: x")
                .file("apps/y/kustomization.yml", "resources: [b.yaml]")
                .file("apps/y/b.yaml", configMap("not-itself", ""))
                .file("apps/z/Kustomization", "components: [../../shared/c]")
                .file("apps/part/kustomization.yaml", "kind: Component")
                .file("shared/c/kustomization.yaml", "kind: Component")
                .file("shared/d/kustomization.yaml", "resources: [https://example.test/nobody/builds/this]");
        AssembleResult result = built(tree, new ConfigRepo.Layer("apps", 3));
        assertThat(result.diagnostics()).isEmpty();
        assertThat(names(result)).containsExactly("of.apps.x w3", "of.apps.z w3", "plain w3");
        assertThat(result.files())
                .contains("shared/c/kustomization.yaml", "apps/y/b.yaml")
                .doesNotContain("shared/d/kustomization.yaml", "apps/x/forgotten/notes.yaml");
        assertThat(names(built(tree, new ConfigRepo.Layer("apps/x", 0)))).containsExactly("of.apps.x w0");
        assertThat(names(built(
                        new MapTree().file("kustomization.yaml", "{}").file("apps/a.yaml", "x"),
                        new ConfigRepo.Layer("", 0))))
                .containsExactly("of.root w0");
    }

    @Test
    void aLayerThatIsNotInTheCommitIsAnErrorAndNotAnEmptyEnvironment() {
        assertThat(texts(assemble(new MapTree().file("other/a.yaml", ""), new ConfigRepo.Layer("apps", 0))))
                .singleElement()
                .asString()
                .startsWith("error: the layer 'apps' is not in this commit");
    }

    @Test
    void filesAndObjectsAboveTheLimitsAreTooLarge() {
        String big = "x".repeat(1_600_000);
        assertThat(texts(assemble(configMap("a", "") + "data: {v: " + big + "}\n")))
                .singleElement()
                .asString()
                .contains("[TooLarge]")
                .startsWith("apps/x.yaml:1:1");
        MapTree tree = new MapTree().file("apps/huge.yaml", "x".repeat(5 << 20));
        assertThat(texts(assemble(tree, new ConfigRepo.Layer("apps", 0))))
                .singleElement()
                .asString()
                .contains("[TooLarge]")
                .startsWith("apps/huge.yaml:1:1");
    }

    @Test
    void aFileNameThatNoPathMayHaveIsCalledSo() {
        MapTree tree = new MapTree()
                .file("apps/a\nb.yaml", configMap("a", ""))
                .file("apps/c\\d.yaml", configMap("b", ""))
                .file("apps/e\nf.txt", "no manifest");
        assertThat(texts(assemble(tree, new ConfigRepo.Layer("apps", 0))))
                .containsExactly(
                        "apps/a\\nb.yaml:1:1: error: the file's name holds a control character (rename it) [InvalidName]",
                        "apps/c\\d.yaml:1:1: error: the file's name holds a backslash (rename it) [InvalidName]");
    }

    @Test
    void aFileOrFolderThatCannotBeReadIsOneFinding() {
        MapTree files = new MapTree()
                .file("apps/a.yaml", "kind: X\n")
                .file("apps/b.yaml", "")
                .file("secret/c.yaml", "");
        Tree tree = new Unreadable(files, Set.of("apps/b.yaml", "secret"), true);
        assertThat(texts(Assembler.assemble(
                        repo("", new ConfigRepo.Layer("secret", 0), new ConfigRepo.Layer("apps", 0)),
                        "c0ffee",
                        tree,
                        NOTHING)))
                .containsExactly(
                        "apps/a.yaml:1:1: error: apiVersion is missing (a manifest has apiVersion, kind and"
                                + " metadata.name) [MissingField]",
                        "apps/b.yaml:1:1: error: cannot read apps/b.yaml: permission denied (make it readable, or keep"
                                + " it out of the layers) [NotFound]",
                        "secret:1:1: error: cannot read secret: permission denied (make it readable, or keep it out of"
                                + " the layers) [NotFound]");
    }

    @Test
    void aTreeThatIsDamagedEndsTheReading() {
        MapTree files = new MapTree().file("apps/b.yaml", "");
        Tree tree = new Unreadable(files, Set.of("apps/b.yaml"), false);
        ConfigRepo repo = repo("", new ConfigRepo.Layer("apps", 0));
        assertThatThrownBy(() -> Assembler.assemble(repo, "c0ffee", tree, NOTHING))
                .isInstanceOf(SourceException.class);
    }

    private record Unreadable(MapTree tree, Set<String> paths, boolean onePart) implements Tree {
        @Override
        public List<TreeEntry> list(String path) {
            refuse(path);
            return tree.list(path);
        }

        @Override
        public Optional<TreeEntry> entry(String path) {
            return tree.entry(path);
        }

        @Override
        public Optional<byte[]> read(String path, long maxBytes) {
            refuse(path);
            return tree.read(path, maxBytes);
        }

        private void refuse(String path) {
            if (paths.contains(path)) {
                String message = "cannot read " + path + ": permission denied";
                IOException cause = new IOException(message);
                throw onePart ? SourceException.ofOnePart(message, cause) : new SourceException(message, cause);
            }
        }
    }

    @Test
    void ofOneFileAHundredErrorsAreShownAndTheOthersCounted() {
        String labels = IntStream.range(0, 60).mapToObj(i -> "l" + i + ": 1").collect(Collectors.joining(", "));
        String[] documents = IntStream.range(0, 250)
                .mapToObj(i -> configMap("n" + i, "labels: {" + labels + "}"))
                .toArray(String[]::new);
        MapTree tree = new MapTree()
                .file("apps/a.yaml", String.join("---\n", documents))
                .file("apps/b.yaml", "kind: X\n");
        AssembleResult result = assemble(tree, new ConfigRepo.Layer("apps", 0));
        assertThat(result.state()).isEmpty();
        assertThat(result.diagnostics())
                .filteredOn(each -> each.severity() == Severity.ERROR)
                .hasSize(101)
                .last()
                .asString()
                .startsWith("apps/b.yaml:1:1: error: apiVersion is missing");
        assertThat(result.diagnostics())
                .filteredOn(each -> each.severity() == Severity.INFO)
                .singleElement()
                .hasToString("apps/a.yaml:1:1: info: 14900 more findings in this file are not shown [LimitExceeded]");
    }

    @Test
    void manyWarningsThatTheSettingsIgnoreHideNoError() {
        List<Diagnostic> kept = new ArrayList<>();
        RuleSettings settings = RuleSettingsFile.of(
                        "s.yaml",
                        DocumentReader.read(
                                "s.yaml",
                                (OverlayAndSettingsTest.SETTINGS + "rules: {NotStable: ignore}\nstrict: true\n")
                                        .getBytes(StandardCharsets.UTF_8),
                                Limits.DEFAULTS))
                .settings();
        FileFindings findings = new FileFindings(settings, kept);
        Position place = Position.startOf("a.yaml");
        for (int i = 0; i < 200; i++) {
            findings.add(Diagnostic.warning(ErrorCode.NotStable, "w" + i, place, ""));
        }
        findings.add(Diagnostic.warning(ErrorCode.MissingField, "this one counts", place, ""));
        findings.end();
        assertThat(kept).singleElement().hasToString("a.yaml:1:1: error: this one counts [MissingField]");
    }

    /** A small base that many folders build from would else become gigabytes. */
    @Test
    void whatKustomizeMakesCountsAgainstTheLimitsOfLayers() {
        MapTree tree = new MapTree();
        for (int i = 0; i < 100; i++) {
            tree.file("apps/over-" + i + "/kustomization.yaml", "resources: []\n");
        }
        String large =
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: NAME}\ndata:\n  a: " + "x".repeat(1_000_000) + "\n";
        int[] builds = {0};
        AssembleResult result = Assembler.assemble(
                repo("", new ConfigRepo.Layer("apps", 0)),
                "c0ffee",
                tree,
                NOTHING,
                InputLimits.DEFAULTS,
                new Outside(KatalogOverlay.NOTHING_ELSE, inputs -> {
                    builds[0]++;
                    return new KustomizeBuild.Built.Objects(
                            large.replace("NAME", inputs.folder().replace('/', '.')));
                }));

        assertThat(texts(result)).anyMatch(text -> text.contains("the layers hold more than 10000 files or 64 MiB"));
        assertThat(builds[0]).isLessThan(80);
    }

    @Test
    void aProgramThatDoesNotAnswerIsNotAskedForEachFolder() {
        MapTree tree = new MapTree()
                .file("apps/a/kustomization.yaml", "resources: []\n")
                .file("apps/b/kustomization.yaml", "resources: []\n");
        int[] builds = {0};
        Assembler.assemble(
                repo("", new ConfigRepo.Layer("apps", 0)),
                "c0ffee",
                tree,
                NOTHING,
                InputLimits.DEFAULTS,
                new Outside(KatalogOverlay.NOTHING_ELSE, _ -> {
                    builds[0]++;
                    return new KustomizeBuild.Built.Failed(
                            dev.orkestra.outcome.ErrorCode.ImportFailed, "it did not end", "");
                }));

        assertThat(builds[0]).isEqualTo(1);
    }
}
