package dev.orkestra.rules;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Takes what one rule finds. */
final class Report {
    /** Rules that had a code of their own before there were rules: conditions and dashboards may name it. */
    private static final Map<String, ErrorCode> CODES =
            Arrays.stream(ErrorCode.values()).collect(Collectors.toMap(ErrorCode::name, Function.identity()));

    private final RuleInfo rule;
    private final ErrorCode code;
    private final List<Diagnostic> findings;

    Report(RuleInfo rule, List<Diagnostic> findings) {
        this.rule = rule;
        this.code = CODES.getOrDefault(rule.id(), ErrorCode.RuleBroken);
        this.findings = findings;
    }

    /**
     * Something is wrong.
     *
     * @param message one sentence that names what is wrong
     * @param hint what to do about it; empty when the message says it all
     */
    void at(Position position, String message, String hint) {
        findings.add(new Diagnostic(code, rule.severity(), message, position, hint, List.of(), rule.id()));
    }

    /** Something is wrong with this value. */
    void at(Node node, String message, String hint) {
        at(node.position(), message, hint);
    }

    /** Something is wrong with this key, or with the mapping itself when the key is not there. */
    void at(Node.MapNode holder, String key, String message, String hint) {
        at(holder.keyPosition(key), message, hint);
    }
}
