package dev.orkestra.crd;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.document.Node;
import dev.orkestra.document.Suggestions;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.schema.LinearPattern;
import dev.orkestra.schema.Words;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a schema from a definition; a keyword whose value has the wrong type is a finding, and then not there. */
final class SchemaReader {
    static final Set<String> SIZES =
            Set.of("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties");

    /** Keywords that the API server knows; it refuses all others as unknown fields. */
    private static final Set<String> KEYWORDS = Set.of(
            "description",
            "title",
            "example",
            "externalDocs",
            "type",
            "format",
            "properties",
            "additionalProperties",
            "items",
            "required",
            "nullable",
            "default",
            "enum",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "minLength",
            "maxLength",
            "pattern",
            "minItems",
            "maxItems",
            "uniqueItems",
            "minProperties",
            "maxProperties",
            "allOf",
            "anyOf",
            "oneOf",
            "not",
            "x-kubernetes-preserve-unknown-fields",
            "x-kubernetes-embedded-resource",
            "x-kubernetes-int-or-string",
            "x-kubernetes-list-type",
            "x-kubernetes-list-map-keys",
            "x-kubernetes-map-type",
            "x-kubernetes-validations");

    /** Keywords that it knows in order to refuse them. */
    private static final Set<String> REFUSED =
            Set.of("id", "$schema", "$ref", "definitions", "dependencies", "patternProperties", "additionalItems");

    private static final Set<String> RULE_FIELDS =
            Set.of("rule", "message", "messageExpression", "reason", "fieldPath", "optionalOldSelf");

    private final Report report;

    SchemaReader(Report report) {
        this.report = report;
    }

    Schema read(Node.MapNode node) {
        keywords(node);
        Map<String, Schema> properties = new LinkedHashMap<>();
        map(node, "properties")
                .ifPresent(fields -> fields.entries().forEach((name, entry) -> {
                    if (entry.value() instanceof Node.MapNode schema) {
                        properties.put(name, read(schema));
                    } else {
                        wrongType(name, entry.keyPosition(), entry.value(), "object");
                    }
                }));
        Node additional = node.get("additionalProperties").orElse(null);
        boolean isOpenEnded = additional instanceof Node.ScalarNode scalar && Boolean.TRUE.equals(scalar.value());
        Optional<Schema> values =
                additional instanceof Node.MapNode schema ? Optional.of(read(schema)) : Optional.empty();
        Optional<Schema> items = map(node, "items").map(this::read);
        Schema.Flags flags = new Schema.Flags(
                flag(node, "nullable"),
                flag(node, "x-kubernetes-int-or-string"),
                flag(node, "x-kubernetes-preserve-unknown-fields"),
                flag(node, "x-kubernetes-embedded-resource"),
                isOpenEnded);
        Schema.Uniqueness list =
                new Schema.Uniqueness(text(node, "x-kubernetes-list-type"), texts(node, "x-kubernetes-list-map-keys"));
        Schema plain = Schema.of(
                node,
                text(node, "type"),
                properties,
                values,
                items,
                flags,
                bounds(node),
                logic(node),
                Optional.empty(),
                list,
                rules(node));
        Optional<Node> value = node.get("default").filter(written -> !Defaults.isNull(written));
        return plain.withDefault(value.map(written -> Defaults.applied(written, plain)));
    }

    private void keywords(Node.MapNode node) {
        node.entries().forEach((keyword, entry) -> {
            if (REFUSED.contains(keyword)) {
                report.error(
                        ErrorCode.UnknownField,
                        "'" + keyword + "' is not allowed in the schema of a definition",
                        entry.keyPosition(),
                        "");
            } else if (!KEYWORDS.contains(keyword)) {
                report.error(
                        ErrorCode.UnknownField,
                        "unknown field '" + Words.shortened(keyword) + "' in a schema",
                        entry.keyPosition(),
                        Suggestions.closest(keyword, KEYWORDS)
                                .map(close -> "did you mean '" + close + "'?")
                                .orElse(""));
            }
        });
    }

    private Schema.Bounds bounds(Node.MapNode node) {
        Map<String, Long> sizes = new LinkedHashMap<>();
        SIZES.stream().sorted().forEach(keyword -> {
            BigDecimal size = number(node, keyword);
            if (size != null) {
                sizes.put(
                        keyword,
                        size.max(BigDecimal.ZERO)
                                .min(BigDecimal.valueOf(Long.MAX_VALUE))
                                .longValue());
            }
        });
        String pattern = text(node, "pattern");
        Optional<LinearPattern> compiled = pattern.isEmpty() ? Optional.empty() : LinearPattern.of(pattern);
        if (!pattern.isEmpty() && compiled.isEmpty()) {
            report.error(
                    ErrorCode.WrongValue,
                    "the pattern is no regular expression, or too large: " + Words.shortened(pattern),
                    node.keyPosition("pattern"),
                    "write one that RE2 knows, without looking ahead or behind");
        }
        return new Schema.Bounds(
                text(node, "format"),
                number(node, "minimum"),
                flag(node, "exclusiveMinimum"),
                number(node, "maximum"),
                flag(node, "exclusiveMaximum"),
                number(node, "multipleOf"),
                sizes,
                compiled.orElse(null),
                pattern,
                allowed(node),
                texts(node, "required"),
                flag(node, "uniqueItems"));
    }

