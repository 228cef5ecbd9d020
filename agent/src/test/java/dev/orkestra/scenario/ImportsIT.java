package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.TcpProxy;
import dev.orkestra.testing.Testbed;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An environment whose overlay imports from networks: the agent takes what is locked, and nothing else. */
class ImportsIT {
    private static final String OVERLAY = "operator-definitions/overlays/staging/komposer.yaml";
    private static final String LOCK = "operator-definitions/overlays/staging/komposer.lock.yaml";
    private static final Duration RUN = Duration.ofMinutes(2);
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Testbed testbed = Testbed.shared();

    @Test
    void theAgentTakesWhatIsLockedAndWaitsForAServerThatIsAway(@TempDir Path scratch) throws Exception {
        Path file = testbed.chartsDir().resolve("imports-it.yaml");
        try (Scenario scenario = Scenario.ofSample(scratch, "imports");
                TcpProxy web = new TcpProxy("127.0.0.1", testbed.chartsUrl().getPort())) {
            String pattern = publishPattern(scratch);
            Files.writeString(file, katalog("ledger", "Ledger", 2));
            scenario.repository.delete("applications/staging/shop.yaml");
            importing(scenario, web, pattern);
            String unlocked = scenario.repository.push("Import without a lock file");
            scenario.kubectl(
                    "-n",
                    "orkestra",
                    "create",
                    "secret",
                    "generic",
                    "upstream",
                    "--from-literal=GIT_USER=" + testbed.gitUser(),
                    "--from-literal=GIT_PASSWORD=" + testbed.gitPassword());
            scenario.createConfigRepo("imports: {secretRef: {name: upstream}}");
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", SOON);
                refusesWhatIsNotLocked(scenario, unlocked);
                takesWhatIsLocked(scenario, scratch);
                refusesWhatIsNotTheSame(scenario, file);
                waitsForAServerThatIsAway(scenario, scratch, file, web);
                assertThat(agent.output()).doesNotContain(testbed.gitPassword());
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private String publishPattern(Path scratch) {
        Programs.run(
                "rm", "-rf", testbed.gitRoot().resolve("imports-pattern.git").toString());
        String url = testbed.createRepository("imports-pattern").toString();
        ConfigWorkTree.create(scratch.resolve("pattern"), URI.create(url), testbed.gitUser(), testbed.gitPassword())
                .write("katalog.yaml", katalog("mailbox", "Mailbox", 3))
                .push("Publish the pattern");
        return url;
    }

    private static String katalog(String crd, String kind, int workers) {
        return """
                apiVersion: orkestra.orkspace.io/v1
                kind: Katalog
                metadata: {name: %s}
                spec:
                  crds:
                    %s:
                      apiTypes: {group: it.test, version: v1, kind: %s, plural: %ss}
                      operatorBox: {reconcile: {default: true, workers: %d, queue: {maxDepth: 10}}}
                """.formatted(crd, crd, kind, crd, workers);
    }

    private static void importing(Scenario scenario, TcpProxy web, String pattern) {
        scenario.repository.edit(
                OVERLAY,
                text -> text.replace(
                        "    - ../../base/web.yaml\n",
                        "    - ../../base/web.yaml\n    - http://127.0.0.1:" + web.port() + "/charts/imports-it.yaml\n"
                                + "  registry:\n    - url: " + pattern + "@main\n      auth: {type: basic,"
                                + " usernameFromEnv: GIT_USER, passwordFromEnv: GIT_PASSWORD}\n"));
    }

    private void lock(Path scratch) {
        ProcessBuilder ork = new ProcessBuilder(
                        Testbed.root().resolve("ork").toString(), "compose", "-f", OVERLAY, "--lock")
                .directory(scratch.resolve("config").toFile())
                .redirectErrorStream(true);
        ork.environment()
                .putAll(Map.of(
                        "GIT_USER", testbed.gitUser(),
                        "GIT_PASSWORD", testbed.gitPassword(),
                        "XDG_CACHE_HOME", scratch.resolve("user-cache").toString()));
        assertThat(Programs.run(ork)).doesNotContain(testbed.gitPassword());
    }

    private static void refusesWhatIsNotLocked(Scenario scenario, String commit) throws InterruptedException {
        JsonNode status = scenario.awaitRun(commit, RUN).path("status");
        assertThat(status.path("phase").asText()).isEqualTo("Invalid");
        assertThat(status.path("diagnostics").findValuesAsText("code")).contains("NotLocked");
        assertThat(status.path("diagnostics").findValuesAsText("position"))
                .contains(OVERLAY + ":11:7", OVERLAY + ":13:12");
    }

    private void takesWhatIsLocked(Scenario scenario, Path scratch) throws InterruptedException {
        lock(scratch);
        String commit = scenario.repository.push("Lock the imports");
        assertThat(scenario.awaitRun(commit, RUN).path("status").path("phase").asText())
                .isEqualTo("Good");
        assertThat(katalog(scenario)).contains("mailbox:", "ledger:", "workers: 2", "workers: 3");
    }

    private static String katalog(Scenario scenario) {
        return scenario.kubectl("-n", "shop", "get", "configmap", "orkestra-katalog", "-o=jsonpath={.data}");
    }

    /** Somebody edits the lock file: what it names is not what the server has. */
    private static void refusesWhatIsNotTheSame(Scenario scenario, Path file) throws Exception {
        Map<String, String> before = scenario.versions();
        Files.writeString(file, katalog("ledger", "Ledger", 9));
        scenario.repository.edit(
                LOCK,
                text -> text.replaceFirst("(?s)(imports-it\\.yaml.*?sha256:)[0-9a-f]{64}", "$1" + "0".repeat(64)));
        String commit = scenario.repository.push("Name another content");
        JsonNode status = scenario.awaitRun(commit, RUN).path("status");
        assertThat(status.path("phase").asText()).isEqualTo("Invalid");
        assertThat(status.path("diagnostics").findValuesAsText("code")).contains("LockMismatch");
        assertThat(scenario.versions()).isEqualTo(before);
    }

    /** A server that is away makes no commit invalid: the run waits, and goes on when it is back. */
    private void waitsForAServerThatIsAway(Scenario scenario, Path scratch, Path file, TcpProxy web) throws Exception {
        // Content that the agent has not seen: what it has in its cache needs no server.
        Files.writeString(file, katalog("ledger", "Ledger", 7));
        lock(scratch);
        web.goAway();
        String commit = scenario.repository.push("Take the ledger's new content");
        ObjectNode waiting = scenario.await(
                Scenario.RUNS,
                "orkestra",
                run -> run.path("spec").path("commit").asText().equals(commit)
                        && run.path("status")
                                .path("diagnostics")
                                .findValuesAsText("code")
                                .contains("ImportFailed"),
                "the run that waits for the server",
                RUN);
        assertThat(waiting.path("status").path("step").asText()).isNotEqualTo("End");
        web.comeBack();
        assertThat(scenario.awaitRun(commit, RUN).path("status").path("phase").asText())
                .isEqualTo("Good");
        assertThat(katalog(scenario)).contains("workers: 7");
    }
}
