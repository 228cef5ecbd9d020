package dev.orkestra.desired;

import dev.orkestra.document.Node;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a commit came to.
 *
 * @param state empty exactly when there is an error among the diagnostics: half a state is never handed on
 * @param diagnostics all findings, in the order of their places
 * @param files what the overlay was composed of, as paths in the tree; more than those may be files of layers
 * @param sources the documents of the objects, for those who want to show the line that writes a field
 */
public record AssembleResult(
        Optional<DesiredState> state,
        List<Diagnostic> diagnostics,
        Set<String> files,
        Map<ObjectKey, Node.MapNode> sources) {
    public AssembleResult {
        diagnostics = diagnostics.stream().sorted(Diagnostic.BY_POSITION).toList();
        files = Set.copyOf(files);
        sources = Map.copyOf(sources);
    }
}
