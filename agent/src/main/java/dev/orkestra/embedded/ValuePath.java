package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A {@code targetPath} of {@code spec.valuesFrom}, as Helm's {@code --set} writes one: {@code db.hosts[0].name}, a dot
 * that belongs to a key as {@code \.}. Pure.
 *
 * <p>Unlike with Flux, a comma or a brace in the <em>value</em> is part of the value: a password that happens to hold
 * one must not set other values.
 *
 * @param steps each a key (String) or an index (Integer)
 */
record ValuePath(List<Step> steps) {
    /** One step down: into a mapping by key, or into a list by index. */
    sealed interface Step {
        record Key(String name) implements Step {}

        record Index(int at) implements Step {}
    }

    private static final int MAX_INDEX = 1_000;
    private static final int MAX_STEPS = 30;

    /** Empty when it cannot be read. */
    static Optional<ValuePath> parse(String text) {
        List<Step> steps = new ArrayList<>();
        StringBuilder key = new StringBuilder();
        boolean afterIndex = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> {
                    if (++i == text.length()) {
                        return Optional.empty();
                    }
                    key.append(text.charAt(i));
                }
                case '.' -> {
                    if (!endKey(steps, key, afterIndex)) {
                        return Optional.empty();
                    }
                    afterIndex = false;
                }
                case '[' -> {
                    int end = text.indexOf(']', i);
                    Optional<Integer> index = end < 0 ? Optional.empty() : index(text.substring(i + 1, end));
                    if (index.isEmpty() || !endKey(steps, key, afterIndex)) {
                        return Optional.empty();
                    }
                    steps.add(new Step.Index(index.get()));
                    afterIndex = true;
                    i = end;
                }
                default -> key.append(c);
            }
            if (afterIndex && !key.isEmpty()) {
                return Optional.empty();
            }
        }
        return endKey(steps, key, afterIndex) && steps.size() <= MAX_STEPS
                ? Optional.of(new ValuePath(List.copyOf(steps)))
                : Optional.empty();
    }

    private static boolean endKey(List<Step> steps, StringBuilder key, boolean afterIndex) {
        if (key.isEmpty()) {
            return afterIndex;
        }
        steps.add(new Step.Key(key.toString()));
        key.setLength(0);
        return true;
    }

    private static Optional<Integer> index(String digits) {
        try {
            int index = Integer.parseInt(digits);
            return index >= 0 && index <= MAX_INDEX ? Optional.of(index) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** What Helm's {@code --set} takes {@code written} for; one in quotes is always text. */
    static JsonNode value(String written) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        for (String quote : List.of("'", "\"")) {
            if (written.length() > 1 && written.startsWith(quote) && written.endsWith(quote)) {
                return json.textNode(written.substring(1, written.length() - 1));
            }
        }
        return switch (written.toLowerCase(Locale.ROOT)) {
            case "true" -> json.booleanNode(true);
            case "false" -> json.booleanNode(false);
            case "null" -> json.nullNode();
            case "0" -> json.numberNode(0);
            default -> number(written);
        };
    }

    private static JsonNode number(String written) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (!written.startsWith("0")) {
            try {
                return json.numberNode(Long.parseLong(written));
            } catch (NumberFormatException e) {
                return json.textNode(written);
            }
        }
        return json.textNode(written);
    }

    /** Puts {@code value} here, in place; what is in the way gives way. */
    void put(ObjectNode values, JsonNode value) {
        JsonNode at = values;
        for (int i = 0; i < steps.size(); i++) {
            boolean last = i == steps.size() - 1;
            JsonNode child = child(at, steps.get(i));
            JsonNode next = last ? value : fits(child, steps.get(i + 1)) ? child : empty(steps.get(i + 1));
            set(at, steps.get(i), next);
            at = next;
        }
    }

    private static JsonNode child(JsonNode parent, Step step) {
        return switch (step) {
            case Step.Key(String name) -> parent.path(name);
            case Step.Index(int at) -> parent.path(at);
        };
    }

    private static boolean fits(JsonNode node, Step next) {
        return next instanceof Step.Key ? node.isObject() : node.isArray();
    }

    private static JsonNode empty(Step next) {
        return next instanceof Step.Key ? JsonNodeFactory.instance.objectNode() : JsonNodeFactory.instance.arrayNode();
    }

    private static void set(JsonNode parent, Step step, JsonNode value) {
        switch (step) {
            case Step.Key(String name) when parent instanceof ObjectNode object -> object.set(name, value);
            case Step.Index(int at)
            when parent instanceof ArrayNode array -> {
                while (array.size() <= at) {
                    array.addNull();
                }
                array.set(at, value);
            }
            default -> throw new IllegalStateException("a step that does not fit its parent");
        }
    }
}
