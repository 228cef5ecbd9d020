package dev.orkestra.document;

import dev.orkestra.outcome.Diagnostic;
import java.util.List;

/**
 * What a file holds.
 *
 * @param documents those that could be read, in order, without empty ones; with an error among the findings they may
 *     be incomplete and must not be applied
 * @param findings errors and warnings in the order of their places
 */
public record ReadResult(List<Document> documents, List<Diagnostic> findings) {
    public ReadResult {
        documents = List.copyOf(documents);
        findings = findings.stream().sorted(Diagnostic.BY_POSITION).toList();
    }

    /** Whether the file must not be used. */
    public boolean hasErrors() {
        return Diagnostic.anyError(findings);
    }
}
