package dev.orkestra.desired;

import static dev.orkestra.desired.AssemblerTest.configMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.document.ObjectKey;
import dev.orkestra.katalog.InputLimits;
import dev.orkestra.kustomize.KustomizeBuild;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.plan.InventoryEntry;
import dev.orkestra.run.PruneDecision;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lists of {@code spec.allow}, and attacks 11 and 12 (by their numbers in the list of attack tests). */
class AllowRulesTest {
    private static final Set<String> CLUSTER_KINDS = Set.of(
            "Namespace",
            "ClusterRole",
            "ClusterRoleBinding",
            "ValidatingWebhookConfiguration",
            "MutatingWebhookConfiguration",
            "PriorityClass",
            "StorageClass",
            "PersistentVolume",
            "CustomResourceDefinition",
            "ClusterThing");

    private static final ScopeLookup SCOPES = (_, kind) -> Optional.of(!CLUSTER_KINDS.contains(kind));

    private static ConfigRepo repo(String allow) {
        return ConfigRepoParser.parse(ConfigRepoParserTest.object("""
                        metadata: {name: staging, namespace: orkestra}
                        spec:
                          source: {url: "http://git.test/x"}
                          layers: [{path: apps}]
                          serviceAccountName: s
                          allow: %s
                        """.formatted(allow)))
                .configRepo()
                .orElseThrow();
    }

    private static AssembleResult assemble(String allow, String overlay, MapTree tree) {
        return Assembler.assemble(
                repo(allow).withOverlay(overlay),
                "c1",
                tree,
                SCOPES,
                InputLimits.DEFAULTS,
                new Outside(KatalogOverlay.NOTHING_ELSE, _ -> new KustomizeBuild.Built.Objects("""
                        apiVersion: v1
                        kind: ConfigMap
                        metadata:
                          name: web
                          namespace: other
                          annotations: {config.kubernetes.io/origin: "path: ../repo/apps/k/web.yaml"}
                        """)));
    }

    private static List<String> findings(String allow, String... documents) {
        AssembleResult result = assemble(allow, "", new MapTree().file("apps/x.yaml", String.join("---\n", documents)));
        boolean errors = Diagnostic.anyError(result.diagnostics());
        assertThat(result.state().isEmpty()).isEqualTo(errors);
        return result.diagnostics().stream()
                .map(Diagnostic::toString)
                .map(text -> text.substring(0, text.indexOf(" (")))
                .toList();
    }

    private static String object(String apiVersion, String kind, String namespace, String name) {
        return "apiVersion: " + apiVersion + "\nkind: " + kind + "\nmetadata:\n  name: " + name + "\n"
                + (namespace.isEmpty() ? "" : "  namespace: " + namespace + "\n");
    }

    private static String namespace(String name, String labels) {
        return "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: " + name + "\n  labels: {" + labels + "}\n";
    }

    /** Else a definition in a commit would let anything of the cluster pass as something of a listed namespace. */
    @ParameterizedTest
    @ValueSource(strings = {"storage.k8s.io/v1 StorageClass", "v1 PersistentVolume", "example.test/v1 ClusterThing"})
    void aDefinitionInTheCommitDoesNotMoveAKindThatTheClusterHasIntoANamespace(String type) {
        String apiVersion = type.split(" ")[0];
        String kind = type.split(" ")[1];
        String group = ObjectKey.groupOf(apiVersion);
        assertThat(findings(
                        "{namespaces: [shop], kinds: [{group: '*', kind: '*'},"
                                + " {group: apiextensions.k8s.io, kind: CustomResourceDefinition}]}",
                        definition("apiextensions.k8s.io/v1", group, kind, ""),
                        object(apiVersion, kind, "shop", "x")))
                .anySatisfy(finding -> assertThat(finding)
                        .contains("spec.allow.namespaces lists namespaces, and a " + kind + " lies in none"));
    }

