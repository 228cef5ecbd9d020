package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.group.Groups;
import dev.orkestra.run.Evidence;
import dev.orkestra.run.RunMachine;
import dev.orkestra.run.RunStateJson;
import dev.orkestra.testing.GoldenText;
import dev.orkestra.testing.Testbed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a ConfigRun says for people and their programs. */
class RunStatusTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void aRolledBackRunSaysWhyWithItsEvidence() throws IOException {
        ObjectNode status = status(rolledBack());
        status.remove("journal");

        GoldenText.check(
                "apply/rolled-back-run.json",
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(status) + "\n");
    }

    @Test
    void evidenceOfNoObjectHasNoObject() throws IOException {
        ObjectNode journal = rolledBack();
        ((ObjectNode) journal.path("evidence").get(0)).remove("object");

        JsonNode evidence = status(journal).path("evidence").get(0);

        assertThat(evidence.has("object")).isFalse();
        assertThat(evidence.path("message").asText()).startsWith("ImagePullBackOff");
    }

    @Test
    void whatStaysAfterARollbackIsAmongTheFindings() throws IOException {
        ObjectNode journal = rolledBack();
        ObjectNode stays =
                journal.withObject("/removed").withArray("diagnostics").addObject();
        stays.put("code", "ApprovalRequired").put("severity", "warning").put("message", "Namespace/annex stays");

        JsonNode status = status(journal);

        assertThat(status.path("diagnostics").findValuesAsText("message"))
                .hasSize(3)
                .last()
                .isEqualTo("Namespace/annex stays");
        assertThat(status.path("message").asText()).contains("some stays: Namespace/annex stays");
    }

    /** The definition refuses a longer list, and with it the journal. */
    @Test
    void evidenceIsBounded() throws IOException {
        ObjectNode journal = rolledBack();
        ArrayNode evidence = journal.withArray("evidence");
        while (evidence.size() < RunMachine.MOST_LISTED + 20) {
            evidence.add(evidence.get(0).deepCopy());
        }

        assertThat(status(journal).path("evidence")).hasSize(RunMachine.MOST_LISTED);
        assertThat(definition().at("/maxItems").asInt()).isEqualTo(RunMachine.MOST_LISTED);
    }

    @Test
    void theDefinitionNamesEveryWord() throws IOException {
        JsonNode fields = definition().at("/items/properties");
        for (Evidence.Kind kind : Evidence.Kind.values()) {
            ObjectNode journal = rolledBack();
            ((ObjectNode) journal.path("evidence").get(0)).put("kind", kind.name());
            JsonNode evidence = status(journal).path("evidence").get(0);

            assertThat(fields.at("/kind/description").asText())
                    .containsPattern("\\b" + evidence.path("kind").asText() + "\\b");
            TreeSet<String> names = new TreeSet<>();
            evidence.fieldNames().forEachRemaining(names::add);
            assertThat(fields.properties().stream().map(each -> each.getKey())).containsAll(names);
        }
        for (Evidence.Before before : Evidence.Before.values()) {
            ObjectNode journal = rolledBack();
            ((ObjectNode) journal.path("evidence").get(0)).put("before", before.name());

            assertThat(fields.at("/before/description").asText())
                    .containsPattern("\\b"
                            + status(journal)
                                    .path("evidence")
                                    .get(0)
                                    .path("before")
                                    .asText()
                            + "\\b");
        }
    }

    private static ObjectNode status(ObjectNode journal) {
        RunStore.Stored created = new RunStore(new MemoryCluster())
                .create(_ -> RunStateJson.read(journal), "orkestra.staging", 0)
                .orElseThrow();
        return (ObjectNode) created.object().path("status").deepCopy();
    }

    private static ObjectNode rolledBack() throws IOException {
        try (var stream =
                Objects.requireNonNull(RunStatusTest.class.getResourceAsStream("/run/rolled-back-status.json"))) {
            return (ObjectNode) JSON.readTree(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static JsonNode definition() throws IOException {
        return Groups.json(Files.readString(Testbed.root().resolve("schemas/crds/orkestra.dev_configruns.yaml")))
                .at("/spec/versions/0/schema/openAPIV3Schema/properties/status/properties/evidence");
    }
}
