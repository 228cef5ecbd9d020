package dev.orkestra.desired;

import dev.orkestra.outcome.Diagnostic;
import java.util.List;
import java.util.Optional;

/**
 * A ConfigRepo that was read.
 *
 * @param configRepo empty exactly when there is an error among the diagnostics
 * @param diagnostics all findings; they name fields such as {@code spec.prune.maxPercent}, not places in a file
 */
public record ParseResult(Optional<ConfigRepo> configRepo, List<Diagnostic> diagnostics) {
    public ParseResult {
        diagnostics = List.copyOf(diagnostics);
    }
}
