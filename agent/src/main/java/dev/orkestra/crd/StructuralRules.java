package dev.orkestra.crd;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.schema.Words;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a schema must be for the API server to take it: structural, and with extensions that fit together. */
final class StructuralRules {
    private static final Set<String> TYPES = Set.of("string", "integer", "number", "boolean", "object", "array");
    private static final List<String> ONLY_OUTSIDE = List.of(
            "type",
            "additionalProperties",
            "default",
            "title",
            "description",
            "nullable",
            "x-kubernetes-preserve-unknown-fields",
            "x-kubernetes-embedded-resource",
            "x-kubernetes-int-or-string",
            "x-kubernetes-list-map-keys",
            "x-kubernetes-list-type",
            "x-kubernetes-map-type",
            "x-kubernetes-validations");

    private final Report report;

    StructuralRules(Report report) {
        this.report = report;
    }

    void root(Schema schema) {
        Node.MapNode node = schema.node();
        if (!schema.type().equals("object")) {
            error(
                    ErrorCode.WrongValue,
                    schema.type().isEmpty() ? "the schema has no 'type'" : "the type of a resource must be object",
                    node.keyPosition("type"),
                    "write type: object");
        }
        if (schema.flags().nullable()) {
            error(ErrorCode.WrongValue, "a resource cannot be nullable", node.keyPosition("nullable"), "remove it");
        }
        if (node.entries().containsKey("additionalProperties")) {
            error(
                    ErrorCode.WrongValue,
                    "'additionalProperties' is not allowed for a whole resource",
                    node.keyPosition("additionalProperties"),
                    "write it at the field that it is for");
        }
        Schema metadata = schema.properties().get("metadata");
        if (metadata != null && !isPlainMetadata(metadata)) {
            error(
                    ErrorCode.WrongValue,
                    "the schema of 'metadata' may limit name and generateName, and nothing else",
                    metadata.node().position(),
                    "write type: object");
        }
        check(schema, "the resource", true);
    }

    private static boolean isPlainMetadata(Schema metadata) {
        return metadata.type().equals("object")
                && Set.of("name", "generateName")
                        .containsAll(metadata.properties().keySet())
                && Set.of("type", "properties", "description", "required")
                        .containsAll(metadata.node().entries().keySet());
    }

    private void check(Schema schema, String name, boolean isRoot) {
        Node.MapNode node = schema.node();
        Schema.Flags flags = schema.flags();
        if (!schema.type().isEmpty() && !TYPES.contains(schema.type())) {
            error(
                    ErrorCode.WrongValue,
                    "'type' is '" + Words.shortened(schema.type()) + "'; allowed: "
                            + String.join(", ", TYPES.stream().sorted().toList()),
                    node.keyPosition("type"),
                    schema.type().equals("null") ? "use nullable: true" : "");
        }
        boolean needsType = !isRoot && schema.type().isEmpty() && !flags.intOrString() && !flags.preserving();
        if (needsType) {
            error(ErrorCode.MissingField, "the schema of " + name + " has no 'type'", node.position(), "add it");
        }
        if (schema.type().equals("array") && schema.items().isEmpty()) {
            error(
                    ErrorCode.MissingField,
                    "the schema of " + name + " has no 'items'",
                    node.position(),
                    "say what the list holds");
        }
        extensions(schema, name);
        lists(schema, name);
        additional(schema, name);
        values(schema);
        if (schema.bounds().uniqueItems()) {
            error(
                    ErrorCode.WrongValue,
                    "'uniqueItems' is not allowed",
                    node.keyPosition("uniqueItems"),
                    "use x-kubernetes-list-type: set");
        }
        schema.properties().forEach((field, property) -> check(property, "'" + Words.shortened(field) + "'", false));
        schema.additional().ifPresent(values -> check(values, "the values of " + name, false));
        schema.items().ifPresent(items -> check(items, "the items of " + name, false));
        nested(schema, isRoot ? Optional.of(schema) : Optional.empty(), flags.intOrString(), 0);
    }

