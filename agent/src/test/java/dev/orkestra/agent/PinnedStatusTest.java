package dev.orkestra.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.EnvironmentStore.Environment;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.embedded.HelmTimes;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.run.Ledger;
import dev.orkestra.run.Pinned;
import dev.orkestra.run.RunEvent;
import dev.orkestra.run.RunMachine;
import dev.orkestra.run.RunSpec;
import dev.orkestra.run.RunState;
import dev.orkestra.run.Trigger;
import dev.orkestra.testing.MemoryCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people see of a ConfigRepo that is pinned. */
class PinnedStatusTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final RepoKey STAGING = new RepoKey("orkestra", "staging");
    private static final String GOOD = "a".repeat(40);
    private static final Pinned PINNED = new Pinned(GOOD, 6, "ann", "orders fail", NOW);

    private final MemoryCluster cluster = new MemoryCluster();
    private final RepoStatus status = new RepoStatus(cluster, new Metrics(Map::of, new HelmTimes()::sum), () -> NOW);
    private final Environment pinned = Environment.NOTHING.with(Ledger.EMPTY.pin(PINNED));

    @BeforeEach
    void create() {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", "orkestra.dev/v1alpha1").put("kind", "ConfigRepo");
        object.putObject("metadata")
                .put("name", "staging")
                .put("namespace", "orkestra")
                .put("generation", 1);
        cluster.create(RepoStatus.CONFIG_REPOS, object, "test");
    }

    @Test
    void theConditionSaysToWhatAndWhoAndWhyAndTheWayOut() {
        status.pinned(STAGING, seen(), PINNED, Optional.empty(), pinned);

        assertThat(ready().path("status").asText()).isEqualTo("False");
        assertThat(ready().path("reason").asText()).isEqualTo("Suspended");
        assertThat(ready().path("message").asText())
                .isEqualTo("pinned to commit aaaaaaaaaaaa by ann: orders fail; newer commits wait"
                        + " (to go on: ork resume staging)");
        assertThat(seen().path("status").path("pinned").path("commit").asText()).isEqualTo(GOOD);
    }

    /** Anybody who may ask for a rollback writes these words. */
    @Test
    void whatSomebodySaysStaysOnItsLine() {
        Pinned said = new Pinned(GOOD, 6, "ann\n", "orders\nfail", NOW);

        assertThat(said.words()).doesNotContain("\n").contains("by ann\\n: orders\\nfail");
    }

    @Test
    void aRollbackThatDidNotEndWellIsNotHidden() {
        RunState failed = RunMachine.next(
                RunState.begin(run(6, Trigger.ROLLBACK), 1),
                new RunEvent.Invalid(NOW, List.of(Diagnostic.error(ErrorCode.Invalid, "broken", null, ""))));

        status.pinned(STAGING, seen(), PINNED, Optional.of(failed), pinned);

        assertThat(ready().path("message").asText()).contains("its last run ended Invalid, see ConfigRun staging-6");
    }

    @Test
    void aLookAtRestAsksAndWritesNothing() {
        status.pinned(STAGING, seen(), PINNED, Optional.empty(), pinned);
        ObjectNode seen = seen();
        List<String> _ = cluster.requests();

        status.pinned(STAGING, seen, PINNED, Optional.empty(), pinned);

        assertThat(cluster.requests()).isEmpty();
    }

    @Test
    void nothingIsLeftOfItAfterwards() {
        status.pinned(STAGING, seen(), PINNED, Optional.empty(), pinned);
        ObjectNode kept = (ObjectNode) seen().path("status");

        LedgerFields.write(
                kept, Environment.NOTHING.with(Ledger.EMPTY.pin(PINNED).resumed()));

        assertThat(kept.has("pinned")).isFalse();
    }

    /** Not only at its end, which may be hours away. */
    @Test
    void nothingIsLeftOfItOnceTheNextRunHasBegun() {
        status.pinned(STAGING, seen(), PINNED, Optional.empty(), pinned);

        status.started(STAGING, run(7, Trigger.ROLLBACK), seen(), "", "", 1);
        assertThat(seen().path("status").has("pinned")).as("another rollback").isTrue();
        status.started(STAGING, run(8, Trigger.WEBHOOK), seen(), GOOD, "", 1);

        assertThat(seen().path("status").has("pinned")).isFalse();
    }

    private static RunSpec run(int number, Trigger trigger) {
        return new RunSpec(
                "orkestra",
                "staging",
                number,
                GOOD,
                trigger,
                NOW,
                new RunSpec.Limits(Duration.ofMinutes(5), Duration.ofMinutes(30), Duration.ZERO));
    }

    private JsonNode ready() {
        return Conditions.find(seen(), "Ready").orElseThrow();
    }

    private ObjectNode seen() {
        return cluster.find(new ObjectKey("orkestra.dev", "ConfigRepo", "orkestra", "staging"))
                .orElseThrow()
                .deepCopy();
    }
}
