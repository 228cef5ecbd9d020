package dev.orkestra.kustomize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.orkestra.desired.MapTree;
import dev.orkestra.document.Limits;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.source.TreeEntry;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What a kustomization may not ask for is said where it asks, and the program is never started. */
class HostileKustomizationTest {
    private static final String CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

    private static List<String> findings(MapTree tree, String folder) {
        KustomizeFolder.Result result = KustomizeFolder.read(tree, folder, Limits.DEFAULTS)
                .build(_ -> {
                    throw new AssertionError("the program was started");
                });
        assertThat(result.objects()).isEmpty();
        return result.findings().stream().map(Diagnostic::toString).toList();
    }

    private static MapTree repository(String kustomization) {
        return new MapTree()
                .file("apps/over/kustomization.yaml", kustomization)
                .file("apps/over/a.yaml", CONFIG_MAP)
                .file("apps/base/kustomization.yaml", "resources: [b.yaml]\n")
                .file("apps/base/b.yaml", CONFIG_MAP)
                .file("apps/plain/c.yaml", CONFIG_MAP)
                .file("secret.txt", "hidden")
                .leaf("apps/over/link.yaml", TreeEntry.Kind.SYMLINK)
                .leaf("apps/over/linked", TreeEntry.Kind.SYMLINK)
                .leaf("apps/over/module", TreeEntry.Kind.SUBMODULE);
    }

    @TestFactory
    Stream<DynamicTest> whatIsNotInTheRepositoryIsRefusedWhereverItIsNamed() {
        List<String> fields = List.of(
                "resources: [%s]",
                "bases: [%s]",
                "components: [%s]",
                "crds: [%s]",
                "configurations: [%s]",
                "openapi: {path: %s}",
                "replacements: [{path: %s}]",
                "generators: [%s]",
                "transformers: [%s]",
                "validators: [%s]",
                "patches: [{path: %s}]",
                "patchesJson6902: [{path: %s, target: {kind: A, name: b, version: v1}}]",
                "patchesStrategicMerge: [%s]",
                "configMapGenerator: [{name: a, files: [%s]}]",
                "configMapGenerator: [{name: a, files: [key=%s]}]",
                "configMapGenerator: [{name: a, envs: [%s]}]",
                "secretGenerator: [{name: a, env: %s}]",
                "secretGenerator: [{name: a, files: [%s]}]");
        List<String> hostile = List.of(
                "'https://example.test/a.yaml'",
                "'HTTP://example.test/a.yaml'",
                "'git@example.test:a/b.git'",
                "'git::https://example.test/a//b'",
                "'ssh://git@example.test/a/b'",
                "github.com/a/b",
                "'github.com/a/b?ref=v1'",
                "'gh:a/b'",
                "'a/b?ref=main'",
                "/etc/passwd",
                "../../../etc/passwd",
                "'../../..'",
                "link.yaml",
                "linked/a.yaml",
                "module/a.yaml",
                "absent.yaml",
                "../../.git/config");
        return fields.stream()
                .map(field -> DynamicTest.dynamicTest(
                        field,
                        () -> hostile.forEach(path -> {
                            String kustomization = "namePrefix: x-\n" + field.formatted(path) + "\n";
                            assertThat(findings(repository(kustomization), "apps/over"))
                                    .as(kustomization)
                                    .isNotEmpty()
                                    .allMatch(text -> text.startsWith("apps/over/kustomization.yaml:2:")
                                            && !text.startsWith("apps/over/kustomization.yaml:2:1:"));
                        })));
    }

    @Test
    void eachFindingSaysWhatAndHow() {
        assertThat(findings(
                        repository("""
                                resources:
                                  - ../base
                                  - ../plain
                                  - ../plain/c.yaml
                                  - https://user:pass@example.test/a.yaml?token=hunter2
                                  - ../../..
                                  - link.yaml
                                  - none.yaml
                                Resources: [b]
                                helmCharts: [{name: x}]
                                configMapGenerator:
                                  - name: a
                                    Files: [https://example.test]
                                transformers: [plugin.yaml, builtin.yaml, "kind: Inline\\n"]
                                """)
                                .file(
                                        "apps/over/plugin.yaml",
                                        "apiVersion: a.test/v1\nkind: Exec\nmetadata: {name: x}\n")
                                .file("apps/over/builtin.yaml", """
                                        apiVersion: builtin
                                        kind: LabelTransformer
                                        metadata:
                                          name: x
                                          annotations: {config.kubernetes.io/function: "exec: {path: /bin/sh}"}
                                        """),
                        "apps/over"))
                .containsExactlyInAnyOrder(
                        "apps/over/kustomization.yaml:3:5: error: '../plain' has no kustomization (name a folder with a"
                                + " kustomization.yaml) [NotFound]",
                        "apps/over/kustomization.yaml:4:5: error: '../plain/c.yaml' is not in the folder of its"
                                + " kustomization, or below (move it there, or give it a kustomization of its own and"
                                + " name its folder under resources) [OutsideRoot]",
                        "apps/over/kustomization.yaml:5:5: error: 'https://example.test/a.yaml?…' is not in this"
                                + " repository, and nothing is fetched for a build (copy what it names into the"
                                + " repository) [ImportNotAllowed]",
                        "apps/over/kustomization.yaml:6:5: error: '../../..' leads out of the repository (copy what it"
                                + " names into the repository) [OutsideRoot]",
                        "apps/over/kustomization.yaml:7:5: error: 'apps/over/link.yaml' is, or leads through, a symbolic"
                                + " link or submodule, which is not followed (commit the file itself) [OutsideRoot]",
                        "apps/over/kustomization.yaml:8:5: error: 'apps/over/none.yaml' is not in this commit (commit it,"
                                + " or correct the path) [NotFound]",
                        "apps/over/kustomization.yaml:9:1: error: a kustomization has no field 'Resources' here (write"
                                + " resources) [UnknownField]",
                        "apps/over/kustomization.yaml:10:1: error: helmCharts would have kustomize run Helm (let an"
                                + " ApplicationGroup name the chart, or commit what it renders) [ImportNotAllowed]",
                        "apps/over/kustomization.yaml:13:5: error: a kustomization has no field 'Files' here (write files)"
                                + " [UnknownField]",
                        "apps/over/plugin.yaml:1:1: error: 'Exec' in 'plugin.yaml' is a plugin or function, and none is"
                                + " run (use a generator or transformer that is part of kustomize, with apiVersion"
                                + " builtin) [ImportNotAllowed]",
                        "apps/over/builtin.yaml:1:1: error: 'LabelTransformer' in 'builtin.yaml' is a plugin or function,"
                                + " and none is run (use a generator or transformer that is part of kustomize, with"
                                + " apiVersion builtin) [ImportNotAllowed]",
                        "apps/over/kustomization.yaml:14:43: error: a generator, transformer or validator stands in the"
                                + " kustomization itself (put it into a file of its own, and name that)"
                                + " [ImportNotAllowed]");
    }

