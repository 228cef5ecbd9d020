package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people change by hand between runs, seen from outside: the ConfigRepo, its events, its runs. */
class CorrectionIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration RUN = Duration.ofMinutes(2);
    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void whatIsChangedByHandIsPutRightWithoutARunAlsoAfterAKillAndIsOnlyToldWhereThatIsAskedFor(@TempDir Path scratch)
            throws Exception {
        try (Scenario scenario = Scenario.ofSample(scratch, "correction")) {
            scenario.repository.delete("applications").write("applications/staging/.keep", "");
            String commit = scenario.repository.push("Describe the settings");
            scenario.createConfigRepo("layers: [{path: infrastructure, wave: 0}]");
            AgentProcess agent = scenario.startAgent();
            try {
                agent.awaitLine("leading", START);
                assertThat(scenario.awaitRun(commit, RUN)
                                .path("status")
                                .path("phase")
                                .asText())
                        .isEqualTo("Good");
                scenario.awaitReady("True", "Good", SOON);
                correctedWithoutARun(scenario, 1);
                agent.kill();
                change(scenario, "CHF");
            } finally {
                agent.close();
            }
            try (AgentProcess next = scenario.startAgent()) {
                next.awaitLine("leading", START);
                awaitCurrency(scenario, "EUR");
                onlyTold(scenario);
                putRightOnceItIsAskedForAgain(scenario);
            }
            assertThat(scenario.orphans()).isEmpty();
        }
    }

    private static void correctedWithoutARun(Scenario scenario, int runs) throws InterruptedException {
        ObjectNode before = scenario.configRepo();

        change(scenario, "USD");
        awaitCurrency(scenario, "EUR");

        ObjectNode event = scenario.await(
                Scenario.EVENTS,
                Scenario.NAMESPACE,
                each -> each.path("reason").asText().equals("DriftCorrected"),
                "the event",
                SOON);
        assertThat(event.path("message").asText())
                .contains("ConfigMap/shop/settings", "kubectl", "changed data.currency");
        assertThat(event.path("involvedObject").path("name").asText()).isEqualTo("staging");
        assertThat(scenario.cluster.list(Scenario.RUNS, Scenario.NAMESPACE, "")).hasSize(runs);
        assertThat(scenario.configRepo().path("status")).isEqualTo(before.path("status"));
    }

    private static void onlyTold(Scenario scenario) throws InterruptedException {
        scenario.applyConfigRepo("layers: [{path: infrastructure, wave: 0}]", "drift: report");
        scenario.awaitReady("True", "Good", SOON);
        scenario.await(
                Scenario.REPOS,
                Scenario.NAMESPACE,
                repo -> repo.path("status").path("lastRun").asText().equals("staging-2")
                        && repo.path("status").path("currentRun").asText().isEmpty(),
                "the run of the new spec",
                SOON);

        change(scenario, "GBP");
        ObjectNode repo = scenario.await(
                Scenario.REPOS, Scenario.NAMESPACE, each -> each.path("status").has("drift"), "status.drift", SOON);

        JsonNode entry = repo.path("status").path("drift").path(0);
        assertThat(entry.path("object").asText()).isEqualTo("ConfigMap/shop/settings");
        assertThat(entry.path("reason").asText()).isEqualTo("Changed");
        assertThat(entry.path("fields").path(0).asText()).isEqualTo("data.currency");
        assertThat(entry.path("manager").asText()).startsWith("kubectl");
        assertThat(Scenario.condition(repo, "Drifted").path("reason").asText()).isEqualTo("DriftDetected");
        assertThat(Scenario.condition(repo, "Ready").path("status").asText()).isEqualTo("True");
        assertThat(currency(scenario)).isEqualTo("GBP");
        change(scenario, "EUR");
        awaitGone(scenario);
    }

    private static void putRightOnceItIsAskedForAgain(Scenario scenario) throws InterruptedException {
        change(scenario, "SEK");
        scenario.await(
                Scenario.REPOS, Scenario.NAMESPACE, each -> each.path("status").has("drift"), "status.drift", SOON);
        scenario.applyConfigRepo("layers: [{path: infrastructure, wave: 0}]", "drift: correct");
        awaitCurrency(scenario, "EUR");
        awaitGone(scenario);
    }

    private static void awaitGone(Scenario scenario) throws InterruptedException {
        scenario.await(
                Scenario.REPOS,
                Scenario.NAMESPACE,
                each -> !each.path("status").has("drift")
                        && Scenario.condition(each, "Drifted").isMissingNode(),
                "no status.drift",
                SOON);
    }

    private static void change(Scenario scenario, String currency) {
        scenario.kubectl(
                "-n",
                "shop",
                "patch",
                "configmap",
                "settings",
                "--type=merge",
                "-p",
                "{\"data\":{\"currency\":\"" + currency + "\"}}");
    }

    private static void awaitCurrency(Scenario scenario, String currency) throws InterruptedException {
        scenario.await(
                Scenario.CONFIG_MAPS,
                "shop",
                map -> map.path("data").path("currency").asText().equals(currency),
                "the currency " + currency,
                SOON);
    }

    private static String currency(Scenario scenario) {
        return scenario.cluster
                .get(Scenario.CONFIG_MAPS, "shop", "settings")
                .orElseThrow()
                .path("data")
                .path("currency")
                .asText();
    }
}
