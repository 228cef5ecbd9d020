package dev.orkestra.embedded;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * One entry of {@code spec.driftDetection.ignore}. Pure.
 *
 * @param paths JSON pointers; the empty one stands for the whole object
 * @param target which objects; a missing node: all
 */
record DriftIgnore(List<String> paths, JsonNode target) {
    static List<DriftIgnore> of(JsonNode driftDetection) {
        List<DriftIgnore> rules = new ArrayList<>();
        for (JsonNode rule : driftDetection.path("ignore")) {
            rules.add(new DriftIgnore(
                    rule.path("paths").valueStream().map(JsonNode::asText).toList(), rule.path("target")));
        }
        return rules;
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
        try {
            return wanted.isEmpty() || Pattern.compile(wanted).matcher(value).matches();
        } catch (PatternSyntaxException e) {
            return wanted.equals(value);
        }
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
