package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.testing.Testbed;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A webhook wakes the agent, whichever replica it reaches; one that is sent again brings nothing back. */
class WebhookIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration RUN = Duration.ofMinutes(1);
    private static final String TOKEN = "b7b1ae0a5a1f4c0fb3c7";
    private static final String SPEC = "schedule: {interval: 1h, jitterPercent: 0}";
    private static final String LAYERS = "layers: [{path: infrastructure, wave: 0}]";
    private static final String DEADLINES = "deadlines: {wave: 8s, run: 2m}";
    private static final Pattern COUNT = Pattern.compile("orkestra_look_seconds_count (\\d+)");
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

    /** What a Git server has sent, byte for byte, so that anybody who saw it can send it again. */
    private record Sent(String body, String signature) {
        static Sent about(String before, String after) throws Exception {
            String body =
                    "{\"ref\": \"refs/heads/main\", \"before\": \"" + before + "\", \"after\": \"" + after + "\"}";
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(TOKEN.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return new Sent(
                    body, "sha256=" + HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8))));
        }

        int to(URI agent) throws Exception {
            try (HttpClient client = HttpClient.newHttpClient()) {
                HttpResponse<String> answer = client.send(
                        HttpRequest.newBuilder(agent.resolve("/hooks/staging"))
                                .timeout(Duration.ofSeconds(20))
                                .header("X-Hub-Signature-256", signature)
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                return answer.statusCode();
            }
        }
    }

    @Test
    void whatIsSentAgainNamesNoCommitToAnybody(@TempDir Path scratch) throws Exception {
        try (Scenario scenario = Scenario.ofSample(scratch, "webhook")) {
            String first = scenario.repository.delete("applications").push("Describe the shop");
            create(scenario);
            Sent ofFirst = Sent.about("0".repeat(40), first);
            Sent ofSecond;
            Sent ofBad;
            String second;
            String bad;
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                assertThat(phase(scenario.awaitRun(first, RUN))).isEqualTo("Good");
                scenario.awaitReady("True", "Good", RUN);

                // What the end of a run has looked at again is over.
                replayed(scenario, List.of(ofFirst));
                scenario.repository.edit("infrastructure/settings.yaml", text -> text.replace("EUR", "CHF"));
                second = scenario.repository.push("Pay in francs");
                ofSecond = Sent.about(first, second);
                assertThat(ofSecond.to(scenario.http())).isEqualTo(202);
                ObjectNode run = scenario.awaitRun(second, RUN);
                assertThat(phase(run)).isEqualTo("Good");
                assertThat(run.at("/spec/trigger").asText()).isEqualTo("webhook");

                bad = scenario.repository
                        .write("infrastructure/never.yaml", NEVER)
                        .push("Add what never comes");
                ofBad = Sent.about(second, bad);
                assertThat(ofBad.to(scenario.http())).isEqualTo(202);
                assertThat(phase(scenario.awaitRun(bad, RUN))).isEqualTo("RolledBack");
                scenario.awaitReady("False", "RolledBack", RUN);
                replayed(scenario, List.of(ofBad, ofFirst, ofSecond, ofBad));
                agent.kill();
            }
            // Another process, another ConfigRepo of the same name, and the same old requests.
            scenario.kubectl("-n", Scenario.NAMESPACE, "delete", "configrepo", "staging", "--timeout=30s");
            scenario.applyConfigRepo(spec(scenario));
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                scenario.awaitReady("False", "Held", RUN);
                replayed(scenario, List.of(ofBad, ofFirst, ofSecond, ofBad));
            }
        }
    }

    /** The command of docs/webhooks.md, to the replica that does not lead. */
    @Test
    void theReplicaThatDoesNotLeadPassesItOn(@TempDir Path scratch) throws Exception {
        try (Scenario scenario = Scenario.ofSample(scratch, "webhook-replica")) {
            String first = scenario.repository.delete("applications").push("Describe the shop");
            create(scenario);
            int port = Scenario.freePort();
            try (AgentProcess leader = scenario.startAgent()) {
                leader.awaitLine("leading", START);
                assertThat(phase(scenario.awaitRun(first, RUN))).isEqualTo("Good");
                scenario.awaitReady("True", "Good", RUN);
                try (AgentProcess other = scenario.startReplica("other", port)) {
                    awaitListening(port);
                    assertThat(documentedCommand("http://127.0.0.1:" + port, TOKEN + "0"))
                            .contains("not accepted");
                    replayed(scenario, List.of(Sent.about("0".repeat(40), first)));

                    scenario.repository.edit("infrastructure/settings.yaml", text -> text.replace("EUR", "CHF"));
                    String second = scenario.repository.push("Pay in francs");
                    assertThat(documentedCommand("http://127.0.0.1:" + port, TOKEN))
                            .contains("accepted: the repository is looked at");

                    ObjectNode run = scenario.awaitRun(second, RUN);
                    assertThat(phase(run)).isEqualTo("Good");
                    assertThat(run.at("/spec/trigger").asText()).isEqualTo("webhook");
                    assertThat(other.output()).doesNotContain(TOKEN).contains("a webhook asks for a look");
                    assertThat(leader.output()).doesNotContain(TOKEN);
                }
            }
        }
    }

    /** Each has the agent look, and nothing else: a look that finds nothing to do is counted. */
    private static void replayed(Scenario scenario, List<Sent> requests) throws Exception {
        int runs = runs(scenario);
        var objects = scenario.versions();
        for (Sent request : requests) {
            long looks = looks(scenario);
            assertThat(request.to(scenario.http())).isEqualTo(202);
            long end = System.nanoTime() + RUN.toNanos();
            while (looks(scenario) == looks) {
                assertThat(System.nanoTime()).as("a look follows").isLessThan(end);
                Thread.onSpinWait();
            }
        }
        assertThat(runs(scenario)).isEqualTo(runs);
        assertThat(scenario.versions()).isEqualTo(objects);
    }

    private static long looks(Scenario scenario) throws InterruptedException {
        Matcher count = COUNT.matcher(scenario.get("/metrics"));
        return count.find() ? Long.parseLong(count.group(1)) : 0;
    }

    private static int runs(Scenario scenario) {
        return scenario.cluster.list(Scenario.RUNS, Scenario.NAMESPACE, "").size();
    }

    private static void awaitListening(int port) throws Exception {
        long end = System.nanoTime() + START.toNanos();
        while (true) {
            try (java.net.Socket _ = new java.net.Socket("127.0.0.1", port)) {
                return;
            } catch (java.net.ConnectException e) {
                assertThat(System.nanoTime()).as("the other agent listens").isLessThan(end);
            }
        }
    }

    private static String documentedCommand(String agent, String token) throws Exception {
        String page = Files.readString(Testbed.root().resolve("docs/webhooks.md"));
        Matcher command = Pattern.compile("^    (curl .*?)$", Pattern.MULTILINE).matcher(page);
        assertThat(command.find()).isTrue();
        ProcessBuilder shell = new ProcessBuilder("bash", "-c", command.group(1)).redirectErrorStream(true);
        shell.environment().put("AGENT", agent);
        shell.environment().put("TOKEN", token);
        return Programs.run(shell);
    }

    private static void create(Scenario scenario) {
        scenario.kubectl(
                "-n",
                Scenario.NAMESPACE,
                "create",
                "secret",
                "generic",
                "staging-webhook",
                "--from-literal=token=" + TOKEN);
        scenario.createConfigRepo(spec(scenario));
    }

    private static String[] spec(Scenario scenario) {
        return new String[] {
            SPEC,
            LAYERS,
            DEADLINES,
            "deletionPolicy: orphan",
            "source: {url: \"" + scenario.url()
                    + "\", ref: {branch: main}, secretRef: {name: git}, webhook: {secretRef: {name: staging-webhook}}}"
        };
    }

    private static String phase(ObjectNode run) {
        return run.at("/status/phase").asText();
    }
}
