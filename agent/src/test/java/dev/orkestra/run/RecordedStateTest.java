package dev.orkestra.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.outcome.Position;
import dev.orkestra.plan.HookEntry;
import dev.orkestra.plan.Inventory;
import dev.orkestra.plan.InventoryEntry;
import dev.orkestra.testing.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * State of schema version 1, as agents before the seals wrote it, is read by this one. The files are never written
 * again: a change that needs them changed cannot read what is in clusters.
 */
class RecordedStateTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void readsTheLedger() throws IOException {
        assertThat(LedgerJson.read(recorded("ledger", LedgerJson.write(ledger("commit")))))
                .as("its history was written before runs kept their verdict")
                .isEqualTo(ledger(""));
    }

    @Test
    void readsTheInventory() throws IOException {
        assertThat(InventoryJson.read(recorded("inventory", InventoryJson.write(inventory()))))
                .isEqualTo(inventory());
    }

    @Test
    void readsTheJournal() throws IOException {
        RunState state = Samples.rollingBack(Samples.evidence(Evidence.Kind.UNHEALTHY, Evidence.Before.HEALTHY, true));

        assertThat(RunStateJson.read(recorded("journal", RunStateJson.write(state))))
                .isEqualTo(state);
    }

    @Test
    void readsTheResolvedState() throws IOException {
        assertThat(DesiredStateJson.read(recorded("state", DesiredStateJson.write(state()))))
                .isEqualTo(state());
    }

    private static JsonNode recorded(String name, JsonNode first) throws IOException {
        Path file = Testbed.root().resolve("agent/src/test/resources/run/v1").resolve(name + ".json");
        if (!Files.exists(file) && "write".equals(System.getProperty("orkestra.golden"))) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(first) + "\n");
        }
        JsonNode recorded = JSON.readTree(Files.readString(file));
        assertThat(recorded.path("schemaVersion").asInt()).isEqualTo(1);
        return recorded;
    }

    private static Ledger ledger(String verdict) {
        RunSummary run = RunSummary.of(
                Samples.rollingBack(Samples.evidence(Evidence.Kind.UNHEALTHY, Evidence.Before.HEALTHY, true)),
                Samples.at(99));
        return Ledger.EMPTY
                .good(Samples.LAST_GOOD)
                .quarantine(new Quarantined("c3", "sha256:new", 3, "DeadlineExceeded", Samples.START))
                .finished(new RunSummary(
                        run.run(),
                        run.commit(),
                        run.digest(),
                        run.trigger(),
                        run.phase(),
                        run.startedAt(),
                        run.endedAt(),
                        run.requestedBy(),
                        run.reason(),
                        verdict,
                        !verdict.isEmpty()));
    }

    private static Inventory inventory() {
        return Inventory.EMPTY
                .with(List.of(
                        InventoryEntry.intended(Samples.CONFIG, "v1", Samples.FIRST),
                        new InventoryEntry(
                                Samples.SHOP,
                                "orkestra.azure.microsoft.com/v1alpha1",
                                Samples.SECOND,
                                "sha256:a",
                                "sha256:b",
                                "uid-1")))
                .withHooks(
                        List.of(new HookEntry(Samples.CONFIG, "v1", Samples.FIRST, Samples.CONFIG, 3, "uid-2", true)));
    }

    private static DesiredState state() {
        ObjectNode body = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
        body.putObject("metadata").put("name", "config").put("namespace", "shop");
        DesiredObject object = new DesiredObject(
                Samples.CONFIG,
                body,
                Samples.FIRST,
                new Position("base/config.yaml", 1, 1),
                CanonicalJson.digest(CanonicalJson.bytes(body)));
        return new DesiredState("c3", List.of(object), List.of(), "sha256:state");
    }
}
