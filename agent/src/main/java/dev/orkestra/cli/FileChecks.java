package dev.orkestra.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.ConfigRepoParser;
import dev.orkestra.document.Document;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Node;
import dev.orkestra.document.ReadResult;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.GroupRules;
import dev.orkestra.katalog.GenerationNormaliser;
import dev.orkestra.katalog.InputLimits;
import dev.orkestra.katalog.LockFile;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.rules.Rules;
import dev.orkestra.schema.Schemas;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Chooses the checks for a file by what it holds: the same ones that the agent makes for a commit. */
final class FileChecks {
    private static final Set<String> COMPOSED = Set.of("Katalog", "Komposer");

    /** Kinds that have rules of their own and are checked as they are written. */
    private static final Set<String> RULED = Set.of("Motif", "Simulate", "E2E");

    private final ImportAccess access;
    private final InputLimits limits;
    private final CompositionOptions options;

    FileChecks(ImportAccess access, InputLimits limits, CompositionOptions options) {
        this.access = access;
        this.limits = limits;
        this.options = options;
    }

    CheckedFile check(NamedFile.Read file) {
        Workspace workspace = file.workspace();
        String shown = workspace.shownAs(workspace.entry());
        ReadResult result = DocumentReader.read(shown, file.bytes(), limits.file());
        boolean isComposed = result.documents().stream()
                .anyMatch(document -> document.kind().filter(COMPOSED::contains).isPresent());
        if (!isComposed) {
            return checkEach(shown, result, Map.of(shown, new String(file.bytes(), StandardCharsets.UTF_8)));
        }
        FileComposition composition = FileComposition.of(file, access.of(workspace), options.within(limits));
        return new CheckedFile(composition.summary(), composition.findings(), composition.texts());
    }

    private CheckedFile checkEach(String shown, ReadResult result, Map<String, String> texts) {
        List<Diagnostic> findings = new ArrayList<>(result.findings());
        if (result.documents().isEmpty() && !result.hasErrors()) {
            findings.add(Diagnostic.error(
                    ErrorCode.MissingField,
                    "the file holds no document",
                    Position.startOf(shown),
                    "write one into it, such as a Katalog"));
        }
        int unknown = 0;
        for (Document written : result.documents()) {
            Document document = normalised(written, findings);
            String kind = document.kind().orElse("");
            String apiVersion = document.apiVersion().orElse("");
            boolean known = Schemas.bundled().covers(apiVersion, kind);
            findings.addAll(Schemas.bundled().validate(document));
            if (kind.equals(ApplicationGroup.KIND) && apiVersion.equals(ApplicationGroup.API_VERSION)) {
                known = true;
                findings.addAll(GroupRules.check(document));
            } else if (kind.equals("ConfigRepo") && apiVersion.startsWith("orkestra.dev/")) {
                known = true;
                findings.addAll(configRepo(document));
            } else if (kind.equals(LockFile.KIND) && apiVersion.equals(LockFile.API_VERSION)) {
                findings.addAll(lockFile(document));
            } else if (known && RULED.contains(kind)) {
                document.mapping().ifPresent(root -> findings.addAll(Rules.check(kind, root, shown)));
            }
            unknown += known ? 0 : 1;
        }
        String summary = Count.of(result.documents().size(), "document")
                + (unknown == 0 ? "" : ", " + unknown + " of a kind without checks: only read");
        return new CheckedFile(
                summary, findings.stream().sorted(Diagnostic.BY_POSITION).toList(), texts);
    }

    /** What the schema, which has been asked, cannot say. */
    private static List<Diagnostic> lockFile(Document document) {
        List<Diagnostic> findings = new ArrayList<>();
        LockFile.parse(List.of(document), document.file(), findings);
        findings.removeAll(Schemas.bundled().validate(document));
        return findings;
    }

    /** A Motif, for one, in the newest layout; what has no generations as it is. */
    private Document normalised(Document document, List<Diagnostic> findings) {
        return document.mapping()
                .map(root -> new Document(
                        document.file(),
                        document.index(),
                        GenerationNormaliser.normalise(root, options.schema(), findings)))
                .orElse(document);
    }

    /** The parser reads what the API server returns, which has no places; the document's is the nearest. */
    private static List<Diagnostic> configRepo(Document document) {
        if (!(document.root().toJson() instanceof ObjectNode object)) {
            return List.of();
        }
        Node root = document.root();
        return ConfigRepoParser.parse(object).diagnostics().stream()
                .map(finding -> finding.at(finding.at().orElse(root.position())))
                .toList();
    }
}
