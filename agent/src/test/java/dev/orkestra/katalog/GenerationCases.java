package dev.orkestra.katalog;

import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Node;
import dev.orkestra.document.ReadResult;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Position;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The fixtures under {@code katalog/generations}: one folder each, with a document in an older layout. */
final class GenerationCases {
    static final Path FOLDER = Path.of("src/test/resources/katalog/generations");

    /** What became of a document. */
    record Normalised(Node.MapNode document, List<Diagnostic> findings) {}

    private GenerationCases() {}

    static Stream<String> names() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files
                    .filter(file -> Files.exists(file.resolve("before.yaml")))
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Node.MapNode before(String name) {
        return read("before.yaml", text(FOLDER.resolve(name).resolve("before.yaml")));
    }

    static Node.MapNode read(String file, String text) {
        ReadResult result = DocumentReader.read(file, text.getBytes(StandardCharsets.UTF_8));
        if (!result.findings().isEmpty()) {
            throw new AssertionError("the fixture is at fault: " + result.findings());
        }
        return result.documents().getFirst().mapping().orElseThrow();
    }

    static Normalised normalise(Node.MapNode document, SchemaMode mode) {
        List<Diagnostic> findings = new ArrayList<>();
        Node.MapNode result = GenerationNormaliser.normalise(document, mode, findings);
        return new Normalised(
                result, findings.stream().sorted(Diagnostic.BY_POSITION).toList());
    }

    /** All scalars below {@code node}, as text, by their places. */
    static void scalars(Node node, Map<Position, Object> into) {
        switch (node) {
            case Node.MapNode map -> map.entries().values().forEach(entry -> scalars(entry.value(), into));
            case Node.ListNode list -> list.items().forEach(item -> scalars(item, into));
            case Node.ScalarNode scalar -> into.put(scalar.position(), String.valueOf(scalar.value()));
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
