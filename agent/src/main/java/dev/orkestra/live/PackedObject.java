package dev.orkestra.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * A live object as a cache keeps it: what drift needs at hand, the rest as bytes. As a tree of nodes a ConfigMap of 200
 * bytes takes 8 KB, as bytes 1.
 */
final class PackedObject {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Below this deflating costs more than it saves. */
    private static final int DEFLATE_FROM = 2_048;

    private static final byte PLAIN = 0;
    private static final byte DEFLATED = 1;

    private static final String OWNED = "owned";
    private static final String WHOLE = "whole";

    private PackedObject() {}

    /** What the cache keeps of {@code live}. */
    static ObjectNode pack(ObjectNode live, Function<ObjectNode, String> digest) {
        JsonNode metadata = live.path("metadata");
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        kept.put("apiVersion", live.path("apiVersion").asText())
                .put("kind", live.path("kind").asText());
        ObjectNode identity = kept.putObject("metadata");
        for (String field : new String[] {"namespace", "name", "uid", "resourceVersion", "deletionTimestamp"}) {
            if (metadata.hasNonNull(field)) {
                identity.set(field, metadata.get(field));
            }
        }
        kept.put(OWNED, digest.apply(live));
        if (!isSecret(live)) {
            kept.put(WHOLE, bytes(live));
        }
        return kept;
    }

    static Seen read(ObjectNode kept) {
        JsonNode metadata = kept.path("metadata");
        return new Seen(
                metadata.path("uid").asText(),
                metadata.path("resourceVersion").asText(),
                kept.path(OWNED).asText(),
                metadata.has("deletionTimestamp"),
                Optional.ofNullable(binary(kept.path(WHOLE))));
    }

    private static byte @org.jspecify.annotations.Nullable [] binary(JsonNode node) {
        try {
            return node.binaryValue();
        } catch (IOException e) {
            throw new IllegalStateException("bytes were put in", e);
        }
    }

    private static boolean isSecret(ObjectNode live) {
        return live.path("kind").asText().equals("Secret")
                && live.path("apiVersion").asText().equals("v1");
    }

    private static byte[] bytes(ObjectNode live) {
        try {
            byte[] json = JSON.writeValueAsBytes(live);
            ByteArrayOutputStream packed = new ByteArrayOutputStream(Math.min(json.length, DEFLATE_FROM) + 1);
            if (json.length < DEFLATE_FROM) {
                packed.write(PLAIN);
                packed.write(json);
                return packed.toByteArray();
            }
            packed.write(DEFLATED);
            Deflater deflater = new Deflater(Deflater.BEST_SPEED);
            try (DeflaterOutputStream out = new DeflaterOutputStream(packed, deflater)) {
                out.write(json);
            } finally {
                deflater.end();
            }
            return packed.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory does not fail", e);
        }
    }

    static ObjectNode unpack(byte[] packed) {
        InputStream rest = new ByteArrayInputStream(packed, 1, packed.length - 1);
        try (InputStream json = packed[0] == DEFLATED ? new InflaterInputStream(rest) : rest) {
            return (ObjectNode) JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException("what was packed can be unpacked", e);
        }
    }
}
