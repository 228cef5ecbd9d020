package dev.orkestra;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.orkestra.desired.AssembleResult;
import dev.orkestra.desired.Assembler;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.ConfigRepoParser;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.desired.ScopeLookup;
import dev.orkestra.desired.Wave;
import dev.orkestra.katalog.ComposeRequest;
import dev.orkestra.katalog.Composer;
import dev.orkestra.katalog.Composition;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.source.FolderTree;
import dev.orkestra.source.Tree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sample repository is what people copy first, so it has to be without a flaw. */
class SampleRepoTest {
    private static final long MAX_BYTES = 1 << 20;
    private static final Tree SAMPLE = new FolderTree(Path.of("..", "sample-repo"));

    @ParameterizedTest
    @ValueSource(strings = {"staging", "production"})
    void overlayComposesWithoutASingleFinding(String environment) {
        Composition composition = compose(overlay(environment), SAMPLE);

        assertThat(composition)
                .isInstanceOfSatisfying(
                        Composition.Composed.class,
                        composed -> assertThat(composed.findings()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"staging", "production"})
    void layersAssembleWithoutASingleFinding(String environment) throws IOException {
        AssembleResult result = assemble(environment);

        assertThat(result.diagnostics()).isEmpty();
        DesiredState state = result.state().orElseThrow();
        assertThat(state.waves()).containsExactly(Wave.sync(0, 0), Wave.sync(2, 1), Wave.sync(2, 2), Wave.sync(2, 3));
        assertThat(state.inWave(Wave.sync(2, 2)))
                .extracting(object -> object.key().kind())
                .containsExactly("ApplicationGroup");
    }

    /** The quickstart's fifth commit. */
    @Test
    void databaseThatWaitsForTheWebsiteClosesACircleAtTheOverlay() {
        String overlay = overlay("staging");
        byte[] changed = read(overlay, SAMPLE)
                .map(bytes -> new String(bytes, UTF_8)
                        .replace("\n    database:\n", "\n    database:\n      dependsOn: [website]\n")
                        .getBytes(UTF_8))
                .orElseThrow();

        Composition composition = Composer.compose(
                ComposeRequest.of(overlay), path -> path.equals(overlay) ? Optional.of(changed) : read(path, SAMPLE));

        assertThat(composition)
                .isInstanceOfSatisfying(
                        Composition.Refused.class,
                        refused -> assertThat(refused.findings()).anySatisfy(finding -> {
                            assertThat(finding.code()).isEqualTo(ErrorCode.DependencyCycle);
                            assertThat(finding.at().orElseThrow().toString()).startsWith(overlay + ":");
                        }));
    }

    private static String overlay(String environment) {
        return "operator-definitions/overlays/" + environment + "/komposer.yaml";
    }

    private static Composition compose(String overlay, Tree tree) {
        return Composer.compose(ComposeRequest.of(overlay), path -> read(path, tree));
    }

    private static Optional<byte[]> read(String path, Tree tree) {
        return tree.read(path, MAX_BYTES);
    }

    private static AssembleResult assemble(String environment) throws IOException {
        ObjectNode object = (ObjectNode) new ObjectMapper(new YAMLFactory()).readTree("""
                metadata: {name: %1$s, namespace: orkestra}
                spec:
                  source: {url: "https://git.test/config.git"}
                  layers: [{path: infrastructure, wave: 0}, {path: applications/%1$s, wave: 2}]
                  serviceAccountName: %1$s
                """.formatted(environment));
        ConfigRepo repo = ConfigRepoParser.parse(object).configRepo().orElseThrow();
        ScopeLookup groupsLieInNoNamespace =
                (apiVersion, kind) -> kind.equals("ApplicationGroup") ? Optional.of(false) : Optional.empty();
        return Assembler.assemble(repo, "c1", SAMPLE, groupsLieInNoNamespace);
    }
}
