package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.TcpProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What people and servers get wrong. Each time the ConfigRepo says what and how to mend it, the environment stays as it
 * is, and once it is mended one agent goes on by itself.
 */
class BadInputIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration RUN = Duration.ofMinutes(2);
    /** Far below the wait after refused credentials, and below the longest one. */
    private static final Duration SOON = Duration.ofSeconds(40);

    private static final String AGAIN = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: announcement, namespace: shop}
            data: {text: We never open.}
            """;

    /** Lines, since a single one of that length would have another finding. */
    private static final String LINE = "x".repeat(1_000) + "\n      ";

    @Test
    void troubleIsToldTheEnvironmentStaysAndMendingItIsEnough(@TempDir Path scratch) throws Exception {
        try (Scenario scenario = Scenario.ofSample(scratch, "bad-input");
                TcpProxy git = inFrontOf(URI.create(scenario.url()))) {
            String url = "http://" + git.host() + ":" + git.port()
                    + URI.create(scenario.url()).getPath();
            String first = pushWithoutGroup(scenario);
            scenario.createConfigRepo(source(url, "main", "git"));
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                becomesGood(scenario, first, RUN);
                gitServerThatIsNotThere(scenario, url);
                gitServerThatGoesAway(scenario, git);
                wrongCredentials(scenario, url);
                refThatIsNotThere(scenario, url);
                twoObjectsWithOneIdentity(scenario);
                documentsOverTheLimits(scenario);
            }
        }
    }

    /** Without definitions there is no ConfigRepo to put a condition on: the log and {@code /readyz} say what to do. */
    @Test
    void anAgentWithoutItsDefinitionsSaysSoAndWaitsForThem(@TempDir Path scratch) throws Exception {
        try (Scenario scenario = Scenario.ofSample(scratch, "no-definitions")) {
            String commit = pushWithoutGroup(scenario);
            scenario.createConfigRepo();
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                becomesGood(scenario, commit, RUN);
            }
            Map<String, String> objects = scenario.versions();
            scenario.kubectl(
                    "delete",
                    "crd",
                    "configrepos.orkestra.dev",
                    "configruns.orkestra.dev",
                    "configledgers.orkestra.dev",
                    "--wait",
                    "--timeout=60s");
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("MissingKind: the cluster does not serve ConfigRepo.orkestra.dev", START);
                assertThat(scenario.readyz())
                        .startsWith("503 MissingKind")
                        .contains("ConfigRepo.orkestra.dev", "kubectl apply --server-side -f schemas/crds");
                assertThat(agent.output()).contains("kubectl apply --server-side -f schemas/crds");
                scenario.define();
                agent.awaitLine("leading", SOON);
                assertThat(scenario.versions()).isEqualTo(objects);
                scenario.applyConfigRepo();
                becomesGood(scenario, commit, RUN);
                assertThat(scenario.versions()).isEqualTo(objects);
                assertThat(scenario.orphans()).isEmpty();
                assertThat(scenario.readyz()).isEqualTo("200 ok");
            } finally {
                scenario.define();
            }
        }
    }

    /** Without the group of releases, which takes most of the time and has no part in this. */
    private static String pushWithoutGroup(Scenario scenario) {
        scenario.repository.delete("applications/staging/shop.yaml");
        return scenario.repository.push("Describe the shop without its releases");
    }

    private static void gitServerThatIsNotThere(Scenario scenario, String url) throws Exception {
        Before before = Before.of(scenario);
        scenario.applyConfigRepo(source("http://127.0.0.1:" + unusedPort() + "/config.git", "main", "git"));
        retried(scenario, before, "FetchFailed", "nothing answers there", "check spec.source.url");
        scenario.applyConfigRepo(source(url, "main", "git"));
        becomesGood(scenario, before.commit(), SOON);
        before.stands(scenario);
    }

    /** Nothing in the cluster changes when the server comes back: only the next try can see it. */
    private static void gitServerThatGoesAway(Scenario scenario, TcpProxy git) throws Exception {
        Before before = Before.of(scenario);
        git.goAway();
        retried(scenario, before, "FetchFailed", "", "it is tried again");
        git.comeBack();
        becomesGood(scenario, before.commit(), SOON);
        before.stands(scenario);
        // No run was needed: what the newest one left behind holds again.
        assertThat(scenario.configRepo().path("status").path("lastRun").asText())
                .isEqualTo(before.lastRun());
    }

    private static void wrongCredentials(Scenario scenario, String url) throws Exception {
        Before before = Before.of(scenario);
        String wrong = "not-the-password";
        scenario.createGitSecret("wrong", wrong);
        scenario.applyConfigRepo(source(url, "main", "wrong"));
        ObjectNode repo =
                retried(scenario, before, "AuthenticationFailed", "refuses access", "check username and password");
        assertThat(repo.toString()).doesNotContain(wrong);
        scenario.applyConfigRepo(source(url, "main", "git"));
        becomesGood(scenario, before.commit(), SOON);

        scenario.applyConfigRepo(source(url, "main", "wrong"));
        retried(scenario, Before.of(scenario), "AuthenticationFailed", "refuses access", "check username and password");
        scenario.kubectl(
                "-n",
                "orkestra",
                "patch",
                "secret",
                "wrong",
                "--type=merge",
                "-p",
                "{\"stringData\": {\"password\": \"" + scenario.testbed.gitPassword() + "\"}}");
        becomesGood(scenario, before.commit(), SOON);

        scenario.applyConfigRepo(source(url, "main", "missing"));
        retried(
                scenario,
                Before.of(scenario),
                "AuthenticationFailed",
                "orkestra/missing is not there",
                "create secret");
        scenario.createGitSecret("missing", scenario.testbed.gitPassword());
        becomesGood(scenario, before.commit(), SOON);
        before.stands(scenario);
    }

    private static void refThatIsNotThere(Scenario scenario, String url) throws Exception {
        Before before = Before.of(scenario);
        scenario.applyConfigRepo(source(url, "later", "git"));
        retried(scenario, before, "RefNotFound", "has no refs/heads/later", "push it, or correct spec.source.ref");
        scenario.repository.pushTo("later");
        becomesGood(scenario, before.commit(), SOON);
        before.stands(scenario);
        scenario.applyConfigRepo(source(url, "main", "git"));
        becomesGood(scenario, before.commit(), SOON);
    }

    private static void twoObjectsWithOneIdentity(Scenario scenario) throws Exception {
        Before before = Before.of(scenario);
        scenario.repository
                .write("infrastructure/second-announcement.yaml", AGAIN)
                .push("Announce twice");
        ObjectNode repo = refused(
                scenario,
                before,
                "DuplicateObject",
                "infrastructure/second-announcement.yaml:1:1: ",
                "remove one of the two, or give it another name or namespace");
        assertThat(Scenario.condition(repo, "Ready").path("message").asText())
                .contains("is also written at infrastructure/announcement.yaml:");
        String mended = scenario.repository.revertHead();
        becomesGood(scenario, mended, SOON);
        before.stands(scenario);
    }

    /** A file that is too large to be read, and an object that no API server would store. */
    private static void documentsOverTheLimits(Scenario scenario) throws Exception {
        for (int mebibytes : new int[] {5, 2}) {
            Before before = Before.of(scenario);
            String text = "# " + mebibytes + " MiB\n"
                    + AGAIN.replace("announcement", "large")
                            .replace("We never open.", LINE.repeat(mebibytes * ((1 << 20) / LINE.length() + 1)));
            scenario.repository.write("infrastructure/large.yaml", text).push("Announce at length");
            refused(scenario, before, "TooLarge", "infrastructure/large.yaml:", "split it");
            String mended = scenario.repository.revertHead();
            becomesGood(scenario, mended, SOON);
            before.stands(scenario);
        }
    }

    /** Trouble that may pass by itself. */
    private static ObjectNode retried(Scenario scenario, Before before, String reason, String what, String nextStep)
            throws InterruptedException {
        ObjectNode repo = told(scenario, before, reason, what, nextStep);
        assertThat(Scenario.condition(repo, "Reconciling").path("status").asText())
                .isEqualTo("True");
        assertThat(Scenario.condition(repo, "Stalled").isMissingNode()).isTrue();
        return repo;
    }

    /** Trouble that only a commit can end. */
    private static ObjectNode refused(Scenario scenario, Before before, String reason, String what, String nextStep)
            throws InterruptedException {
        ObjectNode repo = told(scenario, before, reason, what, nextStep);
        assertThat(Scenario.condition(repo, "Stalled").path("status").asText()).isEqualTo("True");
        assertThat(Scenario.condition(repo, "Reconciling").isMissingNode()).isTrue();
        return repo;
    }

    private static ObjectNode told(Scenario scenario, Before before, String reason, String what, String nextStep)
            throws InterruptedException {
        ObjectNode repo = scenario.awaitReady("False", reason, SOON);
        assertThat(Scenario.condition(repo, "Ready").path("message").asText()).contains(what, nextStep);
        assertThat(repo.path("status").path("observedGeneration"))
                .isEqualTo(repo.path("metadata").path("generation"));
        assertThat(repo.path("status").path("lastGood")).isEqualTo(before.lastGood());
        scenario.await(
                Scenario.EVENTS,
                "orkestra",
                event -> event.path("reason").asText().equals(reason)
                        && event.path("type").asText().equals("Warning")
                        && event.path("involvedObject").path("kind").asText().equals("ConfigRepo")
                        && event.path("involvedObject")
                                .path("uid")
                                .equals(repo.path("metadata").path("uid"))
                        && event.path("message").asText().contains(nextStep),
                "an event with reason " + reason,
                SOON);
        before.stands(scenario);
        return repo;
    }

    private static void becomesGood(Scenario scenario, String commit, Duration atMost) throws InterruptedException {
        ObjectNode repo = scenario.await(
                Scenario.REPOS,
                "orkestra",
                // A new generation has a run of its own, also with nothing to do, and that run becomes last-good.
                each -> Scenario.isReady(each, "True", "Good")
                        && each.path("status")
                                .path("runGeneration")
                                .equals(each.path("metadata").path("generation"))
                        && each.path("status").path("currentRun").asText("").isEmpty()
                        && each.path("status")
                                .path("lastGood")
                                .path("commit")
                                .asText()
                                .equals(commit),
                "commit " + commit + " good",
                atMost);
        assertThat(Scenario.condition(repo, "Reconciling").isMissingNode()).isTrue();
        assertThat(Scenario.condition(repo, "Stalled").isMissingNode()).isTrue();
        assertThat(repo.path("status").path("headCommit").asText()).isEqualTo(commit);
        assertThat(repo.path("status").path("observedGeneration"))
                .isEqualTo(repo.path("metadata").path("generation"));
    }

    /**
     * An environment that must stay as it is.
     *
     * @param objects kind/name → uid and version
     */
    private record Before(Map<String, String> objects, JsonNode lastGood, String lastRun) {
        static Before of(Scenario scenario) {
            Map<String, String> objects = scenario.versions();
            assertThat(objects)
                    .containsKeys("ConfigMap/announcement", "ConfigMap/orkestra-katalog", "Deployment/status-page");
            JsonNode status = scenario.configRepo().path("status");
            return new Before(
                    objects, status.path("lastGood"), status.path("lastRun").asText());
        }

        String commit() {
            return lastGood.path("commit").asText();
        }

        void stands(Scenario scenario) {
            assertThat(scenario.versions()).isEqualTo(objects);
            assertThat(scenario.orphans()).isEmpty();
        }
    }

    private static String source(String url, String branch, String secret) {
        return "source: {url: \"" + url + "\", ref: {branch: " + branch + "}, secretRef: {name: " + secret + "}}";
    }

    private static TcpProxy inFrontOf(URI server) throws IOException {
        return new TcpProxy(server.getHost(), server.getPort());
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