    private void extensions(Schema schema, String name) {
        Node.MapNode node = schema.node();
        Schema.Flags flags = schema.flags();
        String preserve = "x-kubernetes-preserve-unknown-fields";
        boolean isFalse = node.get(preserve)
                .filter(value ->
                        value instanceof Node.ScalarNode(Object flag, Position _) && Boolean.FALSE.equals(flag))
                .isPresent();
        if (isFalse) {
            error(ErrorCode.WrongValue, "'" + preserve + "' may be true or left out", node.keyPosition(preserve), "");
        }
        if (flags.intOrString() && (flags.preserving() || flags.embedded())) {
            error(
                    ErrorCode.WrongValue,
                    name + " cannot be an integer or text, and have fields too",
                    node.keyPosition("x-kubernetes-int-or-string"),
                    "");
        }
        if (flags.embedded() && !schema.type().equals("object")) {
            error(
                    ErrorCode.WrongValue,
                    name + " is an embedded resource, and so its type must be object",
                    node.keyPosition("x-kubernetes-embedded-resource"),
                    "write type: object");
        }
        if (flags.embedded() && !flags.preserving() && schema.properties().isEmpty()) {
            error(
                    ErrorCode.MissingField,
                    name + " is an embedded resource without fields",
                    node.keyPosition("x-kubernetes-embedded-resource"),
                    "add properties, or " + preserve + ": true");
        }
        Optional<String> map = node.text("x-kubernetes-map-type");
        if (map.isPresent() && !schema.type().equals("object")) {
            mapType(node, "'x-kubernetes-map-type' is for objects");
        } else if (map.filter(type -> !Set.of("atomic", "granular").contains(type))
                .isPresent()) {
            mapType(node, "'x-kubernetes-map-type' must be atomic or granular");
        }
    }

    private void mapType(Node.MapNode node, String message) {
        error(ErrorCode.WrongValue, message, node.keyPosition("x-kubernetes-map-type"), "");
    }

    private void lists(Schema schema, String name) {
        Node.MapNode node = schema.node();
        String type = schema.list().type();
        List<String> keys = schema.list().keys();
        Position at = node.keyPosition("x-kubernetes-list-type");
        if (!type.isEmpty() && !schema.type().equals("array")) {
            error(ErrorCode.WrongValue, "'x-kubernetes-list-type' is for arrays", at, "");
        } else if (!type.isEmpty() && !Set.of("atomic", "set", "map").contains(type)) {
            error(ErrorCode.WrongValue, "'x-kubernetes-list-type' must be atomic, set or map", at, "");
        }
        if (!keys.isEmpty() && !type.equals("map")) {
            error(
                    ErrorCode.WrongValue,
                    "'x-kubernetes-list-map-keys' is for lists of the type map",
                    node.keyPosition("x-kubernetes-list-map-keys"),
                    "write x-kubernetes-list-type: map");
        }
        if (!schema.list().isOrdered()
                && schema.items().filter(items -> items.flags().nullable()).isPresent()) {
            error(
                    ErrorCode.WrongValue,
                    "the items of " + name + " cannot be nullable in a list of the type " + type,
                    at,
                    "");
        }
        if (type.equals("map")) {
            mapList(schema, keys, at);
        }
        if (type.equals("set")
                && schema.items().filter(items -> !isAtomic(items)).isPresent()) {
            error(ErrorCode.WrongValue, "the items of a set must be scalars or atomic", at, "");
        }
    }

    private static boolean isAtomic(Schema items) {
        return switch (items.type()) {
            case "array" -> items.list().type().isEmpty() || items.list().type().equals("atomic");
            case "object" ->
                items.node().text("x-kubernetes-map-type").orElse("").equals("atomic");
            default -> true;
        };
    }

