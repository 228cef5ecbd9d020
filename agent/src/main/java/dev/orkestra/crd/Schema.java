package dev.orkestra.crd;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.document.Node;
import dev.orkestra.schema.LinearPattern;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A structural schema.
 *
 * @param node where it is written
 * @param type JSON type; empty when the schema names none
 * @param properties fields of an object, by name
 * @param additional schema of the values of a mapping with any keys
 * @param items schema of a list's items
 * @param flags what else holds for the value
 * @param bounds limits of the value itself
 * @param logic alternatives and the like
 * @param defaultValue what stands for a missing field, with the defaults of its own fields
 * @param list what makes two items of a list the same
 * @param rules in CEL
 * @param hasRules whether there is a rule here or below
 */
record Schema(
        Node.MapNode node,
        String type,
        Map<String, Schema> properties,
        Optional<Schema> additional,
        Optional<Schema> items,
        Flags flags,
        Bounds bounds,
        Logic logic,
        Optional<Node> defaultValue,
        Uniqueness list,
        List<Rule> rules,
        boolean hasRules) {

    /** A schema whose {@link #hasRules} is worked out. */
    static Schema of(
            Node.MapNode node,
            String type,
            Map<String, Schema> properties,
            Optional<Schema> additional,
            Optional<Schema> items,
            Flags flags,
            Bounds bounds,
            Logic logic,
            Optional<Node> defaultValue,
            Uniqueness list,
            List<Rule> rules) {
        boolean hasRules = !rules.isEmpty()
                || properties.values().stream().anyMatch(Schema::hasRules)
                || additional.filter(Schema::hasRules).isPresent()
                || items.filter(Schema::hasRules).isPresent();
        return new Schema(
                node, type, properties, additional, items, flags, bounds, logic, defaultValue, list, rules, hasRules);
    }

    /**
     * What holds for the value.
     *
     * @param openEnded {@code additionalProperties: true}
     * @param preserving {@code x-kubernetes-preserve-unknown-fields}
     * @param embedded {@code x-kubernetes-embedded-resource}
     */
    record Flags(boolean nullable, boolean intOrString, boolean preserving, boolean embedded, boolean openEnded) {}

    /**
     * Limits of the value itself; null where there is none.
     *
     * @param allowed the values of {@code enum}, numbers made comparable
     */
    record Bounds(
            String format,
            @Nullable BigDecimal minimum,
            boolean exclusiveMinimum,
            @Nullable BigDecimal maximum,
            boolean exclusiveMaximum,
            @Nullable BigDecimal multipleOf,
            Map<String, Long> sizes,
            @Nullable LinearPattern pattern,
            String patternText,
            @Nullable Set<JsonNode> allowed,
            List<String> required,
            boolean uniqueItems) {}

    /** Alternatives and the like. */
    record Logic(List<Schema> allOf, List<Schema> anyOf, List<Schema> oneOf, Optional<Schema> not) {
        boolean isEmpty() {
            return allOf.isEmpty() && anyOf.isEmpty() && oneOf.isEmpty() && not.isEmpty();
        }
    }

    /**
     * What makes two items of a list the same.
     *
     * @param type {@code set}, {@code map}, or anything else: nothing does
     * @param keys fields of an item that are its key in a {@code map}
     */
    record Uniqueness(String type, List<String> keys) {
        boolean isOrdered() {
            return !type.equals("set") && !type.equals("map");
        }
    }

    /** Schema of the value at {@code key} of an object or mapping. */
    Optional<Schema> at(String key) {
        Schema property = properties.get(key);
        return property == null ? additional : Optional.of(property);
    }

    Schema withDefault(Optional<Node> value) {
        return of(node, type, properties, additional, items, flags, bounds, logic, value, list, rules);
    }

    Schema withRules(List<Rule> compiled) {
        return of(node, type, properties, additional, items, flags, bounds, logic, defaultValue, list, compiled);
    }

    /** This schema around others. */
    Schema with(Map<String, Schema> fields, Optional<Schema> values, Optional<Schema> elements) {
        return of(node, type, fields, values, elements, flags, bounds, logic, defaultValue, list, rules);
    }
}