    @Test
    void onlyDefinitionsThatAreAppliedSayWhereTheirKindsLie() {
        String skipped = "annotations: {argocd.argoproj.io/hook: Skip}";
        for (String fake : List.of(
                definition("fake.test/v1", "new.test", "Thing", ""),
                definition("apiextensions.k8s.io/v1", "new.test", "Thing", skipped))) {
            MapTree tree = new MapTree().file("apps/x.yaml", fake + "---\n" + object("new.test/v1", "Thing", "", "x"));
            AssembleResult result = Assembler.assemble(
                    repo("{}"),
                    "c1",
                    tree,
                    (_, kind) -> Optional.of(true).filter(_ -> kind.equals("CustomResourceDefinition")));
            assertThat(result.diagnostics())
                    .anySatisfy(finding ->
                            assertThat(finding.message()).contains("the kind Thing of new.test/v1 is neither served"));
        }
    }

    private static String definition(String apiVersion, String group, String kind, String metadata) {
        String plural = kind.toLowerCase(Locale.ROOT) + "s";
        return """
                apiVersion: %s
                kind: CustomResourceDefinition
                metadata:
                  name: %s.%s
                  %s
                spec:
                  group: '%s'
                  scope: Namespaced
                  names: {kind: %s, plural: %s}
                  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
                """.formatted(apiVersion, plural, group, metadata, group, kind, plural);
    }

    @Test
    void onlyListedKindsAndNamespacesMayBe() {
        String allow = "{kinds: [{kind: ConfigMap}, {group: apps, kind: '*'}], namespaces: [shop, 'team-*']}";
        assertThat(findings(
                        allow,
                        configMap("a", ""),
                        object("apps/v1", "StatefulSet", "team-a", "db"),
                        object("v1", "Service", "shop", "web"),
                        object("apps/v1", "Deployment", "teamx", "web"),
                        object("v1", "ConfigMap", "", "in-default"),
                        namespace("shop", "")))
                .containsExactly(
                        "apps/x.yaml:14:1: error: the kind Service is not among those that spec.allow.kinds lists",
                        "apps/x.yaml:23:3: error: the namespace 'teamx' is not among those that"
                                + " spec.allow.namespaces lists",
                        "apps/x.yaml:28:3: error: the namespace 'default' is not among those that"
                                + " spec.allow.namespaces lists",
                        "apps/x.yaml:31:1: error: the kind Namespace is not among those that spec.allow.kinds lists");
    }

    @Test
    void withNamespacesAKindThatLiesInNoneMustBeNamed() {
        String named = "{kinds: [{group: '*', kind: '*'}, {kind: Namespace}], namespaces: [shop]}";
        assertThat(findings(named, namespace("shop", ""), configMap("a", ""))).isEmpty();
        assertThat(findings(named, namespace("kube-system", "")))
                .containsExactly("apps/x.yaml:4:3: error: the namespace 'kube-system' is not among those that"
                        + " spec.allow.namespaces lists");
        assertThat(findings("{namespaces: [shop]}", namespace("shop", "")))
                .containsExactly("apps/x.yaml:4:3: error: spec.allow.namespaces lists namespaces, and a Namespace lies"
                        + " in none");
    }

    @Test
    void attack11TwoDocumentsOfOneIdentityHiddenMembersAndGeneratedNamesAreRefused() {
        assertThat(findings("{}", configMap("a", ""), configMap("a", "")))
                .containsExactly("apps/x.yaml:7:1: error: ConfigMap/shop/a is also written at apps/x.yaml:1:1");
        assertThat(findings(
                        "{}",
                        "apiVersion: v1\nkind: List\nitems:\n- "
                                + configMap("a", "").replace("\n", "\n  ").strip() + "\n"))
                .containsExactly("apps/x.yaml:2:1: error: a List hides its members from review and order");
        assertThat(findings("{}", "apiVersion: v1\nkind: ConfigMapList\nitems: []\n"))
                .containsExactly("apps/x.yaml:2:1: error: a ConfigMapList hides its members from review and order");
        assertThat(findings("{}", "apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: a-, namespace: shop}\n"))
                .containsExactly("apps/x.yaml:3:12: error: generateName makes a new object at each run");
    }

