package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.group.ReleaseGraph;
import dev.orkestra.testing.RecordedLives;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the group's check says of every HelmRelease that Flux's helm-controller 1.6 was seen to bring about. */
class RecordedReleasesTest {
    private static final Map<String, String> ENDS = Map.of(
            "chart-version-missing", "open",
            "install-image-missing-timeout", "failed",
            "install-refused-by-chart", "open",
            "install-retries-exhausted", "failed",
            "install-test-failed", "failed",
            "install-test-succeeded", "good",
            "install-upgrade-suspend-resume-delete", "open",
            "upgrade-failed-no-remediation", "failed",
            "upgrade-failed-rolled-back", "failed");

    @Test
    void judgesTheEndOfEveryRecordedLife() {
        assertThat(ENDS.keySet()).containsExactlyInAnyOrderElementsOf(RecordedLives.ofFlux());
        ENDS.forEach((name, end) -> assertThat(judged(RecordedLives.ofFlux(name).getLast()))
                .as(name)
                .isEqualTo(end));
    }

    @Test
    void neverCallsAStateGoodBeforeItsGenerationIsObserved() {
        for (String name : RecordedLives.ofFlux()) {
            for (ObjectNode state : RecordedLives.ofFlux(name)) {
                long generation = state.path("metadata").path("generation").asLong();
                if (state.path("status").path("observedGeneration").asLong(-1) != generation) {
                    assertThat(judged(state)).as("%s: %s", name, state).isNotEqualTo("good");
                }
            }
        }
    }

    private static String judged(ObjectNode release) {
        ReleaseGraph wanted = InstalledReleases.graph(List.of(release));
        ReleaseState state = ReleaseState.of(wanted, List.of(release));
        assertThat(state.missing()).isEmpty();
        return state.isGood() ? "good" : state.failed().isEmpty() ? "open" : "failed";
    }
}
