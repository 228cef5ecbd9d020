package dev.orkestra.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.Environments;
import dev.orkestra.apply.Labels;
import dev.orkestra.apply.RunStore;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.ConfigRepoParser;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.embedded.HelmTimes;
import dev.orkestra.run.LastGood;
import dev.orkestra.run.Phase;
import dev.orkestra.run.Pinned;
import dev.orkestra.run.Quarantined;
import dev.orkestra.run.RunSpec;
import dev.orkestra.run.RunState;
import dev.orkestra.run.RunSummary;
import dev.orkestra.run.Trigger;
import dev.orkestra.source.Credentials;
import dev.orkestra.testing.MemoryCluster;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RunRequestsTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final RepoKey STAGING = new RepoKey("orkestra", "staging");
    private static final String LABEL = "orkestra.staging";
    private static final String GOOD = "a".repeat(40);
    private static final String BAD = "c".repeat(40);

    private final MemoryCluster cluster = new MemoryCluster();
    private final ConfigRepo repo = repo();
    private final List<RepoKey> woken = new ArrayList<>();
    private final RunStore runs = new RunStore(cluster);
    private final Environments environments = Environments.open(cluster, "orkestra");
    private final RunRequests requests = requests();

    @BeforeEach
    void runOneWasGoodAndRunTwoFailed() {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", "orkestra.dev/v1alpha1").put("kind", "ConfigRepo");
        object.putObject("metadata").put("name", "staging").put("namespace", "orkestra");
        object.putObject("status").put("headCommit", BAD);
        cluster.create(RepoStatus.CONFIG_REPOS, object, "test");
        assertThat(runs.create(number -> RunState.begin(spec(number, BAD), 1), LABEL, 1))
                .isPresent();
        environments.change(
                repo,
                ledger -> ledger.good(new LastGood(GOOD, 1, "sha256:good"))
                        .finished(summary(1, GOOD, "sha256:good", Phase.Good))
                        .quarantine(new Quarantined(BAD, "sha256:bad", 2, "Unhealthy", NOW))
                        .finished(summary(2, BAD, "sha256:bad", Phase.RolledBack)));
        requests.start(woken::add);
    }

    @Test
    void aRetryBecomesTheNextRunWithTheWordsOfWhoAsked() {
        ask(3, "retry", BAD);

        RunSpec spec =
                requests.begin(look(), Optional.empty()).orElseThrow().state().spec();

        assertThat(woken).isNotEmpty().containsOnly(STAGING);
        assertThat(spec.number()).isEqualTo(3);
        assertThat(spec.commit()).isEqualTo(BAD);
        assertThat(spec.trigger()).isEqualTo(Trigger.RETRY);
        assertThat(spec.requestedBy()).isEqualTo("ann");
        assertThat(spec.reason()).isEqualTo("it is mended");
        assertThat(newest()).isEqualTo(3);
        assertThat(run(3).path("metadata")
                        .path("labels")
                        .path("orkestra.dev/config-repo")
                        .asText())
                .isEqualTo(LABEL);
        assertThat(requests.begin(look(), Optional.empty())).isEmpty();
    }

    @Test
    void aRequestIsFoundByANewProcessUntilItHasAJournal() {
        ask(3, "rollback", GOOD);
        // Each instant at which a process may end: before each of its writes.
        for (String write : List.of("patch ConfigRun/staging-3", "replace ConfigRun/staging-3")) {
            cluster.before = request -> {
                if (request.equals(write)) {
                    throw new IllegalStateException("killed");
                }
            };
            RunRequests killed = requests();
            killed.start(_ -> {});
            assertThatThrownBy(() -> killed.begin(look(), Optional.empty())).hasMessage("killed");
            assertThat(newest()).isEqualTo(2);
        }
        cluster.before = _ -> {};

        RunRequests next = requests();
        next.start(_ -> {});
        assertThat(next.begin(look(), Optional.empty())).isPresent();
        assertThat(newest()).isEqualTo(3);
        assertThat(next.begin(look(), Optional.empty())).isEmpty();
    }

    /** A kill came between its creation and its first step. It is begun anew, and pins nothing. */
    @Test
    void theWayBackThatTheAgentItselfBeganIsNobodysRequest() {
        ObjectNode made = asked(3, "rollback", GOOD);
        made.withObject("/metadata")
                .putArray("managedFields")
                .addObject()
                .put("manager", Labels.MANAGER)
                .put("operation", "Update")
                .putObject("fieldsV1")
                .putObject("f:spec");
        cluster.create(RunStore.RUNS, made, Labels.MANAGER);

        RunRequests next = requests();
        next.start(_ -> {});
        assertThat(next.begin(look(), Optional.empty())).isEmpty();
        assertThat(environments.current(repo).ledger().pinned()).isNull();
    }

    @Test
    void aRollbackIsPinnedBeforeItBegins() {
        ask(3, "rollback", GOOD);
        cluster.before = request -> {
            if (request.startsWith("replace ConfigRun/")) {
                Pinned pinned = environments.current(repo).ledger().pinned();
                assertThat(pinned).isEqualTo(new Pinned(GOOD, 3, "ann", "it is mended", NOW));
            }
        };

        assertThat(requests.begin(look(), Optional.empty())).isPresent();

        assertThat(environments.current(repo).ledger().pinned()).isNotNull();
    }

    @Test
    void whatIsRefusedSaysWhyAndItsNumberIsSkipped() {
        ask(3, "retry", GOOD);
        ask(4, "retry", BAD);

        assertThat(requests.begin(look(), Optional.empty())
                        .orElseThrow()
                        .state()
                        .spec()
                        .number())
                .isEqualTo(4);

        JsonNode refused = run(3).path("status");
        assertThat(refused.path("phase").asText()).isEqualTo("Invalid");
        assertThat(refused.path("message").asText())
                .contains("aaaaaaaaaaaa is not quarantined", "To mend it: quarantined is cccccccccccc");
        assertThat(refused.has("journal")).isFalse();
        assertThat(newest()).isEqualTo(4);
        assertThat(runs.create(number -> RunState.begin(spec(number, GOOD), 1), LABEL, 2)
                        .orElseThrow()
                        .state()
                        .spec()
                        .number())
                .isEqualTo(5);
    }

    @Test
    void theOldestGoesFirst() {
        ask(5, "rollback", GOOD);
        ask(4, "retry", BAD);

        assertThat(requests.begin(look(), Optional.empty())
                        .orElseThrow()
                        .state()
                        .spec()
                        .number())
                .isEqualTo(4);
        assertThat(requests.begin(look(), Optional.empty())
                        .orElseThrow()
                        .state()
                        .spec()
                        .number())
                .isEqualTo(5);
    }

    @Test
    void anOrdinaryRunDoesNotTakeTheNumberThatSomebodyAsksFor() {
        ask(3, "retry", BAD);

        assertThat(runs.create(number -> RunState.begin(spec(number, GOOD), 1), LABEL, 2))
                .isEmpty();
        assertThat(requests.begin(look(), Optional.empty())).isPresent();
    }

    @Test
    void onlyARollbackIsHeardByTheRunUnderWay() {
        ask(3, "retry", BAD);
        assertThat(rollback()).isEmpty();

        ask(4, "rollback", BAD);
        assertThat(rollback()).isEmpty();
        assertThat(run(4).path("status").path("message").asText()).contains("was never good here");

        ask(5, "rollback", GOOD);
        assertThat(rollback()).contains(GOOD);
        assertThat(newest()).isEqualTo(2);
    }

    @Test
    void aStatusThatSomebodyMadeUpIsNoRunAndNoRequest() {
        ObjectNode made = asked(3, "rollback", GOOD);
        made.putObject("status").putObject("journal").put("step", "ApplyWave");
        cluster.create(RunStore.RUNS, made, "ann");
        ObjectNode told = asked(4, "rollback", GOOD);
        told.putObject("status").put("phase", "Applying");
        cluster.create(RunStore.RUNS, told, "ann");

        assertThat(requests.begin(look(), Optional.empty())).isEmpty();
        assertThat(newest()).isEqualTo(2);
        assertThat(environments.current(repo).ledger().pinned()).isNull();
    }

    /** A crash came before its first step: it is taken over where it fits, and answered where it never can be. */
    @Test
    void whatTheAgentItselfHasMadeIsNoRequestWhileItMayBecomeARun() {
        ObjectNode own = asked(3, "schedule", GOOD);
        own.withObject("/metadata")
                .putArray("managedFields")
                .addObject()
                .put("manager", Labels.MANAGER)
                .put("operation", "Update")
                .putObject("fieldsV1")
                .putObject("f:spec");
        cluster.create(RunStore.RUNS, own, "orkestra-agent");
        assertThat(requests.begin(look(), Optional.empty())).isEmpty();
        assertThat(run(3).has("status")).isFalse();

        ask(4, "retry", BAD);
        assertThat(requests.begin(look(), Optional.empty())).isPresent();
        assertThat(requests.begin(look(), Optional.empty())).isEmpty();
        assertThat(run(3).path("status").path("phase").asText()).isEqualTo("Invalid");
        assertThat(requests.basis(STAGING)).isEmpty();
    }

    @Test
    void anotherRepositorysRequestIsLeftAlone() {
        ObjectNode other = asked(3, "rollback", GOOD);
        other.withObject("/metadata").put("name", "production-3");
        other.withObject("/spec").put("configRepo", "production");
        cluster.create(RunStore.RUNS, other, "ann");

        assertThat(requests.basis(STAGING)).isEmpty();
        assertThat(requests.begin(look(), Optional.empty())).isEmpty();
    }

    /** Its answer to a resume that came before must not take the pin away afterwards. */
    @Test
    void aResumeFromBeforeDoesNotEndThePinThatFollows() {
        ObjectNode stale = configRepo();
        stale.withObject("/metadata").putObject("annotations").put(ResumeRequest.REQUESTED, "now");
        ObjectNode current = configRepo();
        current.withObject("/metadata").putObject("annotations").put(ResumeRequest.REQUESTED, "now");
        cluster.replace(RepoStatus.CONFIG_REPOS, current, "ann");
        ask(3, "rollback", GOOD);

        requests.resume(look(stale));
        assertThat(requests.begin(look(stale), Optional.empty())).isPresent();
        requests.resume(look(stale));

        assertThat(environments.current(repo).ledger().pinned()).isNotNull();
    }

    private RunRequests requests() {
        RepoStatus status = new RepoStatus(cluster, new Metrics(Map::of, new HelmTimes()::sum), () -> NOW);
        return new RunRequests(cluster, "orkestra", environments, status, () -> NOW, () -> 1);
    }

    private Optional<String> rollback() {
        return requests.rollback(STAGING, repo, configRepo());
    }

    private int newest() {
        return runs.newest("orkestra", "staging", LABEL)
                .orElseThrow()
                .state()
                .spec()
                .number();
    }

    private Look look() {
        return look(configRepo());
    }

    private Look look(ObjectNode seen) {
        return Look.of(STAGING, repo, seen, new RepoSource.Access("", Optional.of(Credentials.NONE)), "", NOW);
    }

    private ObjectNode configRepo() {
        return cluster.find(new ObjectKey("orkestra.dev", "ConfigRepo", "orkestra", "staging"))
                .orElseThrow()
                .deepCopy();
    }

    private ObjectNode run(int number) {
        return cluster.find(new ObjectKey("orkestra.dev", "ConfigRun", "orkestra", "staging-" + number))
                .orElseThrow();
    }

    private void ask(int number, String trigger, String commit) {
        cluster.create(RunStore.RUNS, asked(number, trigger, commit), "ann");
    }

    /** As kubectl makes it: without labels. */
    private static ObjectNode asked(int number, String trigger, String commit) {
        ObjectNode run = JsonNodeFactory.instance.objectNode();
        run.put("apiVersion", "orkestra.dev/v1alpha1").put("kind", "ConfigRun");
        run.putObject("metadata").put("name", "staging-" + number).put("namespace", "orkestra");
        run.putObject("spec")
                .put("configRepo", "staging")
                .put("number", number)
                .put("commit", commit)
                .put("trigger", trigger)
                .put("requestedBy", "ann")
                .put("reason", "it is mended");
        return run;
    }

    private static RunSpec spec(int number, String commit) {
        RunSpec.Limits limits = new RunSpec.Limits(Duration.ofMinutes(5), Duration.ofMinutes(30), Duration.ZERO);
        return new RunSpec("orkestra", "staging", number, commit, Trigger.SCHEDULE, NOW, limits);
    }

    private static RunSummary summary(int run, String commit, String digest, Phase phase) {
        return new RunSummary(run, commit, digest, Trigger.SCHEDULE, phase, NOW, NOW, "", "", "", false);
    }

    private static ConfigRepo repo() {
        String text = """
                metadata: {name: staging, namespace: orkestra, generation: 1}
                spec:
                  source: {url: "http://git.test/x"}
                  layers: [{path: infra, wave: 0}]
                  serviceAccountName: default
                """;
        ObjectNode object = (ObjectNode) DocumentReader.read("r", text.getBytes(StandardCharsets.UTF_8))
                .documents()
                .getFirst()
                .root()
                .toJson();
        return ConfigRepoParser.parse(object).configRepo().orElseThrow();
    }
}
