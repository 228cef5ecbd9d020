package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ResourceType;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of an environment whose ConfigRepo is deleted. */
class DeletionIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration RUN = Duration.ofMinutes(2);
    private static final ResourceType LEDGERS =
            new ResourceType("orkestra.dev", "v1alpha1", "ConfigLedger", "configledgers", true);
    private static final String LAYERS = "layers: [{path: infrastructure, wave: 0}]";

    @Test
    void deleteTakesTheObjectsInReverseWavesAndTheLedgerLast(@TempDir Path scratch) throws Exception {
        try (Scenario scenario = Scenario.ofSample(scratch, "deletion")) {
            scenario.repository.push("Describe the shop");
            scenario.createConfigRepo(LAYERS, "deletionPolicy: delete", "deadlines: {wave: 6s, run: 5m}");
            AgentProcess killed = scenario.startAgent();
            try {
                killed.awaitLine("leading", START);
                scenario.awaitReady("True", "Good", RUN);
                assertThat(scenario.configRepo()
                                .path("metadata")
                                .path("finalizers")
                                .toString())
                        .contains("orkestra.dev/config-repo");
                hold(scenario, "[\"test.example/hold\"]");
                scenario.kubectl("-n", "orkestra", "delete", "configrepo", "staging", "--wait=false");
                ObjectNode repo = scenario.awaitReady("False", "DeadlineExceeded", RUN);
                assertThat(Scenario.condition(repo, "Ready").path("message").asText())
                        .contains("ConfigMap/shop/settings", "test.example/hold", "tried again by itself")
                        .contains("patch configrepo staging", "\"deletionPolicy\":\"orphan\"");
                assertThat(scenario.cluster.list(LEDGERS, "orkestra", "")).hasSize(1);
            } finally {
                killed.kill();
            }
            identityThatIsGone(scenario);
            hold(scenario, "null");
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                awaitGone(scenario);
            }
            assertThat(scenario.cluster.get(Scenario.CONFIG_MAPS, "shop", "settings"))
                    .isEmpty();
            assertThat(scenario.cluster.get(Scenario.NAMESPACES, "", "shop"))
                    .as("what hangs on a namespace would go with it")
                    .isPresent();
            assertThat(scenario.cluster.list(LEDGERS, "orkestra", "")).isEmpty();
            assertThat(scenario.cluster.list(Scenario.RUNS, "orkestra", "")).isEmpty();
            assertThat(scenario.cluster.list(Scenario.SECRETS, "orkestra", "orkestra.dev/chunk"))
                    .isEmpty();
        }
    }

    private static void identityThatIsGone(Scenario scenario) throws InterruptedException {
        String binding = scenario.kubectl("get", "clusterrolebinding", "orkestra-staging-namespaced", "-o", "yaml");
        scenario.kubectl("delete", "clusterrolebinding", "orkestra-staging-namespaced");
        try (AgentProcess agent = scenario.startAgent()) {
            agent.awaitLine("leading", START);
            ObjectNode repo = scenario.awaitReady("False", "Forbidden", RUN);
            assertThat(Scenario.condition(repo, "Ready").path("message").asText())
                    .contains("orkestra/staging", "its rights back", "\"deletionPolicy\":\"orphan\"");
        }
        assertThat(binding).isNotEmpty();
        scenario.kubectl(
                "create",
                "clusterrolebinding",
                "orkestra-staging-namespaced",
                "--clusterrole=orkestra-staging-namespaced",
                "--serviceaccount=orkestra:staging");
    }

    @Test
    void orphanLeavesEverythingAndANewConfigRepoFindsItsLedger(@TempDir Path scratch) throws Exception {
        try (Scenario scenario = Scenario.ofSample(scratch, "orphan")) {
            String commit = scenario.repository.push("Describe the shop");
            scenario.createConfigRepo(LAYERS, "deletionPolicy: delete");
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                scenario.awaitReady("True", "Good", RUN);
                // The finalizer goes when it is not wanted any more.
                scenario.applyConfigRepo(LAYERS, "deletionPolicy: orphan");
                scenario.await(
                        Scenario.REPOS,
                        "orkestra",
                        repo -> repo.path("metadata").path("finalizers").isEmpty(),
                        "the finalizer taken away",
                        RUN);
                scenario.awaitReady("True", "Good", RUN);
                var objects = scenario.versions();
                scenario.kubectl("-n", "orkestra", "delete", "configrepo", "staging", "--timeout=20s");
                assertThat(scenario.versions()).isEqualTo(objects);
                scenario.applyConfigRepo(LAYERS);
                ObjectNode again = scenario.awaitReady("True", "Good", RUN);
                assertThat(again.path("status").path("lastGood").path("commit").asText())
                        .isEqualTo(commit);
                assertThat(scenario.versions()).isEqualTo(objects);
            }
        }
    }

    @Test
    void aRunThatWaitsEndsFirstWhenItsConfigRepoIsDeleted(@TempDir Path scratch) throws Exception {
        try (Scenario scenario = Scenario.ofSample(scratch, "deletion-of-a-run")) {
            scenario.repository.push("Describe the shop");
            scenario.createConfigRepo(LAYERS, "deletionPolicy: delete", "approval: required");
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                scenario.awaitReady("False", "ApprovalRequired", RUN);
                scenario.kubectl("-n", "orkestra", "delete", "configrepo", "staging", "--timeout=60s");
                assertThat(scenario.cluster.list(Scenario.RUNS, "orkestra", "")).isEmpty();
                assertThat(scenario.cluster.get(Scenario.NAMESPACES, "", "shop"))
                        .isEmpty();
            }
        }
    }

    private static void hold(Scenario scenario, String finalizers) {
        scenario.kubectl(
                "-n",
                "shop",
                "patch",
                "configmap",
                "settings",
                "--type=merge",
                "-p",
                "{\"metadata\":{\"finalizers\":" + finalizers + "}}");
    }

    private static void awaitGone(Scenario scenario) {
        scenario.kubectl("-n", "orkestra", "wait", "--for=delete", "configrepo/staging", "--timeout=120s");
    }
}
