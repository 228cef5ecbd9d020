package dev.orkestra.katalog;

import dev.orkestra.document.Document;
import dev.orkestra.document.Limits;
import dev.orkestra.document.Node;
import dev.orkestra.document.ReadResult;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.outcome.Severity;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the one document of a file that counts, and brings it to the newest layout. */
final class SourceReader {
    private static final Set<ErrorCode> BREAKING_OFF =
            EnumSet.of(ErrorCode.NotYaml, ErrorCode.NotUtf8, ErrorCode.TooLarge, ErrorCode.LimitExceeded);

    private final Limits limits;
    private final SchemaMode mode;
    private final Readings readings;
    private final List<Diagnostic> findings;

    SourceReader(ComposeRequest request, List<Diagnostic> findings) {
        this.limits = request.limits();
        this.mode = request.schema();
        this.readings = request.readings();
        this.findings = findings;
    }

    /** The file's Katalog or Komposer (or another of the five kinds); empty when it has none that can be used. */
    Optional<Source> read(Location location, byte[] bytes) {
        String shownAs = location.shown();
        ReadResult result = readings.read(shownAs, bytes, limits);
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
        return accept(location, chosen.get());
    }

    /** Whether the rest of the file is unknown; with other errors it is whole enough to look for more. */
    private static boolean breaksOff(Diagnostic finding) {
        return finding.severity() == Severity.ERROR && BREAKING_OFF.contains(finding.code());
    }

    /** {@code written} as a source, if its format is one that we know. */
    Optional<Source> accept(Location location, Document written) {
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
        return Optional.of(new Source(location, document.kind().orElseThrow(), root));
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
