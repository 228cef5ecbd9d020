package dev.orkestra.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Names of JSON types for people. */
final class Words {
    private Words() {}

    static String kindOf(@Nullable JsonNode value) {
        return value == null
                ? "nothing"
                : kind(
                        switch (value.getNodeType()) {
                            case OBJECT, POJO -> "object";
                            case ARRAY -> "array";
                            case STRING, BINARY -> "string";
                            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
                            case BOOLEAN -> "boolean";
                            case NULL, MISSING -> "null";
                        });
    }

    static String kinds(Collection<String> types) {
        return String.join(" or ", types.stream().map(Words::kind).toList());
    }

    private static String kind(String type) {
        return switch (type) {
            case "object" -> "a mapping";
            case "array" -> "a list";
            case "string" -> "text";
            case "integer" -> "a whole number";
            case "number" -> "a number";
            case "boolean" -> "true or false";
            case "null" -> "nothing";
            default -> type;
        };
    }
}
