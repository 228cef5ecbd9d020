package dev.orkestra.katalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Older layouts on their way through a whole composition. */
class GenerationCompositionTest {
    private static final String OVERLAY = """
            kind: Komposer
            metadata: {name: production}
            %s:
              files: [base.yaml]
            spec:
              crds:
                website: %s
            """;

    @ParameterizedTest
    @ValueSource(strings = {"first.yaml", "flat.yaml"})
    void anOlderLayoutComposesToTheSameBytesAsTheNewest(String older) {
        Composition.Composed newest = composed(Map.of("k.yaml", whole("newest.yaml")), SchemaMode.V0_7_18);
        Composition.Composed composed = composed(Map.of("k.yaml", whole(older)), SchemaMode.ANY);

        assertThat(composed.text()).isEqualTo(newest.text());
        assertThat(newest.findings()).isEmpty();
        assertThat(composed.findings()).isNotEmpty().allMatch(finding -> finding.code() == ErrorCode.MovedField);
    }

    @ParameterizedTest
    @ValueSource(strings = {"first.yaml", "flat.yaml"})
    void anOlderLayoutIsRefusedWhereTheNewestIsAskedFor(String older) {
        assertThat(compose(Map.of("k.yaml", whole(older)), SchemaMode.V0_7_18))
                .isInstanceOfSatisfying(
                        Composition.Refused.class,
                        refused -> assertThat(refused.findings())
                                .allMatch(finding -> finding.code() == ErrorCode.MovedField));
    }

    @Test
    void anOverlayAndItsImportMayBeOfDifferentGenerations() {
        String newest = OVERLAY.formatted("imports", "{operatorBox: {reconcile: {workers: 10}}}");
        String oldest = OVERLAY.formatted("sources", "{workers: 10}");

        String expected = composed(
                        Map.of("k.yaml", Repository.HEAD + newest, "base.yaml", whole("newest.yaml")), SchemaMode.ANY)
                .text();

        assertThat(composed(
                                Map.of(
                                        "k.yaml",
                                        "apiVersion: orkestra.konductor.io/v1Alpha\n" + oldest,
                                        "base.yaml",
                                        whole("flat.yaml")),
                                SchemaMode.ANY)
                        .text())
                .isEqualTo(expected)
                .contains("workers: 10");
        assertThat(composed(
                                Map.of("k.yaml", Repository.HEAD + newest, "base.yaml", whole("first.yaml")),
                                SchemaMode.ANY)
                        .text())
                .isEqualTo(expected);
    }

    /** The schema knows only the newest layout and must have nothing to say of a key that was moved. */
    @ParameterizedTest
    @MethodSource("dev.orkestra.katalog.GenerationCases#names")
    void thereIsOneFindingForOneKey(String name) {
        String text = GenerationCases.text(GenerationCases.FOLDER.resolve(name).resolve("before.yaml"));
        List<Diagnostic> findings = switch (compose(Map.of("k.yaml", text), SchemaMode.V0_7_18)) {
            case Composition.Refused refused -> refused.findings();
            case Composition.Composed composed -> composed.findings();
            case Composition.NeedsInput needs -> throw new AssertionError(needs.toString());
        };

        List<Position> moved = findings.stream()
                .filter(finding -> finding.code() == ErrorCode.MovedField)
                .flatMap(finding -> finding.at().stream())
                .toList();
        assertThat(moved).doesNotHaveDuplicates();
        assertThat(findings)
                .filteredOn(finding -> finding.code() == ErrorCode.UnknownField)
                .noneMatch(finding -> moved.contains(finding.at().orElseThrow()));
    }

    private static String whole(String name) {
        return GenerationCases.text(GenerationCases.FOLDER.resolve("whole").resolve(name));
    }

    private static Composition compose(Map<String, String> files, SchemaMode mode) {
        return Composer.compose(
                ComposeRequest.of("k.yaml").withSchema(mode),
                path -> Optional.ofNullable(files.get(path)).map(text -> text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Composition.Composed composed(Map<String, String> files, SchemaMode mode) {
        if (compose(files, mode) instanceof Composition.Composed composed) {
            return composed;
        }
        throw new AssertionError("not composed: " + compose(files, mode));
    }
}
