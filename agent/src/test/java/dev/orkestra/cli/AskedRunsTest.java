package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.RunStore;
import dev.orkestra.cli.AskedRuns.NotAskedException;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.run.AskedRun;
import dev.orkestra.run.RunSpec;
import dev.orkestra.run.Trigger;
import dev.orkestra.testing.MemoryCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AskedRunsTest {
    private static final String GOOD = "abcd1" + "a".repeat(35);
    private static final String BAD = "abcd2" + "c".repeat(35);

    private final MemoryCluster cluster = new MemoryCluster();
    private final AskedRuns runs = new AskedRuns(cluster, "orkestra", "staging");

    @BeforeEach
    void twoRunsHaveEnded() {
        ObjectNode repo = JsonNodeFactory.instance.objectNode();
        repo.put("apiVersion", "orkestra.dev/v1alpha1").put("kind", "ConfigRepo");
        repo.putObject("metadata").put("name", "staging").put("namespace", "orkestra");
        ObjectNode status = repo.putObject("status").put("lastRun", "staging-2").put("headCommit", BAD);
        status.putObject("lastGood").put("commit", GOOD);
        cluster.create(RunRequest.CONFIG_REPOS, repo, "test");
    }

    @Test
    void itIsTheNextRunOfTheCommitThatBeginsSo() {
        assertThat(runs.create(Trigger.RETRY, "ABCD2", "mended")).isEqualTo("staging-3");

        ObjectNode asked = run(3).orElseThrow();
        assertThat(asked.path("spec").path("commit").asText()).isEqualTo(BAD);
        assertThat(asked.path("spec").path("number").asInt()).isEqualTo(3);
        assertThat(asked.path("spec").path("trigger").asText()).isEqualTo("retry");
        assertThat(asked.path("spec").path("reason").asText()).isEqualTo("mended");
        assertThat(asked.path("metadata")
                        .path("labels")
                        .path("orkestra.dev/config-repo")
                        .asText())
                .isEqualTo("orkestra.staging");
        assertThat(asked.has("status")).isFalse();
    }

    @Test
    void aNumberThatSomebodyElseTookIsLeftToThem() {
        runs.create(Trigger.RETRY, BAD, "mended");

        assertThat(runs.create(Trigger.ROLLBACK, GOOD, "")).isEqualTo("staging-4");
    }

    /** Its number would be refused, and each further one with it. */
    @Test
    void aRunThatSomebodyMadeUpDoesNotLeadAstray() {
        ObjectNode made = RunStore.document(
                new RunSpec(
                        "orkestra",
                        "staging",
                        900,
                        BAD,
                        Trigger.SCHEDULE,
                        Instant.EPOCH,
                        new RunSpec.Limits(Duration.ZERO, Duration.ZERO, Duration.ZERO)),
                "orkestra.staging");
        made.putObject("status").putObject("journal");
        cluster.create(RunStore.RUNS, made, "eve");

        assertThat(runs.create(Trigger.ROLLBACK, GOOD, "")).isEqualTo("staging-3");
    }

    @Test
    void manyThatWaitAreEnough() {
        for (int request = 0; request < AskedRun.MOST_AHEAD; request++) {
            runs.create(Trigger.RETRY, BAD, "mended");
        }

        assertThatThrownBy(() -> runs.create(Trigger.RETRY, BAD, "mended"))
                .isInstanceOf(NotAskedException.class)
                .hasMessageContaining("the next 10 numbers after 2 are taken");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abcd", "ffff", "abc", "main", "abcd2x", ""})
    void whatFitsNoCommitOrMoreThanOneIsNotAskedFor(String commit) {
        assertThatThrownBy(() -> runs.create(Trigger.RETRY, commit, "mended"))
                .isInstanceOf(NotAskedException.class)
                .hasMessageMatching("more than one commit begins with abcd: " + GOOD + ", " + BAD
                        + "|no run knows a commit that begins with ffff; .*|a commit is named by .*");
        assertThat(run(3)).isEmpty();
    }

    @Test
    void whoMayNotCreateThemLearnsWhatItTakes() {
        cluster.before = request -> {
            if (request.startsWith("create ConfigRun")) {
                throw new ClusterException(ClusterException.Reason.FORBIDDEN, "no");
            }
        };

        assertThatThrownBy(() -> runs.create(Trigger.RETRY, BAD, "mended"))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("the right to create configruns.orkestra.dev");
    }

    private Optional<ObjectNode> run(int number) {
        return cluster.find(new ObjectKey("orkestra.dev", "ConfigRun", "orkestra", "staging-" + number));
    }
}
