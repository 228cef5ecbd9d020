package dev.orkestra.crd;

import dev.orkestra.document.Node;
import dev.orkestra.document.Suggestions;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.schema.Words;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** {@code metadata}, which the API server checks by its own types and not by schemas. */
final class MetadataRules {
    /** Its fields and their JSON types. */
    private static final Map<String, String> FIELDS = Map.ofEntries(
            Map.entry("name", "string"),
            Map.entry("generateName", "string"),
            Map.entry("namespace", "string"),
            Map.entry("selfLink", "string"),
            Map.entry("uid", "string"),
            Map.entry("resourceVersion", "string"),
            Map.entry("generation", "integer"),
            Map.entry("creationTimestamp", "string"),
            Map.entry("deletionTimestamp", "string"),
            Map.entry("deletionGracePeriodSeconds", "integer"),
            Map.entry("labels", "object"),
            Map.entry("annotations", "object"),
            Map.entry("ownerReferences", "array"),
            Map.entry("finalizers", "array"),
            Map.entry("managedFields", "array"));

    private static final Set<String> OWNER =
            Set.of("apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion");

    private static final int MOST_ANNOTATIONS = 256 << 10;

    private final Report report;

    private MetadataRules(Report report) {
        this.report = report;
    }

    /** The metadata of a resource. */
    static void root(Node.MapNode resource, String kind, boolean isNamespaced, Report report) {
        MetadataRules rules = new MetadataRules(report);
        Optional<Node> written = resource.get("metadata");
        if (written.isEmpty()) {
            report.error(
                    ErrorCode.MissingField,
                    "the document has no 'metadata'",
                    resource.position(),
                    "add it, with a name");
            return;
        }
        if (!(written.get() instanceof Node.MapNode metadata)) {
            rules.wrongType("metadata", resource.keyPosition("metadata"), written.get(), "object");
            return;
        }
        Place place = Place.root(resource).at(resource, "metadata", null);
        rules.metadata(metadata, place);
        boolean hasName = metadata.text("name").filter(name -> !name.isEmpty()).isPresent();
        if (!hasName
                && metadata.text("generateName").filter(name -> !name.isEmpty()).isEmpty()) {
            boolean isThere = metadata.entries().containsKey("name");
            report.error(
                    ErrorCode.MissingField,
                    isThere ? "'name' is empty" : "'metadata' has no 'name'",
                    isThere ? metadata.keyPosition("name") : place.position(),
                    isThere ? "write one" : "add it");
        }
        if (!isNamespaced && metadata.entries().containsKey("namespace")) {
            report.add(dev.orkestra.outcome.Diagnostic.warning(
                    ErrorCode.NoEffect,
                    "a " + Words.shortened(kind) + " belongs to no namespace; the API server drops this one",
                    metadata.keyPosition("namespace"),
                    "remove it"));
        }
    }

    /** A resource inside of another: it needs its type, and its metadata are checked where there are some. */
    static void embedded(Node.MapNode resource, Place place, Report report) {
        MetadataRules rules = new MetadataRules(report);
        for (String field : new String[] {"apiVersion", "kind"}) {
            Optional<Node> value = resource.get(field);
            Place there = place.at(resource, field, null);
            if (value.isEmpty()) {
                report.error(
                        ErrorCode.MissingField,
                        place.name() + " has no '" + field + "'",
                        place.position(),
                        "add it: it is a resource of its own");
            } else if (resource.text(field).isEmpty()) {
                rules.wrongType(field, there.position(), value.get(), "string");
            } else if (!isType(field, resource.text(field).get())) {
                report.error(ErrorCode.WrongValue, "'" + field + "' has no right form", there.position(), "");
            }
        }
        resource.get("metadata").ifPresent(metadata -> {
            Place there = place.at(resource, "metadata", null);
            if (metadata instanceof Node.MapNode map) {
                rules.metadata(map, there);
            } else if (!Defaults.isNull(metadata)) {
                rules.wrongType("metadata", there.position(), metadata, "object");
            }
        });
    }

    private static boolean isType(String field, String text) {
        if (field.equals("kind")) {
            return Names.isLetterFirst(text.toLowerCase(Locale.ROOT));
        }
        return !text.isEmpty() && text.chars().filter(c -> c == '/').count() <= 1;
    }

    private void metadata(Node.MapNode metadata, Place place) {
        metadata.entries().forEach((field, entry) -> {
            Position position = place.at(metadata, field, null).position();
            String type = FIELDS.get(field);
            if (type == null) {
                report.error(
                        ErrorCode.UnknownField,
                        "unknown field '" + Words.shortened(field) + "' in 'metadata'",
                        position,
                        Suggestions.closest(field, FIELDS.keySet())
                                .map(close -> "did you mean '" + close + "'?")
                                .orElse("allowed: labels, annotations, name, namespace"));
            } else if (!Defaults.isNull(entry.value()) && !type.equals(Kinds.type(entry.value()))) {
                wrongType(field, position, entry.value(), type);
            } else {
                field(field, entry.value(), position, place.isDefault());
            }
        });
    }