    private void mapList(Schema schema, List<String> keys, Position at) {
        Optional<Schema> items = schema.items();
        if (keys.isEmpty()) {
            error(ErrorCode.MissingField, "a list of the type map has no keys", at, "add x-kubernetes-list-map-keys");
        }
        if (items.isEmpty()) {
            return;
        }
        if (!items.get().type().equals("object")) {
            error(ErrorCode.WrongValue, "the items of a list of the type map must be objects", at, "");
            return;
        }
        Position there = schema.node().keyPosition("x-kubernetes-list-map-keys");
        Set<String> seen = new HashSet<>();
        for (String key : keys) {
            Schema property = items.get().properties().get(key);
            String shown = "the key '" + Words.shortened(key) + "' of the list";
            if (!seen.add(key)) {
                error(ErrorCode.WrongValue, shown + " is named twice", there, "remove one");
            } else if (property == null) {
                error(ErrorCode.WrongValue, shown + " is no field of its items", there, "");
            } else if (property.type().equals("array") || property.type().equals("object")) {
                error(ErrorCode.WrongValue, shown + " must be a scalar", there, "");
            } else if (property.flags().nullable()) {
                error(ErrorCode.WrongValue, shown + " cannot be nullable", there, "");
            } else if (!items.get().bounds().required().contains(key)
                    && property.defaultValue().isEmpty()) {
                error(ErrorCode.WrongValue, shown + " must be required or have a default", there, "");
            }
        }
    }

    private void additional(Schema schema, String name) {
        Node.MapNode node = schema.node();
        boolean isThere = node.entries().containsKey("additionalProperties");
        if (!isThere) {
            return;
        }
        Position at = node.keyPosition("additionalProperties");
        boolean isFalse = schema.additional().isEmpty() && !schema.flags().openEnded();
        if (!schema.properties().isEmpty() && (isFalse || schema.additional().isPresent())) {
            error(
                    ErrorCode.WrongValue,
                    name + " has 'properties' and 'additionalProperties', which exclude each other",
                    at,
                    "unknown fields are refused anyway");
        }
        if (schema.flags().embedded()) {
            error(ErrorCode.WrongValue, "an embedded resource cannot have 'additionalProperties'", at, "");
        }
    }

    /** A default must be what the schema takes. */
    private void values(Schema schema) {
        schema.node().get("default").filter(value -> !Defaults.isNull(value)).ifPresent(value -> {
            if (!(value instanceof Node.MapNode) || schema.type().equals("object")) {
                new ValueRules(report)
                        .value(
                                value,
                                schema,
                                new Place("'default'", schema.node().keyPosition("default"), true));
            } else {
                error(
                        ErrorCode.WrongType,
                        "'default' is " + Kinds.of(value) + "; allowed is " + Words.kind(schema.type()),
                        schema.node().keyPosition("default"),
                        "");
            }
        });
    }

    /**
     * Alternatives say what a value must be, not what fields there are: those have to be named outside of them.
     *
     * @param outside the schema around the alternatives of a whole resource; the API server asks it of no others
     */
    private void nested(Schema schema, Optional<Schema> outside, boolean isIntOrString, int level) {
        schema.logic().allOf().forEach(inner -> inside(inner, outside, isIntOrString, level));
        schema.logic().anyOf().forEach(inner -> inside(inner, outside, isIntOrString, level));
        schema.logic().oneOf().forEach(inner -> inside(inner, outside, false, level));
        schema.logic().not().ifPresent(inner -> inside(inner, outside, false, level));
    }

    private void inside(Schema inner, Optional<Schema> outside, boolean isIntOrString, int level) {
        for (String keyword : ONLY_OUTSIDE) {
            boolean isAllowed = keyword.equals("type") && isIntOrString;
            if (inner.node().entries().containsKey(keyword) && !isAllowed) {
                error(
                        ErrorCode.WrongValue,
                        "'" + keyword + "' is not allowed inside of allOf, anyOf, oneOf or not",
                        inner.node().keyPosition(keyword),
                        "write it outside: else the schema is not structural");
            }
        }
        inner.properties().forEach((field, property) -> {
            Optional<Schema> known = outside.flatMap(
                    schema -> Optional.ofNullable(schema.properties().get(field)));
            if (outside.isPresent() && known.isEmpty()) {
                error(
                        ErrorCode.MissingField,
                        "'" + Words.shortened(field) + "' is limited here, and is no field outside of the alternatives",
                        property.node().position(),
                        "add it to 'properties' outside: else the schema is not structural");
            }
            inside(property, known, false, level + 1);
        });
        inner.items().ifPresent(items -> inside(items, outside.flatMap(Schema::items), false, level + 1));
        nested(inner, outside, isIntOrString && level == 0, level + 1);
    }

    private void error(ErrorCode code, String message, Position position, String hint) {
        report.error(code, message, position, hint);
    }
}
