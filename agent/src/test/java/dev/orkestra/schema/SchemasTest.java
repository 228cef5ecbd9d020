package dev.orkestra.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.document.DocumentReader;
import dev.orkestra.outcome.Diagnostic;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchemasTest {
    private static final String HEAD = "apiVersion: orkestra.orkspace.io/v1\nkind: Katalog\nmetadata: {name: k}\n";

    private static List<String> findings(String text) {
        return DocumentReader.read("k.yaml", text.getBytes(UTF_8)).documents().stream()
                .flatMap(document -> Schemas.bundled().validate(document).stream())
                .map(Diagnostic::toString)
                .toList();
    }

    @Test
    void coversAKindOnlyInItsOwnApiVersion() {
        assertThat(Schemas.bundled().covers("orkestra.orkspace.io/v1", "Katalog"))
                .isTrue();
        assertThat(Schemas.bundled().covers("orkestra.orkspace.io/v2", "Katalog"))
                .isFalse();
        assertThat(Schemas.bundled().covers("v1", "ConfigMap")).isFalse();
        assertThat(Schemas.bundled().covers("v1", "../katalog")).isFalse();
        assertThat(findings("apiVersion: v1\nkind: ConfigMap\nwhatever: 1\n")).isEmpty();
    }

    @Test
    void anUnknownFieldIsReportedAtItsKeyWithWhatWasMeant() {
        assertThat(findings(HEAD
                        + "spec:\n  crds:\n    a:\n      replicaCount: 3\n      dependOn: [b]\n      workers: 2\n"))
                .containsExactly(
                        "k.yaml:7:7: error: unknown field 'replicaCount' in 'a' (allowed: admission, annotations, apiTypes, crFiles,"
                                + " crdFile, crossAccess, dependsOn, description, enabled, endpoints, enrich, enrichAll and 14"
                                + " more) [UnknownField]",
                        "k.yaml:8:7: error: unknown field 'dependOn' in 'a' (did you mean 'dependsOn'?) [UnknownField]",
                        "k.yaml:9:7: error: unknown field 'workers' in 'a' (since v0.7.18 this is operatorBox.reconcile.workers)"
                                + " [UnknownField]");
        assertThat(findings(HEAD + "spek: {}\n"))
                .containsExactly("k.yaml:4:1: error: unknown field 'spek' at the top level (did you mean 'spec'?)"
                        + " [UnknownField]");
    }

    @Test
    void aWrongTypeSaysWhatIsThereAndWhatIsAllowed() {
        assertThat(findings(HEAD + "crossAccess: \"true\"\nspec:\n  crds:\n    - a\n"))
                .containsExactly(
                        "k.yaml:4:1: error: 'crossAccess' is text; allowed is true or false (remove the quotes) [WrongType]",
                        "k.yaml:6:3: error: 'crds' is a list; allowed is a mapping [WrongType]");
        assertThat(findings(HEAD + "spec: {finalizers: [a, 1, {b: c}]}\n"))
                .containsExactly("k.yaml:4:27: error: 'finalizers[2]' is a mapping; allowed is text [WrongType]");
        assertThat(findings(HEAD + "spec: {crds: {a: {dependsOn: b}}}\n"))
                .containsExactly("k.yaml:4:19: error: 'dependsOn' is text; allowed is a list or a mapping [WrongType]");
    }

    @Test
    void aMissingFieldIsReportedAtTheKeyAroundIt() {
        assertThat(findings("apiVersion: orkestra.orkspace.io/v1\nkind: Katalog\n"))
                .containsExactly("k.yaml:1:1: error: the document has no 'metadata' (add it) [MissingField]");
        assertThat(findings("apiVersion: orkestra.orkspace.io/v1\nkind: Komposer\nmetadata:\n  description: x\n"))
                .containsExactly(
                        "k.yaml:3:1: error: 'metadata' has no 'name' (add it: name of the document) [MissingField]");
    }

    @Test
    void aFieldWithoutAValueIsNotSet() {
        assertThat(findings(HEAD + "spec:\n  crds:\nlifecycle:\n")).isEmpty();
        assertThat(findings("apiVersion: orkestra.orkspace.io/v1\nkind: Katalog\nmetadata:\n  name:\n"))
                .containsExactly(
                        "k.yaml:4:3: error: 'metadata' has no 'name' (add it: name of the document) [MissingField]");
    }

    @Test
    void aWrongValueListsTheAllowedOnes() {
        assertThat(findings(HEAD + "lifecycle: {maturity: stabel}\n"))
                .containsExactly("k.yaml:4:13: error: 'maturity' is 'stabel'; allowed: alpha, beta, deprecated, stable"
                        + " (did you mean 'stable'?) [WrongValue]");
        assertThat(findings(HEAD + "spec: {crds: {a: {operatorBox: {reconcile: {resync: soon, workers: -1}}}}}\n"))
                .containsExactly(
                        "k.yaml:4:45: error: 'resync' must be a duration such as 30s, 5m, 1h30m or 7d, or never [WrongValue]",
                        "k.yaml:4:59: error: 'workers' is -1; the least is 0 [WrongValue]");
    }

    @Test
    void theValueOfAFieldWithAFormIsNeverShown() {
        assertThat(findings(HEAD + "spec: {crds: {a: {operatorBox: {reconcile: {resync: hunter2secret}}}}}\n"))
                .singleElement()
                .asString()
                .doesNotContain("hunter2secret");
    }

    @Test
    void longTextsAndManyMistakesEndQuickly() {
        String resync = HEAD + "spec: {crds: {a: {operatorBox: {reconcile: {resync: '%s'}}}}}\n";
        assertThat(findings(resync.formatted("1s".repeat(500_000))))
                .singleElement()
                .asString()
                .contains("[WrongValue]");
        String requeue = HEAD + "spec: {crds: {a: {operatorBox: {reconcile: {requeue: {after: '%s'}}}}}}\n";
        assertThat(findings(requeue.formatted(" ".repeat(500_000) + "{{ .spec.x }}")))
                .isEmpty();
        StringBuilder many = new StringBuilder(HEAD);
        for (int i = 0; i < 5_000; i++) {
            many.append("unknown").append(i).append(": 1\n");
        }
        assertThat(findings(many.toString()))
                .hasSize(101)
                .anySatisfy(text -> assertThat(text).contains("4900 more findings in this document are not shown"));
    }

    @Test
    void importsAreTextOrAMapping() {
        String komposer = HEAD.replace("Katalog", "Komposer");
        assertThat(findings(komposer + "imports: {files: [a.yaml, {url: b.yaml, auth: {type: bearer, fromEnv: T}}]}\n"))
                .isEmpty();
        assertThat(findings(komposer + "imports: {files: [1, {path: b.yaml}]}\n"))
                .containsExactly(
                        "k.yaml:4:19: error: 'files[0]' is a whole number; allowed is a mapping or text (put it in quotes) [WrongType]",
                        "k.yaml:4:22: error: 'files[1]' has no 'url' (add it: path relative to this file, or an http or https address) [MissingField]",
                        "k.yaml:4:23: error: unknown field 'path' in 'files[1]' (allowed: auth, url) [UnknownField]");
    }
}
