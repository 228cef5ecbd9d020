package dev.orkestra.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import dev.orkestra.document.Document;
import dev.orkestra.document.Node;
import dev.orkestra.document.Pointers;
import dev.orkestra.document.Suggestions;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.outcome.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;

/**
 * Says a validator's errors in words for people, at the offending key. The validator itself knows only pointers, and
 * for a field that is unknown or missing only the parent's.
 */
final class SchemaFindings {
    private static final int MOST_FINDINGS = 100;
    private static final int MOST_SHOWN = 12;
    private static final int LONGEST_SHOWN = 60;

    private final Document document;
    private final BiFunction<String, String, JsonNode> schemas;

    /**
     * Findings for one document.
     *
     * @param schemas the schema object at a file's address and a pointer in it; missing when there is none
     */
    SchemaFindings(Document document, BiFunction<String, String, JsonNode> schemas) {
        this.document = document;
        this.schemas = schemas;
    }

    List<Diagnostic> of(List<Error> errors) {
        List<Error> chosen = Alternatives.choose(errors);
        List<Diagnostic> findings = new ArrayList<>();
        chosen.stream().limit(MOST_FINDINGS).forEach(error -> findings.add(of(error)));
        if (chosen.size() > MOST_FINDINGS) {
            findings.add(new Diagnostic(
                    ErrorCode.LimitExceeded,
                    Severity.INFO,
                    chosen.size() - MOST_FINDINGS + " more findings in this document are not shown",
                    document.root().position(),
                    ""));
        }
        return findings.stream().distinct().sorted(Diagnostic.BY_POSITION).toList();
    }

    private Diagnostic of(Error error) {
        String pointer = error.getInstanceLocation().toString();
        return switch (error.getKeyword()) {
            case "additionalProperties", "unevaluatedProperties" -> unknownField(error, pointer);
            case "required", "dependentRequired" -> missingField(error, pointer);
            case "type" -> wrongType(error, pointer);
            case "enum", "const" -> notAllowed(error, pointer);
            case "pattern", "format" -> wrongForm(error, pointer);
            case "minLength" -> finding(ErrorCode.WrongValue, named(pointer) + " is empty or too short", pointer, "");
            default -> finding(ErrorCode.WrongValue, named(pointer) + " " + error.getMessage(), pointer, "");
        };
    }

    private Diagnostic unknownField(Error error, String pointer) {
        String field = error.getProperty() == null ? "" : error.getProperty();
        JsonNode schema = holder(error);
        Set<String> allowed = new TreeSet<>();
        schema.path("properties").fieldNames().forEachRemaining(allowed::add);
        String moved = schema.path("x-moved").path(field).asText("");
        String hint;
        if (!moved.isEmpty()) {
            hint = "since v0.7.18 this is " + moved;
        } else {
            hint = Suggestions.closest(field, allowed)
                    .map(close -> "did you mean '" + close + "'?")
                    .orElseGet(() -> allowed.isEmpty() ? "" : "allowed: " + list(allowed));
        }
        String where = pointer.isEmpty() ? "at the top level" : "in " + lastStep(pointer);
        return finding(
                ErrorCode.UnknownField, "unknown field '" + field + "' " + where, Pointers.below(pointer, field), hint);
    }

    private Diagnostic missingField(Error error, String pointer) {
        String field = error.getProperty() == null ? "" : error.getProperty();
        String where = pointer.isEmpty() ? "the document" : lastStep(pointer);
        String description =
                holder(error).path("properties").path(field).path("description").asText("");
        return finding(
                ErrorCode.MissingField,
                where + " has no '" + field + "'",
                Pointers.below(pointer, field),
                description.isEmpty() ? "add it" : "add it: " + lowerFirst(description));
    }

