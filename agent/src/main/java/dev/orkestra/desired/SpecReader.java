package dev.orkestra.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.orkestra.document.GoDuration;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads single fields of a custom resource, and notes what is wrong with them under their own names. */
final class SpecReader {
    private final JsonNode node;
    private final String path;
    private final List<Diagnostic> findings;

    /** @param path name of {@code node} in messages, for example {@code spec.prune} */
    SpecReader(JsonNode node, String path, List<Diagnostic> findings) {
        this.node = node;
        this.path = path;
        this.findings = findings;
    }

    /** The mapping at {@code name}; an empty one when it is not there. */
    SpecReader child(String name) {
        JsonNode child = node.path(name);
        if (isGiven(child) && !child.isObject()) {
            wrongType(name, "an object");
        }
        return new SpecReader(child, path + "." + name, findings);
    }

    /**
     * The mappings in the list at {@code name}; none when it is not there.
     *
     * @param most so many are allowed, as the CRD says
     */
    List<SpecReader> children(String name, int most) {
        List<SpecReader> children = new ArrayList<>();
        JsonNode list = list(name, most);
        for (int i = 0; i < list.size(); i++) {
            String at = path + "." + name + "[" + i + "]";
            if (list.get(i).isObject()) {
                children.add(new SpecReader(list.get(i), at, findings));
            } else {
                error(ErrorCode.WrongType, at + " is not an object", "");
            }
        }
        return children;
    }

    /** The texts in the list at {@code name}, which holds some and none twice; none when it is not there. */
    List<String> texts(String name, int most) {
        refuseEmpty(name);
        List<String> texts = new ArrayList<>();
        for (JsonNode item : list(name, most)) {
            String at = name(name) + "[" + texts.size() + "]";
            if (!item.isTextual() || item.textValue().isEmpty()) {
                error(ErrorCode.WrongType, at + " is not a text", "");
                return texts;
            }
            if (texts.contains(item.textValue())) {
                error(ErrorCode.DuplicateObject, at + ": '" + item.textValue() + "' is there already", "remove it");
                return texts;
            }
            texts.add(item.textValue());
        }
        return texts;
    }

    /** For lists of which an empty one would mean what none means, or the opposite. */
    void refuseEmpty(String name) {
        JsonNode list = node.path(name);
        if (list.isArray() && list.isEmpty()) {
            error(ErrorCode.WrongValue, name(name) + " is empty", "name at least one, or leave the list out");
        }
    }

    private JsonNode list(String name, int most) {
        JsonNode list = node.path(name);
        if (isGiven(list) && !list.isArray()) {
            wrongType(name, "a list");
            return MissingNode.getInstance();
        }
        if (list.size() > most) {
            error(
                    ErrorCode.WrongValue,
                    name(name) + " has " + list.size() + " entries; at most " + most + " are allowed",
                    "");
            return MissingNode.getInstance();
        }
        return list;
    }

    String name(String field) {
        return path + "." + field;
    }

    boolean has(String name) {
        return isGiven(node.path(name));
    }

    String text(String name, String fallback) {
        JsonNode value = node.path(name);
        if (!isGiven(value)) {
            return fallback;
        }
        if (!value.isTextual()) {
            wrongType(name, "a text");
            return fallback;
        }
        return value.textValue();
    }

    String required(String name, String hint) {
        String text = text(name, "");
        if (text.isEmpty()) {
            error(ErrorCode.MissingField, name(name) + " is missing", hint);
        }
        return text;
    }

    boolean flag(String name, boolean fallback) {
        JsonNode value = node.path(name);
        if (isGiven(value) && !value.isBoolean()) {
            wrongType(name, "true or false");
        }
        return value.isBoolean() ? value.booleanValue() : fallback;
    }

    int number(String name, int fallback, int least, int most) {
        JsonNode value = node.path(name);
        if (!isGiven(value)) {
            return fallback;
        }
        if (!value.canConvertToInt()
                || !value.isIntegralNumber()
                || value.intValue() < least
                || value.intValue() > most) {
            error(ErrorCode.WrongValue, name(name) + " is not a whole number from " + least + " to " + most, "");
            return fallback;
        }
        return value.intValue();
    }

    Duration duration(String name, Duration fallback, Duration least) {
        String text = text(name, "");
        if (text.isEmpty()) {
            return fallback;
        }
        Optional<Duration> duration = GoDuration.parse(text);
        if (duration.isEmpty() || duration.get().compareTo(least) < 0) {
            error(
                    ErrorCode.WrongValue,
                    name(name) + " is '" + text + "', not a duration of at least " + GoDuration.text(least),
                    "write for example 30s, 5m or 1h30m");
            return fallback;
        }
        return duration.get();
    }

    <T> T choice(String name, Map<String, T> allowed, T fallback) {
        String text = text(name, "");
        if (text.isEmpty()) {
            return fallback;
        }
        T chosen = allowed.get(text);
        if (chosen == null) {
            String words = String.join(", ", allowed.keySet().stream().sorted().toList());
            error(ErrorCode.WrongValue, name(name) + " is '" + text + "'; allowed are: " + words, "");
            return fallback;
        }
        return chosen;
    }

    void error(ErrorCode code, String message, String hint) {
        findings.add(Diagnostic.error(code, message, null, hint));
    }

    private void wrongType(String name, String wanted) {
        error(ErrorCode.WrongType, name(name) + " is not " + wanted, "");
    }

    private static boolean isGiven(JsonNode value) {
        return !value.isMissingNode() && !value.isNull();
    }
}
