package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an agent asks of the API server, by verb and from its audit log, the lease apart. The numbers are bounds: whoever
 * makes them larger should know why.
 */
class RequestBoundsIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration RUN = Duration.ofMinutes(2);
    private static final int OBJECTS = 40;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> WRITES = List.of("create", "update", "patch", "delete", "apply");

    private long looks;
    private long lines;
    private int asked;

    @Test
    void aRunAsksForEachObjectTwiceAndALookAtRestForNearlyNothing(@TempDir Path scratch) throws Exception {
        try (Scenario scenario = Scenario.ofSample(scratch, "request-bounds")) {
            scenario.repository.delete("applications").delete("infrastructure/announcement.yaml");
            write(scenario, "green");
            scenario.repository.push("Begin");
            scenario.createConfigRepo(
                    "layers: [{path: infrastructure, wave: 0}]", "schedule: {interval: 1h, jitterPercent: 0}");
            requests(scenario);
            try (AgentProcess agent = scenario.startAgent()) {
                agent.awaitLine("leading", START);
                // Two more objects: the namespace and its settings; and the composed Katalog.
                Map<String, Integer> first = untilQuiet(scenario);
                assertBounds("first apply", first, Map.of("apply", OBJECTS + 3, "dry-run", OBJECTS + 5));

                ask(scenario);
                Map<String, Integer> rest = untilQuiet(scenario);
                assertThat(rest.keySet()).as("a look at rest: %s", rest).doesNotContainAnyElementsOf(WRITES);
                assertBounds("look at rest", rest, Map.of("get", 2, "list", 1));

                scenario.repository.edit("infrastructure/item-7.yaml", text -> text.replace("green", "red"));
                scenario.repository.push("Change one");
                ask(scenario);
                Map<String, Integer> one = untilQuiet(scenario);
                assertBounds("one change", one, Map.of("apply", 1, "dry-run", 1, "list", 5, "get", 10, "update", 19));

                scenario.kubectl(
                        "-n", Scenario.NAMESPACE, "annotate", "configrepo", "staging", "orkestra.dev/sync-requested=1");
                Map<String, Integer> sync = untilQuiet(scenario);
                assertBounds("sync", sync, Map.of("list", 5, "get", 10, "update", 17, "create", 3));

                ask(scenario);
                assertThat(untilQuiet(scenario).keySet()).doesNotContainAnyElementsOf(WRITES);
            }
        }
    }

    private static void write(Scenario scenario, String colour) {
        for (int i = 0; i < OBJECTS; i++) {
            scenario.repository.write(
                    "infrastructure/item-" + i + ".yaml",
                    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: item-" + i
                            + ", namespace: shop}\ndata: {colour: " + colour + "}\n");
        }
    }

    /** Makes the agent look now; the annotation itself means nothing. */
    private void ask(Scenario scenario) {
        scenario.kubectl(
                "-n", Scenario.NAMESPACE, "annotate", "--overwrite", "configrepo", "staging", "look=" + ++asked);
    }

    /** Waits for the next look that finds nothing to do, and tells what was asked since the one before. */
    private Map<String, Integer> untilQuiet(Scenario scenario) throws InterruptedException, IOException {
        Semaphore never = new Semaphore(0);
        long end = System.nanoTime() + RUN.toNanos();
        long before = looks;
        while (looks == before) {
            if (System.nanoTime() > end) {
                throw new AssertionError("no look has found nothing to do within " + RUN);
            }
            boolean woken = never.tryAcquire(50, TimeUnit.MILLISECONDS);
            assertThat(woken).isFalse();
            looks = count(scenario);
        }
        return requests(scenario);
    }

    private static long count(Scenario scenario) throws InterruptedException {
        return scenario.get("/metrics")
                .lines()
                .filter(line -> line.startsWith("orkestra_look_seconds_count "))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                .findFirst()
                .orElse(0);
    }

    private Map<String, Integer> requests(Scenario scenario) throws IOException {
        Map<String, Integer> made = new TreeMap<>();
        List<String> all = Files.readAllLines(scenario.testbed.auditLog());
        for (String line : all.subList((int) lines, all.size())) {
            JsonNode event = JSON.readTree(line);
            boolean ours = event.path("user").path("username").asText().endsWith(":orkestra-agent")
                    && event.path("stage").asText().equals("ResponseComplete")
                    && !event.path("objectRef").path("resource").asText().equals("leases");
            if (ours && !event.path("verb").asText().equals("watch")) {
                made.merge(verb(event), 1, Integer::sum);
            }
        }
        lines = all.size();
        return made;
    }

    private static String verb(JsonNode event) {
        String uri = event.path("requestURI").asText();
        String verb = event.path("verb").asText();
        if (!event.has("objectRef")) {
            return "discovery";
        }
        return verb.equals("patch") && uri.contains("force=") ? uri.contains("dryRun=All") ? "dry-run" : "apply" : verb;
    }

    private static void assertBounds(String what, Map<String, Integer> made, Map<String, Integer> most) {
        most.forEach((verb, bound) -> assertThat(made.getOrDefault(verb, 0))
                .as("%s: %s of %s", what, verb, made)
                .isLessThanOrEqualTo(bound));
    }
}
