package dev.orkestra.katalog;

import dev.orkestra.document.Node;
import java.math.BigDecimal;

/** Reads a value as text where the format wants text and YAML sees something else. */
final class ScalarText {
    private ScalarText() {}

    /** The value as text, without an exponent; empty for nothing, JSON for a mapping or a list. */
    static String of(Node node) {
        if (!(node instanceof Node.ScalarNode(Object value, var _))) {
            return node.toJson().toString();
        }
        return switch (value) {
            case null -> "";
            case BigDecimal number -> number.toPlainString();
            default -> value.toString();
        };
    }
}
