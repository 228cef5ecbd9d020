package dev.orkestra.executor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.testing.RecordedLives;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Judges every state that Flux's helm-controller 1.6 was seen in, as the executor would have while it waited. */
class RecordedReleasesTest {
    /** How a life is judged from its beginning to its end, for each generation that was applied. */
    private static final Map<String, List<String>> JUDGED = Map.of(
            "chart-version-missing", List.of("1 Waiting"),
            "install-image-missing-timeout", List.of("1 Waiting", "1 Failed"),
            "install-refused-by-chart", List.of("1 Waiting"),
            "install-retries-exhausted", List.of("1 Waiting", "1 Failed"),
            "install-test-failed", List.of("1 Waiting", "1 Failed"),
            "install-test-succeeded", List.of("1 Waiting", "1 Ready"),
            "install-upgrade-suspend-resume-delete",
                    List.of(
                            "1 Waiting",
                            "1 Ready",
                            "2 Waiting",
                            "2 Ready",
                            "3 Waiting",
                            "3 Ready",
                            "4 Waiting",
                            "4 Ready",
                            "5 Failed"),
            "upgrade-failed-no-remediation", List.of("1 Waiting", "1 Ready", "2 Waiting", "2 Failed"),
            "upgrade-failed-rolled-back", List.of("1 Waiting", "1 Ready", "2 Waiting", "2 Failed"));

    @Test
    void judgesEveryRecordedLifeAsItEnded() {
        assertThat(JUDGED.keySet()).containsExactlyInAnyOrderElementsOf(RecordedLives.ofFlux());
        JUDGED.forEach((name, verdicts) -> {
            List<String> judged = new ArrayList<>();
            for (ObjectNode state : RecordedLives.ofFlux(name)) {
                long generation = state.path("metadata").path("generation").asLong();
                String verdict = generation + " " + verdict(state, generation);
                if (!judged.contains(verdict)) {
                    judged.add(verdict);
                }
            }
            assertThat(judged).as(name).isEqualTo(verdicts);
        });
    }

    @Test
    void neverCallsAStateReadyOrFailedForAGenerationThatItDoesNotSpeakOf() {
        for (String name : RecordedLives.ofFlux()) {
            for (ObjectNode state : RecordedLives.ofFlux(name)) {
                if (!state.path("metadata").hasNonNull("deletionTimestamp")) {
                    long next = state.path("metadata").path("generation").asLong() + 1;
                    assertThat(verdict(state, next)).as("%s: %s", name, state).isEqualTo("Waiting");
                    // As a watch shows it between the change of the spec and the engine's first look.
                    ObjectNode changed = state.deepCopy();
                    changed.withObject("/metadata").put("generation", next);
                    assertThat(verdict(changed, next))
                            .as("%s: %s", name, changed)
                            .isEqualTo("Waiting");
                }
            }
        }
    }

    @Test
    void saysWhyInTheEnginesOwnWords() {
        ObjectNode end = RecordedLives.ofFlux("upgrade-failed-rolled-back").getLast();
        String uid = end.path("metadata").path("uid").asText();
        assertThat(ReleaseVerdict.of(Optional.of(end), uid, 2))
                .isInstanceOfSatisfying(
                        ReleaseVerdict.Failed.class,
                        failed -> assertThat(failed.reason().message())
                                .contains("up2")
                                .contains("Helm rollback to previous release orkestra/up2.v3")
                                .contains("Helm upgrade failed"));
    }

    private static String verdict(ObjectNode state, long generation) {
        return ReleaseVerdict.of(
                        Optional.of(state), state.path("metadata").path("uid").asText(), generation)
                .getClass()
                .getSimpleName();
    }
}
