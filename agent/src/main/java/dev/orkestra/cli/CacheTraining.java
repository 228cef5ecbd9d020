package dev.orkestra.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Runs the commands that people wait for, so that the JVM can write down which classes they load and keep them ready in
 * {@code agent.aot} (a cache of JDK 25, made when the jar is packaged). No command of {@code ork}.
 */
final class CacheTraining {
    private static final String WITH_FINDINGS = """
            apiVersion: orkestra.orkspace.io/v1
            kind: Katalog
            metadata: {name: training, colour: blue}
            lifecycle: {maturity: beta}
            notes: {functions: [{name: short, expression: "{{ trunc 8 . }}"}]}
            spec:
              crds:
                cart:
                  apiTypes: {group: shop.test, version: v1, kind: Cart, plural: carts}
                  dependsOn: [stok]
                  workersActive: many
                  labels: {team: "{{ .spec.team | default \"shop\" | lower }}"}
                  operatorBox:
                    observe:
                      cross: [{crd: stock, as: stock}]
                    preReconcile:
                      external: [{name: prices, url: "http://prices.test"}]
                      enqueueGate: {sentinels: [labelsChanged], when: [{field: "{{ labelsChanged }}", equals: "true"}]}
                    emit:
                      status: {fields: [{path: ready, value: "{{ .cross.stock.ready }}", type: bool}]}
                    reconcile:
                      workers: 60
                      queue: {maxDepth: 0, retryBackoff: {initial: 5s, max: 1s}}
                      onReconcile:
                        deployments:
                          - name: "{{ .metadata.name }"
                            image: "shop:1"
                            replicas: "{{ if gt .spec.size 3 }}2{{ else }}1{{ end }}"
                            port: 99999
                            resources: {profile: smal}
                            when: [{field: .spec.on, equals: "true"}]
                        services: [{name: web, port: 80}]
                        custom: [{apiVersion: mesh.test/v1, kind: Route, metadata: {name: web}}]
                stock:
                  dependsOn: [stock]
                  apiTypes: {kind: Pod}
            """;

    private CacheTraining() {}

    /**
     * Trains.
     *
     * @param arguments the folder of a config repository, and the Komposers in it
     * @throws IOException when no file can be written for it
     */
    public static void main(String[] arguments) throws IOException {
        Path repository = Path.of(arguments[0]);
        Path folder = Files.createTempDirectory("ork-training");
        Path file = folder.resolve("katalog.yaml");
        try {
            Files.writeString(file, WITH_FINDINGS);
            Ork.prepareLogging("validate");
            for (String komposer : List.of(arguments).subList(1, arguments.length)) {
                run(repository, "validate", "-f", komposer);
                run(repository, "compose", "-f", komposer);
            }
            run(folder, "validate");
            for (String format : List.of("json", "sarif", "github", "junit")) {
                run(folder, "validate", "-o", format);
            }
            run(repository, "validate", "--repo", ".");
            run(folder, "version");
            run(folder, "help", "validate");
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        }
    }

    private static void run(Path folder, String... command) {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        Ork.run(new Terminal(nowhere, nowhere, false, false, false, folder.toAbsolutePath(), Map.of()), command);
    }
}
