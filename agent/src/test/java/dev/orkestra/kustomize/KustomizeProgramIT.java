package dev.orkestra.kustomize;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.desired.MapTree;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.Limits;
import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.process.LocalProcesses;
import dev.orkestra.testing.Testbed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the real kustomize makes of folders, and from where each field comes. */
class KustomizeProgramIT {
    @TempDir
    Path temp;

    private final LocalProcesses processes = new LocalProcesses();

    @AfterEach
    void end() {
        processes.close();
    }

    private KustomizeProgram program() {
        return new KustomizeProgram(
                processes,
                KustomizeProgram.Settings.standard(Optional.of(Testbed.shared().kustomize()), temp.resolve("builds")));
    }

    private KustomizeFolder.Result build(MapTree tree, String folder) {
        return KustomizeFolder.read(tree, folder, Limits.DEFAULTS).build(program());
    }

    private static List<String> texts(KustomizeFolder.Result result) {
        return result.findings().stream().map(Diagnostic::toString).toList();
    }

    private static MapTree shop() {
        return new MapTree()
                .file("apps/base/kustomization.yaml", """
                        resources: [web.yaml]
                        labels:
                          - pairs: {team: shop}
                        """)
                .file("apps/base/web.yaml", """
                        apiVersion: v1
                        kind: Service
                        metadata: {name: web}
                        spec:
                          ports:
                            - {name: http, port: 80}
                        ---
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata:
                          name: web
                        spec:
                          replicas: 1
                          template:
                            spec:
                              containers:
                                - name: web
                                  image: registry.test/web:1
                                  args: [one, two]
                        """)
                .file("apps/over/kustomization.yaml", """
                        namespace: shop
                        namePrefix: stg-
                        resources:
                          - ../base
                        images:
                          - name: registry.test/web
                            newTag: "2"
                        patches:
                          - path: replicas.yaml
                          - target: {kind: Service, name: web}
                            patch: |-
                              - {op: replace, path: /spec/ports/0/port, value: 81}
                        configMapGenerator:
                          - name: other
                            literals: [x=1]
                          - name: settings
                            files: [app.conf]
                        """)
                .file("apps/over/app.conf", "colour=blue\n")
                .file("apps/over/replicas.yaml", """
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata:
                          name: web
                        spec:
                          replicas: 3
                          template:
                            spec:
                              containers:
                                - name: web
                                  env:
                                    - {name: A, value: b}
                        """);
    }

    /** Each field as {@code path=value} and its place. */
    private static Map<String, String> places(Node node, String path, Map<String, String> all) {
        switch (node) {
            case Node.MapNode map ->
                map.entries().forEach((key, entry) -> places(entry.value(), path + "/" + key, all));
            case Node.ListNode list -> {
                for (int i = 0; i < list.items().size(); i++) {
                    places(list.items().get(i), path + "/" + i, all);
                }
            }
            case Node.ScalarNode scalar ->
                all.put(path + "=" + scalar.value(), scalar.position().toString());
        }
        return all;
    }

    @Test
    void everyFieldKnowsTheFileThatWroteIt() {
        KustomizeFolder.Result result = build(shop(), "apps/over");
        assertThat(texts(result)).isEmpty();
        Map<String, String> places = new TreeMap<>();
        for (Node.MapNode object : result.objects()) {
            String kind = object.text("kind").orElseThrow();
            places.put(kind + " " + Provenance.nameOf(object), object.position().toString());
            places(object, kind, places);
        }
        String over = "apps/over/kustomization.yaml:";
        assertThat(places)
                .containsEntry("Service stg-web", "apps/base/web.yaml:1:1")
                .containsEntry("Deployment stg-web", "apps/base/web.yaml:8:1")
                .containsEntry("ConfigMap stg-settings-5d96htt9mb", over + "16:5")
                .containsEntry("Deployment/metadata/name=stg-web", over + "2:1")
                .containsEntry("Deployment/metadata/namespace=shop", over + "1:1")
                .containsEntry("Deployment/metadata/labels/team=shop", "apps/base/kustomization.yaml:3:13")
                .containsEntry("Deployment/spec/replicas=3", "apps/over/replicas.yaml:6:13")
                .containsEntry("Deployment/spec/template/spec/containers/0/image=registry.test/web:2", over + "7:5")
                .containsEntry("Deployment/spec/template/spec/containers/0/name=web", "apps/base/web.yaml:17:17")
                .containsEntry("Deployment/spec/template/spec/containers/0/args/1=two", "apps/base/web.yaml:19:23")
                .containsEntry(
                        "Deployment/spec/template/spec/containers/0/env/0/value=b", "apps/over/replicas.yaml:12:32")
                .containsEntry("Service/spec/ports/0/name=http", "apps/base/web.yaml:6:14")
                .containsEntry("Service/spec/ports/0/port=81", over + "11:12");
        assertThat(places.keySet()).noneMatch(path -> path.contains("config.kubernetes.io"));
    }

