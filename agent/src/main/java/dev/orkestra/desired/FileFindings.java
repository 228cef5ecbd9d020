package dev.orkestra.desired;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.outcome.Severity;
import dev.orkestra.rules.RuleSettings;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Takes findings, and of one file only as many as people read (docs/limits.md): a commit may hold millions. */
final class FileFindings {
    /** Of one severity: so many warnings cannot hide an error. */
    private static final int MOST_FINDINGS = 100;

    private final RuleSettings settings;
    private final List<Diagnostic> kept;
    private final Map<String, Map<Severity, Integer>> found = new TreeMap<>();
    private final Map<String, Integer> more = new TreeMap<>();
    private long errors;

    /**
     * Findings for {@code kept}.
     *
     * @param settings how seriously they are taken, which has to be known before any is left out
     */
    FileFindings(RuleSettings settings, List<Diagnostic> kept) {
        this.settings = settings;
        this.kept = kept;
    }

    void add(Diagnostic finding) {
        errors += finding.severity() == Severity.ERROR ? 1 : 0;
        settings.apply(List.of(finding)).forEach(this::keep);
    }

    void addAll(List<Diagnostic> findings) {
        findings.forEach(this::add);
    }

    /** How many errors there were so far, kept or not. */
    long errors() {
        return errors;
    }

    private void keep(Diagnostic finding) {
        String file = finding.at().map(Position::file).orElse("");
        int count = found.computeIfAbsent(file, _ -> new EnumMap<>(Severity.class))
                .merge(finding.severity(), 1, Integer::sum);
        if (count <= MOST_FINDINGS) {
            kept.add(finding);
        } else {
            more.merge(file, 1, Integer::sum);
        }
    }

    /** Says of each file how many findings were too many. */
    void end() {
        more.forEach((file, count) -> kept.add(new Diagnostic(
                ErrorCode.LimitExceeded,
                Severity.INFO,
                count + " more findings in this file are not shown",
                file.isEmpty() ? null : Position.startOf(file),
                "")));
    }
}
