package dev.orkestra.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.ConfigRepoParser;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.drift.Drift;
import dev.orkestra.embedded.HelmTimes;
import dev.orkestra.run.Consent;
import dev.orkestra.run.RunSpec;
import dev.orkestra.run.RunState;
import dev.orkestra.run.RunStateJson;
import dev.orkestra.run.Trigger;
import dev.orkestra.testing.MemoryCluster;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where drift ends and a run begins, and what neither says of the other. */
class DriftAndRunsTest {
    private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");
    private static final RepoKey STAGING = new RepoKey("orkestra", "staging");

    private final MemoryCluster cluster = new MemoryCluster();
    private final RepoStatus status = new RepoStatus(cluster, new Metrics(Map::of, new HelmTimes()::sum), () -> START);

    @ParameterizedTest
    @CsvSource({
        "Compose, false",
        "StoreState, false",
        "Plan, false",
        "AwaitApproval, false",
        "StoreIntent, true",
        "ApplyWave, true",
        "RecordGood, true",
        "RecordQuarantine, true",
        "RollbackApplyWave, true",
        "Finish, false"
    })
    void aRunOwnsTheEnvironmentFromItsFirstChangeOn(String step, boolean changes) {
        assertThat(RunDriver.changes(at(step))).isEqualTo(changes);
    }

    @ParameterizedTest
    @CsvSource({"Plan, false", "ApplyWave, true"})
    void aRunThatWaitsForTroubleToPassOwnsItIfItHasChangedSomething(String then, boolean changes) {
        ObjectNode waiting = RunStateJson.write(at("RetryWait"));
        waiting.putObject("waiting").put("until", START.toString()).put("then", then);

        assertThat(RunDriver.changes(RunStateJson.read(waiting))).isEqualTo(changes);
    }

    @Test
    void aPlanThatAPersonSaysYesToIsNotMadeFromCaches() {
        RunState run = at("Compose");

        assertThat(RunDriver.mayPlanFromCaches(repo(""), run, false)).isTrue();
        assertThat(RunDriver.mayPlanFromCaches(repo("approval: required"), run, false))
                .isFalse();
        assertThat(RunDriver.mayPlanFromCaches(repo("approval: destructive"), run, false))
                .isFalse();
        assertThat(RunDriver.mayPlanFromCaches(repo(""), begun(Consent.given("sha256:1", "s")), false))
                .isFalse();
        assertThat(RunDriver.mayPlanFromCaches(repo(""), run, true)).isFalse();
    }

    @Test
    void anEditedSpecPutsNothingRightBeforeItsRun() {
        ObjectNode seen = JsonNodeFactory.instance.objectNode();
        seen.putObject("status").put("runGeneration", 3);

        assertThat(ConfigRepoController.hasRun(repo(""), seen)).isTrue();
        seen.putObject("status").put("runGeneration", 2);
        assertThat(ConfigRepoController.hasRun(repo(""), seen)).isFalse();
    }

    @Test
    void driftSaysNothingAboutHowFarTheSpecWasSeen() {
        ObjectNode stored = yaml(repoText(""));
        stored.put("apiVersion", "orkestra.dev/v1alpha1").put("kind", "ConfigRepo");
        stored.putObject("status").put("observedGeneration", 2);
        cluster.create(RepoStatus.CONFIG_REPOS, stored, "test");
        Drift drift = new Drift(
                new ObjectKey("", "ConfigMap", "shop", "a"), Drift.Reason.Gone, "gone", List.of(), "", START, null);

        status.drift(STAGING, List.of(drift), List.of());

        assertThat(kept().path("drift")).hasSize(1);
        assertThat(kept().path("observedGeneration").asInt()).isEqualTo(2);
        status.driftForgotten(STAGING);
        assertThat(kept().has("drift")).isFalse();
    }

    private ObjectNode kept() {
        return (ObjectNode) cluster.find(new ObjectKey("orkestra.dev", "ConfigRepo", "orkestra", "staging"))
                .orElseThrow()
                .path("status");
    }

    private static RunState at(String step) {
        return RunStateJson.read(RunStateJson.write(begun(Consent.NONE)).put("step", step));
    }

    private static RunState begun(Consent consent) {
        RunSpec.Limits limits = new RunSpec.Limits(Duration.ofMinutes(5), Duration.ofMinutes(30), Duration.ZERO);
        return RunState.begin(
                new RunSpec("orkestra", "staging", 7, "c0ffee", Trigger.SCHEDULE, START, limits), 1, consent);
    }

    private static ConfigRepo repo(String more) {
        return ConfigRepoParser.parse(yaml(repoText(more))).configRepo().orElseThrow();
    }

    private static String repoText(String more) {
        return """
                metadata: {name: staging, namespace: orkestra, generation: 3}
                spec:
                  source: {url: "http://git.test/x"}
                  layers: [{path: infra, wave: 0}]
                  serviceAccountName: default
                  %s
                """.formatted(more);
    }

    private static ObjectNode yaml(String text) {
        return (ObjectNode) DocumentReader.read("r", text.getBytes(StandardCharsets.UTF_8))
                .documents()
                .getFirst()
                .root()
                .toJson();
    }
}
