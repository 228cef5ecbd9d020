package dev.orkestra.crd;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.cel.CelBudget;
import dev.orkestra.cel.CelCompilation;
import dev.orkestra.cel.CelProgram;
import dev.orkestra.cel.CelResult;
import dev.orkestra.cel.CelShape;
import dev.orkestra.cel.CelValue;
import dev.orkestra.document.Node;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.schema.Words;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/** Asks the rules of a schema of a resource that is otherwise right. */
final class RuleRunner {
    private static final int LONGEST_SHOWN = 200;

    private final Report report;
    private final CelBudget budget;
    private final IdentityHashMap<Schema, CelShape> shapes = new IdentityHashMap<>();

    /** Rules that were left out, told once each and not for each value. */
    private final IdentityHashMap<Rule, Boolean> skipped = new IdentityHashMap<>();

    RuleRunner(Report report, CelBudget budget) {
        this.report = report;
        this.budget = budget;
    }

    void root(Node.MapNode root, Schema schema) {
        if (schema.hasRules()) {
            walk(root, root.toJson(), schema, Place.root(root), true);
        }
    }

    /**
     * The defaults of a definition, as they are written: the API server does not look at the defaults of their fields.
     */
    void defaults(Schema schema, boolean isResource) {
        if (!schema.hasRules() || !report.mayWork(1)) {
            return;
        }
        schema.node().get("default").ifPresent(value -> {
            Place place = new Place("'default'", schema.node().keyPosition("default"), true);
            walk(value, value.toJson(), schema, place, isResource);
        });
        schema.properties()
                .values()
                .forEach(property -> defaults(property, property.flags().embedded()));
        schema.additional().ifPresent(values -> defaults(values, values.flags().embedded()));
        schema.items().ifPresent(items -> defaults(items, items.flags().embedded()));
    }

    private void walk(Node value, JsonNode json, Schema schema, Place place, boolean isResource) {
        if (Defaults.isNull(value) || !report.mayWork(1)) {
            return;
        }
        if (!schema.rules().isEmpty()) {
            rules(value, json, schema, place, isResource);
        }
        switch (value) {
            case Node.MapNode map ->
                map.entries()
                        .forEach((key, entry) -> schema.at(key)
                                .filter(Schema::hasRules)
                                .ifPresent(at -> walk(
                                        entry.value(),
                                        json.get(key),
                                        at,
                                        place.at(map, key, at),
                                        at.flags().embedded())));
            case Node.ListNode list ->
                schema.items().filter(Schema::hasRules).ifPresent(items -> {
                    for (int i = 0; i < list.items().size(); i++) {
                        boolean isEmbedded = items.flags().embedded();
                        walk(list.items().get(i), json.get(i), items, place.item(list, i, items), isEmbedded);
                    }
                });
            case Node.ScalarNode _ -> {}
        }
    }

    private void rules(Node value, JsonNode json, Schema schema, Place place, boolean isResource) {
        CelShape shape = shapes.computeIfAbsent(
                schema, known -> RuleShapes.of(known, isResource).orElse(CelShape.Scalar.ANY));
        Map<String, CelValue> values = new HashMap<>();
        values.put("self", CelValue.of(json, shape));
        values.put("oldSelf", CelValue.none());
        for (Rule rule : schema.rules()) {
            if (rule.compiled().orElse(null) instanceof CelCompilation.NotSupported(String reason)) {
                skip(rule, place, "it uses what is not known here (" + reason + ")");
            }
            Optional<CelProgram> program = rule.program();
            if (program.isPresent() && (rule.optionalOldSelf() || !program.get().uses("oldSelf"))) {
                ask(rule, program.get(), values, value, place);
            }
        }
    }

    private void ask(Rule rule, CelProgram program, Map<String, CelValue> values, Node value, Place place) {
        switch (program.evaluate(values, budget)) {
            case CelResult.Truth(boolean isTrue) when isTrue -> {}
            case CelResult.TooCostly() -> skip(rule, place, "it would take too long");
            case CelResult.NotKnown(String reason) -> skip(rule, place, reason + " as far as is known here");
            case CelResult.Failed(String message) ->
                report.error(
                        ErrorCode.BrokenRule,
                        "a rule for " + place.name() + " cannot be answered: " + Words.shortened(message),
                        place.position(),
                        hint(rule));
            default -> broken(rule, values, value, place);
        }
    }

    private void broken(Rule rule, Map<String, CelValue> values, Node value, Place place) {
        String message = rule.messageProgram()
                .map(program -> program.evaluate(values, budget))
                .map(said -> said instanceof CelResult.Text(String text) ? text.strip() : "")
                .filter(text -> !text.isEmpty() && text.indexOf('\n') < 0)
                .orElse(rule.message().strip());
        report.error(
                ErrorCode.BrokenRule,
                place.name() + " breaks a rule" + (message.isEmpty() ? "" : ": " + shortened(message)),
                position(rule, value, place),
                hint(rule));
    }

    private static String hint(Rule rule) {
        return "the rule: " + shortened(rule.text());
    }

    private static String shortened(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= LONGEST_SHOWN ? line : line.substring(0, LONGEST_SHOWN) + "…";
    }

    /** The field that the rule blames, or what there is of the way to it. */
    private static Position position(Rule rule, Node value, Place place) {
        Position position = place.position();
        Node at = value;
        for (String step : rule.path()) {
            if (place.isDefault()
                    || !(at instanceof Node.MapNode map)
                    || map.get(step).isEmpty()) {
                return position;
            }
            position = map.keyPosition(step).file().equals(position.file()) ? map.keyPosition(step) : position;
            at = map.get(step).get();
        }
        return position;
    }

    private void skip(Rule rule, Place place, String why) {
        if (skipped.putIfAbsent(rule, true) == null) {
            report.info(
                    ErrorCode.LimitExceeded,
                    "a rule for " + place.name() + " was not checked: " + why,
                    place.position(),
                    hint(rule));
        }
    }
}
