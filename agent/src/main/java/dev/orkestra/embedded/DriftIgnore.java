package dev.orkestra.embedded;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.schema.LinearPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One entry of {@code spec.driftDetection.ignore}. Pure.
 *
 * @param paths JSON pointers; the empty one stands for the whole object
 * @param target which objects; a missing node: all
 * @param patterns what of the target is an expression, by field; any other text there stands for itself
 */
record DriftIgnore(List<String> paths, JsonNode target, Map<String, LinearPattern> patterns) {
    private static final List<String> NAMED = List.of("group", "version", "kind", "name", "namespace");
    /** Each rule is held against each object of the release, in the process that all releases share. */
    private static final int MOST_RULES = 100;

    private static final int MOST_TEXT = 20_000;
    /** Counted repeats make many states of little text. */
    private static final int MOST_STATES = 5_000;

    static List<DriftIgnore> of(JsonNode driftDetection) {
        List<DriftIgnore> rules = new ArrayList<>();
        for (JsonNode rule : driftDetection.path("ignore")) {
            Map<String, LinearPattern> patterns = new HashMap<>();
            for (String field : NAMED) {
                pattern(rule, field).ifPresent(pattern -> patterns.put(field, pattern));
            }
            rules.add(new DriftIgnore(
                    rule.path("paths").valueStream().map(JsonNode::asText).toList(), rule.path("target"), patterns));
        }
        return rules;
    }

    /** Why the rules are too much to be held against a release's objects. */
    static Optional<String> excess(JsonNode driftDetection) {
        JsonNode ignore = driftDetection.path("ignore");
        if (ignore.size() > MOST_RULES) {
            return Optional.of("has more than " + MOST_RULES + " entries");
        }
        if (ignore.toString().length() > MOST_TEXT) {
            return Optional.of("is longer than " + MOST_TEXT + " characters");
        }
        int states = 0;
        for (JsonNode rule : ignore) {
            for (String field : NAMED) {
                states += pattern(rule, field).map(LinearPattern::size).orElse(0);
                if (states > MOST_STATES) {
                    return Optional.of("has expressions that come to more than " + MOST_STATES + " states");
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<LinearPattern> pattern(JsonNode rule, String field) {
        return LinearPattern.of(rule.path("target").path(field).asText(""));
    }

    /** Takes what is ignored out of {@code object}, in place. Returns false when the whole object is ignored. */
    static boolean strip(ObjectNode object, List<DriftIgnore> rules) {
        for (DriftIgnore rule : rules) {
            if (rule.matches(object)) {
                for (String path : rule.paths) {
                    if (path.isEmpty()) {
                        return false;
                    }
                    remove(object, path);
                }
            }
        }
        return true;
    }

    private static void remove(ObjectNode object, String path) {
        JsonPointer pointer;
        try {
            pointer = JsonPointer.compile(path);
        } catch (IllegalArgumentException e) {
            return;
        }
        JsonNode parent = object.at(pointer.head());
        JsonPointer last = pointer.last();
        if (parent instanceof ObjectNode mapping) {
            mapping.remove(last.getMatchingProperty());
        } else if (parent instanceof ArrayNode list && last.getMatchingIndex() >= 0) {
            list.remove(last.getMatchingIndex());
        }
    }

    private boolean matches(ObjectNode object) {
        String[] api = object.path("apiVersion").asText().split("/", -1);
        JsonNode metadata = object.path("metadata");
        return named("group", api.length == 2 ? api[0] : "")
                && named("version", api[api.length - 1])
                && named("kind", object.path("kind").asText())
                && named("name", metadata.path("name").asText())
                && named("namespace", metadata.path("namespace").asText())
                && selected("labelSelector", metadata.path("labels"))
                && selected("annotationSelector", metadata.path("annotations"));
    }

    /** Names are regular expressions for the whole, as in a kustomize target. */
    private boolean named(String field, String value) {
        String wanted = target.path(field).asText("");
        LinearPattern pattern = patterns.get(field);
        return wanted.isEmpty() || (pattern == null ? wanted.equals(value) : pattern.matches(value));
    }

    /** {@code a=b,c!=d,e,!f}. */
    private boolean selected(String field, JsonNode values) {
        for (String term : target.path(field).asText("").split(",", -1)) {
            String text = term.strip();
            boolean not = text.startsWith("!") || text.contains("!=");
            String[] parts = text.replaceFirst("^!", "").split("!?==?", 2);
            if (!text.isEmpty()) {
                JsonNode value = values.path(parts[0].strip());
                boolean has = parts.length == 1
                        ? !value.isMissingNode()
                        : value.asText("").equals(parts[1].strip());
                if (has == not) {
                    return false;
                }
            }
        }
        return true;
    }
}
