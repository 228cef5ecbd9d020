package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that people ask for, with the real program and agent: once more, back to what was good, and on again. */
class AskedRunsIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration RUN = Duration.ofMinutes(2);

    private static final String NEVER = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: never, namespace: shop}
            spec:
              selector: {matchLabels: {app: never}}
              template:
                metadata: {labels: {app: never}}
                spec:
                  containers: [{name: never, image: "ork.local/not-there:1", imagePullPolicy: Never}]
            """;

    private String euros = "";
    private String francs = "";
    private String bad = "";

    @Test
    void retryRollbackAndResumeCarryOutWhatSomebodyAsksForOnce(@TempDir Path scratch) throws Exception {
        try (Scenario scenario = Scenario.ofSample(scratch, "asked-runs")) {
            euros = scenario.repository.delete("applications").push("Describe the shop");
            scenario.createConfigRepo("layers: [{path: infrastructure, wave: 0}]", "deadlines: {wave: 10s, run: 1m}");
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                scenario.awaitReady("True", "Good", RUN);
                francs = pay(scenario, "EUR", "CHF");
                scenario.awaitRun(francs, RUN);
                bad = scenario.repository
                        .write("infrastructure/never.yaml", NEVER)
                        .push("Add what never comes");
                assertThat(phase(scenario.awaitRun(bad, RUN))).isEqualTo("RolledBack");
                whatFailsOnceMoreIsQuarantinedOnceMore(scenario);
                whatIsNotInOrderIsRefused(scenario);
                agent.kill();
            }
            backWithoutGitAndWhileNoAgentIsThere(scenario);
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                itStaysThereUntilSomebodyResumes(scenario);
            }
        }
    }

    /** No look is due for an hour: what is asked for is seen when it is there. */
    @Test
    void aRollbackTakesThePlaceOfTheRunUnderWayAtOnce(@TempDir Path scratch) throws Exception {
        try (Scenario scenario = Scenario.ofSample(scratch, "asked-meanwhile")) {
            euros = scenario.repository.delete("applications").push("Describe the shop");
            scenario.createConfigRepo(
                    "layers: [{path: infrastructure, wave: 0}]", "schedule: {interval: 1h, jitterPercent: 0}");
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                scenario.awaitReady("True", "Good", RUN);
                scenario.kubectl("-n", "shop", "create", "configmap", "theirs", "--from-literal=by=hand");
                scenario.repository
                        .write(
                                "infrastructure/theirs.yaml",
                                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: theirs, namespace: shop}\n")
                        .push("Take what is somebody else's");
                assertThat(OrkProgram.run(scenario, "sync", "staging", "--no-wait")
                                .exitCode())
                        .isZero();
                scenario.awaitReady("False", "OwnedElsewhere", RUN);

                OrkProgram.Said said =
                        OrkProgram.run(scenario, "rollback", "staging", "--to", euros, "--timeout", "1m");

                assertThat(said.exitCode()).as(said.text()).isZero();
                assertThat(phase(run(scenario, 2))).isEqualTo("Superseded");
                ObjectNode run = run(scenario, 3);
                assertThat(phase(run)).isEqualTo("Good");
                Instant asked = Instant.parse(
                        run.path("metadata").path("creationTimestamp").asText());
                Instant begun =
                        Instant.parse(run.path("status").path("startedAt").asText());
                assertThat(Duration.between(asked, begun)).isLessThan(Duration.ofSeconds(5));
                scenario.awaitReady("False", "Suspended", RUN);
            }
        }
    }

    private void whatFailsOnceMoreIsQuarantinedOnceMore(Scenario scenario) throws Exception {
        OrkProgram.Said said = OrkProgram.run(
                scenario,
                "retry",
                "staging",
                bad.substring(0, 8),
                "--reason",
                "the node has the image now",
                "--timeout",
                "2m");

        assertThat(said.exitCode()).as(said.text()).isEqualTo(1);
        assertThat(said.text()).contains("run staging-4, commit " + bad.substring(0, 12), "failed");
        ObjectNode run = run(scenario, 4);
        assertThat(phase(run)).isEqualTo("RolledBack");
        assertThat(run.path("spec").path("trigger").asText()).isEqualTo("retry");
        assertThat(run.path("spec").path("reason").asText()).isEqualTo("the node has the image now");
        assertThat(run.path("spec").path("requestedBy").asText()).isNotEmpty();
        JsonNode quarantined =
                scenario.awaitReady("False", "RolledBack", RUN).path("status").path("quarantined");
        assertThat(quarantined).hasSize(1);
        assertThat(quarantined.path(0).path("run").asInt()).isEqualTo(4);
        assertThat(scenario.cluster.get(Scenario.DEPLOYMENTS, "shop", "never")).isEmpty();
    }

    /** As kubectl makes it, without a label. */
    private void whatIsNotInOrderIsRefused(Scenario scenario) throws Exception {
        String unknown = "0123456789abcdef0123456789abcdef01234567";
        Path file = scenario.scratch.resolve("asked.yaml");
        Files.writeString(file, """
                apiVersion: orkestra.dev/v1alpha1
                kind: ConfigRun
                metadata: {name: staging-5, namespace: orkestra}
                spec: {configRepo: staging, number: 5, commit: %s, trigger: retry, reason: I believe in it}
                """.formatted(unknown));
        scenario.kubectl("apply", "-f", file.toString());

        ObjectNode refused = scenario.await(
                Scenario.RUNS,
                Scenario.NAMESPACE,
                run -> name(run).equals("staging-5") && phase(run).equals("Invalid"),
                "the refusal",
                RUN);

        assertThat(refused.path("status").path("message").asText())
                .contains("0123456789ab is not quarantined", "quarantined is " + bad.substring(0, 12));
        assertThat(refused.path("status").has("journal")).isFalse();
    }

    /** The agent is gone, and so are its cache and the credentials for Git when it comes again. */
    private void backWithoutGitAndWhileNoAgentIsThere(Scenario scenario) throws Exception {
        deleteCache(scenario);
        scenario.kubectl("-n", Scenario.NAMESPACE, "delete", "secret", "git");
        OrkProgram.Said said = OrkProgram.run(
                scenario,
                "rollback",
                "staging",
                "--to",
                euros.substring(0, 10),
                "--reason",
                "orders fail since noon",
                "--no-wait");
        assertThat(said.exitCode()).as(said.text()).isZero();
        assertThat(currency(scenario)).isEqualTo("CHF");

        try (AgentProcess agent = scenario.startAgent()) {
            agent.awaitLine("leading", START);
            ObjectNode run = scenario.await(
                    Scenario.RUNS,
                    Scenario.NAMESPACE,
                    each -> name(each).equals("staging-6")
                            && each.path("status").path("step").asText().equals("End"),
                    "the end of the rollback",
                    RUN);
            assertThat(phase(run)).isEqualTo("Good");
            assertThat(run.path("spec").path("trigger").asText()).isEqualTo("rollback");
            assertThat(currency(scenario)).isEqualTo("EUR");
            ObjectNode repo = scenario.awaitReady("False", "Suspended", RUN);
            assertThat(Scenario.condition(repo, "Ready").path("message").asText())
                    .contains(
                            "pinned to commit " + euros.substring(0, 12),
                            "orders fail since noon",
                            "ork resume staging");
            assertThat(repo.path("status").path("pinned").path("commit").asText())
                    .isEqualTo(euros);
        }
    }

    private void itStaysThereUntilSomebodyResumes(Scenario scenario) throws Exception {
        scenario.createGitSecret("git", scenario.testbed.gitPassword());
        scenario.repository.delete("infrastructure/never.yaml");
        String dollars = pay(scenario, "CHF", "USD");

        // The program takes its time to start, in which a look would have begun a run.
        OrkProgram.Said retried =
                OrkProgram.run(scenario, "retry", "staging", bad, "--reason", "it may work now", "--timeout", "1m");
        assertThat(retried.exitCode()).as(retried.text()).isEqualTo(1);
        assertThat(retried.text()).contains("Refused", "pinned to commit " + euros.substring(0, 12));
        assertThat(Scenario.isReady(scenario.configRepo(), "False", "Suspended"))
                .isTrue();
        assertThat(currency(scenario)).isEqualTo("EUR");
        assertThat(scenario.cluster.list(Scenario.RUNS, Scenario.NAMESPACE, ""))
                .noneMatch(run -> run.path("spec").path("commit").asText().equals(dollars));

        assertThat(OrkProgram.run(scenario, "resume", "staging").exitCode()).isZero();
        ObjectNode run = scenario.awaitRun(dollars, RUN);

        assertThat(phase(run)).isEqualTo("Good");
        assertThat(run.path("spec").path("number").asInt()).isEqualTo(8);
        assertThat(currency(scenario)).isEqualTo("USD");
        ObjectNode repo = scenario.awaitReady("True", "Good", RUN);
        assertThat(repo.path("status").has("pinned")).isFalse();
        whatRanIsTold(scenario, dollars);
    }

    private void whatRanIsTold(Scenario scenario, String dollars) throws Exception {
        OrkProgram.Said said = OrkProgram.run(scenario, "history", "staging");

        assertThat(said.exitCode()).as(said.text()).isZero();
        List<String> lines = said.text().lines().toList();
        assertThat(lines).as(said.text()).hasSize(9);
        assertThat(lines.get(1)).startsWith("1 ").contains(euros.substring(0, 12), "schedule", "Good");
        assertThat(lines.get(2)).startsWith("2 ").contains(francs.substring(0, 12), "Good");
        assertThat(lines.get(3)).startsWith("3 ").contains(bad.substring(0, 12), "RolledBack", "commit");
        assertThat(lines.get(4)).startsWith("4 ").contains("retry", "RolledBack", "the node has the image now");
        assertThat(lines.get(5)).startsWith("5 ").contains("retry", "Refused", "is not quarantined");
        assertThat(lines.get(6)).startsWith("6 ").contains("rollback", "Good", "orders fail since noon");
        assertThat(lines.get(7)).startsWith("7 ").contains("retry", "Refused", "pinned to commit");
        assertThat(lines.get(8)).startsWith("8 ").contains(dollars.substring(0, 12), "schedule", "Good");
    }

    private static String pay(Scenario scenario, String before, String now) {
        scenario.repository.edit("infrastructure/settings.yaml", text -> text.replace(before, now));
        return scenario.repository.push("Pay in " + now);
    }

    private static String currency(Scenario scenario) {
        return scenario.cluster
                .get(Scenario.CONFIG_MAPS, "shop", "settings")
                .orElseThrow()
                .path("data")
                .path("currency")
                .asText();
    }

    private static ObjectNode run(Scenario scenario, int number) {
        return scenario.cluster
                .get(Scenario.RUNS, Scenario.NAMESPACE, "staging-" + number)
                .orElseThrow();
    }

    private static String name(ObjectNode run) {
        return run.path("metadata").path("name").asText();
    }

    private static String phase(ObjectNode run) {
        return run.path("status").path("phase").asText();
    }

    private static void deleteCache(Scenario scenario) {
        Programs.run("rm", "-rf", scenario.scratch.resolve("cache").toString());
    }
}
