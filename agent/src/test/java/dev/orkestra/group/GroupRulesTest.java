package dev.orkestra.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.document.DocumentReader;
import dev.orkestra.outcome.Diagnostic;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class GroupRulesTest {
    private static final String HEAD = """
            apiVersion: orkestra.azure.microsoft.com/v1alpha1
            kind: ApplicationGroup
            metadata: {name: shop}
            """;

    @Test
    void aGoodGroupHasNoFindings() {
        assertThat(check(Groups.text("/group/bookinfo.yaml"))).isEmpty();
    }

    @Test
    void theWholeCircleIsPrinted() {
        assertThat(findings("""
                spec:
                  applications:
                    - {name: a, dependencies: [c], spec: {chart: {url: "http://x", name: a, version: "1"}, release: {targetNamespace: ns}}}
                    - {name: b, dependencies: [a], spec: {chart: {url: "http://x", name: b, version: "1"}, release: {targetNamespace: ns}}}
                    - {name: c, dependencies: [b], spec: {chart: {url: "http://x", name: c, version: "1"}, release: {targetNamespace: ns}}}
                """)).isEqualTo("""
                g.yaml:6:32: error: dependencies form a circle (application): a -> c -> b -> a (remove one of these dependencies) [DependencyCycle]""");
    }

    @Test
    void namesAndDependenciesAreChecked() {
        assertThat(findings("""
                spec:
                  applications:
                    - name: a
                      dependencies: [a, nowhere]
                      spec:
                        chart: {url: "http://x", name: a, version: "1"}
                        release: {targetNamespace: ns}
                        subcharts:
                          - {name: s, dependencies: [t]}
                          - {name: s}
                          - {name: a}
                    - {name: a, spec: {chart: {url: "http://x", name: b, version: "1"}, release: {targetNamespace: ns}}}
                    - {name: entry, spec: {chart: {url: "http://x", name: c, version: "1"}, release: {targetNamespace: ns}}}
                    - {name: A, spec: {chart: {url: "http://x", name: a, version: "1"}, release: {targetNamespace: ns}}}
                """)).isEqualTo("""
                g.yaml:7:22: error: 'a' (application) depends on itself (remove this dependency) [SelfDependency]
                g.yaml:7:25: error: 'a' (application) depends on 'nowhere', which is not in the list (known are: A, a, entry) [UnknownDependency]
                g.yaml:12:38: error: 's' (subchart of application 'a') depends on 't', which is not in the list (known are: a, s) [UnknownDependency]
                g.yaml:13:14: error: there are two entries 's' (subchart of application 'a') (rename or remove one) [DuplicateObject]
                g.yaml:14:14: error: a subchart of application 'a' has the application's own name (give the application another name) [InvalidName]
                g.yaml:15:8: error: there are two entries 'a' (application) (rename or remove one) [DuplicateObject]
                g.yaml:16:8: error: an application cannot be called 'entry': the workflow's first template has that name (choose another name) [InvalidName]
                g.yaml:17:8: error: application 'A' and application 'a' would both be the Helm release ns/a: a release is called after its chart (give one of them another targetNamespace) [DuplicateObject]
                g.yaml:17:8: error: applications 'a' and 'A' both become 'a' in the workflow (make them differ in lower-case letters or digits) [InvalidName]""");
    }

    @Test
    void whatIsMissingOrCannotBeReadIsNamed() {
        assertThat(findings("""
                spec:
                  applications:
                    - {name: none}
                    - name: empty
                      spec:
                        chart: {}
                        release: {}
                    - name: wrong
                      spec:
                        chart: {url: "oci://x", name: "a b", version: "1"}
                        release: {targetNamespace: Big, interval: 5 minutes, timeout: 10, values: [1], install: {timeout: -1s}}
                        workflow: [{name: check, type: keptn}]
                """)).isEqualTo("""
                g.yaml:6:7: error: application 'none' has no spec (set spec) [MissingField]
                g.yaml:9:16: error: application 'empty' has no chart.name (set chart.name) [MissingField]
                g.yaml:9:16: error: application 'empty' has no chart.url (set chart.url) [MissingField]
                g.yaml:9:16: warning: application 'empty' names no chart.version, so the newest is taken (name an exact version, so that a commit always means the same chart) [MissingField]
                g.yaml:10:18: error: application 'empty' has no release.targetNamespace (set release.targetNamespace) [MissingField]
                g.yaml:13:17: error: chart.url of application 'wrong' is no http:// or https:// URL (name the base URL of a Helm repository; other kinds of repository cannot be read yet) [WrongValue]
                g.yaml:13:33: error: chart.name 'a b' of application 'wrong' cannot be the value of a label (chart names have letters, digits, '-', '_' and '.' only) [InvalidName]
                g.yaml:14:19: error: release.targetNamespace 'Big' of application 'wrong' is no name of a namespace (use at most 63 lower-case letters, digits and '-', beginning and ending with a letter or digit) [InvalidName]
                g.yaml:14:41: error: release.interval of application 'wrong' is no duration: 5 minutes (write one like 30s, 5m or 1h30m, at least a millisecond) [WrongValue]
                g.yaml:14:62: error: release.timeout of application 'wrong' is no duration: 10 (write one like 30s, 5m or 1h30m, at least a millisecond) [WrongValue]
                g.yaml:14:75: error: release.values of application 'wrong' is no mapping (Helm values are keys and values) [WrongType]
                g.yaml:14:98: error: release.install.timeout of application 'wrong' is no duration: -1s (write one like 30s, 5m or 1h30m, at least a millisecond) [WrongValue]
                g.yaml:15:34: error: executor 'check' of application 'wrong' is of type 'keptn'; only 'helmrelease' can be carried out yet (leave this executor out) [WrongValue]""");
    }

    @Test
    void aGroupWithoutApplicationsIsRefusedAndStillReadable() {
        assertThat(findings("")).contains("the group has no applications");
        assertThat(findings("spec: {applications: []}\n")).contains("the group has no applications");
        assertThat(ApplicationGroup.of(Groups.json(HEAD)).applications()).isEmpty();
    }

    @Test
    void anObjectOfTheClusterGetsTheSameFindingsWithoutPositions() {
        List<Diagnostic> findings = GroupRules.check(Groups.json(HEAD + "spec: {applications: [{name: none}]}\n"));
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.message()).isEqualTo("application 'none' has no spec");
            assertThat(finding.position()).isNull();
        });
    }

    private static String findings(String spec) {
        return check(HEAD + spec).stream().map(Diagnostic::toString).collect(Collectors.joining("\n"));
    }

    private static List<Diagnostic> check(String text) {
        return GroupRules.check(DocumentReader.read("g.yaml", text.getBytes(StandardCharsets.UTF_8))
                .documents()
                .getFirst());
    }
}
