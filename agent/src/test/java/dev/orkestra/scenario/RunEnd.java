package dev.orkestra.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How a run ended, in words that are the same whether somebody was killed on the way or not.
 *
 * @param lastGood the number of the run that last-good is of
 * @param quarantined the numbers of the runs whose content is quarantined
 * @param hooks hook → how many instances were made so far
 * @param revisions release → the highest revision that Helm ever made
 * @param objects kind and name of all that is in the environment
 */
record RunEnd(
        String phase,
        String verdict,
        int lastGood,
        List<Integer> quarantined,
        Map<String, Integer> hooks,
        Map<String, Integer> revisions,
        Set<String> objects) {

    /** What is to be seen after the run that {@code run} is the ConfigRun of. */
    static RunEnd of(Scenario scenario, AuditTrail trail, JsonNode run) {
        JsonNode repo = scenario.configRepo().path("status");
        List<Integer> quarantined = new ArrayList<>();
        repo.path("quarantined")
                .forEach(each -> quarantined.add(each.path("run").asInt()));
        Map<String, Integer> hooks = new TreeMap<>();
        trail.jobs("shop").forEach(instance -> hooks.merge(hook(instance), 1, Integer::sum));
        return new RunEnd(
                run.path("status").path("phase").asText(),
                run.path("status").path("verdict").asText(),
                repo.path("lastGood").path("run").asInt(),
                quarantined,
                hooks,
                trail.revisions("shop"),
                new TreeSet<>(scenario.uids().keySet()));
    }

    /** An instance's name without what tells its run. */
    private static String hook(String instance) {
        return instance.replaceFirst("-[0-9a-f]{12}$", "");
    }
}
