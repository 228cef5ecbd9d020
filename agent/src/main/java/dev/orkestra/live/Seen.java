package dev.orkestra.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is kept of a live object.
 *
 * @param ownedDigest digest of the fields that are ours, as it stands in the inventory
 * @param terminating whether its deletion was asked for
 * @param packed the whole object, packed; empty for a Secret, whose values are not kept
 */
public record Seen(
        String uid, String resourceVersion, String ownedDigest, boolean terminating, Optional<byte[]> packed) {

    /** What {@code live} says, without the object itself. */
    public static Seen of(ObjectNode live, Function<ObjectNode, String> digest) {
        JsonNode metadata = live.path("metadata");
        return new Seen(
                metadata.path("uid").asText(),
                metadata.path("resourceVersion").asText(),
                digest.apply(live),
                metadata.hasNonNull("deletionTimestamp"),
                Optional.empty());
    }

    /** The whole object; empty where it is not kept. */
    public Optional<ObjectNode> whole() {
        return packed.map(PackedObject::unpack);
    }
}
