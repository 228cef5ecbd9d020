package dev.orkestra.crd;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.outcome.Severity;
import java.util.ArrayList;
import java.util.List;

/** Collects findings, and ends the work when a document asks for too much of it. */
final class Report {
    private static final int MOST_FINDINGS = 100;

    /** Values times the schemas that each is checked against; half a million values are the most that a file has. */
    private static final long MOST_WORK = 3_000_000;

    private final List<Diagnostic> findings = new ArrayList<>();
    private final Position whole;
    private int left = MOST_FINDINGS;
    private int hidden;
    private final long[] work;

    Report(Position whole) {
        this(whole, new long[1]);
    }

    private Report(Position whole, long[] work) {
        this.whole = whole;
        this.work = work;
    }

    /** For trying something out: its findings are not told, its work counts. */
    Report trial() {
        return new Report(whole, work);
    }

    void error(ErrorCode code, String message, Position position, String hint) {
        add(Diagnostic.error(code, message, position, hint));
    }

    void info(ErrorCode code, String message, Position position, String hint) {
        add(new Diagnostic(code, Severity.INFO, message, position, hint));
    }

    void add(Diagnostic finding) {
        if (left > 0) {
            left--;
            findings.add(finding);
        } else {
            hidden++;
        }
    }

    /** Whether {@code units} more of work may be done; once not, never again. */
    boolean mayWork(long units) {
        work[0] = Math.min(work[0] + units, 2 * MOST_WORK);
        return work[0] <= MOST_WORK;
    }

    /** The errors so far, as they were found. */
    List<Diagnostic> errors() {
        return findings.stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .toList();
    }

    boolean hasBlockingErrors() {
        return findings.stream()
                .anyMatch(finding -> finding.severity() == Severity.ERROR && finding.code() != ErrorCode.UnknownField);
    }

    /** All that was found, in the order of places. */
    List<Diagnostic> findings() {
        List<Diagnostic> all = new ArrayList<>(findings);
        if (hidden > 0) {
            all.add(new Diagnostic(
                    ErrorCode.LimitExceeded,
                    Severity.INFO,
                    hidden + " more findings in this document are not shown",
                    whole,
                    ""));
        }
        if (work[0] > MOST_WORK) {
            all.add(new Diagnostic(
                    ErrorCode.LimitExceeded,
                    Severity.INFO,
                    "the document was not checked to its end: it would take too long",
                    whole,
                    "make it smaller, or its definition simpler"));
        }
        return all.stream().distinct().sorted(Diagnostic.BY_POSITION).toList();
    }
}
