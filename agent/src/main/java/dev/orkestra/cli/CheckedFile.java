package dev.orkestra.cli;

import dev.orkestra.outcome.Diagnostic;
import java.util.List;
import java.util.Map;

/**
 * What the checks of one named file found.
 *
 * @param summary what it holds, in a few words
 * @param findings by place; places may be in further files that it names
 * @param texts the texts of all files that were read, by the name in positions
 */
record CheckedFile(String summary, List<Diagnostic> findings, Map<String, String> texts) {
    CheckedFile {
        findings = List.copyOf(findings);
        texts = Map.copyOf(texts);
    }

    boolean hasErrors() {
        return Diagnostic.anyError(findings);
    }
}
