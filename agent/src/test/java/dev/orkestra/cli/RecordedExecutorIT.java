package dev.orkestra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.testing.RecordedLives;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code ork executor helmrelease} while Flux does what it was recorded to do, state by state. */
class RecordedExecutorIT extends ExecutorRuns {
    /** Every state before the last says Ready or failed of something else, or is not observed yet. */
    @Test
    void check33_aRecordedInstallationIsReadyAtItsLastStateOnly() throws Exception {
        Played played = play("install-test-succeeded", 1, "--settle", "1s");
        assertThat(played.ran())
                .isEqualTo(new Ran(0, "HelmRelease.helm.toolkit.fluxcd.io/" + namespace + "/web is ready\n", ""));
        assertThat(played.sinceLast()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void check33_q39_aRecordedInstallationFailsWhenItsRetriesAreUsedUpAndNotBefore() throws Exception {
        Played played = play("install-retries-exhausted", 1);
        assertThat(played.ran().exitCode()).isEqualTo(1);
        assertThat(played.ran().err()).contains("/web failed: Helm install failed for release orkestra/bad3");
        assertThat(played.sinceLast()).isLessThan(Duration.ofSeconds(5));
    }

    /** Ready tells of the generation before until it has begun; the failed upgrade is told, not only the rollback. */
    @Test
    void check33_q39_aRecordedUpgradeThatIsRolledBackFailsWithBothItsWords() throws Exception {
        assertThat(play("upgrade-failed-rolled-back", 1).ran().exitCode()).isZero();
        Ran upgraded = play("upgrade-failed-rolled-back", 2).ran();
        assertThat(upgraded.exitCode()).isEqualTo(1);
        assertThat(upgraded.err()).contains("Helm upgrade failed").contains("Helm rollback to previous release");
    }

    @Test
    void check33_aRecordedSuccessOfAReleaseThatReplacedTheAwaitedOneIsNone() throws Exception {
        List<ObjectNode> states = states("install-test-succeeded", 1);
        ObjectNode payload = payload(states.getFirst());
        CompletableFuture<Ran> run = start(payload, "--action", "install", "--timeout", "60s", "--settle", "3s");
        await(RELEASES, namespace, "web", Optional::isPresent);
        write(states.getLast());
        // It is ready, and settles, when somebody puts another in its place that is ready as well.
        assertThat(stillRuns(run, Duration.ofSeconds(1))).isTrue();
        cluster.delete(RELEASES, namespace, "web", "");
        await(RELEASES, namespace, "web", Optional::isEmpty);
        cluster.create(RELEASES, payload, "executor-it");
        write(states.getLast());
        Ran ran = run.get(30, TimeUnit.SECONDS);
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err()).contains("deleted");
    }

    /**
     * How a run of the executor went.
     *
     * @param sinceLast from the last state that was written to its end
     */
    private record Played(Ran ran, Duration sinceLast) {}

    /** Applies what was recorded as that generation's spec, and writes one recorded state of it after the other. */
    private Played play(String life, long generation, String... more) throws Exception {
        List<ObjectNode> states = states(life, generation);
        String[] all = Stream.concat(
                        Stream.of("--action", "install", "--timeout", "60s"),
                        more.length == 0 ? Stream.of("--settle", "0s") : Stream.of(more))
                .toArray(String[]::new);
        CompletableFuture<Ran> run = start(payload(states.getFirst()), all);
        await(
                RELEASES,
                namespace,
                "web",
                live -> live.filter(
                                each -> each.path("metadata").path("generation").asLong() == generation)
                        .isPresent());
        for (ObjectNode state : states.subList(0, states.size() - 1)) {
            write(state);
            assertThat(stillRuns(run, Duration.ofMillis(200)))
                    .as("%s", state.path("status"))
                    .isTrue();
        }
        long last = System.nanoTime();
        write(states.getLast());
        Ran ran = run.get(30, TimeUnit.SECONDS);
        return new Played(ran, Duration.ofNanos(System.nanoTime() - last));
    }

    /** The states of that generation until its end was first written; those that say the same are one. */
    private static List<ObjectNode> states(String life, long generation) {
        List<ObjectNode> states = new ArrayList<>();
        for (ObjectNode state : RecordedLives.ofFlux(life)) {
            JsonNode status = state.path("status");
            boolean same = !states.isEmpty() && states.getLast().path("status").equals(status);
            if (state.path("metadata").path("generation").asLong() == generation && !same) {
                states.add(state);
            }
            boolean stalled = Conditions.find(state, "Stalled").isPresent();
            if (stalled || status.path("observedGeneration").asLong() == generation) {
                if (!states.isEmpty() && states.getLast().equals(state)) {
                    return states;
                }
            }
        }
        throw new AssertionError(life + " has no end of generation " + generation);
    }

    private ObjectNode payload(ObjectNode recorded) {
        ObjectNode release = object("helm.toolkit.fluxcd.io/v2", "HelmRelease", namespace, "web");
        release.set("spec", recorded.path("spec").deepCopy());
        return release;
    }

    /** Makes the status of the HelmRelease what was recorded. */
    private void write(ObjectNode recorded) {
        ObjectNode patch = recorded.objectNode();
        ObjectNode status = patch.putObject("status");
        cluster.get(RELEASES, namespace, "web")
                .orElseThrow()
                .path("status")
                .fieldNames()
                .forEachRemaining(status::putNull);
        status.setAll((ObjectNode) recorded.path("status").deepCopy());
        cluster.mergePatch(RELEASES, namespace, "web", patch, true, "executor-it");
    }
}
