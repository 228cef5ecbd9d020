package dev.orkestra.crd;

import dev.orkestra.document.Node;
import dev.orkestra.document.Suggestions;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.schema.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Values against schemas, all but the rules in CEL. */
final class ValueRules {
    private static final int MOST_SHOWN = 12;

    /** Trying an alternative costs more than looking at a value. */
    private static final int TRIAL = 5;

    private static final Set<String> META = Set.of("apiVersion", "kind", "metadata");

    private final Report report;
    private final BoundRules bounds;

    ValueRules(Report report) {
        this.report = report;
        this.bounds = new BoundRules(report);
    }

    /** A whole resource. Its metadata has fields that no schema names. */
    void root(Node.MapNode root, Schema schema) {
        check(root, schema, Place.root(root), true, true);
    }

    /** A value that stands in a definition. */
    void value(Node value, Schema schema, Place place) {
        check(value, schema, place, true, false);
    }

    private void check(Node value, Schema schema, Place place, boolean isStructural, boolean isRoot) {
        if (!report.mayWork(1)) {
            return;
        }
        if (!hasRightType(value, schema, place)) {
            return;
        }
        bounds.allowed(value, schema, place);
        switch (value) {
            case Node.MapNode map -> map(map, schema, place, isStructural, isRoot);
            case Node.ListNode list -> list(list, schema, place, isStructural);
            case Node.ScalarNode scalar -> bounds.scalar(scalar, schema, place);
        }
        if (!schema.logic().isEmpty() && !Defaults.isNull(value)) {
            logic(value, schema.logic(), place);
        }
    }

    private boolean hasRightType(Node value, Schema schema, Place place) {
        String found = Kinds.type(value);
        String wanted;
        if (found.equals("null")) {
            if (schema.flags().nullable()
                    || schema.type().isEmpty() && !schema.flags().intOrString()) {
                return true;
            }
            wanted = schema.flags().intOrString() ? "a whole number or text" : Words.kind(schema.type());
        } else if (schema.flags().intOrString()) {
            if (found.equals("integer") || found.equals("string")) {
                return true;
            }
            wanted = "a whole number or text";
        } else if (schema.type().isEmpty() || Kinds.fits(schema.type(), found)) {
            return true;
        } else {
            wanted = Words.kind(schema.type());
        }
        String hint = "";
        if (schema.type().equals("string") && value instanceof Node.ScalarNode && !found.equals("null")) {
            hint = "put it in quotes";
        } else if (value instanceof Node.ScalarNode scalar
                && scalar.value() instanceof String text
                && Words.looksLikeAScalar(text)) {
            hint = "remove the quotes";
        }
        String is = found.equals("null") ? "has no value" : "is " + Kinds.of(value);
        report.error(ErrorCode.WrongType, place.name() + " " + is + "; allowed is " + wanted, place.position(), hint);
        return false;
    }

    private void map(Node.MapNode map, Schema schema, Place place, boolean isStructural, boolean isRoot) {
        bounds.size(map.entries().size(), "Properties", map, schema, place);
        boolean isResource = isRoot || isStructural && schema.flags().embedded();
        for (String field : schema.bounds().required()) {
            if (!map.entries().containsKey(field)) {
                report.error(
                        ErrorCode.MissingField,
                        place.name() + " has no '" + Words.shortened(field) + "'",
                        place.position(),
                        "add it" + described(schema, field));
            }
        }
        if (isResource && !isRoot) {
            MetadataRules.embedded(map, place, report);
        }
        map.entries().forEach((key, entry) -> {
            Optional<Schema> at = schema.at(key);
            if (at.isPresent()) {
                boolean isMeta = isResource && META.contains(key);
                check(entry.value(), at.get(), place.at(map, key, at.get()), isStructural && !isMeta, false);
            } else if (isStructural && !isOpen(schema) && !(isResource && META.contains(key))) {
                unknown(map, key, schema, place, isResource);
            }
        });
    }

    private static boolean isOpen(Schema schema) {
        return schema.flags().preserving() || schema.flags().openEnded();
    }

    private static String described(Schema schema, String field) {
        Schema property = schema.properties().get(field);
        String description =
                property == null ? "" : property.node().text("description").orElse("");
        return description.isBlank() ? "" : ": " + Words.lowerFirst(Words.shortened(description.strip()));
    }

