package dev.orkestra.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.document.CanonicalJson;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Severity;
import dev.orkestra.source.FolderTree;
import dev.orkestra.testing.Testbed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
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
                parsed.policies(),
                parsed.serviceAccountName());
    }

    static final ScopeLookup NOTHING = (apiVersion, kind) -> Optional.empty();

    static AssembleResult assemble(MapTree tree, ConfigRepo.Layer... layers) {
        return Assembler.assemble(repo("", layers), "c0ffee", tree, NOTHING);
    }

    static AssembleResult assemble(String... documents) {
        return assemble(
                new MapTree().file("apps/x.yaml", String.join("---\n", documents)), new ConfigRepo.Layer("apps", 2));
    }

    static String configMap(String name, String extra) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name + "\n  namespace: shop\n"
                + extra.indent(2);
    }

    static DesiredObject only(AssembleResult result) {
        assertThat(result.diagnostics()).noneMatch(finding -> finding.severity() == Severity.ERROR);
        return result.state().orElseThrow().objects().getFirst();
    }

    static List<String> texts(AssembleResult result) {
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
                "apiVersion: batch/v1\\nkind: Job\\nmetadata: {name: a, annotations: {argocd.argoproj.io/hook: PreSnyc}} | x.yaml:3:35: error: argocd.argoproj.io/hook says 'PreSnyc'; known are: PreSync, Sync, PostSync, SyncFail, Skip (did you mean PreSync?)",
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
