package dev.orkestra.katalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComposedRulesTest {
    private static String crd(String name, String more) {
        return name + ": {apiTypes: {group: shop.test, version: v1, kind: " + name.toUpperCase(java.util.Locale.ROOT)
                + ", plural: " + name + "s}" + (more.isEmpty() ? "" : ", " + more) + "}\n";
    }

    private static List<String> findings(String crds) {
        return new Repository().katalog("k.yaml", "k", crds).findings("k.yaml");
    }

    @Test
    void dependenciesComeInThreeForms() {
        assertThat(findings(crd("db", "")
                        + crd("cache", "dependsOn: [db]")
                        + crd("api", "dependsOn: {db: healthy}")
                        + crd("front", "dependsOn: {api: {condition: healthy}, Cache: {condition: started}}")))
                .isEmpty();
    }

    @Test
    void aDependencyMustBeThereAndEnabled() {
        assertThat(findings(crd("db", "")
                        + crd("old", "enabled: false, dependsOn: [v, w]")
                        + crd("api", "dependsOn: [dbb, old, zzzzzz, api]")))
                .containsExactly(
                        "k.yaml:8:91: error: the CRD 'api' depends on 'dbb', which is not there (did you mean 'db'?)"
                                + " [UnknownDependency]",
                        "k.yaml:8:96: error: the CRD 'api' depends on 'old', which is disabled (enable it, or remove this"
                                + " entry) [UnknownDependency]",
                        "k.yaml:8:101: error: the CRD 'api' depends on 'zzzzzz', which is not there (declare it, or remove this"
                                + " entry) [UnknownDependency]",
                        "k.yaml:8:109: error: the CRD 'api' depends on itself (remove this entry) [SelfDependency]");
    }

    @Test
    void aCircleIsPrintedWholeAtItsLastEntry() {
        assertThat(findings(
                        crd("a", "dependsOn: [b]") + crd("b", "dependsOn: [c]") + crd("c", "dependsOn: {a: healthy}")))
                .containsExactly(
                        "k.yaml:8:85: error: the dependencies go in a circle: a -> b -> c -> a (remove one of these"
                                + " entries: a at k.yaml:6:85, b at k.yaml:7:85, c at k.yaml:8:85) [DependencyCycle]");
    }

    @Test
    void everyCircleIsReportedOnceAndWhatOnlyLeadsToOneIsNot() {
        assertThat(findings(crd("a", "dependsOn: [b]")
                        + crd("b", "dependsOn: [a]")
                        + crd("c", "dependsOn: [a]")
                        + crd("v", "dependsOn: [w, c]")
                        + crd("w", "dependsOn: [v]")))
                .extracting(text -> text.replaceAll(".*circle: (.*) \\(.*", "$1"))
                .containsExactly("a -> b -> a", "v -> w -> v");
    }

    @Test
    void theOverlayIsToBlameForTheCircleThatItsOverrideCloses() {
        assertThat(new Repository()
                        .katalog(
                                "base/k.yaml",
                                "k",
                                crd("a", "") + crd("b", "dependsOn: [a]") + crd("c", "dependsOn: [b]"))
                        .komposer("envs/staging.yaml", List.of("../base/k.yaml"), "a:\n  dependsOn:\n    - c\n")
                        .findings("envs/staging.yaml"))
                .containsExactly(
                        "envs/staging.yaml:10:11: error: the dependencies go in a circle: a -> c -> b -> a (remove one"
                                + " of these entries: a at envs/staging.yaml:10:11, c at base/k.yaml:8:85, b at base/k.yaml:7:85)"
                                + " [DependencyCycle]");
    }

    @Test
    void manyCirclesAndLongChainsEndInTime() {
        StringBuilder crds = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            crds.append(crd("n" + i, "dependsOn: [n" + (i + 1) % 2_000 + ", n" + (i ^ 1) + "]"));
        }
        List<String> findings = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> findings(crds.toString()));
        assertThat(findings)
                .filteredOn(finding -> finding.contains("go in a circle"))
                .hasSize(20);
        assertThat(findings).hasSize(21);
    }

    @Test
    void namesAreDnsLabelsAfterNormalisation() {
        assertThat(findings(crd("\"My Book\"", "").replace("\"MY BOOK\"", "X").replace("\"My Book\"s", "xs")))
                .isEmpty();
        assertThat(findings(crd("under_score", "namespace: Not_Good")))
                .containsExactly(
                        "k.yaml:6:5: error: 'under_score' is no name for a CRD entry (use at most 63 of a-z, 0-9 and '-', beginning"
                                + " and ending with a letter or digit) [CrdName]",
                        "k.yaml:6:114: error: namespace 'Not_Good' is no name of a namespace (use at most 63 of a-z, 0-9 and '-',"
                                + " beginning and ending with a letter or digit) [NamespaceName]");
        assertThat(findings(crd("a".repeat(63), ""))).isEmpty();
        assertThat(findings(crd("a".repeat(64), ""))).hasSize(1);
        assertThat(new Repository()
                        .file("k.yaml", Repository.HEAD + "kind: Katalog\nmetadata: {name: k, namespace: -x}\n")
                        .findings("k.yaml"))
                .singleElement()
                .asString()
                .startsWith("k.yaml:3:32: error: metadata.namespace '-x'");
    }

    @Test
    void twoEnabledCrdsCannotBeAboutOneKind() {
        assertThat(findings("""
                one: {namespace: a, apiTypes: {kind: deployment}}
                two: {namespace: b, apiTypes: {group: apps, version: v1, kind: Deployment, plural: deployments}}
                three: {enabled: false, apiTypes: {kind: Deployment}}
                """))
                .containsExactly(
                        "k.yaml:7:25: error: the CRDs 'one' and 'two' are about the same kind (apps/v1, Deployment);"
                                + " the first at k.yaml:6:25 (merge them into one, or disable one) [SameKindTwice]");
    }

    @Test
    void apiTypesAreWholeOrABuiltInKind() {
        assertThat(findings("""
                none: {description: x}
                empty: {apiTypes: {group: g}}
                half: {apiTypes: {group: g, version: v1, kind: K}}
                unknown: {apiTypes: {kind: Books}}
                good: {namespace: a, apiTypes: {kind: LEASE}}
                core: {apiTypes: {version: v1, kind: K, plural: ks}}
                """))
                .extracting(text -> text.substring(0, text.indexOf(" (")) + text.substring(text.lastIndexOf(' ')))
                .containsExactly(
                        "k.yaml:6:5: error: the CRD 'none' has no apiTypes.kind [ApiTypesMissing]",
                        "k.yaml:7:13: error: the CRD 'empty' has no apiTypes.kind [ApiTypesMissing]",
                        "k.yaml:8:12: error: apiTypes is only half filled in [ApiTypesPartial]",
                        "k.yaml:9:15: error: 'Books' alone is no built-in kind of Kubernetes [UnknownBuiltInKind]");
    }

    @Test
    void anUnstableLifecycleIsAWarning() {
        String head = Repository.HEAD + "kind: Katalog\nmetadata: {name: k}\nlifecycle: ";
        assertThat(new Repository().file("k.yaml", head + "{maturity: alpha}\n").findings("k.yaml"))
                .containsExactly("k.yaml:4:13: warning: this Katalog calls itself alpha [NotStable]");
        assertThat(new Repository()
                        .file("k.yaml", head + "{maturity: deprecated}\n")
                        .findings("k.yaml"))
                .singleElement()
                .asString()
                .contains("warning")
                .contains("[DeprecatedWithoutWord]");
        assertThat(new Repository()
                        .file("k.yaml", head + "{maturity: deprecated, deprecation: {message: use b}}\n")
                        .findings("k.yaml"))
                .isEmpty();
    }

    @Test
    void theNamespaceOfAClusterScopedCrdIsAWarning() {
        assertThat(findings(crd("a", "namespaced: false, namespace: x")))
                .singleElement()
                .asString()
                .contains("warning: the namespace of a cluster-scoped CRD is ignored");
    }

    @Test
    void aBrokenTemplateIsAnErrorWhereTheRuntimeParsesItAtItsStartAndAWarningElsewhere() {
        assertThat(new Repository().file("k.yaml", Repository.HEAD + """
                                kind: Katalog
                                metadata: {name: k}
                                notes:
                                  functions:
                                    - {name: bad, expression: '{{ if .x }}yes'}
                                    - {name: good, expression: '{{ if (eq .x "}}") }}a{{ else }}b{{ end }}'}
                                spec:
                                  crds:
                                    a:
                                      apiTypes: {group: g, version: v1, kind: K, plural: ks}
                                      labels: {y: "{{- .x | default `y` -}} {{/* {{ */}}"}
                                      operatorBox: {emit: {status: {fields: [{path: a, value: "{{ .x"}]}}}
                                """).findings("k.yaml"))
                .containsExactly(
                        "k.yaml:6:35: error: the template cannot be parsed: 'if' has no end (close it with {{ end }})"
                                + " [BadTemplate]",
                        "k.yaml:13:64: warning: the template cannot be parsed: the action is not closed (end it with '}}')"
                                + " [BadTemplateAtRunTime]");
    }
}