    @Test
    void attack12KindsThatDecideWhoMayDoWhatNeedTheirNameAndNoStarMeansThem() {
        String binding = object("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "", "me");
        String repo = object("orkestra.dev/v1alpha1", "ConfigRepo", "orkestra", "mine");
        for (String allow : List.of(
                "{}",
                "{kinds: [{group: '*', kind: '*'}]}",
                "{kinds: [{group: rbac.authorization.k8s.io, kind: '*'}, {group: orkestra.dev, kind: '*'}]}")) {
            assertThat(findings(allow, binding, repo))
                    .as(allow)
                    .containsExactly(
                            "apps/x.yaml:2:1: error: the kind ClusterRoleBinding.rbac.authorization.k8s.io is not allowed"
                                    + " in a config repository",
                            "apps/x.yaml:7:1: error: the kind ConfigRepo.orkestra.dev is not allowed in a config"
                                    + " repository");
        }
        String named = "{kinds: [{group: rbac.authorization.k8s.io, kind: ClusterRoleBinding}]}";
        assertThat(findings(named, binding)).noneMatch(text -> text.contains("is not allowed"));
        assertThat(findings(
                        "{kinds: [{kind: ConfigMap}]}",
                        object("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "", "w")))
                .containsExactly("apps/x.yaml:2:1: error: the kind ValidatingWebhookConfiguration"
                        + ".admissionregistration.k8s.io is not among those that spec.allow.kinds lists");
    }

    @Test
    void attack12NoListOpensWhatTheAgentIsAndRemembers() {
        String all = "{kinds: [{group: '*', kind: '*'}, {group: orkestra.dev, kind: ConfigLedger},"
                + " {group: orkestra.dev, kind: ConfigRun}, {kind: Namespace}, {kind: Secret}]}";
        for (String allow : List.of("{}", all)) {
            assertThat(findings(
                            allow,
                            object("orkestra.dev/v1alpha1", "ConfigLedger", "orkestra", "l"),
                            object("orkestra.dev/v1alpha1", "ConfigRun", "orkestra", "r"),
                            object("apps/v1", "Deployment", "orkestra", "orkestra-agent"),
                            object("v1", "Secret", "orkestra", "chunk"),
                            object("v1", "ServiceAccount", "orkestra", "staging"),
                            object("coordination.k8s.io/v1", "Lease", "orkestra", "x"),
                            object("v1", "Service", "orkestra", "orkestra-agent"),
                            object("helm.toolkit.fluxcd.io/v2", "HelmRelease", "orkestra", "r"),
                            object("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "orkestra", "k"),
                            object("source.toolkit.fluxcd.io/v1", "OCIRepository", "orkestra", "s"),
                            definition("apiextensions.k8s.io/v1", "orkestra.dev", "ConfigRepo", ""),
                            namespace("orkestra", "")))
                    .as(allow)
                    .hasSize(12)
                    .allMatch(text -> text.contains("agent"))
                    .extracting(text -> text.substring(0, text.indexOf(": error")))
                    .containsExactly(
                            "apps/x.yaml:2:1",
                            "apps/x.yaml:8:1",
                            "apps/x.yaml:17:3",
                            "apps/x.yaml:23:3",
                            "apps/x.yaml:29:3",
                            "apps/x.yaml:35:3",
                            "apps/x.yaml:41:3",
                            "apps/x.yaml:47:3",
                            "apps/x.yaml:53:3",
                            "apps/x.yaml:59:3",
                            "apps/x.yaml:64:3",
                            "apps/x.yaml:75:3");
        }
        String runtime = object("apps/v1", "Deployment", "orkestra", "runtime");
        assertThat(findings(all, runtime)).singleElement().asString().contains("could act as, a part of the agent");
        assertThat(findings("{}", runtime)).isEmpty();
        assertThat(findings("{namespaces: [orkestra]}", runtime)).isEmpty();
        assertThat(findings("{namespaces: ['ork*']}", runtime)).hasSize(1);
        assertThat(findings("{}", object("v1", "ConfigMap", "orkestra", "notes")))
                .isEmpty();
    }

    @Test
    void attack12LabelsThatOpenANamespaceForPodsNeedAnAdministrator() {
        String open = namespace("shop", "pod-security.kubernetes.io/enforce: privileged");
        for (String allow : List.of(
                "{}", "{kinds: [{group: '*', kind: '*'}]}", "{kinds: [{kind: Namespace}], namespaces: [shop]}")) {
            assertThat(findings(allow, open))
                    .as(allow)
                    .singleElement()
                    .satisfies(text -> assertThat(text)
                            .containsAnyOf(
                                    "apps/x.yaml:5:12: error: the label pod-security.kubernetes.io/enforce decides what pods may"
                                            + " do; only 'restricted' is allowed"));
        }
        assertThat(findings("{kinds: [{kind: Namespace}]}", open)).isEmpty();
        assertThat(
                        findings(
                                "{}",
                                namespace(
                                        "shop",
                                        "pod-security.kubernetes.io/enforce: restricted, pod-security.kubernetes.io/enforce-version: latest")))
                .isEmpty();
        assertThat(findings("{}", namespace("shop", "pod-security.kubernetes.io/enforce-version: v1.24")))
                .singleElement()
                .asString()
                .contains("only 'latest' is allowed");
    }

    @Test
    void whatKustomizeMakesAndTheKatalogAreHeldAgainstTheListsToo() {
        MapTree tree = new MapTree()
                .file("apps/k/kustomization.yaml", "resources: [web.yaml]\nnamespace: other\n")
                .file("apps/k/web.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n")
                .file("overlays/staging.yaml", OverlayAndSettingsTest.KOMPOSER)
                .file("base/web.yaml", OverlayAndSettingsTest.KATALOG.formatted(""));
        assertThat(assemble("{namespaces: [shop]}", "overlays/staging.yaml", tree).diagnostics().stream()
                        .map(Diagnostic::toString)
                        .filter(text -> text.contains("error")))
                .containsExactlyInAnyOrder(
                        "apps/k/kustomization.yaml:2:1: error: the namespace 'other' is not among those that"
                                + " spec.allow.namespaces lists (use one that is, or ask whoever owns the ConfigRepo to"
                                + " list it) [Forbidden]",
                        "overlays/staging.yaml:1:1: error: the Katalog's ConfigMap: the namespace 'orkestra' is not among"
                                + " those that spec.allow.namespaces lists (use one that is, or ask whoever owns the"
                                + " ConfigRepo to list it) [Forbidden]");
    }

    @Test
    void attack27WhatIsNotAllowedAnyMoreIsNotPrunedEither() {
        AllowRules allow = new AllowRules(ConfigRepoParser.parse(ConfigRepoParserTest.object("""
                        metadata: {name: staging, namespace: orkestra}
                        spec:
                          source: {url: "http://git.test/x"}
                          layers: [{path: apps}]
                          serviceAccountName: s
                          allow: {kinds: [{kind: ConfigMap}, {group: apps, kind: '*'}], namespaces: [shop]}
                        """))
                .configRepo()
                .orElseThrow());
        List<InventoryEntry> listed = List.of(
                entry("", "ConfigMap", "shop", "a"),
                entry("", "ConfigMap", "kube-system", "coredns"),
                entry("", "Secret", "shop", "s"),
                entry("apps", "Deployment", "orkestra", "orkestra-agent"));
        PruneDecision decision =
                new PruneDecision(PruneDecision.Kind.DELETE, listed, List.of(), List.of(), 9, 4).within(allow);
        assertThat(decision.delete()).containsExactly(listed.getFirst());
        assertThat(decision.kept())
                .extracting(PruneDecision.Kept::reason)
                .containsExactly(
                        PruneDecision.Reason.NOT_ALLOWED,
                        PruneDecision.Reason.NOT_ALLOWED,
                        PruneDecision.Reason.NOT_ALLOWED);
    }

    private static InventoryEntry entry(String group, String kind, String namespace, String name) {
        return InventoryEntry.intended(
                new ObjectKey(group, kind, namespace, name), group.isEmpty() ? "v1" : group + "/v1", Wave.sync(0, 0));
    }
}
