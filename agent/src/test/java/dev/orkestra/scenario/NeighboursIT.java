package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ResourceType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several ConfigRepos in one agent: each is its own failure domain. */
class NeighboursIT {
    private static final ResourceType CONFIG_REPOS =
            new ResourceType("orkestra.dev", "v1alpha1", "ConfigRepo", "configrepos", true);
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration RUN = Duration.ofMinutes(2);
    /** Far below the minute that a fetch may take: nobody may stand behind one that hangs. */
    private static final Duration SOON = Duration.ofSeconds(30);

    /** More than looks were once made at the same time. */
    private static final int HANGING = 12;

    @Test
    void neighboursWhoseGitHangsWhoseFilesAreWrongOrWhoMayNothingCostAnEnvironmentNothing(@TempDir Path scratch)
            throws Exception {
        try (SilentServer git = new SilentServer();
                Scenario scenario = Scenario.ofSample(scratch, "neighbours")) {
            scenario.repository.delete("applications/staging").write("applications/staging/own.yaml", configMap("own"));
            String first = scenario.repository.push("First");
            scenario.createConfigRepo();
            for (int i = 0; i < HANGING; i++) {
                neighbour(scenario, scratch, "hanging-" + i, git.url(), "layers: [{path: infrastructure}]", "staging");
            }
            neighbour(scenario, scratch, "wrong", scenario.url(), "overlay: no/such/komposer.yaml", "staging");
            neighbour(scenario, scratch, "nobody", scenario.url(), "layers: [{path: infrastructure}]", "nobody");
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                scenario.awaitRun(first, RUN);
                assertThat(git.visitors()).as("hanging fetches").isNotEmpty();
                ready(scenario, "wrong", "Invalid");
                ready(scenario, "nobody", "Forbidden");

                scenario.repository.write("applications/staging/own.yaml", configMap("mended"));
                String second = scenario.repository.push("Second");

                ObjectNode run = scenario.awaitRun(second, SOON);
                assertThat(run.at("/status/phase").asText()).isEqualTo("Good");
            }
        }
    }

    private static String configMap(String name) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + ", namespace: shop}\ndata: {a: b}\n";
    }

    private static void neighbour(
            Scenario scenario, Path scratch, String name, String url, String content, String account)
            throws IOException {
        Path file = Files.writeString(
                scratch.resolve(name + ".yaml"), """
                apiVersion: orkestra.dev/v1alpha1
                kind: ConfigRepo
                metadata: {name: %s, namespace: %s}
                spec:
                  source: {url: "%s", ref: {branch: main}, secretRef: {name: git}}
                  schedule: {interval: 500ms, jitterPercent: 0}
                  %s
                  serviceAccountName: %s
                """.formatted(name, Scenario.NAMESPACE, url, content, account));
        scenario.kubectl("apply", "-f", file.toString());
    }

    private static void ready(Scenario scenario, String name, String... reasons) throws InterruptedException {
        scenario.await(
                CONFIG_REPOS,
                Scenario.NAMESPACE,
                repo -> repo.at("/metadata/name").asText().equals(name)
                        && List.of(reasons)
                                .contains(Scenario.condition(repo, "Ready")
                                        .path("reason")
                                        .asText()),
                name + " with a reason of " + List.of(reasons),
                SOON);
    }

    /** Takes connections and never says a word. */
    private static final class SilentServer implements AutoCloseable {
        private final ServerSocket server;
        private final List<Socket> visitors = new CopyOnWriteArrayList<>();

        SilentServer() throws IOException {
            server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(this::take);
        }

        String url() {
            return "http://127.0.0.1:" + server.getLocalPort() + "/config.git";
        }

        List<Socket> visitors() {
            return visitors;
        }

        private void take() {
            try {
                while (true) {
                    visitors.add(server.accept());
                }
            } catch (IOException e) {
                // closed
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
            for (Socket visitor : visitors) {
                visitor.close();
            }
        }
    }
}
