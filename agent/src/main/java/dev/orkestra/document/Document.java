package dev.orkestra.document;

import java.util.Optional;

/**
 * One document of a file.
 *
 * @param file the file's name as it appears in positions
 * @param index 0-based place among the file's documents
 * @param root the whole value
 */
public record Document(String file, int index, Node root) {
    /** The document as a mapping, which every Kubernetes or Orkestra document is. */
    public Optional<Node.MapNode> mapping() {
        return root instanceof Node.MapNode map ? Optional.of(map) : Optional.empty();
    }

    /** {@code kind}, where it is a string. */
    public Optional<String> kind() {
        return mapping().flatMap(map -> map.text("kind"));
    }

    /** {@code apiVersion}, where it is a string. */
    public Optional<String> apiVersion() {
        return mapping().flatMap(map -> map.text("apiVersion"));
    }
}
