package dev.orkestra.outcome;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One finding: what is wrong, where, and how to mend it. Trouble that is to be expected (bad YAML, a refused object,
 * a missing ref) is such a value and all of them are collected; exceptions are for defects.
 *
 * @param code stable name of the finding
 * @param severity whether it stops anything
 * @param message one sentence: what was found and what is allowed; never a secret, never a URL with credentials
 * @param position the offending key or value, or null where no file is involved
 * @param hint what to do about it; empty when the message says it all
 */
public record Diagnostic(
        ErrorCode code,
        Severity severity,
        String message,
        @Nullable Position position,
        String hint) {

    /** Findings in the order in which people read them: by place, then by severity, code and text. */
    public static final Comparator<Diagnostic> BY_POSITION = Comparator.comparing(
                    Diagnostic::position, Comparator.nullsFirst(Comparator.<Position>naturalOrder()))
            .thenComparing(Diagnostic::severity)
            .thenComparing(Diagnostic::code)
            .thenComparing(Diagnostic::message);

    public static Diagnostic error(ErrorCode code, String message, @Nullable Position position, String hint) {
        return new Diagnostic(code, Severity.ERROR, message, position, hint);
    }

    public static Diagnostic warning(ErrorCode code, String message, @Nullable Position position, String hint) {
        return new Diagnostic(code, Severity.WARNING, message, position, hint);
    }

    /** Whether any of {@code findings} is an error. */
    public static boolean anyError(List<Diagnostic> findings) {
        return findings.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
    }

    public Optional<Position> at() {
        return Optional.ofNullable(position);
    }

    /** {@code file:line:column: severity: message (hint) [Code]} on one line. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        if (position != null) {
            text.append(position).append(": ");
        }
        text.append(severity.name().toLowerCase(java.util.Locale.ROOT))
                .append(": ")
                .append(message);
        if (!hint.isEmpty()) {
            text.append(" (").append(hint).append(')');
        }
        return text.append(" [").append(code).append(']').toString();
    }
}
