package dev.orkestra.desired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Limits;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.outcome.Severity;
import dev.orkestra.rules.RuleSettings;
import dev.orkestra.rules.RuleSettingsFile;
import dev.orkestra.source.FolderTree;
import dev.orkestra.source.SourceException;
import dev.orkestra.source.Tree;
import dev.orkestra.source.TreeEntry;
import dev.orkestra.testing.Testbed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssemblerTest {
    static ConfigRepo repo(String overlay, ConfigRepo.Layer... layers) {
        ConfigRepo parsed = ConfigRepoParser.parse(ConfigRepoParserTest.object("""
                        metadata: {name: staging, namespace: orkestra}
                        spec: {source: {url: "http://git.test/x"}, overlay: k.yaml, serviceAccountName: s}
                        """))
                .configRepo()
                .orElseThrow();
        return new ConfigRepo(
                parsed.namespace(),
                parsed.name(),
                "",
                0,
                parsed.source(),
                parsed.schedule(),
                overlay,
                "",
                List.of(layers),
                parsed.deadlines(),
                parsed.soak(),
                parsed.rollback(),
                parsed.prune(),
                parsed.adoption(),
                null,
                parsed.serviceAccountName());
    }

    private static final ScopeLookup NOTHING = (apiVersion, kind) -> Optional.empty();

    private static AssembleResult assemble(MapTree tree, ConfigRepo.Layer... layers) {
        return Assembler.assemble(repo("", layers), "c0ffee", tree, NOTHING);
    }

    private static AssembleResult assemble(String... documents) {
        return assemble(
                new MapTree().file("apps/x.yaml", String.join("---\n", documents)), new ConfigRepo.Layer("apps", 2));
    }

    private static String configMap(String name, String extra) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name + "\n  namespace: shop\n"
                + extra.indent(2);
    }

    private static DesiredObject only(AssembleResult result) {
        assertThat(result.diagnostics()).noneMatch(finding -> finding.severity() == Severity.ERROR);
        return result.state().orElseThrow().objects().getFirst();
    }

    private static List<String> texts(AssembleResult result) {
        assertThat(result.state()).isEmpty();
        return result.diagnostics().stream().map(Diagnostic::toString).toList();
    }

    @Test
    void anObjectCarriesItsLabelWaveAndPlace() {
        DesiredObject object = only(assemble("# first line\n" + configMap("a", "labels: {team: x}")));
        assertThat(object.key().toString()).isEqualTo("ConfigMap/shop/a");
        assertThat(object.wave()).isEqualTo(Wave.sync(2, 2));
        assertThat(object.origin().toString()).isEqualTo("apps/x.yaml:2:1");
        assertThat(CanonicalJson.text(object.body()))
                .isEqualTo("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"labels\":"
                        + "{\"orkestra.dev/config-repo\":\"orkestra.staging\",\"team\":\"x\"},"
                        + "\"name\":\"a\",\"namespace\":\"shop\"}}");
        assertThat(object.digest()).isEqualTo(CanonicalJson.digest(object.body()));
    }

    @Test
    void layersComeBeforeWavesAndWavesInOrder() {
        MapTree tree = new MapTree()
                .file("infra/a.yaml", configMap("late", "annotations: {argocd.argoproj.io/sync-wave: '5'}"))
                .file("infra/b.yml", configMap("first", "annotations: {orkestra.orkspace.io/sync-wave: '-1'}"))
                .file(
                        "apps/deep/er/c.json",
                        "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"shop\"}}")
                .file("apps/readme.md", "# no manifest\n\t: x");
        DesiredState state = assemble(tree, new ConfigRepo.Layer("apps", 2), new ConfigRepo.Layer("infra", 0))
                .state()
                .orElseThrow();
        assertThat(state.objects())
                .extracting(object -> object.wave() + " " + object.key())
                .containsExactly("0/-1 ConfigMap/shop/first", "0/5 ConfigMap/shop/late", "2 Namespace/shop");
    }

    @Test
    void namespacesAreFilledInWhereTheKindHasThem() {
        MapTree tree = new MapTree().file("apps/x.yaml", """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, creationTimestamp: null}
                status: {}
                ---
                apiVersion: example.test/v1
                kind: Gadget
                metadata: {name: g}
                ---
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: widgets.example.test}
                spec:
                  group: example.test
                  scope: Cluster
                  names: {kind: Widget, plural: widgets}
                  versions:
                    - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
                ---
                apiVersion: example.test/v1
                kind: Widget
                metadata: {name: w}
                """);
        AssembleResult result = Assembler.assemble(
                repo("", new ConfigRepo.Layer("apps", 0)),
                "c0ffee",
                tree,
                (apiVersion, kind) -> Optional.of(true).filter(x -> kind.equals("Gadget")));
        assertThat(result.diagnostics()).isEmpty();
        assertThat(result.state().orElseThrow().objects())
                .extracting(object -> object.key().toString())
                .containsExactlyInAnyOrder(
                        "Deployment.apps/default/web",
                        "Gadget.example.test/default/g",
                        "CustomResourceDefinition.apiextensions.k8s.io/widgets.example.test",
                        "Widget.example.test/w");
        DesiredObject web = result.state().orElseThrow().objects().stream()
                .filter(object -> object.key().name().equals("web"))
                .findFirst()
                .orElseThrow();
        assertThat(web.body().has("status")).isFalse();
        assertThat(web.body().at("/metadata/namespace").asText()).isEqualTo("default");
        assertThat(web.body().at("/metadata").has("creationTimestamp")).isFalse();
    }

    @Test
    void anApplicationGroupIsMarkedSoThatTheRunRemediates() {
        DesiredObject group = only(assemble("""
                apiVersion: orkestra.azure.microsoft.com/v1alpha1
                kind: ApplicationGroup
                metadata: {name: shop}
                spec:
                  applications:
                    - name: cache
                      spec:
                        chart: {url: "http://charts.test", name: cache, version: 0.1.0}
                        release: {targetNamespace: shop}
                """));
        assertThat(group.body()
                        .at("/metadata/annotations/orkestra.dev~1remediation")
                        .asText())
                .isEqualTo("run");
        assertThat(group.key().namespace()).isEmpty();
    }

    @Test
    void stringDataBecomesDataAndWins() {
        DesiredObject secret = only(assemble("""
                apiVersion: v1
                kind: Secret
                metadata: {name: s, namespace: shop}
                data: {a: b2xk, b: Yg==}
                stringData: {a: new}
                """));
        assertThat(secret.body().has("stringData")).isFalse();
        assertThat(CanonicalJson.text(secret.body().path("data"))).isEqualTo("{\"a\":\"bmV3\",\"b\":\"Yg==\"}");
    }

    @Test
    void twoObjectsOfOneIdentityNameBothPlaces() {
        MapTree tree = new MapTree()
                .file("apps/a.yaml", configMap("same", ""))
                .file("apps/b.yaml", "# x\n" + configMap("same", "labels: {other: thing}"));
        assertThat(texts(assemble(tree, new ConfigRepo.Layer("apps", 0))))
                .containsExactly("apps/b.yaml:2:1: error: ConfigMap/shop/same is also written at apps/a.yaml:1:1"
                        + " (remove one of the two, or give it another name or namespace) [DuplicateObject]");
    }

    @Test
    void versionsOfOneKindAreOneIdentity() {
        assertThat(
                        texts(
                                assemble(
                                        "apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\n",
                                        "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a, namespace: default}\n")))
                .singleElement()
                .asString()
                .contains("DuplicateObject");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "kind: ConfigMap\\nmetadata: {name: a}                          | x.yaml:1:1: error: apiVersion is missing",
                "apiVersion: v1\\nmetadata: {name: a}                           | x.yaml:1:1: error: kind is missing",
                "apiVersion: v1\\nkind: 5\\nmetadata: {name: a}                 | x.yaml:2:1: error: kind is not a text",
                "apiVersion: v1\\nkind: ConfigMap                               | x.yaml:1:1: error: metadata is missing",
                "apiVersion: v1\\nkind: ConfigMap\\nmetadata: {}                | x.yaml:3:11: error: metadata.name is missing",
                "apiVersion: v1\\nkind: ConfigMap\\nmetadata: {generateName: a} | x.yaml:3:12: error: generateName makes",
                "apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: a/b}       | x.yaml:3:12: error: metadata.name cannot be",
                "apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: '..'}      | x.yaml:3:12: error: metadata.name cannot be",
                "apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: a, namespace: ../kube-system} | x.yaml:3:21: error: metadata.namespace cannot be",
                "apiVersion: v1\\nkind: ConfigMapList\\nitems: []               | x.yaml:2:1: error: a ConfigMapList hides its members",
                "apiVersion: v1\\nkind: List\\nitems: []                        | x.yaml:2:1: error: a List hides its members",
                "apiVersion: orkestra.dev/v1alpha1\\nkind: ConfigRepo\\nmetadata: {name: a} | x.yaml:2:1: error: the kind ConfigRepo.orkestra.dev is not allowed",
                "apiVersion: rbac.authorization.k8s.io/v1\\nkind: ClusterRoleBinding\\nmetadata: {name: a} | x.yaml:2:1: error: the kind ClusterRoleBinding.rbac.authorization.k8s.io is not allowed",
                "apiVersion: orkestra.orkspace.io/v1\\nkind: Katalog\\nmetadata: {name: a} | x.yaml:2:1: error: a Katalog is not a Kubernetes object",
                "apiVersion: example.test/v1\\nkind: Gadget\\nmetadata: {name: a} | x.yaml:2:1: error: the kind Gadget of example.test/v1 is neither served",
                "apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: a, uid: x}  | x.yaml:3:21: error: metadata.uid is set by the API server",
                "apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: a, labels: {a: 5}} | x.yaml:3:33: error: metadata.labels.a is not a text",
                "apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: a, labels: [a]} | x.yaml:3:29: error: metadata.labels is not a mapping",
                "apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: a, labels: {orkestra.dev/config-repo: x.y}} | x.yaml:3:30: error: the label orkestra.dev/config-repo is set by the agent",
                "apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: a, annotations: {argocd.argoproj.io/sync-wave: 'x'}} | x.yaml:3:65: error: argocd.argoproj.io/sync-wave is 'x', not a whole number",
                "apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: a, annotations: {argocd.argoproj.io/sync-wave: 5}} | x.yaml:3:65: error: metadata.annotations.argocd.argoproj.io/sync-wave is not a text",
                "apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: a, annotations: {argocd.argoproj.io/sync-wave: '1', orkestra.orkspace.io/sync-wave: '2'}} | x.yaml:3:70: error: argocd.argoproj.io/sync-wave says 1 and orkestra.orkspace.io/sync-wave says 2",
                "apiVersion: batch/v1\\nkind: Job\\nmetadata: {name: a, annotations: {argocd.argoproj.io/hook: PreSync}} | x.yaml:3:35: error: hooks are not carried out by this version yet",
                "apiVersion: v1\\nkind: Secret\\nmetadata: {name: a}\\nstringData: {port: 80} | x.yaml:4:20: error: stringData.port is not a text",
                "- a                                                            | x.yaml:1:1: error: the document is not a mapping",
                "a: b: c                                                        | x.yaml:1:",
            })
    void saysWhereAndWhyADocumentIsRefused(String document, String expected) {
        assertThat(texts(assemble(document.replace("\\n", "\n") + "\n")))
                .singleElement()
                .asString()
                .startsWith("apps/" + expected);
    }

    @Test
    void equalWavesInBothAnnotationsAreNoConflict() {
        DesiredObject object = only(assemble(configMap(
                "a", "annotations: {argocd.argoproj.io/sync-wave: '+3', orkestra.orkspace.io/sync-wave: '3'}")));
        assertThat(object.wave()).isEqualTo(Wave.sync(2, 3));
    }

    @Test
    void aNamespaceOnAClusterKindIsLeftOutWithAWarning() {
        AssembleResult result = assemble("apiVersion: v1\nkind: Namespace\nmetadata: {name: a, namespace: b}\n");
        assertThat(result.diagnostics()).singleElement().asString().contains("3:21: warning");
        assertThat(result.state().orElseThrow().objects().getFirst().key().toString())
                .isEqualTo("Namespace/a");
    }

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
                        "apps/kust/kustomization.yaml:1:1: error: kustomize folders are not built by this version yet"
                                + " (commit the manifests that kustomize builds, or leave this folder out of the layers)"
                                + " [UnknownKind]",
                        "apps/link.yaml:1:1: error: a symbolic link is not followed (commit the file itself) [OutsideRoot]",
                        "apps/sub:1:1: error: a submodule is not followed (commit its files, or use a ConfigRepo for it)"
                                + " [OutsideRoot]");
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
                                (SETTINGS + "rules: {NotStable: ignore}\nstrict: true\n")
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

    @Test
    void allFindingsOfAllFilesAreCollected() {
        MapTree tree = new MapTree()
                .file("apps/a.yaml", "kind: X\n---\napiVersion: v1\n")
                .file("apps/b.yaml", "a: b: c\n")
                .file("apps/c.yaml", configMap("fine", ""));
        assertThat(texts(assemble(tree, new ConfigRepo.Layer("apps", 0)))).hasSize(3);
    }

    @Test
    void theDigestFollowsTheContentAndNothingElse() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> documents = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            documents.add(
                    configMap("n" + i, "annotations: {argocd.argoproj.io/sync-wave: '" + random.nextInt(-3, 4) + "'}"));
        }
        String digest = digest("c1", documents, "a");
        for (int round = 0; round < 20; round++) {
            Collections.shuffle(documents, random);
            assertThat(digest("c" + round, documents, "f" + round))
                    .as("seed %d", seed)
                    .isEqualTo(digest);
        }
        List<String> changed = new ArrayList<>(documents);
        changed.set(3, changed.get(3) + "data: {a: b}\n");
        assertThat(digest("c1", changed, "a")).as("seed %d", seed).isNotEqualTo(digest);
        List<String> moved = new ArrayList<>(documents);
        moved.set(0, moved.get(0).replaceAll("sync-wave: '.*'", "sync-wave: '9'"));
        assertThat(digest("c1", moved, "a")).as("seed %d", seed).isNotEqualTo(digest);
    }

    private static String digest(String commit, List<String> documents, String file) {
        MapTree tree = new MapTree().file("apps/" + file + ".yaml", String.join("---\n", documents));
        return Assembler.assemble(repo("", new ConfigRepo.Layer("apps", 0)), commit, tree, NOTHING)
                .state()
                .orElseThrow()
                .digest();
    }

    private static final String KOMPOSER = """
            apiVersion: orkestra.orkspace.io/v1
            kind: Komposer
            metadata: {name: staging}
            imports: {files: [../base/web.yaml]}
            """;

    private static final String KATALOG = """
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

    private static final String SETTINGS = "apiVersion: orkestra.dev/v1alpha1\nkind: RuleSettings\n";

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

    @Test
    void anApplicationGroupIsHeldToItsSchemaAndItsRules() {
        assertThat(texts(assemble("""
                        apiVersion: orkestra.azure.microsoft.com/v1alpha1
                        kind: ApplicationGroup
                        metadata: {name: shop}
                        spec:
                          applications:
                            - name: a
                              dependencies: [b]
                              spec:
                                chart: {url: "http://charts.test", name: a, version: 0.1.0}
                                release: {targetNamespace: shop}
                            - name: b
                              dependencies: [a]
                              spec:
                                chart: {url: "http://charts.test", name: b, version: 0.1.0}
                                release: {targetNamespace: shop}
                        """))).anyMatch(text -> text.contains("[DependencyCycle]"));
        assertThat(texts(assemble("""
                        apiVersion: orkestra.azure.microsoft.com/v1alpha1
                        kind: ApplicationGroup
                        metadata: {name: shop}
                        spec: {aplications: []}
                        """))).anyMatch(text -> text.contains("4:8: error: unknown field 'aplications'"));
    }

    @Test
    void theSampleRepositoryIsInOrder() {
        for (String environment : List.of("staging", "production")) {
            AssembleResult result = Assembler.assemble(
                    repo(
                            "operator-definitions/overlays/" + environment + "/komposer.yaml",
                            new ConfigRepo.Layer("infrastructure", 0),
                            new ConfigRepo.Layer("applications/" + environment, 2)),
                    "c0ffee",
                    new FolderTree(Testbed.root().resolve("sample-repo")),
                    NOTHING);
            assertThat(result.diagnostics()).isEmpty();
            assertThat(result.state().orElseThrow().objects()).hasSizeGreaterThan(4);
        }
    }
}
