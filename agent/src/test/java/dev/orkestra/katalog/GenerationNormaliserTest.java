package dev.orkestra.katalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.document.Node;
import dev.orkestra.document.YamlPrinter;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import dev.orkestra.outcome.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GenerationNormaliserTest {
    private static final String NAMES = "dev.orkestra.katalog.GenerationCases#names";

    /** With {@code -Dorkestra.golden=write} the files are written anew; look at the difference before committing it. */
    @ParameterizedTest
    @MethodSource(NAMES)
    void bringsEachCaseToTheLayoutOfItsGoldenFileAndSaysWhatMoved(String name) throws IOException {
        GenerationCases.Normalised result = GenerationCases.normalise(GenerationCases.before(name), SchemaMode.ANY);

        golden(name, "after.yaml", YamlPrinter.print(result.document().toJson()));
        golden(
                name,
                "findings.txt",
                result.findings().stream().map(finding -> finding + "\n").collect(Collectors.joining()));
    }

    @ParameterizedTest
    @MethodSource(NAMES)
    void movesTheSameButWithErrorsWhereTheNewestLayoutIsAskedFor(String name) {
        GenerationCases.Normalised any = GenerationCases.normalise(GenerationCases.before(name), SchemaMode.ANY);
        GenerationCases.Normalised strict = GenerationCases.normalise(GenerationCases.before(name), SchemaMode.V0_7_18);

        assertThat(strict.document()).isEqualTo(any.document());
        assertThat(strict.findings())
                .extracting(Diagnostic::message)
                .containsExactlyElementsOf(
                        any.findings().stream().map(Diagnostic::message).toList());
        assertThat(strict.findings()).allMatch(finding -> finding.severity() == Severity.ERROR);
        assertThat(any.findings())
                .allMatch(finding ->
                        (finding.code() == ErrorCode.MovedField) == (finding.severity() == Severity.WARNING));
    }

    @ParameterizedTest
    @MethodSource(NAMES)
    void doesNothingTheSecondTime(String name) {
        Node.MapNode once = GenerationCases.normalise(GenerationCases.before(name), SchemaMode.ANY)
                .document();

        GenerationCases.Normalised twice = GenerationCases.normalise(once, SchemaMode.V0_7_18);

        assertThat(twice.findings()).isEmpty();
        assertThat(twice.document()).isSameAs(once);
    }

    @ParameterizedTest
    @MethodSource(NAMES)
    void everyValueKeepsThePlaceWhereItWasWritten(String name) {
        Node.MapNode before = GenerationCases.before(name);
        Map<Position, Object> written = new HashMap<>();
        GenerationCases.scalars(before, written);
        Map<Position, Object> moved = new HashMap<>();
        GenerationCases.scalars(
                GenerationCases.normalise(before, SchemaMode.ANY).document(), moved);

        moved.forEach((place, value) -> {
            if (!value.equals(Source.API_VERSION)) {
                assertThat(written).containsEntry(place, value);
            }
        });
    }

    /** Each row has a fixture that shows it. */
    @Test
    void theCasesCoverTheWholeTable() {
        List<String> said = GenerationCases.names()
                .flatMap(name ->
                        GenerationCases.normalise(GenerationCases.before(name), SchemaMode.ANY).findings().stream())
                .map(Diagnostic::message)
                .toList();

        for (MovedKey key : MovedKeys.DOCUMENTED) {
            String expected = key.isDropped()
                    ? "'" + key.oldName() + "' has no place any more"
                    : "'" + key.oldName() + "' is now " + key.newName();
            assertThat(said).as(key.toString()).anyMatch(message -> message.startsWith(expected));
        }
        for (GenerationShape shape : GenerationShape.ALL) {
            assertThat(said)
                    .as(shape.toString())
                    .anyMatch(message -> message.contains(shape.path().getLast() + "'")
                            && message.contains(shape.form().before() + " is now "
                                    + shape.form().after()));
        }
    }

    @Test
    void saysOfAnAliasedValueOnlyOnceWhatMoved() {
        Node.MapNode document = GenerationCases.read("k.yaml", """
                apiVersion: orkestra.orkspace.io/v1
                kind: Katalog
                metadata: {name: k}
                spec:
                  crds:
                    a: &crd {apiTypes: {kind: Pod}, workers: 3}
                    b: *crd
                """);

        GenerationCases.Normalised result = GenerationCases.normalise(document, SchemaMode.ANY);

        assertThat(result.findings())
                .singleElement()
                .hasToString("k.yaml:6:37: warning: 'workers' is now operatorBox.reconcile.workers (since v0.7.18)"
                        + " (move it there) [MovedField]");
        assertThat(result.document()
                        .toJson()
                        .at("/spec/crds/b/operatorBox/reconcile/workers")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void tellsOfAHundredOldKeysAndCountsTheOthers() {
        StringBuilder text = new StringBuilder(
                "apiVersion: orkestra.orkspace.io/v1\nkind: Katalog\nmetadata: {name: k}\nspec:\n  crds:\n");
        for (int i = 0; i < 130; i++) {
            text.append("    a").append(i).append(": {workers: 3}\n");
        }

        GenerationCases.Normalised result =
                GenerationCases.normalise(GenerationCases.read("k.yaml", text.toString()), SchemaMode.V0_7_18);

        assertThat(result.findings()).hasSize(101);
        assertThat(result.findings().getFirst())
                .hasToString("k.yaml:1:1: info: 30 more findings about older keys in this document are not shown"
                        + " [LimitExceeded]");
        assertThat(result.document()
                        .toJson()
                        .at("/spec/crds/a129/operatorBox/reconcile/workers")
                        .asInt())
                .isEqualTo(3);
    }

    private static void golden(String name, String file, String actual) throws IOException {
        Path golden = GenerationCases.FOLDER.resolve(name).resolve(file);
        if ("write".equals(System.getProperty("orkestra.golden"))) {
            Files.writeString(golden, actual);
        }
        assertThat(actual).isEqualTo(Files.readString(golden));
    }
}