    @Test
    void circlesDepthAndNumberHaveTheirEnds() {
        MapTree circle = new MapTree()
                .file("a/kustomization.yaml", "resources: [../b]\n")
                .file("b/kustomization.yaml", "resources: [../c]\n")
                .file("c/kustomization.yaml", "resources: [../a]\n");
        assertThat(findings(circle, "a"))
                .containsExactly(
                        "c/kustomization.yaml:1:13: error: kustomizations go in a circle: a -> b -> c -> a (let"
                                + " one of them not name the next) [ImportNotAllowed]");
        MapTree deep = new MapTree();
        for (int i = 0; i < 1_000; i++) {
            deep.file("d" + i + "/kustomization.yaml", "resources: [../d" + (i + 1) + "]\n");
        }
        assertThat(findings(deep, "d0"))
                .singleElement()
                .asString()
                .startsWith("d49/kustomization.yaml:1:13: error: bases are nested more than 50 deep");
        MapTree wide = new MapTree();
        StringBuilder all = new StringBuilder("resources:\n");
        for (int i = 0; i < 10_000; i++) {
            all.append("- r").append(i).append(".yaml\n");
            wide.file("w/r" + i + ".yaml", CONFIG_MAP);
        }
        assertThat(findings(wide.file("w/kustomization.yaml", all.toString()), "w"))
                .singleElement()
                .asString()
                .contains("error: a kustomization leads to more than 4000 files or 32 MiB");
        MapTree two = new MapTree().file("t/kustomization.yaml", "{}").file("t/Kustomization", "{}");
        assertThat(findings(two, "t"))
                .singleElement()
                .asString()
                .startsWith("t/Kustomization:1:1: error: the folder has more than one kustomization");
    }

    @Test
    void whatTheProgramReadsIsWhatWasChecked() {
        MapTree tree = new MapTree()
                .file("a/kustomization.yaml", "crds: [c.yaml]\nresources: [r.yaml]\n# [https://example.test]\n")
                .file("a/c.yaml", "{}")
                .file("a/r.yaml", CONFIG_MAP)
                .file("a/unused.yaml", "not needed");
        StringBuilder seen = new StringBuilder();
        KustomizeFolder.read(tree, "a", Limits.DEFAULTS).build(inputs -> {
            seen.append(inputs.files().entrySet().stream()
                    .map(file -> file.getKey() + "="
                            + (file.getKey().endsWith("kustomization.yaml")
                                    ? new String(file.getValue(), java.nio.charset.StandardCharsets.UTF_8)
                                    : ""))
                    .collect(Collectors.joining(" ")));
            return new KustomizeBuild.Built.Objects("");
        });
        assertThat(seen)
                .hasToString(
                        "a/c.yaml= a/kustomization.yaml={\"crds\":[\"c.yaml\"],\"resources\":[\"r.yaml\"]} a/r.yaml=");
    }

    /** Patterns that look back at what they have read would take hours for these. */
    @Test
    void longWordsTakeNoTime() {
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            assertThat(LocalPath.isRemote("@".repeat(1_000_000))).isFalse();
            assertThat(LocalPath.isRemote("a".repeat(1_000_000))).isFalse();
            assertThat(LocalPath.isRemote("git@example.com:a/b")).isTrue();
            KustomizeFolder folder =
                    KustomizeFolder.read(repository("resources: [a.yaml]\n"), "apps/over", Limits.DEFAULTS);
            for (String words : List.of("a", "a.v", "accumulation err='", "path '")) {
                KustomizeFolder.Result result =
                        folder.build(_ -> new KustomizeBuild.Built.Refused("Error: " + words.repeat(1_000_000)));

                assertThat(result.findings())
                        .singleElement()
                        .satisfies(finding -> assertThat(finding.message()).hasSizeLessThan(1_000));
            }
        });
    }
}
