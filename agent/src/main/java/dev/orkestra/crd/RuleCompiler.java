package dev.orkestra.crd;

import dev.orkestra.cel.CelCompilation;
import dev.orkestra.cel.CelLibrary;
import dev.orkestra.cel.CelProgram;
import dev.orkestra.cel.CelShape;
import dev.orkestra.document.Node;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.schema.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the rules of a schema, and tells what is wrong with them. */
final class RuleCompiler {
    /** Reading a rule takes milliseconds; the largest definitions in use have some hundred. */
    private static final int MOST_RULES = 500;

    private static final int MOST_CHARACTERS = 300_000;
    private static final Set<String> REASONS =
            Set.of("FieldValueInvalid", "FieldValueForbidden", "FieldValueRequired", "FieldValueDuplicate");

    private final Report report;
    private int rules;
    private long characters;
    private boolean isOver;

    RuleCompiler(Report report) {
        this.report = report;
    }

    /** The schema of a resource with its rules read. */
    Schema root(Schema schema) {
        return compiled(schema, true, true);
    }

    /**
     * The schema with its rules read.
     *
     * @param hasOldSelf whether the API server can tell which value it was before
     */
    private Schema compiled(Schema schema, boolean isResource, boolean hasOldSelf) {
        if (!schema.hasRules()) {
            return schema;
        }
        boolean isMap = schema.list().type().equals("map");
        boolean keepsParts =
                !schema.node().text("x-kubernetes-map-type").orElse("").equals("atomic");
        Map<String, Schema> properties = new LinkedHashMap<>();
        schema.properties()
                .forEach((name, property) -> properties.put(
                        name, compiled(property, property.flags().embedded(), hasOldSelf && keepsParts)));
        Schema whole = schema.with(
                properties,
                schema.additional()
                        .map(values -> compiled(values, values.flags().embedded(), hasOldSelf)),
                schema.items().map(items -> compiled(items, items.flags().embedded(), hasOldSelf && isMap)));
        return whole.rules().isEmpty() ? whole : whole.withRules(own(whole, isResource, hasOldSelf));
    }

    private List<Rule> own(Schema schema, boolean isResource, boolean hasOldSelf) {
        Optional<CelShape> shape = RuleShapes.of(schema, isResource);
        if (shape.isEmpty()) {
            report.error(
                    ErrorCode.BrokenRule,
                    "rules cannot see a value whose schema has no type",
                    schema.node().keyPosition("x-kubernetes-validations"),
                    "add 'type'");
            return List.of();
        }
        Languages languages = new Languages(shape.get());
        List<Rule> compiled = new ArrayList<>();
        for (Rule rule : schema.rules()) {
            form(rule, schema);
            if (!rule.text().isBlank() && isAffordable(rule, schema)) {
                compiled.add(compiled(rule, languages, hasOldSelf));
            }
        }
        return compiled;
    }

    /** The two languages that the rules of one schema are written in, made when they are needed. */
    private static final class Languages {
        private final CelShape shape;
        private final Map<Boolean, CelLibrary.Variables> made = new LinkedHashMap<>();

        Languages(CelShape shape) {
            this.shape = shape;
        }

        CelLibrary.Variables of(boolean optionalOldSelf) {
            return made.computeIfAbsent(
                    optionalOldSelf,
                    optional -> CelLibrary.kubernetes()
                            .with(Map.of("self", shape, "oldSelf", optional ? new CelShape.OptionalOf(shape) : shape)));
        }
    }

    private boolean isAffordable(Rule rule, Schema schema) {
        rules++;
        characters += rule.text().length();
        if (rules <= MOST_RULES
                && characters <= MOST_CHARACTERS
                && report.mayWork(schema.properties().size())) {
            return true;
        }
        if (!isOver) {
            isOver = true;
            report.info(
                    ErrorCode.LimitExceeded,
                    "the definition has more rules than are checked here (" + MOST_RULES + ")",
                    rule.node().position(),
                    "");
        }
        return false;
    }

