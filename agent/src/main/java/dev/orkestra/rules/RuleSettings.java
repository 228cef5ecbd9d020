package dev.orkestra.rules;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Severity;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How seriously the team takes what is found.
 *
 * @param strict warnings are errors
 * @param levels by {@linkplain Diagnostic#id() id}
 */
public record RuleSettings(boolean strict, Map<String, Level> levels) {
    /** Each rule as it says itself. */
    public static final RuleSettings DEFAULTS = new RuleSettings(false, Map.of());

    public RuleSettings {
        levels = Map.copyOf(levels);
    }

    /** How seriously a finding is taken; the words of the settings file. */
    public enum Level {
        IGNORE,
        INFO,
        WARNING,
        ERROR;

        Optional<Severity> severity() {
            return switch (this) {
                case IGNORE -> Optional.empty();
                case INFO -> Optional.of(Severity.INFO);
                case WARNING -> Optional.of(Severity.WARNING);
                case ERROR -> Optional.of(Severity.ERROR);
            };
        }
    }

    public RuleSettings withStrict(boolean value) {
        return new RuleSettings(value, levels);
    }

    /**
     * What is left of {@code findings}, in their order. An error that is no rule's stays one: nothing can be composed
     * out of a file that cannot be read.
     */
    public List<Diagnostic> apply(List<Diagnostic> findings) {
        if (equals(DEFAULTS)) {
            return findings;
        }
        return findings.stream().flatMap(finding -> applied(finding).stream()).toList();
    }

    private Optional<Diagnostic> applied(Diagnostic finding) {
        Level level = levels.get(finding.id());
        boolean isFixed = finding.rule().isEmpty() && finding.severity() == Severity.ERROR;
        Optional<Diagnostic> result = level == null || isFixed
                ? Optional.of(finding)
                : level.severity().map(finding::as);
        return result.map(each -> strict && each.severity() == Severity.WARNING ? each.as(Severity.ERROR) : each);
    }
}
