package dev.orkestra.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.document.Document;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Node;
import dev.orkestra.document.ReadResult;
import dev.orkestra.outcome.Diagnostic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Documents and what is said of them. {@code schema/fixtures/<kind>/<group>} has a valid and an invalid one for each group
 * of fields, {@code schema/findings} one for each kind of finding; {@code .txt} beside it is the exact text.
 */
class SchemaCasesTest {
    private static final Path CASES = cases();
    private static final SchemaWalk WALK = new SchemaWalk();

    static Stream<Path> groups() {
        return listed(CASES.resolve("fixtures")).filter(path -> path.endsWith("valid.yaml"));
    }

    static Stream<Path> findings() {
        return listed(CASES.resolve("findings")).filter(path -> path.toString().endsWith(".yaml"));
    }

    @ParameterizedTest
    @MethodSource("groups")
    void aValidDocumentOfTheGroupHasNoFinding(Path file) {
        assertThat(said(file)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("groups")
    void anInvalidDocumentOfTheGroupHasTheFindingsExpected(Path file) throws IOException {
        Path invalid = file.resolveSibling("invalid.yaml");

        assertThat(said(invalid)).isNotEmpty().isEqualTo(Files.readString(file.resolveSibling("invalid.txt")));
    }

    @ParameterizedTest
    @MethodSource("findings")
    void eachKindOfFindingReadsAsWritten(Path file) throws IOException {
        String name = file.getFileName().toString();

        assertThat(said(file)).isEqualTo(Files.readString(file.resolveSibling(name.replace(".yaml", ".txt"))));
    }

    /** The valid fixtures use what the reference lists; a Komposer and a Motif share their parts with the Katalog. */
    @ParameterizedTest
    @MethodSource("kinds")
    void theValidDocumentsUseTheFieldsOfTheReference(String kind) throws IOException {
        Set<String> used = new TreeSet<>();
        listed(CASES.resolve("fixtures/" + kind))
                .filter(path -> path.endsWith("valid.yaml"))
                .forEach(path -> used(read(path).root(), "", kind + ".schema.json", used));
        List<String> unused = Files.readAllLines(CASES.resolve("fields/" + kind + ".txt")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .filter(line -> used.stream().noneMatch(path -> path.startsWith(line)))
                .toList();

        assertThat(unused).isEmpty();
    }

    static Stream<String> kinds() {
        return Stream.of("katalog", "simulate", "e2e", "applicationgroup", "configrepo");
    }

    @Test
    void noRawMessageOfTheValidatorReachesPeople() {
        String everything = Stream.concat(listed(CASES.resolve("findings")), listed(CASES.resolve("fixtures")))
                .filter(path -> path.toString().endsWith(".txt"))
                .map(SchemaCasesTest::text)
                .collect(Collectors.joining());

        assertThat(everything)
                .isNotEmpty()
                .doesNotContain(
                        "must be valid to", "regex pattern", "is not defined in the schema", "expected]", "null");
    }

    private static void used(Node node, String path, String file, Set<String> used) {
        used.add(path);
        switch (node) {
            case Node.MapNode map ->
                map.entries().forEach((name, entry) -> {
                    String child = path.isEmpty() ? name : path + "." + name;
                    boolean isNamed = !WALK.at(file, child).isEmpty();
                    used(entry.value(), isNamed ? child : path + ".*", file, used);
                });
            case Node.ListNode list -> list.items().forEach(item -> used(item, path + "[]", file, used));
            case Node.ScalarNode _ -> {}
        }
    }

    private static String said(Path file) {
        ReadResult read =
                DocumentReader.read(file.getFileName().toString(), text(file).getBytes(UTF_8));
        assertThat(read.documents()).as("documents of %s", file).hasSize(1);
        Document document = read.documents().getFirst();
        assertThat(Schemas.bundled()
                        .covers(
                                document.apiVersion().orElse(""),
                                document.kind().orElse("")))
                .as("whether %s has a schema", file)
                .isTrue();
        return Stream.concat(read.findings().stream(), Schemas.bundled().validate(document).stream())
                .map(Diagnostic::toString)
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    private static Document read(Path file) {
        return DocumentReader.read(file.toString(), text(file).getBytes(UTF_8))
                .documents()
                .getFirst();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> listed(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path cases() {
        try {
            return Path.of(Objects.requireNonNull(SchemaCasesTest.class.getResource("/schema"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
