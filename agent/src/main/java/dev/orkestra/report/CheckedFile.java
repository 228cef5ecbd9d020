package dev.orkestra.report;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.rules.KatalogDetails;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the checks of one named file found.
 *
 * @param name as people named it
 * @param kind kind of its first document; empty when it holds none
 * @param summary what it holds, in a few words; empty when it is not in order
 * @param findings by place; places may be in further files that it names
 * @param texts the texts of all files that were read, by the name in positions
 * @param problem why it could not be read; empty when it could
 * @param details what it comes to; empty where nobody asked, or where it could not be composed
 */
public record CheckedFile(
        String name,
        String kind,
        String summary,
        List<Diagnostic> findings,
        Map<String, String> texts,
        String problem,
        Optional<KatalogDetails> details) {
    public CheckedFile {
        findings = List.copyOf(findings);
        texts = Map.copyOf(texts);
    }

    /** A file that was read. */
    public static CheckedFile read(
            String name, String kind, String summary, List<Diagnostic> findings, Map<String, String> texts) {
        return new CheckedFile(name, kind, summary, findings, texts, "", Optional.empty());
    }

    /**
     * A file that could not be read, and so is neither right nor wrong.
     *
     * @param reason why, for people, and how to mend it
     */
    public static CheckedFile unreadable(String name, String reason) {
        return new CheckedFile(name, "", "", List.of(), Map.of(), reason, Optional.empty());
    }

    /** The same, with more to tell. */
    public CheckedFile with(KatalogDetails more) {
        return new CheckedFile(name, kind, summary, findings, texts, problem, Optional.of(more));
    }

    /** The same without the texts of files, which are large and only people look at. */
    public CheckedFile withoutTexts() {
        return new CheckedFile(name, kind, summary, findings, Map.of(), problem, details);
    }

    public boolean isRead() {
        return problem.isEmpty();
    }

    public boolean hasErrors() {
        return Diagnostic.anyError(findings);
    }

    /** Whether it was read and may be deployed. */
    public boolean isOk() {
        return isRead() && !hasErrors();
    }
}
