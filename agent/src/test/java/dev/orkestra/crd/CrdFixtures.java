package dev.orkestra.crd;

import dev.orkestra.document.Document;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Pointers;
import dev.orkestra.document.ReadResult;
import dev.orkestra.outcome.Diagnostic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The definitions and resources in {@code crd/}. What {@link CrdFixturesTest} says of them is compared with what a real
 * API server says in {@link CrdValidationIT}.
 */
final class CrdFixtures {
    static final Path FOLDER = Path.of("src/test/resources/crd");

    /** Folders that hold a definition and resources of it. */
    static final List<String> TOPICS =
            List.of("values", "formats", "lists", "logic", "defaults", "open", "cluster", "rules");

    private CrdFixtures() {}

    static List<Document> documents(String file) throws IOException {
        ReadResult read =
                DocumentReader.read(Path.of(file).getFileName().toString(), Files.readAllBytes(FOLDER.resolve(file)));
        if (!read.findings().isEmpty()) {
            throw new IllegalStateException(file + ": " + read.findings());
        }
        return read.documents();
    }

    static CustomResourceDefinition definition(String topic) throws IOException {
        return CustomResourceDefinition.of(documents(topic + "/crd.yaml").getFirst())
                .orElseThrow();
    }

    static CustomResourceDefinition definition(byte[] yaml) {
        return CustomResourceDefinition.of(document("crd.yaml", yaml)).orElseThrow();
    }

    static Document document(String file, byte[] yaml) {
        ReadResult read = DocumentReader.read(file, yaml);
        if (read.hasErrors()) {
            throw new IllegalStateException(read.findings().toString());
        }
        return read.documents().getFirst();
    }

    static Document document(String yaml) {
        return document("resource.yaml", yaml.getBytes(StandardCharsets.UTF_8));
    }

    static String name(Document document) {
        return Pointers.find(document.root(), "/metadata/name")
                .map(node -> node.toJson().asText())
                .orElse("");
    }

    static boolean isRefused(List<Diagnostic> findings) {
        return Diagnostic.anyError(findings);
    }

    /** A definition of {@code tests.crd-it.orkestra.test} whose {@code spec} has {@code schema}, written as JSON. */
    static CustomResourceDefinition specOf(String schema) {
        return definition(("""
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: tests.crd-it.orkestra.test}
                spec:
                  group: crd-it.orkestra.test
                  names: {plural: tests, kind: Test}
                  scope: Namespaced
                  versions:
                    - name: v1
                      served: true
                      storage: true
                      schema:
                        openAPIV3Schema:
                          type: object
                          properties:
                            spec:\s""" + schema + "\n").getBytes(StandardCharsets.UTF_8));
    }

    static Document resource(String spec) {
        return document("apiVersion: crd-it.orkestra.test/v1\nkind: Test\nmetadata: {name: one}\nspec: " + spec + "\n");
    }
}
