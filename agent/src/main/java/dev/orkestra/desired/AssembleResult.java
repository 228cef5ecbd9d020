package dev.orkestra.desired;

import dev.orkestra.outcome.Diagnostic;
import java.util.List;
import java.util.Optional;

/**
 * What a commit came to.
 *
 * @param state empty exactly when there is an error among the diagnostics: half a state is never handed on
 * @param diagnostics all findings, in the order of their places
 */
public record AssembleResult(Optional<DesiredState> state, List<Diagnostic> diagnostics) {
    public AssembleResult {
        diagnostics = diagnostics.stream().sorted(Diagnostic.BY_POSITION).toList();
    }
}
