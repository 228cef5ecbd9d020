package dev.orkestra.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.desired.Hook;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Position;
import dev.orkestra.plan.HookEntry;
import dev.orkestra.plan.Inventory;
import dev.orkestra.plan.InventoryEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RunStateJsonTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Evidence BROKEN = Samples.evidence(Evidence.Kind.UNHEALTHY, Evidence.Before.HEALTHY, true);

    @Test
    void writesARunAsItsStatusShowsIt() throws IOException {
        RunState state = Samples.after(
                Samples.rollingBack(BROKEN),
                new RunEvent.WaveHealthy(Samples.at(13), Direction.ROLLBACK, Samples.FIRST),
                new RunEvent.Removed(Samples.at(14), PruneResult.NOTHING),
                new RunEvent.RollbackRecorded(Samples.at(15)),
                new RunEvent.Finished(Samples.at(16)));

        String written = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(RunStateJson.write(state));

        try (InputStream golden =
                Objects.requireNonNull(getClass().getResourceAsStream("/run/rolled-back-status.json"))) {
            assertThat(written.strip()).isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8).strip());
        }
    }

    @Test
    void readsEveryStateBack() {
        List<RunState> states = List.of(
                Samples.begun(Trigger.RETRY),
                Samples.awaitingSecond(Samples.view(null, "")),
                Samples.rollingBack(BROKEN),
                Samples.after(
                        Samples.applying(Samples.view(null, ""), Samples.SHOP),
                        new RunEvent.Troubled(Samples.at(9), Samples.TROUBLE)));

        assertThat(states)
                .allSatisfy(state ->
                        assertThat(RunStateJson.read(RunStateJson.write(state))).isEqualTo(state));
    }

    @Test
    void refusesWhatANewerAgentWrote() {
        ObjectNode newer = RunStateJson.write(Samples.begun(Trigger.SYNC)).put("schemaVersion", 2);

        assertThatThrownBy(() -> RunStateJson.read(newer)).hasMessageContaining("newer agent");
    }

    @Test
    void readsALedgerBack() {
        Ledger ledger = Ledger.EMPTY
                .good(Samples.LAST_GOOD)
                .quarantine(new Quarantined("c3", "sha256:new", 3, "DeadlineExceeded", Samples.START))
                .finished(RunSummary.of(Samples.rollingBack(BROKEN), Samples.at(99)));

        assertThat(LedgerJson.read(LedgerJson.write(ledger))).isEqualTo(ledger);
        assertThat(LedgerJson.read(JSON.createObjectNode())).isEqualTo(Ledger.EMPTY);
    }

    @Test
    void readsAnInventoryBack() {
        Inventory inventory = Inventory.EMPTY.with(List.of(
                InventoryEntry.intended(Samples.CONFIG, "v1", Samples.FIRST),
                new InventoryEntry(
                        Samples.SHOP,
                        "orkestra.azure.microsoft.com/v1alpha1",
                        Samples.SECOND,
                        "sha256:a",
                        "sha256:b",
                        "u")));

        Inventory withHooks = inventory.withHooks(List.of(
                new HookEntry(JOB, "batch/v1", new Wave(1, Wave.Phase.PRE_SYNC, -5), JOB, 3, "u", true),
                HookInstance.of(hook(), SPEC, "c3", Direction.ROLLBACK).intended()));

        assertThat(InventoryJson.read(InventoryJson.write(inventory))).isEqualTo(inventory);
        assertThat(InventoryJson.read(InventoryJson.write(withHooks))).isEqualTo(withHooks);
        assertThat(InventoryJson.read(JSON.createObjectNode())).isEqualTo(Inventory.EMPTY);
    }

    @Test
    void readsAResolvedStateBack() {
        ObjectNode body = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
        body.putObject("data").put("a", "1");
        Wave hook = new Wave(1, Wave.Phase.PRE_SYNC, -5);
        DesiredState state = new DesiredState(
                "c3",
                List.of(new DesiredObject(
                        Samples.CONFIG, body, hook, new Position("a:b.yaml", 3, 1), CanonicalJson.digest(body))),
                List.of(hook()),
                "sha256:new");

        assertThat(DesiredStateJson.read(DesiredStateJson.write(state))).isEqualTo(state);
    }

    private static final ObjectKey JOB = new ObjectKey("batch", "Job", "shop", "migrate");
    private static final RunSpec SPEC = Samples.begun(Trigger.SYNC).spec();

    private static Hook hook() {
        ObjectNode body = JSON.createObjectNode().put("apiVersion", "batch/v1").put("kind", "Job");
        return new Hook(
                JOB,
                body,
                new Wave(2, Wave.Phase.SYNC_FAIL, 0),
                Set.of(Hook.Removal.FAILED, Hook.Removal.SUCCEEDED),
                true,
                new Position("h.yaml", 1, 1),
                CanonicalJson.digest(body));
    }
}
