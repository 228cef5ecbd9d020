package dev.orkestra.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} at twenty random instants: ten while waves are applied and awaited, ten while Helm is at work. With
 * {@code -Dorkestra.seed=N} the same instants are drawn again. {@link LongCrashes} tells how to run it.
 */
class LongRandomCrashes {
    private static final int KILLS = 20;
    /** A run may be over before its four kills are done. */
    private static final int MOST_RUNS = 20;

    private static final int KILLS_IN_A_RUN = 4;
    /** From the first wave on; a run of the two upgrades takes about twice as long. */
    private static final int WITHIN_WAVES = 4_000;
    /** From Helm's record on; an upgrade of the sample takes about as long. */
    private static final int WITHIN_HELM = 250;

    private static final Set<String> AFTER_WAVES = Set.of("RecordGood", "Prune", "Finish", "End");

    private final Set<String> seenRecords = new HashSet<>();

    @Test
    void afterAKillAtAnyInstantEachRunEndsAsWithout(@TempDir Path scratch) throws Exception {
        long seed = Long.getLong("orkestra.seed", new Random().nextLong());
        System.out.println("orkestra.seed=" + seed);
        Random random = new Random(seed);
        StringJoiner rows = new StringJoiner("\n");
        try (Killing killing = Killing.in(scratch, "crash-random")) {
            killing.scenario.createConfigRepo(Story.DEADLINES);
            assertThat(killing.end(Story.FIRST.push(killing.scenario.repository))
                            .phase())
                    .isEqualTo("Good");
            int kills = 0;
            for (int run = 2; kills < KILLS; run++) {
                assertThat(run).as("runs for %s kills", KILLS).isLessThan(MOST_RUNS);
                String commit = change(killing.scenario.repository, run);
                for (int each = 0; each < KILLS_IN_A_RUN && kills < KILLS; each++) {
                    String where = each % 2 == 0 ? inHelm(killing, run, random) : inWaves(killing, run, random);
                    if (!where.isEmpty()) {
                        kills++;
                        rows.add("| " + kills + " | " + run + " | " + where + " | "
                                + LongCrashes.outcome(killing.faults()) + " |");
                    }
                }
                ended(killing, killing.end(commit), run);
            }
        } finally {
            LongCrashes.write(
                    "instants.md",
                    "seed " + seed + "\n\n| kill | run | where | outcome |\n| --- | --- | --- | --- |\n" + rows + "\n");
        }
    }

    /** Two releases are upgraded, one after the other, and something beside them changes. */
    static String change(ConfigWorkTree repository, int run) {
        return repository
                .edit("infrastructure/settings.yaml", text -> text.replaceFirst("EUR.*", "EUR" + run))
                .edit(
                        "applications/staging/shop.yaml",
                        text -> text.replaceFirst("limit: \\d+", "limit: " + (100 + run))
                                .replaceFirst("title: .*", "title: The shop in edition " + run))
                .push("Edition " + run);
    }

    private static void ended(Killing killing, RunEnd end, int run) {
        killing.assertClean("at the end of run " + run);
        assertThat(end.phase()).as("phase of run %s", run).isEqualTo("Good");
        assertThat(end.lastGood()).isEqualTo(run);
        assertThat(end.quarantined()).isEmpty();
        assertThat(end.hooks()).as("hooks up to run %s", run).isEqualTo(Map.of("migrate", run, "smoke", run));
        Map<String, Integer> revisions = Map.of("cache", 1, "catalog", 1, "cart", run, "shop", run, "gateway", 1);
        assertThat(end.revisions()).as("revisions ever made, up to run %s", run).isEqualTo(revisions);
        assertThat(killing.scenario.revisions()).isEqualTo(revisions);
    }

    /** @return where it was, or empty when the run's waves were over before */
    private static String inWaves(Killing killing, int run, Random random) throws InterruptedException {
        Duration after = Duration.ofMillis(random.nextInt(WITHIN_WAVES));
        boolean over = killing.scenario
                .cluster
                .get(Scenario.RUNS, Scenario.NAMESPACE, "staging-" + run)
                .filter(each -> isOver(each, run))
                .isPresent();
        if (over) {
            return "";
        }
        try (AgentProcess agent = killing.scenario.startAgent()) {
            agent.awaitLine("run=staging-" + run + " step=", Killing.RUN);
            agent.livesFor(after);
            agent.kill();
            String step = lastStep(agent.output(), run);
            return AFTER_WAVES.contains(step) ? "" : "`" + step + "`, " + after.toMillis() + " ms after the start";
        }
    }

    private String inHelm(Killing killing, int run, Random random) throws InterruptedException {
        Duration after = Duration.ofMillis(random.nextInt(WITHIN_HELM));
        Scenario scenario = killing.scenario;
        // What an earlier kill left is no work.
        scenario.cluster.list(Scenario.SECRETS, "shop", "owner=helm").forEach(this::isNewRecord);
        try (Sightings sightings = new Sightings(scenario.cluster)
                        .of(Scenario.SECRETS, "shop", "owner=helm")
                        .of(Scenario.RUNS, Scenario.NAMESPACE, "");
                AgentProcess agent = scenario.startAgent()) {
            ObjectNode seen = sightings.awaitAny(
                    object -> isNewRecord(object) || isOver(object, run), "work of Helm's", Killing.RUN);
            if (isOver(seen, run)) {
                return "";
            }
            agent.livesFor(after);
            agent.kill();
            String pending = pending(scenario);
            return "`" + lastStep(agent.output(), run) + "`, " + after.toMillis() + " ms after Helm began with "
                    + record(seen) + (pending.isEmpty() ? "; it had ended" : "; left " + pending);
        }
    }

    private boolean isNewRecord(ObjectNode object) {
        return isPending(object)
                && seenRecords.add(object.path("metadata").path("uid").asText());
    }

    private static boolean isPending(JsonNode object) {
        return object.path("metadata").path("labels").path("status").asText().startsWith("pending-");
    }

    private static boolean isOver(JsonNode object, int run) {
        return object.path("spec").path("number").asInt() == run
                && AFTER_WAVES.contains(object.path("status").path("step").asText());
    }

    private static String pending(Scenario scenario) {
        return scenario.cluster.list(Scenario.SECRETS, "shop", "owner=helm").stream()
                .filter(LongRandomCrashes::isPending)
                .map(LongRandomCrashes::record)
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static String record(JsonNode secret) {
        JsonNode labels = secret.path("metadata").path("labels");
        return labels.path("name").asText().replaceFirst("^[0-9a-f]{10}-", "") + ".v"
                + labels.path("version").asText() + " " + labels.path("status").asText();
    }

    private static String lastStep(String output, int run) {
        return LongCrashes.steps(output, run).reduce((_, last) -> last).orElse("");
    }
}