    private Diagnostic wrongType(Error error, String pointer) {
        Set<String> allowed = new TreeSet<>();
        JsonNode types = error.getSchemaNode();
        if (types != null && types.isArray()) {
            types.forEach(type -> allowed.add(type.asText()));
        } else if (types != null) {
            allowed.add(types.asText());
        }
        JsonNode found = error.getInstanceNode();
        String hint = "";
        if (found != null && (found.isNumber() || found.isBoolean()) && allowed.contains("string")) {
            hint = "put it in quotes";
        } else if (found != null && found.isTextual() && found.asText().matches("-?[0-9]+|true|false")) {
            hint = "remove the quotes";
        }
        return finding(
                ErrorCode.WrongType,
                named(pointer) + " is " + Words.kindOf(found) + "; allowed is " + Words.kinds(allowed),
                pointer,
                hint);
    }

    private Diagnostic notAllowed(Error error, String pointer) {
        JsonNode schema = holder(error);
        Set<String> allowed = new TreeSet<>();
        schema.path("enum").forEach(value -> allowed.add(value.asText()));
        if (schema.has("const")) {
            allowed.add(schema.get("const").asText());
        }
        JsonNode found = error.getInstanceNode();
        String value =
                found == null || found.isContainerNode() ? Words.kindOf(found) : "'" + shortened(found.asText()) + "'";
        String hint = Suggestions.closest(found == null ? "" : found.asText(""), allowed)
                .map(close -> "did you mean '" + close + "'?")
                .orElse("");
        return finding(
                ErrorCode.WrongValue, named(pointer) + " is " + value + "; allowed: " + list(allowed), pointer, hint);
    }

    /** Does not show the value: what has a form of its own may be a secret in the wrong place. */
    private Diagnostic wrongForm(Error error, String pointer) {
        String expected = holder(error).path("x-expected").asText("");
        String message = expected.isEmpty()
                ? named(pointer) + " does not have the form "
                        + error.getSchemaNode().asText()
                : named(pointer) + " must be " + expected;
        return finding(ErrorCode.WrongValue, message, pointer, "");
    }

    /** The schema object that holds the keyword which failed. */
    private JsonNode holder(Error error) {
        String location = error.getSchemaLocation().toString();
        int hash = location.indexOf('#');
        int end = location.lastIndexOf('/');
        if (hash < 0 || end <= hash) {
            return schemas.apply(hash < 0 ? location : location.substring(0, hash), "");
        }
        return schemas.apply(location.substring(0, hash), location.substring(hash + 1, end));
    }

    private Diagnostic finding(ErrorCode code, String message, String pointer, String hint) {
        Position position = Pointers.keyPosition(document.root(), pointer);
        return Diagnostic.error(code, message, position, hint);
    }

    private String named(String pointer) {
        return pointer.isEmpty() ? "the document" : lastStep(pointer);
    }

    /** The last key of {@code pointer}; an item of a list is called by the list and its number. */
    private String lastStep(String pointer) {
        List<String> steps = Pointers.steps(pointer);
        int last = steps.size() - 1;
        String parent = pointer.substring(0, pointer.lastIndexOf('/'));
        Optional<Node> holder = Pointers.find(document.root(), parent);
        boolean isItem = holder.filter(node -> node instanceof Node.ListNode).isPresent();
        return isItem && last > 0
                ? "'" + steps.get(last - 1) + "[" + steps.get(last) + "]'"
                : "'" + steps.get(last) + "'";
    }

    private static String list(Set<String> values) {
        return values.size() <= MOST_SHOWN
                ? String.join(", ", values)
                : String.join(", ", values.stream().limit(MOST_SHOWN).toList()) + " and " + (values.size() - MOST_SHOWN)
                        + " more";
    }

    private static String shortened(String text) {
        String oneLine = text.replaceAll("\\s+", " ");
        return oneLine.length() <= LONGEST_SHOWN ? oneLine : oneLine.substring(0, LONGEST_SHOWN) + "…";
    }

    private static String lowerFirst(String text) {
        String trimmed = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        return Character.toLowerCase(trimmed.charAt(0)) + trimmed.substring(1);
    }
}