    @Test
    void theSameBytesGiveTheSameObjectsAndAreBuiltOnce() {
        AtomicInteger calls = new AtomicInteger();
        KustomizeProgram program = program();
        KustomizeBuild remembered = RememberedBuilds.of(inputs -> {
            calls.incrementAndGet();
            return program.build(inputs);
        });
        List<List<JsonNode>> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            all.add(KustomizeFolder.read(shop(), "apps/over", Limits.DEFAULTS).build(remembered).objects().stream()
                    .map(Node::toJson)
                    .toList());
        }
        assertThat(all.get(0)).hasSize(4).isEqualTo(all.get(1)).isEqualTo(all.get(2));
        assertThat(calls).hasValue(1);
        KustomizeFolder.read(shop().file("apps/over/app.conf", "colour=red\n"), "apps/over", Limits.DEFAULTS)
                .build(remembered);
        assertThat(calls).hasValue(2);
        assertThat(build(shop(), "apps/over").objects().stream()
                        .map(Node::toJson)
                        .toList())
                .isEqualTo(all.get(0));
    }

    @Test
    void theRootOfTheRepositoryMayBeTheFolder() {
        MapTree tree = new MapTree()
                .file("Kustomization", "resources: [a.yaml]\nbuildMetadata: [managedByLabel, originAnnotations]\n")
                .file(
                        "a.yaml",
                        "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n");
        KustomizeFolder.Result result = build(tree, "");
        assertThat(texts(result)).isEmpty();
        assertThat(result.objects()).singleElement().satisfies(object -> {
            assertThat(object.position()).hasToString("a.yaml:4:3");
            assertThat(CanonicalJson.text(object.toJson()))
                    .isEqualTo("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"labels\":"
                            + "{\"app.kubernetes.io/managed-by\":\"kustomize-v5.8.1\"},\"name\":\"a\"}}");
        });
    }

    @Test
    void errorsOfKustomizeNameTheFileAndNeverTheFolderOfTheBuildOrASecret() {
        MapTree noTarget = shop().file("apps/over/replicas.yaml", """
                # a patch
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: webb}
                """);
        assertThat(texts(build(noTarget, "apps/over")))
                .containsExactly("apps/over/replicas.yaml:2:1: error: kustomize cannot build this: no resource matches"
                        + " strategic merge patch \"Deployment.v1.apps/webb.[noNs]\": no matches for Id"
                        + " Deployment.v1.apps/webb.[noNs]; failed to find unique target for patch"
                        + " Deployment.v1.apps/webb.[noNs] ('kustomize build apps/over' says the same) [RenderFailed]");
        MapTree twice = shop().file("apps/base/kustomization.yaml", "resources: [web.yaml, zwei.yaml]\n")
                .file("apps/base/zwei.yaml", "\napiVersion: v1\nkind: Service\nmetadata: {name: web}\n");
        assertThat(texts(build(twice, "apps/over")))
                .singleElement()
                .asString()
                .startsWith("apps/base/zwei.yaml:2:1: error: kustomize cannot build this: merging resources from"
                        + " 'zwei.yaml': may not add resource with an already registered id: Service.v1.[noGrp]/web");
        assertThat(texts(build(shop().file("apps/base/kustomization.yaml", "\nnamePrefix: 3\n"), "apps/over")))
                .singleElement()
                .asString()
                .startsWith(
                        "apps/base/kustomization.yaml:2:1: error: kustomize cannot build this: invalid Kustomization");
        MapTree secret = new MapTree()
                .file("s/kustomization.yaml", "secretGenerator: [{name: s, literals: [correct-horse-battery]}]\n");
        assertThat(texts(build(secret, "s")))
                .singleElement()
                .asString()
                .startsWith("s/kustomization.yaml:1:1: error: ")
                .contains("****")
                .doesNotContain("horse");
        assertThat(texts(build(secret, "s")).toString())
                .doesNotContain(temp.toString())
                .doesNotContain("/repo");
        assertThat(temp.resolve("builds")).isEmptyDirectory();
    }

    /** What would hold if our own checks had a hole: the program is given what they refuse. */
    @Test
    void theProgramItselfFetchesNothingRunsNothingAndReadsNothingElse() throws IOException {
        Path mark = temp.resolve("ran");
        Path plugin = Files.createFile(
                temp.resolve("plugin.sh"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Files.writeString(plugin, "#!/bin/sh\ntouch " + mark + "\n");
        Files.writeString(temp.resolve("hidden.txt"), "hidden");
        for (String kustomization : List.of(
                "resources: [http://127.0.0.1:1/a.yaml]",
                "resources: ['https://github.com/a/b?ref=v1']",
                "resources: [git@127.0.0.1:a/b.git]",
                "Resources: [http://127.0.0.1:1/a.yaml]",
                "configMapGenerator: [{name: a, files: [http://127.0.0.1:1/a]}]",
                "configMapGenerator: [{name: a, files: [" + temp + "/hidden.txt]}]",
                "configMapGenerator: [{name: a, files: [../../../hidden.txt]}]",
                "helmCharts: [{name: a, repo: http://127.0.0.1:1}]",
                "transformers: [f.yaml]",
                "generators: [f.yaml]")) {
            TreeMap<String, byte[]> files = new TreeMap<>();
            files.put("a/kustomization.yaml", (kustomization + "\n").getBytes(StandardCharsets.UTF_8));
            files.put("a/f.yaml", """
                    apiVersion: x.test/v1
                    kind: Run
                    metadata:
                      name: x
                      annotations:
                        config.kubernetes.io/function: |
                          exec: {path: %s}
                    """.formatted(plugin).getBytes(StandardCharsets.UTF_8));
            assertThat(program().build(new BuildInputs("a", List.of(), files)))
                    .as(kustomization)
                    .isInstanceOf(KustomizeBuild.Built.Refused.class);
        }
        assertThat(mark).doesNotExist();
    }

    @Test
    void aProgramThatHangsOrPrintsWithoutEndIsStoppedAndNoneIsSaidSo() throws IOException {
        Path folder = temp.resolve("builds");
        KustomizeFolder read = KustomizeFolder.read(shop(), "apps/over", Limits.DEFAULTS);
        assertThat(texts(read.build(new KustomizeProgram(
                        processes,
                        new KustomizeProgram.Settings(
                                Optional.of(script("sleep 60")), folder, Duration.ofMillis(200), 1000)))))
                .singleElement()
                .asString()
                .contains("kustomize did not end within 0 s, a fixed bound, and was stopped")
                .endsWith("[ImportFailed]");
        assertThat(texts(read.build(new KustomizeProgram(
                        processes,
                        new KustomizeProgram.Settings(
                                Optional.of(script("while :; do echo aaaaaaaaaaaaaaa; done")),
                                folder,
                                Duration.ofSeconds(60),
                                1 << 20)))))
                .singleElement()
                .asString()
                .contains("kustomize printed more than 1 MiB")
                .endsWith("[LimitExceeded]");
        for (Optional<Path> none : List.of(Optional.<Path>empty(), Optional.of(temp.resolve("none")))) {
            assertThat(texts(read.build(
                            new KustomizeProgram(processes, KustomizeProgram.Settings.standard(none, folder)))))
                    .singleElement()
                    .asString()
                    .startsWith(
                            "apps/over/kustomization.yaml:1:1: error: kustomize is needed to build this folder, and ")
                    .contains("--kustomize or in the variable ORK_KUSTOMIZE");
        }
    }

    private Path script(String body) throws IOException {
        Path file = Files.createTempFile(
                temp,
                "kustomize",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        return Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    }

    @Test
    void theChildSeesNothingOfOurs() throws IOException {
        Path seen = temp.resolve("seen");
        Path program = script("/usr/bin/env > " + seen + "; /usr/bin/find .. >> " + seen + "; exit 1");
        KustomizeFolder.read(shop(), "apps/over", Limits.DEFAULTS)
                .build(new KustomizeProgram(
                        processes, KustomizeProgram.Settings.standard(Optional.of(program), temp.resolve("builds"))));
        try (Stream<String> lines = Files.lines(seen)) {
            assertThat(lines.filter(line -> line.contains("=")).map(line -> line.substring(0, line.indexOf('='))))
                    .containsExactlyInAnyOrder(
                            "GOMAXPROCS",
                            "GOMEMLIMIT",
                            "HOME",
                            "TMPDIR",
                            "XDG_CONFIG_HOME",
                            "HTTP_PROXY",
                            "HTTPS_PROXY",
                            "PWD");
        }
        assertThat(Files.readString(seen)).doesNotContain("KUBE");
    }
}
