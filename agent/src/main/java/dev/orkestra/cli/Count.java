package dev.orkestra.cli;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Severity;
import java.util.List;

/** Numbers with their words. */
final class Count {
    private Count() {}

    /** {@code 1 file}, {@code 2 files}, {@code no files}. */
    static String of(long number, String word) {
        return (number == 0 ? "no" : Long.toString(number)) + " " + word + (number == 1 ? "" : "s");
    }

    /** {@code 2 errors, no warnings}. */
    static String of(List<Diagnostic> findings) {
        return of(findings, Severity.ERROR, "error") + ", " + of(findings, Severity.WARNING, "warning");
    }

    private static String of(List<Diagnostic> findings, Severity severity, String word) {
        return of(
                findings.stream()
                        .filter(finding -> finding.severity() == severity)
                        .count(),
                word);
    }
}
