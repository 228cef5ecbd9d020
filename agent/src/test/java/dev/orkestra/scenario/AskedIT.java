package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people ask for by command, with the real program and agent. */
class AskedIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration RUN = Duration.ofMinutes(1);

    @Test
    void peopleAskByCommandAndTheAgentAnswers(@TempDir Path scratch) throws Exception {
        try (Scenario scenario = Scenario.ofSample(scratch, "asked")) {
            scenario.repository.delete("applications").push("Describe the shop");
            scenario.createConfigRepo("layers: [{path: infrastructure, wave: 0}]", "drift: report");
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                scenario.awaitReady("True", "Good", RUN);
                whileSuspendedNothingStarts(scenario);
            }
        }
    }

    private static void whileSuspendedNothingStarts(Scenario scenario) throws Exception {
        OrkProgram.Said said =
                OrkProgram.run(scenario, "suspend", "staging", "--until", "1h", "--reason", "a restore is under way");
        assertThat(said.exitCode()).as(said.text()).isZero();
        ObjectNode repo = scenario.awaitReady("False", "Suspended", RUN);
        assertThat(Scenario.condition(repo, "Ready").path("message").asText())
                .contains("a restore is under way", "ork resume staging");

        scenario.repository.edit("infrastructure/settings.yaml", text -> text.replace("EUR", "CHF"));
        String commit = scenario.repository.push("Pay in francs");
        // The program takes its time to start, in which a look would have begun a run.
        assertThat(OrkProgram.run(scenario, "resume", "--help").exitCode()).isZero();
        Instant asked = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        assertThat(OrkProgram.run(scenario, "resume", "staging").exitCode()).isZero();
        ObjectNode run = scenario.awaitRun(commit, RUN);

        assertThat(run.path("spec").path("number").asInt()).isEqualTo(2);
        assertThat(Instant.parse(run.path("status").path("startedAt").asText())).isAfterOrEqualTo(asked);
        ObjectNode resumed = scenario.awaitReady("True", "Good", RUN);
        assertThat(resumed.path("spec").has("suspend")).isFalse();
        assertThat(resumed.path("status").path("handledResume").asText())
                .isNotEmpty()
                .isEqualTo(resumed.path("metadata")
                        .path("annotations")
                        .path("orkestra.dev/resume-requested")
                        .asText());
    }
}
