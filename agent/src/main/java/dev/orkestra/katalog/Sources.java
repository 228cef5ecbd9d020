package dev.orkestra.katalog;

import dev.orkestra.document.Document;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Node;
import dev.orkestra.document.ReadResult;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Position;
import dev.orkestra.schema.Schemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the documents of a composition: text, then what they include, then their schemas. The schemas come last of all,
 * when everything is at hand, so that included fields are looked at where they end up, and each document only once.
 */
final class Sources {
    private static final Set<String> COMPOSED = Set.of("Katalog", "Komposer", "Motif");

    private final ComposeRequest request;
    private final Inputs inputs;
    private final List<Diagnostic> findings;
    private final Includes includes;
    private final List<Source> read = new ArrayList<>();

    Sources(ComposeRequest request, Inputs inputs, List<Diagnostic> findings) {
        this.request = request;
        this.inputs = inputs;
        this.findings = findings;
        this.includes = new Includes(request, inputs, findings);
    }

    /** The document of a file that counts, with what it includes; empty when it is needed first, or is of no use. */
    Optional<Source> load(Location location, @Nullable Position askedBy) {
        return inputs.bytes(location, askedBy).flatMap(bytes -> {
            Optional<Source> source = new SourceReader(request, findings).read(location, bytes);
            if (source.isEmpty()) {
                inputs.markIncomplete();
            }
            return source.map(this::complete);
        });
    }

    /** All Katalogs and Komposers in a text that was made. */
    List<Source> readAll(Location location, byte[] bytes) {
        ReadResult result = DocumentReader.read(location.shown(), bytes, request.limits());
        findings.addAll(result.findings());
        if (result.hasErrors()) {
            inputs.markIncomplete();
        }
        List<Source> sources = new ArrayList<>();
        for (Document document : result.documents()) {
            String kind = document.kind().orElse("");
            if (kind.equals("Katalog") || kind.equals("Komposer")) {
                new SourceReader(request, findings)
                        .accept(location, document)
                        .map(this::complete)
                        .ifPresent(sources::add);
            }
        }
        return sources;
    }

    private Source complete(Source source) {
        Node.MapNode whole = includes.expand(source);
        if (!whole.equals(source.root())) {
            // An included part may be written in an older layout than the document that includes it.
            whole = GenerationNormaliser.normalise(whole, request.schema(), findings);
        }
        Source complete = source.withRoot(Paths.withoutNothing(whole));
        read.add(complete);
        return complete;
    }

    /** Holds all that was read against its schema. */
    void validate() {
        for (Source source : read) {
            if (!COMPOSED.contains(source.kind())) {
                continue; // It has a finding that says so; what else is wrong with it does not matter here.
            }
            findings.addAll(Schemas.bundled()
                    .validateAs(
                            new Document(source.location().shown(), 0, source.root()),
                            Source.API_VERSION,
                            source.kind()));
        }
    }
}
