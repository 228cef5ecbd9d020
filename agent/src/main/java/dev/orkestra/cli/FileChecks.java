package dev.orkestra.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.ConfigRepoParser;
import dev.orkestra.document.Document;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Node;
import dev.orkestra.document.ReadResult;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.GroupRules;
import dev.orkestra.katalog.ComposeRequest;
import dev.orkestra.katalog.Composer;
import dev.orkestra.katalog.Composition;
import dev.orkestra.katalog.GenerationNormaliser;
import dev.orkestra.katalog.Need;
import dev.orkestra.katalog.Provided;
import dev.orkestra.katalog.SchemaMode;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.schema.Schemas;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Chooses the checks for a file by what it holds: the same ones that the agent makes for a commit. */
final class FileChecks {
    private static final Set<String> COMPOSED = Set.of("Katalog", "Komposer");

    private final Workspace workspace;
    private final SchemaMode schema;
    private final Map<String, String> texts = new HashMap<>();

    FileChecks(Workspace workspace, SchemaMode schema) {
        this.workspace = workspace;
        this.schema = schema;
    }

    CheckedFile check(byte[] bytes) {
        String shown = workspace.shownAs(workspace.entry());
        texts.put(shown, new String(bytes, StandardCharsets.UTF_8));
        ReadResult result = DocumentReader.read(shown, bytes);
        boolean isComposed = result.documents().stream()
                .anyMatch(document -> document.kind().filter(COMPOSED::contains).isPresent());
        return isComposed ? compose(bytes) : checkEach(result);
    }

    private CheckedFile compose(byte[] entry) {
        ComposeRequest request = ComposeRequest.of(workspace.entry())
                .with(workspace.entry(), new Provided.Content(entry))
                .withShownAs(workspace::shownAs)
                .withSchema(schema);
        return switch (Composer.composeWith(request, this::provide)) {
            case Composition.Composed composed -> {
                int crds = composed.katalog()
                        .map("spec")
                        .flatMap(spec -> spec.map("crds"))
                        .map(map -> map.entries().size())
                        .orElse(0);
                String name = composed.katalog()
                        .map("metadata")
                        .flatMap(metadata -> metadata.text("name"))
                        .orElse("");
                String summary = "'" + name + "', " + Count.of(crds, "CRD") + " from "
                        + Count.of(composed.files().size(), "file");
                yield new CheckedFile(summary, composed.findings(), texts);
            }
            case Composition.Refused refused -> new CheckedFile("", refused.findings(), texts);
            case Composition.NeedsInput needs ->
                throw new IllegalStateException("all was provided, but needs " + needs);
        };
    }

    private Provided provide(Need need) {
        if (!(need instanceof Need.RepositoryFile(String path, var _))) {
            return new Provided.Unreadable(
                    ErrorCode.ImportNotAllowed, "only files of the repository can be imported here", "");
        }
        Provided provided = workspace.read(path);
        if (provided instanceof Provided.Content(byte[] bytes)) {
            texts.put(workspace.shownAs(path), new String(bytes, StandardCharsets.UTF_8));
        }
        return provided;
    }

    private CheckedFile checkEach(ReadResult result) {
        List<Diagnostic> findings = new ArrayList<>(result.findings());
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
            }
            unknown += known ? 0 : 1;
        }
        String summary = Count.of(result.documents().size(), "document")
                + (unknown == 0 ? "" : ", " + unknown + " of a kind without checks: only read");
        return new CheckedFile(
                summary, findings.stream().sorted(Diagnostic.BY_POSITION).toList(), texts);
    }

    /** A Motif, for one, in the newest layout; what has no generations as it is. */
    private Document normalised(Document document, List<Diagnostic> findings) {
        return document.mapping()
                .map(root -> new Document(
                        document.file(), document.index(), GenerationNormaliser.normalise(root, schema, findings)))
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
