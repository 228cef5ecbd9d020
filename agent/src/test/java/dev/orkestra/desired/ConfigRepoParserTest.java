package dev.orkestra.desired;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigRepoParserTest {
    static ObjectNode object(String yaml) {
        return (ObjectNode) DocumentReader.read("repo.yaml", yaml.getBytes(StandardCharsets.UTF_8))
                .documents()
                .getFirst()
                .root()
                .toJson();
    }

    private static ParseResult parse(String spec) {
        return ConfigRepoParser.parse(object("""
                apiVersion: orkestra.dev/v1alpha1
                kind: ConfigRepo
                metadata: {name: staging, namespace: orkestra, uid: u-1, generation: 7}
                spec:
                  source: {url: "http://git.test/config.git"}
                  serviceAccountName: staging
                """ + spec.indent(2)));
    }

    @Test
    void fillsInTheDefaults() {
        ConfigRepo repo = parse("layers: [{path: apps/}]").configRepo().orElseThrow();
        assertThat(repo)
                .isEqualTo(new ConfigRepo(
                        "orkestra",
                        "staging",
                        "u-1",
                        7,
                        new ConfigRepo.Source("http://git.test/config.git", "refs/heads/main", "", ""),
                        new ConfigRepo.Schedule(Duration.ofMinutes(1), 10),
                        "",
                        "",
                        List.of(new ConfigRepo.Layer("apps", 0)),
                        new ConfigRepo.Deadlines(Duration.ofMinutes(5), Duration.ofMinutes(30)),
                        Duration.ZERO,
                        ConfigRepo.RollbackPolicy.HOLD,
                        new ConfigRepo.Prune(true, 20, 3),
                        ConfigRepo.Adoption.REFUSE,
                        null,
                        ConfigRepo.Policies.DEFAULT,
                        "staging"));
        assertThat(repo.label()).isEqualTo("orkestra.staging");
    }

    @Test
    void readsEveryField() {
        ParseResult result = ConfigRepoParser.parse(object("""
                metadata: {name: staging, namespace: orkestra}
                spec:
                  source: {url: "http://git.test/config.git", ref: {tag: v1}, secretRef: {name: git}}
                  schedule: {interval: 1h30m, jitterPercent: 0}
                  overlay: operator-definitions/overlays/staging/komposer.yaml
                  layers: [{path: infrastructure, wave: 0}, {path: applications/staging, wave: 2}]
                  deadlines: {wave: 300ms, run: 1m}
                  health: {soak: 30s}
                  rollback: auto
                  prune: {enabled: false, maxPercent: 50, minObjects: 0}
                  drift: correct
                  approval: none
                  adoption: takeover
                  deletionPolicy: orphan
                  suspend: {until: "2026-01-31T18:00:00Z", reason: freeze}
                  serviceAccountName: staging
                """));
        assertThat(result.diagnostics()).isEmpty();
        ConfigRepo repo = result.configRepo().orElseThrow();
        assertThat(repo.source())
                .isEqualTo(new ConfigRepo.Source("http://git.test/config.git", "refs/tags/v1", "git", ""));
        assertThat(repo.schedule()).isEqualTo(new ConfigRepo.Schedule(Duration.ofMinutes(90), 0));
        assertThat(repo.overlay()).isEqualTo("operator-definitions/overlays/staging/komposer.yaml");
        assertThat(repo.layers())
                .containsExactly(
                        new ConfigRepo.Layer("infrastructure", 0), new ConfigRepo.Layer("applications/staging", 2));
        assertThat(repo.deadlines()).isEqualTo(new ConfigRepo.Deadlines(Duration.ofMillis(300), Duration.ofMinutes(1)));
        assertThat(repo.soak()).isEqualTo(Duration.ofSeconds(30));
        assertThat(repo.rollback()).isEqualTo(ConfigRepo.RollbackPolicy.AUTO);
        assertThat(repo.prune()).isEqualTo(new ConfigRepo.Prune(false, 50, 0));
        assertThat(repo.adoption()).isEqualTo(ConfigRepo.Adoption.TAKEOVER);
        assertThat(repo.suspend()).isEqualTo(new ConfigRepo.Suspend(Instant.parse("2026-01-31T18:00:00Z"), "freeze"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "layers: [{path: ../x}]                      | OutsideRoot     | spec.layers[0].path",
                "layers: [{path: /etc}]                      | OutsideRoot     | spec.layers[0].path",
                "layers: [{wave: 1}]                         | MissingField    | spec.layers[0].path",
                "layers: [{path: a}, {path: a/b}]            | DuplicateObject | spec.layers[1].path",
                "layers: [{path: a}, {path: a}]              | DuplicateObject | spec.layers[1].path",
                "layers: [{path: a, wave: 1.5}]              | WrongValue      | spec.layers[0].wave",
                "overlay: a/../b                             | OutsideRoot     | spec.overlay",
                "{overlay: k.yaml, schedule: {interval: 5}}  | WrongType       | spec.schedule.interval",
                "{overlay: k.yaml, schedule: {interval: 1d}} | WrongValue      | spec.schedule.interval",
                "{overlay: k.yaml, deadlines: {wave: -5m}}   | WrongValue      | spec.deadlines.wave",
                "{overlay: k.yaml, deadlines: []}            | WrongType       | spec.deadlines",
                "{overlay: k.yaml, prune: {maxPercent: 101}} | WrongValue      | spec.prune.maxPercent",
                "{overlay: k.yaml, prune: {enabled: 'yes'}}  | WrongType       | spec.prune.enabled",
                "{overlay: k.yaml, rollback: never}          | WrongValue      | spec.rollback",
                "{overlay: k.yaml, adoption: steal}          | WrongValue      | spec.adoption",
                "{overlay: k.yaml, approval: always}         | WrongValue      | spec.approval",
                "{overlay: k.yaml, deletionPolicy: later}    | WrongValue      | spec.deletionPolicy",
                "{overlay: k.yaml, drift: off}               | WrongType       | spec.drift",
                "{overlay: k.yaml, ignoreDifferences: [{}]}  | MissingField    | spec.ignoreDifferences[0].kind",
                "{overlay: k.yaml, allow: {namespaces: [1]}} | WrongType       | spec.allow.namespaces[0]",
                "{overlay: k.yaml, allow: {kinds: []}}       | WrongValue      | spec.allow.kinds is empty",
                "{overlay: k.yaml, allow: {namespaces: []}}  | WrongValue      | spec.allow.namespaces is empty",
                "{overlay: k.yaml, allow: {namespaces: [a, a]}} | DuplicateObject | spec.allow.namespaces[1]",
                "{overlay: k.yaml, health: {rules: [{apiVersion: a/v1, kind: A}]}} | MissingField | spec.health.rules[0].current",
                "{overlay: k.yaml, suspend: {until: soon}}   | WrongValue      | spec.suspend.until",
                "{}                                          | MissingField    | spec names neither",
            })
    void namesTheFieldThatIsWrong(String spec, ErrorCode code, String field) {
        String lines = spec.startsWith("{") ? spec.substring(1, spec.length() - 1) : spec;
        String block = lines.isEmpty() ? "" : String.join("\n", lines.split(", (?=[a-zA-Z]+: [{\\[a-z])"));
        ParseResult result = parse(block);
        assertThat(result.configRepo()).isEmpty();
        assertThat(result.diagnostics()).extracting(Diagnostic::code).contains(code);
        assertThat(result.diagnostics()).anyMatch(finding -> finding.message().startsWith(field));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/*",
                "/kind",
                "/apiVersion",
                "/metadata",
                "/metadata/name",
                "/metadata/namespace",
                "/metadata/labels",
                "/metadata/*",
                "/*/*",
                "/metadata/labels/*",
                "/metadata/labels/orkestra.dev~1config-repo"
            })
    void whatSaysWhichObjectItIsCannotBeLeftToOthers(String pointer) {
        assertThat(parse("overlay: k.yaml\nignoreDifferences: [{kind: A, jsonPointers: ['" + pointer + "']}]")
                        .diagnostics())
                .singleElement()
                .asString()
                .contains(
                        "spec.ignoreDifferences[0].jsonPointers: '" + pointer + "' means what says which object it is");
    }

    @Test
    void otherFieldsCanBeLeftToOthersButNotAllThatTheAgentWrites() {
        for (String pointer : List.of("/spec", "/metadata/annotations/*", "/metadata/labels/team", "/data/*", "/*/x")) {
            assertThat(parse("overlay: k.yaml\nignoreDifferences: [{kind: A, jsonPointers: ['" + pointer + "']}]")
                            .diagnostics())
                    .isEmpty();
        }
        assertThat(parse("overlay: k.yaml\nignoreDifferences: [{kind: A, managedFieldsManagers: [orkestra-agent]}]")
                        .diagnostics())
                .singleElement()
                .asString()
                .contains("managedFieldsManagers names the agent itself");
    }

    @Test
    void collectsAllFindingsAndThrowsAtNothing() {
        ParseResult result = ConfigRepoParser.parse(object("metadata: []\nspec: 5"));
        assertThat(result.configRepo()).isEmpty();
        assertThat(result.diagnostics()).extracting(Diagnostic::message).hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void anIdentityThatIsLongerThanALabelIsRefused() {
        ParseResult result = ConfigRepoParser.parse(object("""
                metadata: {name: %s, namespace: orkestra}
                spec: {source: {url: "http://x/y"}, overlay: k.yaml, serviceAccountName: s}
                """.formatted("n".repeat(55))));
        assertThat(result.diagnostics()).extracting(Diagnostic::code).containsExactly(ErrorCode.InvalidName);
    }

    @Test
    void moreThan32LayersAreOneFinding() {
        ParseResult result = parse("layers:\n" + "- {path: a}\n".repeat(8_000));
        assertThat(result.configRepo()).isEmpty();
        assertThat(result.diagnostics())
                .singleElement()
                .asString()
                .startsWith("error: spec.layers has 8000 entries; at most 32 are allowed");
        StringBuilder most = new StringBuilder("layers:\n");
        for (int i = 0; i < 32; i++) {
            most.append("- {path: a").append(i).append("}\n");
        }
        assertThat(parse(most.toString()).diagnostics()).isEmpty();
    }

    @Test
    void aLayerOverlapsOnlyOnce() {
        assertThat(parse("layers: [{path: a/b}, {path: a/c}, {path: a}]").diagnostics())
                .singleElement()
                .asString()
                .startsWith("error: spec.layers[2].path 'a' overlaps the layer 'a/b'");
    }

    @Test
    void aPathThatIsRefusedOverlapsNothing() {
        assertThat(parse("layers: [{path: ../x}, {path: a}, {path: ../y}]").diagnostics())
                .extracting(Diagnostic::message)
                .containsExactly("spec.layers[0].path holds '..'", "spec.layers[2].path holds '..'");
        assertThat(parse("layers: [{path: ../x}]").diagnostics()).hasSize(1);
        assertThat(parse("overlay: ../x").diagnostics()).hasSize(1);
    }

    @Test
    void theRootOverlapsEveryLayer() {
        assertThat(parse("layers: [{path: .}, {path: a}]").diagnostics())
                .extracting(Diagnostic::code)
                .containsExactly(ErrorCode.DuplicateObject);
    }

    @Test
    void layersThatAreNoListAreRefused() {
        assertThat(parse("layers: {a: b}").diagnostics())
                .extracting(Diagnostic::code)
                .contains(ErrorCode.WrongType);
    }
}
