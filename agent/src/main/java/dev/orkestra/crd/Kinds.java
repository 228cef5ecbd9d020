package dev.orkestra.crd;

import dev.orkestra.document.Node;
import dev.orkestra.schema.Words;
import java.math.BigDecimal;
import java.math.BigInteger;

/** JSON types of values. */
final class Kinds {
    private static final BigDecimal LARGEST_EXACT = BigDecimal.valueOf(1L << 53);

    private Kinds() {}

    /** For people: text, a list… */
    static String of(Node value) {
        return Words.kind(type(value));
    }

    /** The name that schemas use; a number without a fraction is an integer. */
    static String type(Node value) {
        return switch (value) {
            case Node.MapNode _ -> "object";
            case Node.ListNode _ -> "array";
            case Node.ScalarNode scalar ->
                switch (scalar.value()) {
                    case null -> "null";
                    case String _ -> "string";
                    case Boolean _ -> "boolean";
                    case Long _ -> "integer";
                    case BigInteger number -> isExact(new BigDecimal(number)) ? "integer" : "number";
                    case BigDecimal number ->
                        number.stripTrailingZeros().scale() <= 0 && isExact(number) ? "integer" : "number";
                    default -> throw new IllegalStateException("not a scalar: " + scalar.value());
                };
        };
    }

    /** What is no long becomes a double in the API server, and that holds whole numbers up to here. */
    private static boolean isExact(BigDecimal number) {
        return number.abs().compareTo(LARGEST_EXACT) <= 0;
    }

    /** Whether a schema of {@code type} takes {@code found}. */
    static boolean fits(String type, String found) {
        return type.equals(found) || type.equals("number") && found.equals("integer");
    }
}
