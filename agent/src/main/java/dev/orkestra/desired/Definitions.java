package dev.orkestra.desired;

import dev.orkestra.cel.CelBudget;
import dev.orkestra.crd.CustomResourceDefinition;
import dev.orkestra.document.Document;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Limits;
import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.source.Tree;
import dev.orkestra.source.TreeEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The custom resource definitions of a commit: those in its layers, and those that its Katalogs name as crdFile. */
final class Definitions {
    private static final String WORD = "CustomResourceDefinition";

    private final List<CustomResourceDefinition> all = new ArrayList<>();
    private final Set<String> files = new HashSet<>();
    private final FileFindings findings;

    /** One for all resources, so that a hostile commit cannot take more time than a large one. */
    private final CelBudget budget = new CelBudget(20 * CelBudget.ONE_DOCUMENT);

    Definitions(FileFindings findings) {
        this.findings = findings;
    }

    void addAll(List<Manifest> manifests) {
        manifests.forEach(manifest -> add(document(manifest.root())));
    }

    /** Those in {@code paths}, which a composition has read already, so that nothing is wrong with reading them. */
    void addFiles(Tree tree, List<String> paths, Limits limits) {
        for (String path : paths) {
            if (!files.contains(path)
                    && tree.entry(path)
                            .filter(entry -> entry.kind() == TreeEntry.Kind.FILE)
                            .isPresent()) {
                tree.read(path, limits.maxBytes())
                        .filter(bytes -> new String(bytes, StandardCharsets.ISO_8859_1).contains(WORD))
                        .ifPresent(bytes -> DocumentReader.read(path, bytes, limits)
                                .documents()
                                .forEach(this::add));
            }
        }
    }

    private void add(Document document) {
        if (CustomResourceDefinition.isOne(document)) {
            files.add(document.file());
            CustomResourceDefinition.of(document).ifPresent(definition -> {
                findings.addAll(definition.findings());
                all.add(definition);
            });
        }
    }

    /** Holds each of {@code manifests} against its definition, when there is one here that is sound. */
    void check(List<Manifest> manifests) {
        manifests.forEach(manifest -> check(document(manifest.root())));
    }

    /** Holds the resources in {@code paths} against their definitions; what cannot be read is another's business. */
    void checkFiles(Tree tree, List<String> paths, Limits limits) {
        for (String path : paths) {
            if (tree.entry(path)
                    .filter(entry -> entry.kind() == TreeEntry.Kind.FILE)
                    .isPresent()) {
                tree.read(path, limits.maxBytes())
                        .ifPresent(bytes -> DocumentReader.read(path, bytes, limits)
                                .documents()
                                .forEach(this::check));
            }
        }
    }

    private void check(Document resource) {
        find(resource).ifPresent(definition -> findings.addAll(definition.validate(resource, budget)));
    }

    private Optional<CustomResourceDefinition> find(Document resource) {
        return all.stream()
                .filter(definition -> definition.covers(resource))
                .filter(definition -> !Diagnostic.anyError(definition.findings()))
                .findFirst();
    }

    private static Document document(Node.MapNode root) {
        return new Document(root.position().file(), 0, root);
    }
}
