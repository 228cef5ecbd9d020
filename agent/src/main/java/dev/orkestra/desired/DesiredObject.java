package dev.orkestra.desired;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Position;

/**
 * One object that a commit wants.
 *
 * @param key identity; the namespace is filled in
 * @param body the object as it is applied, with our label; treated as immutable
 * @param wave its place in the order
 * @param origin the document in Git that caused it
 * @param digest {@code sha256:…} over the canonical JSON of {@code body}
 */
public record DesiredObject(ObjectKey key, ObjectNode body, Wave wave, Position origin, String digest) {
    public String apiVersion() {
        return body.path("apiVersion").asText();
    }
}
