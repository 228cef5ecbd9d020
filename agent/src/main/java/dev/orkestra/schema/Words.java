package dev.orkestra.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Names of JSON types and forms for people, and texts made fit to be shown. */
public final class Words {
    private static final int LONGEST_SHOWN = 60;

    private Words() {}

    /** What {@code value} is: text, a whole number, a list… */
    public static String kindOf(@Nullable JsonNode value) {
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

    /** A field for text takes what YAML reads as a number or as true or false too, so that is not said of it. */
    static String kinds(Collection<String> types) {
        Set<String> shown = new TreeSet<>(types);
        if (shown.containsAll(Set.of("string", "number", "boolean"))) {
            shown.removeAll(Set.of("number", "boolean"));
        }
        return String.join(" or ", shown.stream().map(Words::kind).toList());
    }

    /** What a value of a {@code format} looks like. */
    public static String format(String format) {
        return switch (format) {
            case "date-time" -> "a moment such as \"2026-12-31T18:00:00Z\"";
            case "date" -> "a day such as \"2026-12-31\"";
            case "time" -> "a time such as \"18:00:00Z\"";
            case "uri", "iri" -> "an address such as https://example.com/a";
            case "email" -> "an email address";
            case "hostname" -> "a host name";
            case "ipv4", "ipv6" -> "an IP address";
            default -> "of the form " + format;
        };
    }

    /** {@code text} on one line, and not more of it than fits there. */
    public static String shortened(String text) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (line.length() >= LONGEST_SHOWN) {
                return line.append('…').toString();
            }
            if (!Character.isWhitespace(c)) {
                line.append(c);
            } else if (line.isEmpty() || line.charAt(line.length() - 1) != ' ') {
                line.append(' ');
            }
        }
        return line.toString();
    }

    /** {@code text} as the rest of a sentence. */
    public static String lowerFirst(String text) {
        String trimmed = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        return Character.toLowerCase(trimmed.charAt(0)) + trimmed.substring(1);
    }

    /** Whether {@code text} would be a whole number, or true or false, without its quotes. */
    public static boolean looksLikeAScalar(String text) {
        String digits = text.startsWith("-") ? text.substring(1) : text;
        boolean isNumber = !digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber || text.equals("true") || text.equals("false");
    }

    /** The fields that the alternatives of {@code schema} ask for, in their order. */
    static Set<String> namedByAlternatives(JsonNode schema) {
        Set<String> fields = new LinkedHashSet<>();
        for (String word : List.of("oneOf", "anyOf")) {
            schema.path(word).forEach(branch -> branch.path("required").forEach(field -> fields.add(field.asText())));
        }
        return fields;
    }

    /** A JSON type by its name in schemas. */
    public static String kind(String type) {
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
