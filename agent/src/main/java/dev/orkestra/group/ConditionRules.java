package dev.orkestra.group;

import dev.orkestra.cel.CelCompilation;
import dev.orkestra.document.Node;
import dev.orkestra.outcome.ErrorCode;
import java.util.HashSet;
import java.util.Set;

/** {@code spec.conditions}: names once, and expressions that can be read and say true or false. */
final class ConditionRules {
    /** As many as the CRD takes: reading an expression costs some milliseconds. */
    private static final int MOST = 20;

    private final RuleFindings findings;

    ConditionRules(RuleFindings findings) {
        this.findings = findings;
    }

    void check(Node.MapNode spec) {
        Set<String> names = new HashSet<>();
        int checked = 0;
        for (Node.MapNode condition : RuleFindings.maps(spec, "conditions")) {
            String name = condition.text("name").orElse("");
            if (name.isEmpty()) {
                findings.missing(condition, "name", "a condition");
            } else if (!names.add(name)) {
                findings.error(
                        ErrorCode.DuplicateObject,
                        "there are two conditions '" + name + "'",
                        condition.keyPosition("name"),
                        "rename or remove one");
            } else if (++checked > MOST) {
                findings.error(
                        ErrorCode.LimitExceeded,
                        "the group has more than " + MOST + " conditions",
                        condition.position(),
                        "join some of them with &&");
                return;
            } else {
                condition("condition '" + name + "'", condition);
            }
        }
    }

    private void condition(String where, Node.MapNode condition) {
        Set<String> variables = new HashSet<>();
        for (Node.MapNode object : RuleFindings.maps(condition, "objects")) {
            String as = object.text("as").orElse("");
            if (!as.isEmpty() && !variables.add(as)) {
                findings.error(
                        ErrorCode.DuplicateObject,
                        where + " has two objects called '" + as + "'",
                        object.keyPosition("as"),
                        "call one of them otherwise");
            }
        }
        String expression = condition.text("expression").orElse("");
        if (expression.isEmpty()) {
            findings.missing(condition, "expression", where);
            return;
        }
        switch (GroupCondition.of(condition.toJson()).compile()) {
            case CelCompilation.Wrong(String message, int line, int column) ->
                wrong(condition, where + " cannot be read at " + line + ":" + column + ": " + message);
            case CelCompilation.NotSupported(String what) ->
                wrong(condition, where + " uses what is not known here: " + what);
            case CelCompilation.Compiled compiled
            when !compiled.program().isTruth() ->
                wrong(condition, where + " says " + compiled.program().resultType() + ", not true or false");
            case CelCompilation.Compiled _ -> {
                // It can be asked.
            }
        }
    }

    private void wrong(Node.MapNode condition, String message) {
        findings.wrong(
                ErrorCode.WrongValue,
                message,
                condition,
                "expression",
                "write a CEL expression over the names of its objects, such as db != null && db.status.readyReplicas > 0");
    }
}