    private void unknown(Node.MapNode map, String key, Schema schema, Place place, boolean isResource) {
        Set<String> allowed = new TreeSet<>(schema.properties().keySet());
        if (isResource) {
            allowed.addAll(META);
        }
        String hint = Suggestions.closest(key, allowed)
                .map(close -> "did you mean '" + close + "'?")
                .orElseGet(() -> allowed.isEmpty() ? "nothing is allowed here" : "allowed: " + shown(allowed));
        String where = place.name().equals("the document") ? "at the top level" : "in " + place.name();
        report.error(
                ErrorCode.UnknownField,
                "unknown field '" + Words.shortened(key) + "' " + where,
                place.at(map, key, null).position(),
                hint);
    }

    private static String shown(Set<String> names) {
        String first = String.join(", ", names.stream().limit(MOST_SHOWN).toList());
        return names.size() <= MOST_SHOWN ? first : first + " and " + (names.size() - MOST_SHOWN) + " more";
    }

    private void list(Node.ListNode list, Schema schema, Place place, boolean isStructural) {
        bounds.size(list.items().size(), "Items", list, schema, place);
        Schema items = schema.items().orElse(null);
        if (items != null) {
            for (int i = 0; i < list.items().size(); i++) {
                check(list.items().get(i), items, place.item(list, i, items), isStructural, false);
            }
        }
        if (isStructural || schema.bounds().uniqueItems()) {
            new Repeats(report).check(list, schema, place);
        }
    }

    private void logic(Node value, Schema.Logic logic, Place place) {
        logic.allOf().forEach(schema -> check(value, schema, place, false, false));
        logic.not().ifPresent(schema -> {
            if (trial(value, schema, place).isEmpty() && report.mayWork(0)) {
                report.error(
                        ErrorCode.WrongValue,
                        place.name() + " has a form that is not allowed here" + named(schema),
                        place.position(),
                        "");
            }
        });
        if (!logic.anyOf().isEmpty()) {
            alternatives(value, logic.anyOf(), place, false);
        }
        if (!logic.oneOf().isEmpty()) {
            alternatives(value, logic.oneOf(), place, true);
        }
    }

    private static String named(Schema schema) {
        List<String> fields = schema.bounds().required();
        return fields.isEmpty() ? "" : ": with '" + String.join("' and '", fields) + "'";
    }

    private void alternatives(Node value, List<Schema> schemas, Place place, boolean exactlyOne) {
        List<List<Diagnostic>> tried = new ArrayList<>();
        int fitting = 0;
        for (Schema schema : schemas) {
            List<Diagnostic> findings = trial(value, schema, place);
            fitting += findings.isEmpty() ? 1 : 0;
            tried.add(findings);
            if (fitting > 0 && !exactlyOne || !report.mayWork(0)) {
                return;
            }
        }
        if (fitting == 1) {
            return;
        }
        if (fitting > 1) {
            report.error(
                    ErrorCode.WrongValue,
                    place.name() + " fits " + fitting + " of " + schemas.size() + " alternatives; only one may fit",
                    place.position(),
                    "");
            return;
        }
        if (tried.size() == 1) {
            tried.getFirst().forEach(report::add);
            return;
        }
        boolean areFields = schemas.stream()
                .allMatch(schema -> schema.bounds().required().size() == 1
                        && !map(value).containsKey(schema.bounds().required().getFirst()));
        if (areFields) {
            String fields = String.join(
                    ", ",
                    schemas.stream()
                            .map(schema -> "'"
                                    + Words.shortened(schema.bounds().required().getFirst()) + "'")
                            .distinct()
                            .limit(MOST_SHOWN)
                            .toList());
            report.error(ErrorCode.MissingField, place.name() + " needs one of " + fields, place.position(), "add one");
            return;
        }
        String nearest = tried.stream()
                .min(Comparator.comparingInt(List::size))
                .map(findings -> "nearest: " + findings.getFirst().message())
                .orElse("");
        report.error(
                ErrorCode.WrongValue,
                place.name() + " fits none of " + schemas.size() + " alternatives",
                place.position(),
                nearest);
    }

    private static java.util.Map<String, Node.Entry> map(Node value) {
        return value instanceof Node.MapNode map ? map.entries() : java.util.Map.of();
    }

    private List<Diagnostic> trial(Node value, Schema schema, Place place) {
        report.mayWork(TRIAL);
        Report trial = report.trial();
        new ValueRules(trial).check(value, schema, place, false, false);
        return trial.errors();
    }
}
