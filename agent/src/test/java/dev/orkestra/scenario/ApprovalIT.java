package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans that wait for a person, and plans that are no longer what somebody looked at; with the real program and agent. */
class ApprovalIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration RUN = Duration.ofMinutes(2);
    private static final String NOBODY_SAW = "sha256:" + "0".repeat(64);

    @Test
    void nothingIsChangedUntilTheVeryPlanIsApproved(@TempDir Path scratch) throws Exception {
        try (Scenario scenario = Scenario.ofSample(scratch, "approval")) {
            String first = push(scenario, "Describe the shop");
            scenario.createConfigRepo("layers: [{path: infrastructure, wave: 0}]", "approval: required");
            waitsThroughAKill(scenario, first);
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                OrkProgram.Said plan =
                        OrkProgram.run(scenario, "plan", "--repo", folder(scenario), "--out", "plan.json", "staging");
                assertThat(plan.exitCode()).as(plan.text()).isEqualTo(1);
                OrkProgram.Said applied = OrkProgram.run(scenario, "apply", "--plan", "plan.json", "staging");
                assertThat(applied.exitCode()).as(applied.text()).isZero();
                assertThat(applied.text()).contains("run staging-1", "is good");
                ObjectNode run = scenario.awaitRun(first, RUN);
                assertThat(run.path("status").path("approval").path("hash").asText())
                        .isEqualTo(run.path("status").path("plan").path("hash").asText());
                assertThat(annotations(scenario)).doesNotContain("approved-plan");
                assertThat(runs(scenario)).isEqualTo(1);

                aWordAboutAnotherPlanChangesNothing(scenario);
                aPlanOfOtherFilesIsStale(scenario);
            }
        }
    }

    private static void waitsThroughAKill(Scenario scenario, String commit) throws InterruptedException {
        AgentProcess killed = scenario.startAgent();
        try {
            killed.awaitLine("leading", START);
            waits(scenario, commit, "ApprovalRequired");
        } finally {
            killed.kill();
        }
        ObjectNode repo = scenario.configRepo();
        assertThat(Scenario.condition(repo, "Ready").path("message").asText())
                .contains(
                        "nothing is changed", "to create", "sha256:", "ork plan --repo FOLDER --out plan.json staging")
                .contains("ork apply --plan plan.json staging");
        assertThat(scenario.cluster.get(Scenario.NAMESPACES, "", "shop")).isEmpty();
    }

    /** A second commit, an approval of something else, and the policy that is taken back. */
    private static void aWordAboutAnotherPlanChangesNothing(Scenario scenario) throws InterruptedException {
        scenario.repository.edit("infrastructure/settings.yaml", text -> text.replace("EUR", "CHF"));
        String second = scenario.repository.push("Pay in francs");
        waits(scenario, second, "ApprovalRequired");
        scenario.kubectl(
                "-n", "orkestra", "annotate", "configrepo", "staging", "orkestra.dev/approved-plan=" + NOBODY_SAW);
        ObjectNode repo = scenario.awaitReady("False", "PlanStale", RUN);
        assertThat(Scenario.condition(repo, "Ready").path("message").asText()).contains(NOBODY_SAW, "1 to update");
        assertThat(currency(scenario)).isEqualTo("EUR");

        scenario.applyConfigRepo("layers: [{path: infrastructure, wave: 0}]", "approval: none");
        scenario.awaitReady("True", "Good", RUN);
        assertThat(currency(scenario)).isEqualTo("CHF");
    }

    /** With approval none a saved plan still binds the run that it asks for. */
    private static void aPlanOfOtherFilesIsStale(Scenario scenario) throws Exception {
        scenario.repository.edit("infrastructure/settings.yaml", text -> text.replace("CHF", "USD"));
        OrkProgram.Said plan =
                OrkProgram.run(scenario, "plan", "--repo", folder(scenario), "--out", "plan.json", "staging");
        assertThat(plan.exitCode()).as(plan.text()).isEqualTo(1);
        OrkProgram.Said applied = OrkProgram.run(scenario, "apply", "--plan", "plan.json", "staging");
        assertThat(applied.exitCode()).as(applied.text()).isEqualTo(1);
        assertThat(applied.text()).contains("Held", "The plan that was approved");
        scenario.awaitReady("False", "PlanStale", RUN);
        assertThat(currency(scenario)).isEqualTo("CHF");

        OrkProgram.Said synced = OrkProgram.run(scenario, "sync", "staging");
        assertThat(synced.exitCode()).as(synced.text()).isZero();
        scenario.awaitReady("True", "Good", RUN);
    }

    @Test
    void whatIsOverTheBudgetGoesOnceItsPlanIsApproved(@TempDir Path scratch) throws Exception {
        try (Scenario scenario = Scenario.ofSample(scratch, "prune-approval")) {
            push(scenario, "Describe the shop");
            scenario.createConfigRepo(
                    "layers: [{path: infrastructure, wave: 0}]", "prune: {maxPercent: 0, minObjects: 0}");
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                scenario.awaitReady("True", "Good", RUN);
                String second = scenario.repository
                        .delete("infrastructure/announcement.yaml")
                        .push("Say less");
                scenario.awaitRun(second, RUN);
                ObjectNode repo = scenario.await(
                        Scenario.REPOS,
                        "orkestra",
                        each -> Scenario.condition(each, "Pruned")
                                .path("reason")
                                .asText()
                                .equals("ApprovalRequired"),
                        "Pruned because of ApprovalRequired",
                        RUN);
                assertThat(Scenario.condition(repo, "Pruned").path("message").asText())
                        .contains("ork apply --plan plan.json staging");
                assertThat(Scenario.isReady(repo, "True", "Good")).isTrue();
                assertThat(scenario.cluster.get(Scenario.CONFIG_MAPS, "shop", "announcement"))
                        .isPresent();

                OrkProgram.run(scenario, "plan", "--repo", folder(scenario), "--out", "plan.json", "staging");
                OrkProgram.Said applied = OrkProgram.run(scenario, "apply", "--plan", "plan.json", "staging");
                assertThat(applied.exitCode()).as(applied.text()).isZero();
                assertThat(scenario.cluster.get(Scenario.CONFIG_MAPS, "shop", "announcement"))
                        .isEmpty();
                assertThat(scenario.cluster.get(Scenario.CONFIG_MAPS, "shop", "settings"))
                        .isPresent();
            }
        }
    }

    /** Infrastructure only: the releases take most of the time and have no part in this. */
    private static String push(Scenario scenario, String message) {
        return scenario.repository.push(message);
    }

    private static void waits(Scenario scenario, String commit, String reason) throws InterruptedException {
        scenario.await(
                Scenario.RUNS,
                "orkestra",
                run -> run.path("spec").path("commit").asText().equals(commit)
                        && run.path("status").path("phase").asText().equals("AwaitingApproval"),
                "a run that waits for approval",
                RUN);
        scenario.awaitReady("False", reason, RUN);
    }

    private static String currency(Scenario scenario) {
        return scenario.cluster
                .get(Scenario.CONFIG_MAPS, "shop", "settings")
                .orElseThrow()
                .path("data")
                .path("currency")
                .asText();
    }

    private static String annotations(Scenario scenario) {
        return scenario.configRepo().path("metadata").path("annotations").toString();
    }

    private static int runs(Scenario scenario) {
        return scenario.cluster.list(Scenario.RUNS, "orkestra", "").size();
    }

    private static String folder(Scenario scenario) {
        return scenario.scratch.resolve("config").toString();
    }
}
