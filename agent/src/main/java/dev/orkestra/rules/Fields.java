package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/** Finds fields by their paths. What has another type than was asked for is not there: its schema has said so. */
final class Fields {
    private Fields() {}

    /** The value at a path such as {@code operatorBox.reconcile.queue}. */
    static Optional<Node> get(Node.MapNode map, String path) {
        Node node = map;
        for (int from = 0; from <= path.length(); ) {
            int dot = path.indexOf('.', from);
            int end = dot < 0 ? path.length() : dot;
            Node.Entry entry =
                    node instanceof Node.MapNode holder ? holder.entries().get(path.substring(from, end)) : null;
            if (entry == null) {
                return Optional.empty();
            }
            node = entry.value();
            from = end + 1;
        }
        return Optional.of(node);
    }

    static Optional<Node.MapNode> map(Node.MapNode map, String path) {
        return get(map, path)
                .flatMap(node -> node instanceof Node.MapNode found ? Optional.of(found) : Optional.empty());
    }

    /** The mappings of a list; empty when there is no list. */
    static List<Node.MapNode> maps(Node.MapNode map, String path) {
        return items(map, path).stream()
                .filter(Node.MapNode.class::isInstance)
                .map(Node.MapNode.class::cast)
                .toList();
    }

    /** The items of a list; empty when there is no list. */
    static List<Node> items(Node.MapNode map, String path) {
        return get(map, path)
                .map(node -> node instanceof Node.ListNode list ? list.items() : List.<Node>of())
                .orElse(List.of());
    }

    static Optional<String> text(Node.MapNode map, String path) {
        return get(map, path).flatMap(Fields::text);
    }

    /** The text of a scalar that is a text. */
    static Optional<String> text(Node node) {
        return node instanceof Node.ScalarNode(Object value, var _) && value instanceof String text
                ? Optional.of(text)
                : Optional.empty();
    }

    /** A text that is there, not empty, and no template: what a rule can judge. */
    static Optional<String> plainText(Node.MapNode map, String path) {
        return text(map, path).filter(text -> !text.isEmpty() && !isTemplate(text));
    }

    /** Whether the value is only known at run time. */
    static boolean isTemplate(String text) {
        return text.contains("{{");
    }

    static Optional<Boolean> flag(Node.MapNode map, String path) {
        return get(map, path)
                .flatMap(node -> node instanceof Node.ScalarNode(Object value, var _) && value instanceof Boolean flag
                        ? Optional.of(flag)
                        : Optional.empty());
    }

    /** A number, or a text that holds one. */
    static Optional<BigDecimal> number(Node.MapNode map, String path) {
        return get(map, path).flatMap(Fields::number);
    }

    /** The value of a number, or of a text that holds one; texts too long for any use are none. */
    static Optional<BigDecimal> number(Node node) {
        if (!(node instanceof Node.ScalarNode(Object value, var _))) {
            return Optional.empty();
        }
        return switch (value) {
            case Long number -> Optional.of(BigDecimal.valueOf(number));
            case BigInteger number -> Optional.of(new BigDecimal(number));
            case BigDecimal number -> Optional.of(number);
            case String text
            when text.length() <= 40 && text.strip().matches("[+-]?[0-9]+(\\.[0-9]+)?") ->
                Optional.of(new BigDecimal(text.strip()));
            case null, default -> Optional.empty();
        };
    }

    /** Whether the path is there and says something: not null, and no empty text, mapping or list. */
    static boolean isSet(Node.MapNode map, String path) {
        return get(map, path)
                .filter(node -> switch (node) {
                    case Node.MapNode found -> !found.entries().isEmpty();
                    case Node.ListNode found -> !found.items().isEmpty();
                    case Node.ScalarNode(Object value, var _) -> value != null && !"".equals(value);
                })
                .isPresent();
    }
}
