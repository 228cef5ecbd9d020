package dev.orkestra.report;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Severity;
import java.util.List;

/** Numbers with their words. */
public final class Count {
    private Count() {}

    /** {@code 1 file}, {@code 2 files}, {@code no files}. */
    public static String of(long number, String word) {
        return (number == 0 ? "no" : Long.toString(number)) + " " + word + (number == 1 ? "" : "s");
    }

    /** {@code 2 errors, no warnings}. */
    public static String of(List<Diagnostic> findings) {
        return of(of(findings, Severity.ERROR), "error") + ", " + of(of(findings, Severity.WARNING), "warning");
    }

    /** How many of {@code findings} are of this severity. */
    public static long of(List<Diagnostic> findings, Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }
}