    private void field(String field, Node value, Position position, boolean isDefault) {
        switch (field) {
            case "labels" -> texts((value instanceof Node.MapNode map ? map : null), "label", position, isDefault);
            case "annotations" ->
                texts((value instanceof Node.MapNode map ? map : null), "annotation", position, isDefault);
            case "name" -> name(value, position, "");
            case "generateName" -> name(value, position, "a");
            case "namespace" -> {
                if (text(value)
                        .filter(name -> !name.isEmpty() && !Names.isLabel(name))
                        .isPresent()) {
                    wrongName("namespace", position, "a-z, 0-9 and '-'");
                }
            }
            case "finalizers" -> finalizers(value, position, isDefault);
            case "ownerReferences" -> owners(value, position, isDefault);
            default -> {}
        }
    }

    private void name(Node value, Position position, String suffix) {
        String name = text(value).orElse("");
        String whole = suffix.isEmpty() || name.endsWith("-") || name.endsWith(".") ? name + suffix : name;
        if (!name.isEmpty() && !Names.isSubdomain(whole)) {
            wrongName(suffix.isEmpty() ? "name" : "generateName", position, "a-z, 0-9, '-' and '.'");
        }
    }

    private void wrongName(String field, Position position, String characters) {
        report.error(
                ErrorCode.WrongValue,
                "'" + field + "' must be a name of " + characters + ", beginning and ending with a letter or digit",
                position,
                "");
    }

    private static Optional<String> text(Node value) {
        return value instanceof Node.ScalarNode(Object scalar, Position _) && scalar instanceof String text
                ? Optional.of(text)
                : Optional.empty();
    }

    private void texts(
            Node.@org.jspecify.annotations.Nullable MapNode map, String what, Position at, boolean isDefault) {
        if (map == null) {
            return;
        }
        long size = 0;
        for (Map.Entry<String, Node.Entry> entry : map.entries().entrySet()) {
            String key = entry.getKey();
            Position position = isDefault ? at : entry.getValue().keyPosition();
            Optional<String> text = text(entry.getValue().value());
            size += key.length() + text.map(String::length).orElse(0);
            if (text.isEmpty() && !Defaults.isNull(entry.getValue().value())) {
                wrongType(key, position, entry.getValue().value(), "string");
            }
            boolean isKey = Names.isKey(what.equals("label") ? key : key.toLowerCase(Locale.ROOT));
            if (!isKey) {
                report.error(
                        ErrorCode.WrongValue,
                        "'" + Words.shortened(key) + "' is no name for a"
                                + (what.equals("label") ? " label" : "n annotation"),
                        position,
                        "write a name of letters, digits, '-', '_' and '.', perhaps after a domain and '/'");
            }
            if (what.equals("label")
                    && text.filter(value -> !Names.isLabelValue(value)).isPresent()) {
                report.error(
                        ErrorCode.WrongValue,
                        "the value of the label '" + Words.shortened(key) + "' has no right form",
                        position,
                        "write up to 63 letters, digits, '-', '_' and '.'");
            }
        }
        if (what.equals("annotation") && size > MOST_ANNOTATIONS) {
            report.error(ErrorCode.TooLarge, "'annotations' are larger than 256 KiB", at, "");
        }
    }

    private void finalizers(Node value, Position at, boolean isDefault) {
        if (value instanceof Node.ListNode list) {
            list.items().forEach(item -> {
                Position position = isDefault ? at : item.position();
                Optional<String> text = text(item);
                if (text.isEmpty()) {
                    wrongType("finalizers", position, item, "string");
                } else if (!Names.isKey(text.get())) {
                    report.error(ErrorCode.WrongValue, "a finalizer has no right form", position, "");
                }
            });
        }
    }

    private void owners(Node value, Position at, boolean isDefault) {
        if (!(value instanceof Node.ListNode list)) {
            return;
        }
        for (Node item : list.items()) {
            Position position = isDefault ? at : item.position();
            if (!(item instanceof Node.MapNode owner)) {
                wrongType("ownerReferences", position, item, "object");
                continue;
            }
            for (String field : new String[] {"apiVersion", "kind", "name", "uid"}) {
                if (owner.text(field).filter(text -> !text.isEmpty()).isEmpty()) {
                    report.error(ErrorCode.MissingField, "an owner has no '" + field + "'", position, "add it");
                }
            }
            new TreeSet<>(owner.entries().keySet())
                    .stream()
                            .filter(field -> !OWNER.contains(field))
                            .forEach(field -> report.error(
                                    ErrorCode.UnknownField,
                                    "unknown field '" + Words.shortened(field) + "' in an owner",
                                    isDefault ? at : owner.keyPosition(field),
                                    ""));
        }
    }

    private void wrongType(String field, Position position, Node found, String type) {
        String hint = type.equals("string") && found instanceof Node.ScalarNode ? "put it in quotes" : "";
        report.error(
                ErrorCode.WrongType,
                "'" + Words.shortened(field) + "' is " + Kinds.of(found) + "; allowed is " + Words.kind(type),
                position,
                hint);
    }
}
