package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three different contents that fail one after the other hold the environment until somebody has looked at it. */
class FailuresInARowIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration RUN = Duration.ofMinutes(1);

    @Test
    void threeInARowHoldWhatIsNewUntilSomebodyResumes(@TempDir Path scratch) throws Exception {
        try (Scenario scenario = Scenario.ofSample(scratch, "failures")) {
            String good = scenario.repository.delete("applications").push("Describe the shop");
            scenario.createConfigRepo("layers: [{path: infrastructure, wave: 0}]");
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                ended(scenario, good, "Good");
                for (int check = 1; check <= 3; check++) {
                    scenario.repository.write("infrastructure/check.yaml", failing(check));
                    ObjectNode bad = ended(scenario, scenario.repository.push("Check " + check), "RolledBack");
                    assertThat(bad.path("status").path("verdict").asText()).isEqualTo("commit");
                }

                scenario.repository
                        .delete("infrastructure/check.yaml")
                        .edit("infrastructure/settings.yaml", text -> text.replace("EUR", "CHF"));
                String next = scenario.repository.push("Pay in francs");
                ObjectNode held = ended(scenario, next, "Held");
                assertThat(held.path("status").path("message").asText())
                        .contains("3 different contents failed", "ork resume staging", good.substring(0, 12));
                ObjectNode repo = scenario.awaitReady("False", "Held", RUN);
                assertThat(repo.path("status").path("quarantined")).hasSize(3);
                assertThat(currency(scenario)).isEqualTo("EUR");

                scenario.kubectl(
                        "-n",
                        Scenario.NAMESPACE,
                        "annotate",
                        "configrepo",
                        "staging",
                        "orkestra.dev/resume-requested=somebody-looked");
                scenario.awaitReady("True", "Good", RUN);
                assertThat(currency(scenario)).isEqualTo("CHF");
                assertThat(scenario.configRepo().path("status").path("quarantined"))
                        .as("what failed stays known")
                        .hasSize(3);
            }
        }
    }

    private static String currency(Scenario scenario) {
        return scenario.cluster
                .get(Scenario.CONFIG_MAPS, "shop", "settings")
                .orElseThrow()
                .path("data")
                .path("currency")
                .asText();
    }

    private static String failing(int number) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: check-%1$d, namespace: shop}
                spec:
                  selector: {matchLabels: {app: check-%1$d}}
                  template:
                    metadata: {labels: {app: check-%1$d}}
                    spec:
                      automountServiceAccountToken: false
                      containers:
                        - name: check
                          image: ork.local/not-there:%1$d
                          imagePullPolicy: Never
                """.formatted(number);
    }

    private static ObjectNode ended(Scenario scenario, String commit, String phase) throws InterruptedException {
        ObjectNode run = scenario.awaitRun(commit, RUN);
        assertThat(run.path("status").path("phase").asText())
                .as("phase of %s: %s", commit, run.path("status").path("message"))
                .isEqualTo(phase);
        return run;
    }
}
