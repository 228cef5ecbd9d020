package dev.orkestra.katalog;

import dev.orkestra.document.Document;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Limits;
import dev.orkestra.document.Node;
import dev.orkestra.document.ReadResult;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.outcome.Severity;
import dev.orkestra.schema.Schemas;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the one document of a file that counts, brings it to the newest layout, and holds it against its schema. */
final class SourceReader {
    private static final Set<ErrorCode> BREAKING_OFF =
            EnumSet.of(ErrorCode.NotYaml, ErrorCode.NotUtf8, ErrorCode.TooLarge, ErrorCode.LimitExceeded);

    private final Limits limits;
    private final SchemaMode mode;
    private final List<Diagnostic> findings;

    SourceReader(Limits limits, SchemaMode mode, List<Diagnostic> findings) {
        this.limits = limits;
        this.mode = mode;
        this.findings = findings;
    }

    /** The file's Katalog or Komposer (or another of the five kinds); empty when it has none that can be used. */
    Optional<Source> read(String path, String shownAs, byte[] bytes) {
        ReadResult result = DocumentReader.read(shownAs, bytes, limits);
        findings.addAll(result.findings());
        if (result.findings().stream().anyMatch(SourceReader::breaksOff)) {
            return Optional.empty();
        }
        Optional<Document> chosen = result.documents().stream()
                .filter(document ->
                        document.kind().filter(Source.KINDS::contains).isPresent())
                .findFirst();
        if (chosen.isEmpty()) {
            noKind(result.documents(), shownAs);
            return Optional.empty();
        }
        warnOfOthers(result.documents(), chosen.get());
        return check(path, chosen.get());
    }

    /** Whether the rest of the file is unknown; with other errors it is whole enough to look for more. */
    private static boolean breaksOff(Diagnostic finding) {
        return finding.severity() == Severity.ERROR && BREAKING_OFF.contains(finding.code());
    }

    private Optional<Source> check(String path, Document written) {
        Node.MapNode root = GenerationNormaliser.normalise(written.mapping().orElseThrow(), mode, findings);
        Document document = new Document(written.file(), written.index(), root);
        String apiVersion = document.apiVersion().orElse("");
        if (!apiVersion.isEmpty() && !apiVersion.equals(Source.API_VERSION)) {
            findings.add(Diagnostic.error(
                    ErrorCode.UnsupportedApiVersion,
                    "apiVersion '" + apiVersion + "' is not supported; this is " + Source.API_VERSION,
                    root.keyPosition("apiVersion"),
                    "bring the document to the layout of " + Source.API_VERSION));
            return Optional.empty();
        }
        findings.addAll(Schemas.bundled()
                .validateAs(document, Source.API_VERSION, document.kind().orElseThrow()));
        return Optional.of(new Source(path, document.kind().orElseThrow(), root));
    }

    private void noKind(List<Document> documents, String shownAs) {
        if (documents.isEmpty()) {
            findings.add(Diagnostic.error(
                    ErrorCode.MissingField, "the file is empty", Position.startOf(shownAs), "write a Katalog into it"));
            return;
        }
        Document first = documents.getFirst();
        Position position = first.mapping()
                .map(map -> map.keyPosition("kind"))
                .orElse(first.root().position());
        findings.add(Diagnostic.error(
                ErrorCode.UnknownKind,
                first.kind()
                        .map(kind -> "kind '" + kind + "' is no kind of Orkestra's")
                        .orElse("the document has no kind"),
                position,
                "Katalog and Komposer can be composed"));
    }

    private void warnOfOthers(List<Document> documents, Document chosen) {
        for (Document other : documents) {
            if (other != chosen) {
                findings.add(Diagnostic.warning(
                        ErrorCode.ExtraDocument,
                        "this document is ignored: a file holds one "
                                + chosen.kind().orElseThrow(),
                        other.root().position(),
                        "move it to a file of its own"));
            }
        }
    }
}
