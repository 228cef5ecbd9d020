package dev.orkestra.document;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/** JSON with sorted keys and no white space: the same value is always the same bytes, so that it can be digested. */
public final class CanonicalJson {
    private static final ObjectMapper MAPPER =
            new ObjectMapper().configure(SerializationFeature.WRITE_BIGDECIMAL_AS_PLAIN, true);

    private CanonicalJson() {}

    public static String text(JsonNode value) {
        try {
            return MAPPER.writeValueAsString(sorted(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree can always be written", e);
        }
    }

    public static byte[] bytes(JsonNode value) {
        return text(value).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Whether both say the same. A number that was put in as a long equals the same number as it was read, which
     * {@link JsonNode#equals} denies.
     */
    public static boolean same(JsonNode one, JsonNode other) {
        return one.equals(CanonicalJson::compareValues, other);
    }

    /** 0 for values that are the same; Jackson asks for nothing else. */
    private static int compareValues(JsonNode one, JsonNode other) {
        if (one.canConvertToLong() && one.isIntegralNumber() && other.canConvertToLong() && other.isIntegralNumber()) {
            return Long.compare(one.longValue(), other.longValue());
        }
        return one.equals(other) ? 0 : 1;
    }

    /** {@code sha256:<hex>} over {@link #bytes}. */
    public static String digest(JsonNode value) {
        return digest(bytes(value));
    }

    /** {@code sha256:<hex>} over {@code bytes}. */
    public static String digest(byte[] bytes) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static JsonNode sorted(JsonNode value) {
        if (value.isObject()) {
            List<String> names = new ArrayList<>();
            value.fieldNames().forEachRemaining(names::add);
            Collections.sort(names);
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            names.forEach(name -> copy.set(name, sorted(value.get(name))));
            return copy;
        }
        if (value.isArray()) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode(value.size());
            value.forEach(item -> copy.add(sorted(item)));
            return copy;
        }
        return value;
    }
}
