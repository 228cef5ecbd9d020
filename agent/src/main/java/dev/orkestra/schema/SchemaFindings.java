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
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;

/**
 * Says a validator's errors in words for people, at the offending key. The validator itself knows only pointers, and
 * for a field that is unknown or missing only the parent's.
 */
final class SchemaFindings {
    /** Keywords about a value of the right type: only these can be mere warnings. */
    private static final Set<String> VALUES = Set.of("enum", "pattern", "maximum");

    private static final int MOST_FINDINGS = 100;
    private static final int MOST_SHOWN = 12;

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
        // Editors need the form of a name; here a rule says it better, with the name and what is done about it.
        List<Error> chosen = Alternatives.choose(errors).stream()
                .filter(error -> !holder(error).has("x-rule"))
                .toList();
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
        Diagnostic finding = switch (error.getKeyword()) {
            case "additionalProperties", "unevaluatedProperties" -> unknownField(error, pointer);
            case "required" -> isAlternative(error) ? choice(error, pointer) : missingField(error, pointer);
            case "dependentRequired" -> missingCompanion(error, pointer);
            case "propertyNames" -> wrongName(error, pointer);
            case "type" -> wrongType(error, pointer);
            case "enum", "const" -> notAllowed(error, pointer);
            case "pattern", "format" -> wrongForm(error, pointer);
            case "uniqueItems" -> repeated(error, pointer);
            case "not", "oneOf", "anyOf" -> choice(error, pointer);
            default -> outOfBounds(error, pointer);
        };
        boolean isWarning = VALUES.contains(error.getKeyword())
                && holder(error).path("x-severity").asText().equals("warning");
        return isWarning
                ? Diagnostic.warning(finding.code(), finding.message(), finding.position(), finding.hint())
                : finding;
    }

    private Diagnostic unknownField(Error error, String pointer) {
        String field = propertyOf(error);
        JsonNode schema = holder(error);
        Set<String> allowed = new TreeSet<>();
        schema.path("properties").properties().stream()
                .filter(property -> !isNeverAllowed(property.getValue()))
                .forEach(property -> allowed.add(property.getKey()));
        String moved = schema.path("x-moved").path(field).asText("");
        String hint;
        if (!moved.isEmpty()) {
            hint = "since v0.7.18 this is " + moved;
        } else {
            hint = Suggestions.closest(field, allowed)
                    .map(close -> "did you mean '" + close + "'?")
                    .orElseGet(() -> allowed.isEmpty() ? "nothing is allowed here" : "allowed: " + list(allowed));
        }
        String where = pointer.isEmpty() ? "at the top level" : "in " + lastStep(pointer);
        return finding(
                ErrorCode.UnknownField,
                "unknown field '" + Words.shortened(field) + "' " + where,
                Pointers.below(pointer, field),
                hint);
    }

    /** Whether a field is there only so that a rule can say where it belongs. */
    private static boolean isNeverAllowed(JsonNode field) {
        JsonNode refused = field.path("not");
        return refused.isObject() && refused.isEmpty();
    }

    private Diagnostic missingField(Error error, String pointer) {
        String field = propertyOf(error);
        String where = pointer.isEmpty() ? "the document" : lastStep(pointer);
        String description =
                holder(error).path("properties").path(field).path("description").asText("");
        return finding(
                ErrorCode.MissingField,
                where + " has no '" + field + "'",
                Pointers.below(pointer, field),
                description.isEmpty() ? "add it" : "add it: " + Words.lowerFirst(description));
    }

    private Diagnostic missingCompanion(Error error, String pointer) {
        JsonNode found = error.getInstanceNode();
        for (var companion : error.getSchemaNode().properties()) {
            for (JsonNode needed : companion.getValue()) {
                if (found.has(companion.getKey()) && !found.has(needed.asText())) {
                    return finding(
                            ErrorCode.MissingField,
                            named(pointer) + " has '" + companion.getKey() + "', and so it needs '" + needed.asText()
                                    + "' too",
                            Pointers.below(pointer, companion.getKey()),
                            "add '" + needed.asText() + "', or remove '" + companion.getKey() + "'");
                }
            }
        }
        throw new IllegalStateException("a field is said to be missing, and none is");
    }

    private Diagnostic wrongName(Error error, String pointer) {
        String name = propertyOf(error);
        JsonNode names = holder(error).path("propertyNames");
        String expected = names.path("x-expected").asText("");
        String message;
        if (!expected.isEmpty()) {
            message = "a key of " + named(pointer) + " must be " + expected;
        } else if (name.isEmpty()) {
            message = "a key of " + named(pointer) + " is empty";
        } else {
            message = "a key of " + named(pointer) + " is longer than "
                    + names.path("maxLength").asText("allowed") + " characters";
        }
        return finding(ErrorCode.WrongValue, message, Pointers.below(pointer, name), "");
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
        } else if (found != null && found.isTextual() && Words.looksLikeAScalar(found.asText())) {
            hint = "remove the quotes";
        }
        String expected = holder(error).path("x-expected").asText("");
        String message = named(pointer) + " is " + Words.kindOf(found)
                + (expected.isEmpty() ? "; allowed is " + Words.kinds(allowed) : "; it must be " + expected);
        return finding(ErrorCode.WrongType, message, pointer, hint);
    }

    private Diagnostic notAllowed(Error error, String pointer) {
        JsonNode schema = holder(error);
        Set<String> allowed = new TreeSet<>();
        schema.path("enum").forEach(value -> allowed.add(value.asText()));
        if (schema.has("const")) {
            allowed.add(schema.get("const").asText());
        }
        JsonNode found = error.getInstanceNode();
        String value = found == null || found.isContainerNode()
                ? Words.kindOf(found)
                : "'" + Words.shortened(found.asText()) + "'";
        return finding(
                ErrorCode.WrongValue,
                named(pointer) + " is " + value + "; allowed: " + list(allowed),
                pointer,
                didYouMean(found == null ? "" : found.asText(""), allowed));
    }

    /** Does not show the value: what has a form of its own may be a secret in the wrong place. */
    private Diagnostic wrongForm(Error error, String pointer) {
        JsonNode schema = holder(error);
        String expected = schema.path("x-expected").asText("");
        if (expected.isEmpty() && error.getKeyword().equals("format")) {
            expected = Words.format(schema.path("format").asText());
        }
        String message = expected.isEmpty()
                ? named(pointer) + " does not have the form "
                        + error.getSchemaNode().asText()
                : named(pointer) + " must be " + expected;
        return finding(ErrorCode.WrongValue, message, pointer, "");
    }

    /** Does not show the entries, for the same reason. */
    private Diagnostic repeated(Error error, String pointer) {
        Map<JsonNode, Integer> first = new HashMap<>();
        JsonNode list = error.getInstanceNode();
        for (int i = 0; i < list.size(); i++) {
            Integer before = first.putIfAbsent(list.get(i), i);
            if (before != null) {
                String place = Pointers.below(pointer, Integer.toString(i));
                return finding(
                        ErrorCode.WrongValue,
                        named(place) + " repeats " + named(Pointers.below(pointer, Integer.toString(before)))
                                + "; each may stand here once",
                        place,
                        "remove it");
            }
        }
        throw new IllegalStateException("an entry is said to repeat another, and none does");
    }

    /** What may stand together, or has to: {@code oneOf}, {@code anyOf} and {@code not}. */
    private Diagnostic choice(Error error, String pointer) {
        boolean isNot = error.getKeyword().equals("not");
        JsonNode schema = error.getKeyword().equals("required") ? holderOfAlternatives(error) : holder(error);
        Set<String> members = new LinkedHashSet<>();
        if (isNot) {
            schema.path("not").path("required").forEach(field -> members.add(field.asText()));
        } else {
            members.addAll(Words.namedByAlternatives(schema));
        }
        String said = schema.path("x-said").asText("");
        String verb = isNot ? " may have " : " needs ";
        if (said.isEmpty()) {
            String names = String.join(
                    ", ", members.stream().map(name -> "'" + name + "'").toList());
            said = isNot ? "not all of " + names + " together" : "one of " + names;
        }
        JsonNode found = error.getInstanceNode();
        List<String> present = members.stream()
                .filter(name -> found != null && found.has(name))
                .sorted(Comparator.comparing(
                        name -> Pointers.keyPosition(document.root(), Pointers.below(pointer, name))))
                .toList();
        String place = present.size() < 2 ? pointer : Pointers.below(pointer, present.getLast());
        ErrorCode code = present.isEmpty() ? ErrorCode.MissingField : ErrorCode.WrongValue;
        return finding(code, named(pointer) + verb + said, place, "");
    }

    private Diagnostic outOfBounds(Error error, String pointer) {
        String expected = holder(error).path("x-expected").asText("");
        String message = expected.isEmpty()
                ? named(pointer) + " " + Bounds.say(error.getKeyword(), error.getInstanceNode(), error.getSchemaNode())
                : named(pointer) + " must be " + expected;
        return finding(ErrorCode.WrongValue, message, pointer, "");
    }

    private static String propertyOf(Error error) {
        return error.getProperty() == null ? "" : error.getProperty();
    }

    private static String didYouMean(String written, Set<String> allowed) {
        return Suggestions.closest(written, allowed)
                .map(close -> "did you mean '" + close + "'?")
                .orElse("");
    }

    /** Whether the missing field would only make one of several alternatives true. */
    private static boolean isAlternative(Error error) {
        List<String> steps = schemaSteps(error);
        int size = steps.size();
        return size >= 3 && Set.of("anyOf", "oneOf").contains(steps.get(size - 3));
    }

    private JsonNode holderOfAlternatives(Error error) {
        List<String> steps = schemaSteps(error);
        StringBuilder pointer = new StringBuilder();
        steps.subList(0, steps.size() - 3).forEach(step -> pointer.append(Pointers.below("", step)));
        String location = error.getSchemaLocation().toString();
        return schemas.apply(location.substring(0, location.indexOf('#')), pointer.toString());
    }

    private static List<String> schemaSteps(Error error) {
        String location = error.getSchemaLocation().toString();
        return Pointers.steps(location.substring(location.indexOf('#') + 1));
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
                ? "'" + Words.shortened(steps.get(last - 1)) + "[" + steps.get(last) + "]'"
                : "'" + Words.shortened(steps.get(last)) + "'";
    }

    private static String list(Set<String> values) {
        return values.size() <= MOST_SHOWN
                ? String.join(", ", values)
                : String.join(", ", values.stream().limit(MOST_SHOWN).toList()) + " and " + (values.size() - MOST_SHOWN)
                        + " more";
    }
}
