package dev.orkestra.crd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.document.Document;
import dev.orkestra.outcome.Diagnostic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** With {@code -Dorkestra.golden=write} the golden files are written anew; look at the difference. */
class CrdFixturesTest {
    @TestFactory
    Stream<DynamicTest> resourcesAreToldWhatTheApiServerWouldRefuse() {
        return CrdFixtures.TOPICS.stream()
                .map(topic -> DynamicTest.dynamicTest(topic, () -> {
                    CustomResourceDefinition definition = CrdFixtures.definition(topic);
                    assertThat(definition.findings()).isEmpty();
                    StringBuilder told = new StringBuilder();
                    for (Document resource : CrdFixtures.documents(topic + "/resources.yaml")) {
                        List<Diagnostic> findings = definition.validate(resource);
                        told(told, resource, findings);
                        assertThat(CrdFixtures.isRefused(findings))
                                .as(CrdFixtures.name(resource))
                                .isEqualTo(!CrdFixtures.name(resource).startsWith("good"));
                    }
                    assertGolden(topic + "/findings.txt", told.toString());
                }));
    }

    @Test
    void definitionsAreToldWhatTheApiServerWouldRefuse() throws IOException {
        StringBuilder told = new StringBuilder();
        for (Document document : CrdFixtures.documents("definitions/definitions.yaml")) {
            CustomResourceDefinition definition =
                    CustomResourceDefinition.of(document).orElseThrow();
            told(told, document, definition.findings());
            assertThat(CrdFixtures.isRefused(definition.findings()))
                    .as(CrdFixtures.name(document))
                    .isEqualTo(!CrdFixtures.name(document).startsWith("good"));
        }
        assertGolden("definitions/findings.txt", told.toString());
    }

    @Test
    void ourOwnDefinitionsAreRight() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../schemas/crds"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                Document document = CrdFixtures.document(file.getFileName().toString(), Files.readAllBytes(file));
                assertThat(CustomResourceDefinition.of(document).orElseThrow().findings())
                        .as(file.toString())
                        .isEmpty();
            }
        }
    }

    private static void told(StringBuilder told, Document document, List<Diagnostic> findings) {
        told.append(CrdFixtures.name(document)).append(CrdFixtures.isRefused(findings) ? ": refused\n" : ": taken\n");
        findings.forEach(finding -> told.append("  ").append(finding).append('\n'));
    }

    private static void assertGolden(String name, String text) throws IOException {
        Path golden = CrdFixtures.FOLDER.resolve(name);
        if ("write".equals(System.getProperty("orkestra.golden"))) {
            Files.writeString(golden, text);
        }
        assertThat(text).isEqualTo(Files.readString(golden));
    }
}
