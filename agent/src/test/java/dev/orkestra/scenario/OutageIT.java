package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.TcpProxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API server goes away and comes back. What runs stays, no commit is blamed, and the run ends as without. */
class OutageIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration RUN = Duration.ofMinutes(4);
    private static final Duration NOTICED = Duration.ofSeconds(30);

    @Test
    void theApiServerGoesAwayAndComesBackAtEachStepAndTheRunEndsAsWithout(@TempDir Path scratch) throws Exception {
        try (Scenario scenario = Scenario.ofSample(scratch, "outage");
                TcpProxy server = scenario.throughProxy()) {
            scenario.repository.delete("applications/staging/shop.yaml");
            String first = scenario.repository.push("Describe the shop without its releases");
            scenario.createConfigRepo("deadlines: {wave: 2m, run: 10m}");
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                for (String step : List.of(
                        "Compose",
                        "StoreState",
                        "Plan",
                        "StoreIntent",
                        "ApplyWave(0)",
                        "AwaitWave(0)",
                        "ApplyWave(1)",
                        "RecordGood",
                        "Prune",
                        "Finish")) {
                    goesAwayAt(agent, server, "staging-1", step);
                }
                ObjectNode run = scenario.awaitRun(first, RUN);

                assertThat(run.at("/status/phase").asText())
                        .as("%s", run.at("/status/message"))
                        .isEqualTo("Good");
                assertThat(run.at("/status/journal/judgement").isMissingNode()).isTrue();
                assertThat(scenario.configRepo().at("/status/quarantined")).isEmpty();
                assertThat(scenario.orphans()).isEmpty();
                Map<String, String> uids = scenario.uids();

                scenario.repository.write(
                        "applications/staging/wrong.yaml",
                        "apiVersion: v1\nkind: Service\nmetadata: {name: wrong, namespace: shop}\n"
                                + "spec: {type: LoadBalancer, ports: [{port: 80}]}\n");
                scenario.applyConfigRepo("deadlines: {wave: 8s, run: 10m}");
                // The other spec has a run of its own; whether the push comes before it must not be a matter of luck.
                scenario.await(
                        Scenario.RUNS,
                        Scenario.NAMESPACE,
                        each -> each.path("spec").path("number").asInt() == 2
                                && each.path("status").path("step").asText().equals("End"),
                        "the run of the other spec",
                        RUN);
                String second = scenario.repository.push("Ask for a load balancer that nobody gives");
                for (String step : List.of(
                        "AwaitWave(2)",
                        "RecordQuarantine",
                        "PrepareRollback",
                        "RollbackApplyWave(0)",
                        "RemoveNew",
                        "RecordRollback")) {
                    goesAwayAt(agent, server, "staging-3", step);
                }
                ObjectNode failed = scenario.awaitRun(second, RUN);

                assertThat(failed.at("/status/phase").asText())
                        .as("%s", failed.at("/status/message"))
                        .isEqualTo("RolledBack");
                assertThat(scenario.uids()).isEqualTo(uids);
                assertThat(scenario.orphans()).isEmpty();
            }
        }
    }

    private static void goesAwayAt(AgentProcess agent, TcpProxy server, String run, String step)
            throws InterruptedException {
        agent.awaitLine("run=" + run + " step=" + step + " ", RUN);
        server.goAway();
        server.awaitRefused(2, NOTICED);
        server.comeBack();
    }
}
