package dev.orkestra.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.document.Document;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Severity;
import dev.orkestra.schema.Schemas;
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
                g.yaml:7:25: error: 'a' (application) depends on 'nowhere', which is not in the list (add it to the list, or remove this dependency) [UnknownDependency]
                g.yaml:12:38: error: 's' (subchart of application 'a') depends on 't', which is not in the list (add it to the list, or remove this dependency) [UnknownDependency]
                g.yaml:13:14: error: there are two entries 's' (subchart of application 'a') (rename or remove one) [DuplicateObject]
                g.yaml:14:14: error: a subchart of application 'a' has the application's own name (give the application another name) [InvalidName]
                g.yaml:15:8: error: there are two entries 'a' (application) (rename or remove one) [DuplicateObject]
                g.yaml:16:8: error: an application cannot be called 'entry': a template of the workflow has that name (choose another name) [InvalidName]
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
                        chart: {url: "file://x", name: "a b", version: "1"}
                        release: {targetNamespace: Big, interval: 5 minutes, timeout: 10, values: [1], install: {timeout: -1s}}
                        workflow: [{name: check, type: gate}]
                """)).isEqualTo("""
                g.yaml:6:7: error: application 'none' has no spec (set spec) [MissingField]
                g.yaml:9:9: error: application 'empty' has no chart.name (set chart.name) [MissingField]
                g.yaml:9:9: error: application 'empty' has no chart.url (set chart.url) [MissingField]
                g.yaml:9:16: warning: application 'empty' names no chart.version, so the newest is taken (name an exact version, so that a commit always means the same chart) [MissingField]
                g.yaml:10:9: error: application 'empty' has no release.targetNamespace (set release.targetNamespace) [MissingField]
                g.yaml:13:17: error: chart.url of application 'wrong' is no http://, https:// or oci:// URL (name the base URL of a Helm repository, or a folder of an OCI registry) [WrongValue]
                g.yaml:13:34: error: chart.name 'a b' of application 'wrong' cannot be the value of a label (chart names have letters, digits, '-', '_' and '.' only) [InvalidName]
                g.yaml:14:19: error: release.targetNamespace 'Big' of application 'wrong' is no name of a namespace (use at most 63 lower-case letters, digits and '-', beginning and ending with a letter or digit) [InvalidName]
                g.yaml:14:41: error: release.interval of application 'wrong' is no duration: 5 minutes (write one like 30s, 5m or 1h30m, at least a millisecond) [WrongValue]
                g.yaml:14:62: error: release.timeout of application 'wrong' is no duration: 10 (write one like 30s, 5m or 1h30m, at least a millisecond) [WrongValue]
                g.yaml:14:75: error: release.values of application 'wrong' is no mapping (Helm values are keys and values) [WrongType]
                g.yaml:14:98: error: release.install.timeout of application 'wrong' is no duration: -1s (write one like 30s, 5m or 1h30m, at least a millisecond) [WrongValue]
                g.yaml:15:34: error: executor 'check' of application 'wrong' is of type 'gate', which there is not (write one of helmrelease, keptn, custom) [WrongValue]""");
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

    @Test
    void whatTheSchemaHasSaidIsNotSaidAgain() {
        assertThat(afterSchema("spec: {applications: []}\n")).isEmpty();
        assertThat(afterSchema("""
                spec:
                  applications:
                    - name: a
                      spec:
                        chart: {url: "", version: "1"}
                    - name: b
                      spec:
                        chart: {url: "http://x", name: b, version: 1}
                        release: {targetNamespace: "", interval: 5, timeout: 5parsec, values: [1]}
                        workflow: [{name: w, type: flux}]
                    - spec: {}
                    - {name: c, spec: 5}
                    - name: d
                      spec:
                        release: []
                """)).isEmpty();
    }

    @Test
    void whatTheSchemaCannotSeeIsSaidBesideIt() {
        assertThat(afterSchema("spec: {}\n")).contains("g.yaml:4:1: error: the group has no applications");
        assertThat(afterSchema("""
                spec:
                  applications:
                    - name: a
                      spec:
                        chart: {url: "file://x", name: "a b", version: 1}
                        release: {timeout: 0s, install: {timeout: 5parsec}}
                    - name: a
                    - {name: b, dependencies: [b]}
                """).lines())
                .extracting(line -> line.replaceFirst(" \\(.*", ""))
                .containsExactly("""
                g.yaml:8:17: error: chart.url of application 'a' is no http://, https:// or oci:// URL
                g.yaml:8:34: error: chart.name 'a b' of application 'a' cannot be the value of a label
                g.yaml:9:9: error: application 'a' has no release.targetNamespace
                g.yaml:9:19: error: release.timeout of application 'a' is no duration: 0s
                g.yaml:9:42: error: release.install.timeout of application 'a' is no duration: 5parsec
                g.yaml:10:7: error: there are two entries 'a'
                g.yaml:10:7: error: application 'a' has no spec
                g.yaml:11:7: error: application 'b' has no spec
                g.yaml:11:32: error: 'b'""".split("\n"));
    }

    @Test
    void aMistakenDependencyIsComparedWithTheOtherNamesOnly() {
        assertThat(findings("""
                spec:
                  applications:
                    - {name: catalog, dependencies: [catalogs, databse], spec: {chart: {url: "http://x", name: a, version: "1"}, release: {targetNamespace: ns}}}
                    - {name: database, spec: {chart: {url: "http://x", name: b, version: "1"}, release: {targetNamespace: ns}}}
                """)).isEqualTo("""
                g.yaml:6:38: error: 'catalog' (application) depends on 'catalogs', which is not in the list (add it to the list, or remove this dependency) [UnknownDependency]
                g.yaml:6:48: error: 'catalog' (application) depends on 'databse', which is not in the list (did you mean 'database'?) [UnknownDependency]""");
    }

    @Test
    void moreThan500ApplicationsAreOneFindingAndAreNotChecked() {
        assertThat(findings("spec: {applications: [" + "{name: a, dependencies: [b, c]}, ".repeat(10_000) + "]}\n"))
                .isEqualTo("g.yaml:4:8: error: the group has 10000 applications; at most 500 are allowed, and none was"
                        + " checked (split it into several groups) [WrongValue]");
    }

    @Test
    void ofManyFindingsAHundredOfEachSeverityAreShownAndTheOthersCounted() {
        StringBuilder applications = new StringBuilder("spec:\n  applications:\n");
        for (int i = 0; i < 500; i++) {
            applications.append("""
                        - {name: a%1$d, dependencies: [x%1$d, y%1$d], spec: {chart: {url: "http://x", name: c%1$d}, release: {targetNamespace: ns}}}
                    """.formatted(i));
        }
        List<Diagnostic> findings = check(HEAD + applications);
        assertThat(findings)
                .filteredOn(each -> each.severity() == Severity.ERROR)
                .hasSize(100);
        assertThat(findings)
                .filteredOn(each -> each.severity() == Severity.WARNING)
                .hasSize(100);
        assertThat(findings)
                .filteredOn(each -> each.severity() == Severity.INFO)
                .singleElement()
                .hasToString("g.yaml:1:1: info: 1300 more findings in this group are not shown [LimitExceeded]");
    }

    @Test
    void eachCircleWithNamesOfItsOwnIsTold() {
        assertThat(circles(3).lines()).hasSize(3).allMatch(line -> line.contains("[DependencyCycle]"));
        assertThat(circles(20).lines()).hasSize(20);
        assertThat(circles(23).lines())
                .hasSize(21)
                .last()
                .isEqualTo("g.yaml:46:34: info: there are more than 20 circles (application); the others are not shown"
                        + " (mend these first) [LimitExceeded]");
    }

    private static String circles(int count) {
        String application = "    - {name: %s, dependencies: [%s], spec: {chart: {url: \"http://x\", name: %s,"
                + " version: \"1\"}, release: {targetNamespace: ns}}}\n";
        StringBuilder applications = new StringBuilder("spec:\n  applications:\n");
        for (int i = 10; i < 10 + count; i++) {
            applications.append(application.formatted("a" + i, "b" + i, "a" + i));
            applications.append(application.formatted("b" + i, "a" + i, "b" + i));
        }
        return findings(applications.toString());
    }

    private static String afterSchema(String spec) {
        Document document = document(HEAD + spec);
        List<Diagnostic> bySchema = Schemas.bundled().validate(document);
        return GroupRules.check(document, bySchema).stream()
                .filter(each -> each.severity() == Severity.ERROR)
                .map(Diagnostic::toString)
                .collect(Collectors.joining("\n"));
    }

    private static String findings(String spec) {
        return check(HEAD + spec).stream().map(Diagnostic::toString).collect(Collectors.joining("\n"));
    }

    private static List<Diagnostic> check(String text) {
        return GroupRules.check(document(text), List.of());
    }

    private static Document document(String text) {
        return DocumentReader.read("g.yaml", text.getBytes(StandardCharsets.UTF_8))
                .documents()
                .getFirst();
    }
}
