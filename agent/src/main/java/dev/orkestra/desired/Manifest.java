package dev.orkestra.desired;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import java.util.Optional;

/**
 * A document of a layer, as it was read.
 *
 * @param root the document
 * @param layer the layer whose folder holds its file
 */
record Manifest(Node.MapNode root, ConfigRepo.Layer layer) {
    Optional<String> text(String key) {
        return root.text(key);
    }

    Optional<Node.MapNode> metadata() {
        return root.map("metadata");
    }

    Position position() {
        return root.position();
    }

    /** The value of an annotation, whatever its type. */
    Optional<Node> annotation(String name) {
        return metadata().flatMap(metadata -> metadata.map("annotations")).flatMap(all -> all.get(name));
    }
}
