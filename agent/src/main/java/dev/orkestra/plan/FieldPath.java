package dev.orkestra.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The place of a field in an object. Items of lists are named as the API server names them, by their keys rather than
 * by their number, so that the place stays the same when items move.
 *
 * @param steps from the root; empty for the object itself
 */
public record FieldPath(List<Step> steps) {
    static final FieldPath ROOT = new FieldPath(List.of());
    private static final ObjectMapper JSON = new ObjectMapper();

    /** One step down. */
    public sealed interface Step {
        /** A field of a mapping. */
        record Field(String name) implements Step {}

        /** The item of a list whose fields have the values of {@code keys}. */
        record Keyed(JsonNode keys) implements Step {}

        /** The item of a set that is {@code value}. */
        record Member(JsonNode value) implements Step {}

        /** The item with a number. */
        record Index(int number) implements Step {}
    }

    public FieldPath {
        steps = List.copyOf(steps);
    }

    FieldPath then(Step step) {
        List<Step> longer = new ArrayList<>(steps);
        longer.add(step);
        return new FieldPath(longer);
    }

    FieldPath field(String name) {
        return then(new Step.Field(name));
    }

    /**
     * The step that {@code metadata.managedFields[].fieldsV1} writes as {@code text}: {@code f:name}, {@code k:{…}},
     * {@code v:value} or {@code i:0}.
     *
     * @throws IllegalArgumentException when it is none of these
     */
    static Step step(String text) {
        String rest = text.substring(Math.min(2, text.length()));
        try {
            return switch (text.substring(0, Math.min(2, text.length()))) {
                case "f:" -> new Step.Field(rest);
                case "k:" -> new Step.Keyed(JSON.readTree(rest));
                case "v:" -> new Step.Member(JSON.readTree(rest));
                case "i:" -> new Step.Index(Integer.parseInt(rest));
                default -> throw new IllegalArgumentException("not a step of fieldsV1: " + text);
            };
        } catch (JsonProcessingException | NumberFormatException e) {
            throw new IllegalArgumentException("not a step of fieldsV1: " + text, e);
        }
    }

    /** The value at one step below {@code parent}; a missing node when there is none. */
    static JsonNode child(JsonNode parent, Step step) {
        return switch (step) {
            case Step.Field(String name) -> parent.path(name);
            case Step.Index(int number) -> parent.path(number);
            case Step.Keyed(JsonNode keys) -> find(parent, item -> matches(item, keys));
            case Step.Member(JsonNode value) -> find(parent, item -> same(item, value));
        };
    }

    /** Equal as JSON: 1 is 1, whichever Java type the parser chose for it. */
    static boolean same(JsonNode one, JsonNode other) {
        return one.equals(
                (left, right) -> left.isNumber() && right.isNumber()
                        ? left.decimalValue().compareTo(right.decimalValue())
                        : left.equals(right) ? 0 : 1,
                other);
    }

    private static JsonNode find(JsonNode list, java.util.function.Predicate<JsonNode> wanted) {
        if (list.isArray()) {
            for (JsonNode item : list) {
                if (wanted.test(item)) {
                    return item;
                }
            }
        }
        return MissingNode.getInstance();
    }

    private static boolean matches(JsonNode item, JsonNode keys) {
        for (Map.Entry<String, JsonNode> key : keys.properties()) {
            if (!same(item.path(key.getKey()), key.getValue())) {
                return false;
            }
        }
        return item.isObject();
    }

    /** Whether it is at or below the field that {@code names} lead to. */
    boolean startsWith(String... names) {
        for (int i = 0; i < names.length; i++) {
            if (i >= steps.size() || !(steps.get(i) instanceof Step.Field(String name)) || !name.equals(names[i])) {
                return false;
            }
        }
        return true;
    }

    /** Whether the last step is a field that names the list item above it, such as the name of a container. */
    boolean isKeyOfItem() {
        return steps.size() > 1
                && steps.getLast() instanceof Step.Field(String name)
                && steps.get(steps.size() - 2) instanceof Step.Keyed(JsonNode keys)
                && keys.has(name);
    }

    /** {@code spec.containers[name=web].image}; names that hold a point or slash stand in brackets. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Step step : steps) {
            switch (step) {
                case Step.Field(String name)
                when name.indexOf('.') >= 0 || name.indexOf('/') >= 0 ->
                    text.append('[').append(name).append(']');
                case Step.Field(String name) ->
                    text.append(text.isEmpty() ? "" : ".").append(name);
                case Step.Index(int number) -> text.append('[').append(number).append(']');
                case Step.Member(JsonNode value) ->
                    text.append("[=").append(value.asText()).append(']');
                case Step.Keyed(JsonNode keys) -> {
                    List<String> pairs = new ArrayList<>();
                    keys.properties()
                            .forEach(key -> pairs.add(
                                    key.getKey() + "=" + key.getValue().asText()));
                    text.append('[').append(String.join(",", pairs)).append(']');
                }
            }
        }
        return text.toString();
    }
}
