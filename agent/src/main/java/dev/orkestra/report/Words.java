package dev.orkestra.report;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.OneLine;
import dev.orkestra.outcome.Severity;
import java.util.Locale;

/** The words of findings that all formats share. */
final class Words {
    private Words() {}

    /** {@code error}, {@code warning} or {@code info}. */
    static String severity(Severity severity) {
        return severity.name().toLowerCase(Locale.ROOT);
    }

    /** What is wrong, and how to mend it, on one line. */
    static String text(Diagnostic finding) {
        String message = OneLine.of(finding.message());
        return finding.hint().isEmpty() ? message : message + " (" + OneLine.of(finding.hint()) + ")";
    }

    /** Where the page about a finding is, from the root of this program's repository. */
    static String page(Diagnostic finding) {
        return "docs/rules/" + finding.id() + ".md";
    }
}
