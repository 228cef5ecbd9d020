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
 * @param message one sentence: what was found and what is allowed; never a secret, never a URL with credentials; cut
 *     in the middle when it is longer than people read
 * @param position the offending key or value, or null where no file is involved
 * @param hint what to do about it; empty when the message says it all
 * @param importedBy the imports that led to the position's file, the nearest first and the entry's own last; empty for
 *     a place in the entry itself
 * @param rule id of the rule that was broken, such as {@code QueueUnlimited}; empty for what is not a rule's
 */
public record Diagnostic(
        ErrorCode code,
        Severity severity,
        String message,
        @Nullable Position position,
        String hint,
        List<Position> importedBy,
        String rule) {

    private static final int LONGEST = 2_000;

    /** Findings in the order in which people read them: by place, then by severity, code and text. */
    public static final Comparator<Diagnostic> BY_POSITION = Comparator.comparing(
                    Diagnostic::position, Comparator.nullsFirst(Comparator.<Position>naturalOrder()))
            .thenComparing(Diagnostic::severity)
            .thenComparing(Diagnostic::code)
            .thenComparing(Diagnostic::rule)
            .thenComparing(Diagnostic::message);

    public Diagnostic {
        message = shortened(message);
        hint = shortened(hint);
        importedBy = List.copyOf(importedBy);
    }

    /** Findings quote names from files, and a name may be megabytes long. */
    private static String shortened(String text) {
        int kept = LONGEST / 2;
        return text.length() <= LONGEST ? text : text.substring(0, kept) + " … " + text.substring(text.length() - kept);
    }

    /** A finding in a file that nobody imports. */
    public Diagnostic(ErrorCode code, Severity severity, String message, @Nullable Position position, String hint) {
        this(code, severity, message, position, hint, List.of());
    }

    /** A finding that is no rule's. */
    public Diagnostic(
            ErrorCode code,
            Severity severity,
            String message,
            @Nullable Position position,
            String hint,
            List<Position> importedBy) {
        this(code, severity, message, position, hint, importedBy, "");
    }

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

    /** This finding at another place. */
    public Diagnostic at(@Nullable Position place) {
        return new Diagnostic(code, severity, message, place, hint, importedBy, rule);
    }

    /** This finding, taken more or less seriously. */
    public Diagnostic as(Severity other) {
        return new Diagnostic(code, other, message, position, hint, importedBy, rule);
    }

    /** This finding in other words. */
    public Diagnostic saying(String words) {
        return new Diagnostic(code, severity, words, position, hint, importedBy, rule);
    }

    /** This finding, in a file that {@code chain} led to. */
    public Diagnostic importedBy(List<Position> chain) {
        return new Diagnostic(code, severity, message, position, hint, chain, rule);
    }

    /** The name under which people look this up: the rule's, else the code's. */
    public String id() {
        return rule.isEmpty() ? code.name() : rule;
    }

    /** {@code file:line:column: severity: message (hint) [Id], imported by file:line:column} on one line. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(line());
        for (Position place : importedBy) {
            text.append(", imported by ").append(place);
        }
        return text.toString();
    }

    /** {@link #toString} without the imports. */
    public String line() {
        StringBuilder text = new StringBuilder();
        if (position != null) {
            text.append(position).append(": ");
        }
        text.append(severity.name().toLowerCase(java.util.Locale.ROOT))
                .append(": ")
                .append(OneLine.of(message));
        if (!hint.isEmpty()) {
            text.append(" (").append(OneLine.of(hint)).append(')');
        }
        return text.append(" [").append(id()).append(']').toString();
    }
}
