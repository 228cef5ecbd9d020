package dev.orkestra.katalog;

import dev.orkestra.document.Node;
import dev.orkestra.document.Suggestions;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiPredicate;

/** The inputs of one import of a Motif, put into its texts (orkspace-katalog.md §7). */
final class MotifInputs {
    private final Map<String, String> values = new LinkedHashMap<>();
    private final Map<String, String> types = new LinkedHashMap<>();
    private final List<Diagnostic> findings;
    private final Position askedBy;
    private final BiPredicate<Integer, Position> mayGrowBy;

    private MotifInputs(List<Diagnostic> findings, Position askedBy, BiPredicate<Integer, Position> mayGrowBy) {
        this.findings = findings;
        this.askedBy = askedBy;
        this.mayGrowBy = mayGrowBy;
    }

    /**
     * Binds {@code with} of the import to what the Motif declares; what does not fit is a finding at the import.
     *
     * @param mayGrowBy asked for each text that inputs were put into, with its length
     */
    static MotifInputs bind(
            Node.MapNode motif,
            Node.MapNode item,
            List<Diagnostic> findings,
            BiPredicate<Integer, Position> mayGrowBy) {
        MotifInputs inputs = new MotifInputs(findings, item.position(), mayGrowBy);
        Node.MapNode with = item.map("with").orElseGet(() -> new Node.MapNode(Map.of(), item.position()));
        Map<String, Position> declared = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        for (Node each : motif.list("inputs").map(Node.ListNode::items).orElse(List.of())) {
            if (each instanceof Node.MapNode input && input.text("name").isPresent()) {
                String name = input.text("name").get();
                inputs.declare(input, name, declared);
                Node.Entry bound = with.entries().get(name);
                if (bound != null) {
                    inputs.values.put(name, ScalarText.of(bound.value()));
                } else {
                    inputs.values.put(
                            name, input.get("default").map(ScalarText::of).orElse(""));
                    if (input.isTrue("required")) {
                        missing.add(name);
                    }
                }
            }
        }
        if (!missing.isEmpty()) {
            findings.add(Diagnostic.error(
                    ErrorCode.MissingField,
                    "the Motif needs the input " + String.join(", ", missing),
                    with.entries().isEmpty() ? item.keyPosition("motif") : item.keyPosition("with"),
                    "add it under 'with'"));
        }
        with.entries().forEach((name, entry) -> {
            if (!declared.containsKey(name)) {
                findings.add(Diagnostic.error(
                        ErrorCode.UnknownField,
                        "the Motif has no input '" + name + "'",
                        entry.keyPosition(),
                        Suggestions.closest(name, declared.keySet())
                                .map(close -> "did you mean '" + close + "'?")
                                .orElse(
                                        declared.isEmpty()
                                                ? "it has none"
                                                : "it has " + String.join(", ", declared.keySet()))));
            }
        });
        return inputs;
    }

    private void declare(Node.MapNode input, String name, Map<String, Position> declared) {
        Position position = input.get("name").orElseThrow().position();
        Position first = declared.putIfAbsent(name, position);
        if (first != null) {
            findings.add(Diagnostic.error(
                    ErrorCode.DuplicateName,
                    "the input '" + name + "' is already declared at " + first,
                    position,
                    "rename one of the two"));
        }
        types.put(name, input.text("type").orElse("string").toLowerCase(Locale.ROOT));
    }

    /** {@code node} with the inputs in place; every part keeps its position in the Motif. */
    Node replace(Node node) {
        return switch (node) {
            case Node.MapNode map -> {
                Map<String, Node.Entry> entries = new LinkedHashMap<>();
                map.entries()
                        .forEach((key, entry) ->
                                entries.put(key, new Node.Entry(entry.keyPosition(), replace(entry.value()))));
                yield new Node.MapNode(entries, map.position());
            }
            case Node.ListNode list ->
                new Node.ListNode(list.items().stream().map(this::replace).toList(), list.position());
            case Node.ScalarNode(Object value, Position position) ->
                value instanceof String text && InputExpressions.concerns(text)
                        ? new Node.ScalarNode(replace(text, position), position)
                        : node;
        };
    }

    private Object replace(String text, Position position) {
        try {
            String result = new InputExpressions(values).replace(text);
            return mayGrowBy.test(result.length(), askedBy) ? typed(text, result) : text;
        } catch (InputExpressions.NotHere e) {
            findings.add(Diagnostic.error(
                    ErrorCode.BadTemplate,
                    "the inputs in this text cannot be put in place: " + e.getMessage(),
                    position,
                    "with inputs, only the functions default, coalesce, toLower, toUpper, trim and quote can be used"));
            return text;
        }
    }

    /** A text that is nothing but an input of another type takes that type. */
    private Object typed(String text, String result) {
        String inside = text.strip();
        for (Map.Entry<String, String> type : types.entrySet()) {
            boolean isInput = inside.equals("{{ .inputs." + type.getKey() + " }}")
                    || inside.equals("{{.inputs." + type.getKey() + "}}")
                    || inside.equals("{{ inputs." + type.getKey() + " }}");
            if (isInput) {
                return typedAs(type.getValue(), result);
            }
        }
        return result;
    }

    private static Object typedAs(String type, String text) {
        try {
            return switch (type) {
                case "integer", "int" -> Long.valueOf(text);
                case "number", "float" -> text.length() > 30 ? text : new BigDecimal(text);
                case "bool", "boolean" -> text.equals("true") || text.equals("false") ? Boolean.valueOf(text) : text;
                default -> text;
            };
        } catch (NumberFormatException e) {
            return text; // A template, or a wrong value: the schema of the place says so.
        }
    }
}
