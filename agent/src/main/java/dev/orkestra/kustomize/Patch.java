package dev.orkestra.kustomize;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Position;
import java.util.List;
import java.util.Optional;

/**
 * A patch, to find the places of what it writes.
 *
 * @param target which objects it is for, or empty when the patch itself says it
 * @param content the documents of the patch; those of a text in a kustomization have positions in that text
 * @param inline where that text stands in the kustomization, or empty
 */
record Patch(Optional<Node.MapNode> target, List<Node> content, Optional<Position> inline) {
    Patch {
        content = List.copyOf(content);
    }
}