    private void form(Rule rule, Schema schema) {
        Node.MapNode node = rule.node();
        if (rule.text().isBlank()) {
            report.error(
                    ErrorCode.MissingField,
                    node.entries().containsKey("rule") ? "'rule' is empty" : "a rule has no 'rule'",
                    node.keyPosition("rule"),
                    "write an expression that is true for what is allowed");
        }
        String message = rule.message().strip();
        boolean hasMessage = node.text("message").isPresent() && !rule.message().isEmpty();
        if (hasMessage && (message.isEmpty() || hasLines(message))) {
            report.error(
                    ErrorCode.WrongValue,
                    message.isEmpty() ? "'message' is empty" : "'message' has more than one line",
                    node.keyPosition("message"),
                    "write one line");
        }
        if (hasLines(rule.text().strip()) && message.isEmpty()) {
            report.error(
                    ErrorCode.MissingField,
                    "a rule of more than one line has no 'message'",
                    node.keyPosition("rule"),
                    "add one: else the rule itself would be shown");
        }
        Optional<String> reason = node.text("reason");
        if (reason.filter(text -> !REASONS.contains(text)).isPresent()) {
            report.error(
                    ErrorCode.WrongValue,
                    "'reason' is '" + Words.shortened(reason.get()) + "'; allowed: "
                            + String.join(", ", REASONS.stream().sorted().toList()),
                    node.keyPosition("reason"),
                    "");
        }
        String path = node.text("fieldPath").orElse("");
        boolean isPath = FieldPath.steps(path)
                .filter(steps -> FieldPath.isKnown(schema, steps))
                .isPresent();
        if (!path.isEmpty() && !isPath) {
            report.error(
                    ErrorCode.WrongValue,
                    "'fieldPath' leads to no field: " + Words.shortened(path),
                    node.keyPosition("fieldPath"),
                    "write a path such as .spec.name, as seen from the rule");
        }
    }

    private static boolean hasLines(String text) {
        return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
    }

    private Rule compiled(Rule rule, Languages languages, boolean hasOldSelf) {
        Node.MapNode node = rule.node();
        CelLibrary.Variables language = languages.of(rule.optionalOldSelf());
        CelCompilation compiled = language.compile(rule.text());
        tell(compiled, "rule", node);
        if (compiled instanceof CelCompilation.Compiled(CelProgram program)) {
            oldSelf(program, rule, hasOldSelf);
            if (!program.isTruth()) {
                wrong("a rule must say true or false, not " + program.resultType(), node.keyPosition("rule"), "");
                return rule;
            }
        }
        Optional<CelProgram> message = node.text("messageExpression")
                .filter(text -> !text.isEmpty())
                .flatMap(text -> message(text, language, node));
        return rule.with(compiled, message);
    }

    private Optional<CelProgram> message(String text, CelLibrary.Variables language, Node.MapNode node) {
        if (text.isBlank()) {
            wrong("'messageExpression' is empty", node.keyPosition("messageExpression"), "");
            return Optional.empty();
        }
        CelCompilation compiled = language.compile(text);
        tell(compiled, "messageExpression", node);
        if (!(compiled instanceof CelCompilation.Compiled(CelProgram program))) {
            return Optional.empty();
        }
        if (!program.isText()) {
            wrong(
                    "a messageExpression must say a text, not " + program.resultType(),
                    node.keyPosition("messageExpression"),
                    "");
            return Optional.empty();
        }
        return Optional.of(program);
    }

    private void oldSelf(CelProgram program, Rule rule, boolean hasOldSelf) {
        boolean isUsed = program.uses("oldSelf");
        if (isUsed && !hasOldSelf) {
            wrong(
                    "'oldSelf' is not known inside of a list that is no map",
                    rule.node().keyPosition("rule"),
                    "set x-kubernetes-list-type: map, or move the rule up");
        }
        if (!isUsed && rule.node().entries().containsKey("optionalOldSelf")) {
            wrong(
                    "'optionalOldSelf' is set, and the rule does not use 'oldSelf'",
                    rule.node().keyPosition("optionalOldSelf"),
                    "remove it");
        }
    }

    private void tell(CelCompilation compiled, String field, Node.MapNode node) {
        switch (compiled) {
            case CelCompilation.Compiled _ -> {}
            case CelCompilation.Wrong(String message, int line, int column) ->
                wrong(
                        "the " + field + " is wrong at column " + column + (line > 1 ? " of its line " + line : "")
                                + ": " + message,
                        value(node, field),
                        "");
            case CelCompilation.NotSupported(String reason) ->
                report.info(
                        ErrorCode.LimitExceeded,
                        "a " + field + " is not checked: it uses what is not known here (" + reason + ")",
                        value(node, field),
                        "the API server checks it");
        }
    }

    private static Position value(Node.MapNode node, String field) {
        return node.get(field).map(Node::position).orElse(node.position());
    }

    private void wrong(String message, Position position, String hint) {
        report.error(ErrorCode.BrokenRule, message, position, hint);
    }
}
