package dev.orkestra.document;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.outcome.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The findings of one file, so many as a person can read: a file of a million slips must not fill the memory. */
final class Findings {
    private static final int MOST_PER_SEVERITY = 100;

    private final List<Diagnostic> errors = new ArrayList<>();
    private final List<Diagnostic> warnings = new ArrayList<>();
    private int leftOut;

    void add(Diagnostic finding) {
        List<Diagnostic> list = finding.severity() == Severity.ERROR ? errors : warnings;
        if (list.size() < MOST_PER_SEVERITY) {
            list.add(finding);
        } else {
            leftOut++;
        }
    }

    /** Takes back the warnings from number {@code from} on that {@code unwanted} accepts. */
    void dropWarnings(int from, Predicate<Diagnostic> unwanted) {
        warnings.subList(Math.min(from, warnings.size()), warnings.size()).removeIf(unwanted);
    }

    /** Says the warnings from number {@code from} on in other words. */
    void rewordWarnings(int from, UnaryOperator<Diagnostic> wording) {
        warnings.subList(Math.min(from, warnings.size()), warnings.size()).replaceAll(wording);
    }

    int warningCount() {
        return warnings.size();
    }

    List<Diagnostic> list(String file) {
        List<Diagnostic> all = new ArrayList<>(errors);
        all.addAll(warnings);
        if (leftOut > 0) {
            all.add(new Diagnostic(
                    ErrorCode.LimitExceeded,
                    Severity.INFO,
                    leftOut + " more findings in this file are not shown",
                    Position.startOf(file),
                    ""));
        }
        return all;
    }
}
