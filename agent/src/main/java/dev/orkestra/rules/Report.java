package dev.orkestra.rules;

import dev.orkestra.document.Node;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.outcome.Severity;
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

    /**
     * As many as of a schema (see {@code SchemaFindings}): one mistake made a thousand times is mended as one, and who
     * reads a thousand findings?
     */
    private static final int MOST_FINDINGS = 100;

    private final RuleInfo rule;
    private final ErrorCode code;
    private final List<Diagnostic> findings;
    private int found;
    private boolean isCutShort;

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
        if (!isFull()) {
            findings.add(new Diagnostic(code, rule.severity(), message, position, hint, List.of(), rule.id()));
        }
        found++;
    }

    /** Something is wrong with this value. */
    void at(Node node, String message, String hint) {
        at(node.position(), message, hint);
    }

    /** Something is wrong with this key, or with the mapping itself when the key is not there. */
    void at(Node.MapNode holder, String key, String message, String hint) {
        at(holder.keyPosition(key), message, hint);
    }

    /** Whether what follows is only counted: then there is no need to find out where it stands. */
    boolean isFull() {
        return found >= MOST_FINDINGS;
    }

    /** The rule did not look to the end, so that there may be more than it told. */
    void cutShort() {
        isCutShort = true;
    }

    /** Says how many findings were too many, or that nobody counted them. */
    void end(Position document) {
        String left = "";
        if (found > MOST_FINDINGS) {
            left = (isCutShort ? "at least " : "") + (found - MOST_FINDINGS) + " more findings of the rule " + rule.id()
                    + " in this document are not shown";
        } else if (isCutShort) {
            left = "there may be more findings of the rule " + rule.id() + " in this document than are shown";
        }
        if (!left.isEmpty()) {
            findings.add(new Diagnostic(ErrorCode.LimitExceeded, Severity.INFO, left, document, ""));
        }
    }
}
