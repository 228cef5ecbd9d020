package dev.orkestra.kustomize;

import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Node;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What kustomize says of where an object comes from.
 *
 * @param file path from the repository's root of the file that holds it, or whose generator made it
 * @param generator the kind of that generator; empty for an object that was written in the file
 */
record Origin(String file, String generator) {
    static final String ANNOTATION = "config.kubernetes.io/origin";

    /** Empty when it says nothing that could be so. */
    static Optional<Origin> of(Node.MapNode object) {
        return annotations(object)
                .flatMap(annotations -> annotations.text(ANNOTATION))
                .flatMap(text ->
                        DocumentReader.read("origin", text.getBytes(StandardCharsets.UTF_8)).documents().stream()
                                .findFirst())
                .flatMap(document -> document.mapping())
                .flatMap(Origin::read);
    }

    private static Optional<Origin> read(Node.MapNode origin) {
        Optional<String> written = origin.text("path");
        String generator =
                origin.map("configuredBy").flatMap(by -> by.text("kind")).orElse("");
        return written.or(() -> origin.text("configuredIn"))
                .filter(path -> path.startsWith(BuildInputs.PREFIX))
                .flatMap(path -> LocalPath.resolve("", path.substring(BuildInputs.PREFIX.length())))
                .map(file -> new Origin(file, written.isPresent() ? "" : generator));
    }

    static Optional<Node.MapNode> annotations(Node.MapNode object) {
        return object.map("metadata").flatMap(metadata -> metadata.map("annotations"));
    }

    /** The object without the annotation, which is between kustomize and us. */
    static Node.MapNode strip(Node.MapNode object) {
        Optional<Node.MapNode> annotations = annotations(object);
        if (annotations.isEmpty() || annotations.get().get(ANNOTATION).isEmpty()) {
            return object;
        }
        Node.MapNode metadata = object.map("metadata").orElseThrow();
        Node.MapNode others = annotations.get().without(ANNOTATION);
        Node.MapNode stripped = others.entries().isEmpty()
                ? metadata.without("annotations")
                : metadata.with("annotations", new Node.Entry(metadata.keyPosition("annotations"), others));
        return object.with("metadata", new Node.Entry(object.keyPosition("metadata"), stripped));
    }
}
