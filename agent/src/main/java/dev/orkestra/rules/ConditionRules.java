package dev.orkestra.rules;

import dev.orkestra.document.Node;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Conditions under {@code when} and {@code or} that do not say what was meant. */
final class ConditionRules {
    static final List<Rule> ALL = List.of(
            Rule.error(
                            "UnknownOperator",
                            "a rule of admission has an operator that there is not",
                            """
                            What compares values skips an operator that it does not know. A rule with one lets every object
                            through, and under when or or the condition always holds. Write one of the known operators. In
                            conditions outside of admission this is UnknownConditionOperator.""",
                            "Orkestra refuses it as well (validation step 45)",
                            ConditionRules::unknownInAdmission)
                    .about("Katalog", "Motif"),
            Rule.warning(
                            "UnknownConditionOperator",
                            "a condition has an operator that there is not",
                            """
                            What compares values skips an operator that it does not know, and the condition always holds: the
                            child, the call or the field that it guards is there at all times. Write one of the known operators.
                            In rules of admission this is UnknownOperator, and an error.""",
                            "Orkestra does not look at this outside of admission",
                            ConditionRules::unknownElsewhere)
                    .about("Katalog", "Motif", "E2E"),
            Rule.warning(
                            "CronWithoutDuration",
                            "a cron condition has no duration",
                            """
                            The expression says when the condition begins to hold. Without a duration it holds until the next
                            time comes, which for most expressions is always. Write duration beside cron.""",
                            "Orkestra warns as well, for the conditions of hooks",
                            ConditionRules::endless)
                    .about("Katalog", "Motif"),
            Rule.warning(
                            "ContradictoryConditions",
                            "two conditions under when cannot hold together",
                            """
                            All conditions under when must hold. Two that exclude each other never do, and what they guard never
                            happens. Move them under or, or remove one of them.""",
                            "Orkestra does not look at this",
                            ConditionRules::contradictory)
                    .about("Katalog", "Motif"));

    private ConditionRules() {}

    private static void unknownInAdmission(View view, Report report) {
        Admissions.validationRules(view)
                .forEach(rule -> unknown(rule, "such a rule lets every object through", report));
        unknown(view, true, report);
    }

    private static void unknownElsewhere(View view, Report report) {
        unknown(view, false, report);
    }

    private static void unknown(View view, boolean inAdmission, Report report) {
        for (Conditions.ConditionList list : view.conditions()) {
            if (list.isAdmission() == inAdmission) {
                list.items().forEach(condition -> unknown(condition, "such a condition always holds", report));
            }
        }
    }

    private static void unknown(Node.MapNode holder, String effect, Report report) {
        holder.get("operator")
                .ifPresent(node -> Fields.text(node)
                        .filter(operator -> !operator.isEmpty() && !ConditionOperators.ALL.contains(operator))
                        .ifPresent(operator -> report.at(
                                node,
                                "'" + operator + "' is no operator; " + effect,
                                ConditionOperators.hint(operator))));
    }

    private static void endless(View view, Report report) {
        for (Conditions.ConditionList list : view.conditions()) {
            for (Node.MapNode condition : list.items()) {
                if (Fields.isSet(condition, "cron") && !Fields.isSet(condition, "duration")) {
                    report.at(
                            condition,
                            "cron",
                            "this cron condition has no duration, so it holds until the next time that it names",
                            "add how long it holds, such as duration: 1h");
                }
            }
        }
    }

    private static void contradictory(View view, Report report) {
        for (Conditions.ConditionList list : view.conditions()) {
            if (!list.isAnd()) {
                continue;
            }
            Map<String, Known> known = new HashMap<>();
            for (Node.MapNode condition : list.items()) {
                Fields.text(condition, "field")
                        .filter(_ -> !condition.isTrue("negate"))
                        .flatMap(field -> known.computeIfAbsent(field, _ -> new Known())
                                .add(condition)
                                .map(other -> "'" + field + "' " + other))
                        .ifPresent(both -> report.at(
                                condition,
                                both + "; both must hold, so this never happens",
                                "move them under 'or', or remove one"));
            }
        }
    }

    /** What the conditions before ask of one field. */
    private static final class Known {
        private final Set<String> excluded = new HashSet<>();
        private Optional<String> value = Optional.empty();
        private Optional<Boolean> isThere = Optional.empty();

        /** Takes one more in; in words, what it and those before cannot have together. */
        Optional<String> add(Node.MapNode condition) {
            Optional<String> wanted = asked(condition, "equals");
            Optional<String> unwanted = asked(condition, "notEquals");
            Optional<Boolean> presence = presence(condition);
            if (wanted.isPresent() && value.isPresent() && !wanted.equals(value)) {
                return Optional.of("cannot be '" + value.get() + "' and '" + wanted.get() + "'");
            }
            Optional<String> same = wanted.filter(excluded::contains)
                    .or(() -> unwanted.filter(text -> value.filter(text::equals).isPresent()));
            if (same.isPresent()) {
                return Optional.of("cannot be '" + same.get() + "' and something else");
            }
            if (presence.isPresent() && isThere.isPresent() && !presence.equals(isThere)) {
                return Optional.of("cannot be there and not be there");
            }
            value = value.or(() -> wanted);
            isThere = isThere.or(() -> presence);
            unwanted.ifPresent(excluded::add);
            return Optional.empty();
        }

        private static Optional<String> asked(Node.MapNode condition, String operator) {
            boolean isLong = condition.text("operator").filter(operator::equals).isPresent();
            return condition
                    .get(isLong ? "value" : operator)
                    .filter(Node.ScalarNode.class::isInstance)
                    .map(node -> String.valueOf(((Node.ScalarNode) node).value()))
                    .filter(text -> !text.isEmpty() && !Fields.isTemplate(text));
        }

        private static Optional<Boolean> presence(Node.MapNode condition) {
            String operator = condition.text("operator").orElse("");
            if (operator.equals("exists") || condition.isTrue("exists")) {
                return Optional.of(true);
            }
            boolean isAbsent = operator.equals("notExists") || condition.isTrue("notExists");
            return isAbsent ? Optional.of(false) : Optional.empty();
        }
    }
}
