package dev.orkestra.katalog;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the {@code imports} of a Komposer. */
final class FileImports {
    private static final int MOST = 1_000;

    private final List<Diagnostic> findings;

    FileImports(List<Diagnostic> findings) {
        this.findings = findings;
    }

    /**
     * One import of a file.
     *
     * @param path from the repository's root
     * @param position where it is named
     */
    record FileImport(String path, Position position) {}

    /** The file imports in their order, each path once: naming a file twice is no error, as upstream. */
    List<FileImport> of(Source komposer) {
        Node.MapNode imports = komposer.root().map("imports").orElse(null);
        if (imports == null) {
            return List.of();
        }
        for (String kind : List.of("registry", "helm")) {
            imports.list(kind).stream()
                    .flatMap(list -> list.items().stream())
                    .forEach(item -> findings.add(notYet(kind, item)));
        }
        List<FileImport> result = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        List<Node> items = imports.list("files").map(Node.ListNode::items).orElse(List.of());
        if (items.size() > MOST) {
            findings.add(Diagnostic.error(
                    ErrorCode.LimitExceeded,
                    items.size() + " imports; at most " + MOST + " are followed",
                    imports.keyPosition("files"),
                    "split the Komposer"));
            return List.of();
        }
        for (Node item : items) {
            Node url = item instanceof Node.MapNode map ? map.get("url").orElse(item) : item;
            if (url instanceof Node.ScalarNode(Object value, Position position) && value instanceof String text) {
                resolve(komposer.path(), text, position, result, seen);
            }
        }
        return result;
    }

    private void resolve(String komposer, String text, Position position, List<FileImport> result, Set<String> seen) {
        if (text.matches("(?i)[a-z][a-z0-9+.-]*://.*")) {
            findings.add(Diagnostic.error(
                    ErrorCode.ImportNotAllowed,
                    "network imports come with a lock file; not supported yet by this version",
                    position,
                    "copy the Katalog into the repository and import that file"));
        } else if (text.startsWith("$")) {
            findings.add(Diagnostic.error(
                    ErrorCode.ImportNotAllowed,
                    "an import out of the environment would not be the same everywhere",
                    position,
                    "write the path"));
        } else {
            RepositoryPath.resolve(komposer, text)
                    .ifPresentOrElse(
                            path -> {
                                if (seen.add(path)) {
                                    result.add(new FileImport(path, position));
                                }
                            },
                            () -> findings.add(Diagnostic.error(
                                    ErrorCode.OutsideRoot,
                                    "the import '" + text + "' leads out of the repository",
                                    position,
                                    "name a file of this repository, relative to the folder of the Komposer")));
        }
    }

    private static Diagnostic notYet(String kind, Node item) {
        return Diagnostic.error(
                ErrorCode.ImportNotAllowed,
                kind + " imports come with a lock file; not supported yet by this version",
                item.position(),
                "copy the Katalog into the repository and import that file");
    }
}
