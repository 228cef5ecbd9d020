package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Conditions;
import java.util.ArrayList;
import java.util.List;

/** What a watch saw of one HelmRelease, from its beginning to its end. */
final class RecordedLife {
    private RecordedLife() {}

    /**
     * What the states say in their conditions, without repetitions. Left out is what only source-controller brings
     * about: before its HelmChart is there, Flux says SourceNotReady, and before that nothing.
     */
    static List<String> words(List<ObjectNode> states) {
        List<String> words = new ArrayList<>();
        for (ObjectNode state : states) {
            String said = said(state);
            boolean source = said.contains("Ready=False/SourceNotReady") || !said.contains("Ready=");
            if (!source && (words.isEmpty() || !words.getLast().equals(said))) {
                words.add(said);
            }
        }
        return words;
    }

    /** The conditions that people and programs go by, with the counters. */
    static String said(ObjectNode state) {
        StringBuilder text = new StringBuilder();
        for (String type : List.of("Ready", "Released", "Remediated", "TestSuccess", "Stalled")) {
            Conditions.find(state, type)
                    .ifPresent(condition -> text.append(type)
                            .append('=')
                            .append(condition.path("status").asText())
                            .append('/')
                            .append(condition.path("reason").asText())
                            .append(' '));
        }
        return text.toString().strip();
    }

    static String counters(ObjectNode state) {
        return "failures %s, install %s, upgrade %s, last %s, observed %s of %s"
                .formatted(
                        state.path("status").path("failures").asText("-"),
                        state.path("status").path("installFailures").asText("-"),
                        state.path("status").path("upgradeFailures").asText("-"),
                        state.path("status").path("lastAttemptedReleaseAction").asText("-"),
                        state.path("status").path("observedGeneration").asText("-"),
                        state.path("metadata").path("generation").asText("-"));
    }

    /** Revision, status and chart version of each entry. */
    static List<String> history(ObjectNode state) {
        return state.path("status")
                .path("history")
                .valueStream()
                .map(entry -> entry.path("version").asText() + " "
                        + entry.path("status").asText() + " "
                        + entry.path("chartVersion").asText())
                .toList();
    }
}