    private @Nullable Set<JsonNode> allowed(Node.MapNode node) {
        Optional<Node> values = node.get("enum");
        if (values.isEmpty()) {
            return null;
        }
        if (!(values.get() instanceof Node.ListNode list)) {
            wrongType("enum", node.keyPosition("enum"), values.get(), "array");
            return null;
        }
        Set<JsonNode> allowed = new HashSet<>();
        list.items().forEach(item -> allowed.add(SameValues.of(item)));
        return allowed;
    }

    private Schema.Logic logic(Node.MapNode node) {
        return new Schema.Logic(
                alternatives(node, "allOf"),
                alternatives(node, "anyOf"),
                alternatives(node, "oneOf"),
                map(node, "not").map(this::read));
    }

    private List<Schema> alternatives(Node.MapNode node, String keyword) {
        List<Schema> schemas = new ArrayList<>();
        list(node, keyword)
                .ifPresent(list -> list.items().forEach(item -> {
                    if (item instanceof Node.MapNode schema) {
                        schemas.add(read(schema));
                    } else {
                        wrongType(keyword, item.position(), item, "object");
                    }
                }));
        return schemas;
    }

    private List<Rule> rules(Node.MapNode node) {
        List<Rule> rules = new ArrayList<>();
        list(node, "x-kubernetes-validations")
                .ifPresent(list -> list.items().forEach(item -> {
                    if (item instanceof Node.MapNode rule) {
                        rules.add(rule(rule));
                    } else {
                        wrongType("x-kubernetes-validations", item.position(), item, "object");
                    }
                }));
        return rules;
    }

    private Rule rule(Node.MapNode node) {
        node.entries().forEach((field, entry) -> {
            if (!RULE_FIELDS.contains(field)) {
                report.error(
                        ErrorCode.UnknownField,
                        "unknown field '" + Words.shortened(field) + "' in a rule",
                        entry.keyPosition(),
                        Suggestions.closest(field, RULE_FIELDS)
                                .map(close -> "did you mean '" + close + "'?")
                                .orElse(""));
            }
        });
        return new Rule(
                node,
                text(node, "rule"),
                text(node, "message"),
                FieldPath.steps(text(node, "fieldPath")).orElse(List.of()),
                flag(node, "optionalOldSelf"),
                Optional.empty(),
                Optional.empty());
    }

    private Optional<Node.MapNode> map(Node.MapNode node, String keyword) {
        node.get(keyword)
                .filter(value -> !(value instanceof Node.MapNode))
                .ifPresent(value -> wrongType(keyword, node.keyPosition(keyword), value, "object"));
        return node.map(keyword);
    }

    private Optional<Node.ListNode> list(Node.MapNode node, String keyword) {
        node.get(keyword)
                .filter(value -> !(value instanceof Node.ListNode))
                .ifPresent(value -> wrongType(keyword, node.keyPosition(keyword), value, "array"));
        return node.list(keyword);
    }

    private String text(Node.MapNode node, String keyword) {
        node.get(keyword)
                .filter(value -> node.text(keyword).isEmpty() && !Defaults.isNull(value))
                .ifPresent(value -> wrongType(keyword, node.keyPosition(keyword), value, "string"));
        return node.text(keyword).orElse("");
    }

    private List<String> texts(Node.MapNode node, String keyword) {
        List<String> texts = new ArrayList<>();
        list(node, keyword)
                .ifPresent(list -> list.items().forEach(item -> {
                    if (item instanceof Node.ScalarNode(Object value, Position _) && value instanceof String text) {
                        texts.add(text);
                    } else {
                        wrongType(keyword, item.position(), item, "string");
                    }
                }));
        return texts;
    }

    private boolean flag(Node.MapNode node, String keyword) {
        node.get(keyword)
                .filter(value -> !(value instanceof Node.ScalarNode scalar && scalar.value() instanceof Boolean)
                        && !Defaults.isNull(value))
                .ifPresent(value -> wrongType(keyword, node.keyPosition(keyword), value, "boolean"));
        return node.isTrue(keyword);
    }

    private @Nullable BigDecimal number(Node.MapNode node, String keyword) {
        Node value = node.get(keyword).orElse(null);
        return switch (value instanceof Node.ScalarNode scalar ? scalar.value() : value) {
            case null -> null;
            case Long number -> BigDecimal.valueOf(number);
            case BigInteger number -> new BigDecimal(number);
            case BigDecimal number -> number;
            default -> {
                wrongType(keyword, node.keyPosition(keyword), node.get(keyword).orElseThrow(), "number");
                yield null;
            }
        };
    }

    private void wrongType(String keyword, Position position, Node found, String wanted) {
        report.error(
                ErrorCode.WrongType,
                "'" + Words.shortened(keyword) + "' is " + Kinds.of(found) + "; allowed is " + Words.kind(wanted),
                position,
                "");
    }
}
