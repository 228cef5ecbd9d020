package dev.orkestra.schema;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Says in words that a value is too small, too large, too short or too long. */
public final class Bounds {
    private Bounds() {}

    /** What is wrong with {@code found} by {@code keyword}, whose value is {@code bound}; a text itself is not shown. */
    public static String say(String keyword, @Nullable JsonNode found, @Nullable JsonNode bound) {
        String limit = bound == null || bound.isContainerNode() ? "" : bound.asText();
        String number = found == null ? "nothing" : found.asText();
        int size = found == null
                ? 0
                : found.isTextual()
                        ? found.asText().codePointCount(0, found.asText().length())
                        : found.size();
        return switch (keyword) {
            case "minimum" -> "is " + number + "; the least is " + limit;
            case "maximum" -> "is " + number + "; the most is " + limit;
            case "exclusiveMinimum" -> "is " + number + "; it must be more than " + limit;
            case "exclusiveMaximum" -> "is " + number + "; it must be less than " + limit;
            case "multipleOf" -> "is " + number + "; it must be a multiple of " + limit;
            case "minLength" ->
                size == 0 ? "is empty" : "has " + counted(size, "character") + "; at least " + limit + " are needed";
            case "maxLength" -> "has " + counted(size, "character") + "; at most " + limit + " are allowed";
            case "minItems" -> has(size, "entry", "entries") + "; at least " + limit + " must be there";
            case "maxItems" -> has(size, "entry", "entries") + "; at most " + limit + " are allowed";
            case "minProperties" -> has(size, "key", "keys") + "; at least " + limit + " must be there";
            case "maxProperties" -> has(size, "key", "keys") + "; at most " + limit + " are allowed";
            default -> "is not what the schema allows here (" + keyword + ")";
        };
    }

    private static String counted(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    private static String has(int count, String one, String many) {
        return "has " + (count == 0 ? "no " + many : count == 1 ? "1 " + one : count + " " + many);
    }
}
