package dev.orkestra.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.outcome.OneLine;
import dev.orkestra.report.Columns;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A run in lines, from the ConfigRun that the agent keeps. */
final class RunPicture {
    private static final int SHORT_ID = 12;

    private RunPicture() {}

    /** What is said while there is no run yet: what the ConfigRepo waits for. */
    static String waiting(ObjectNode configRepo) {
        Optional<JsonNode> ready = Conditions.find(configRepo, "Ready")
                .filter(condition -> condition.path("status").asText().equals("False"));
        return "waits for the agent to begin a run"
                + ready.map(condition -> "; the ConfigRepo says "
                                + condition.path("reason").asText() + ": "
                                + OneLine.of(condition.path("message").asText()))
                        .orElse("");
    }

    /** One line: which run, and how far. */
    static String head(ObjectNode run) {
        String commit = run.path("spec").path("commit").asText();
        JsonNode plan = run.path("status").path("plan");
        return "run " + run.path("metadata").path("name").asText() + ", commit "
                + commit.substring(0, Math.min(SHORT_ID, commit.length())) + ": "
                + run.path("status").path("phase").asText("Pending")
                + (plan.isObject()
                        ? " (" + plan.path("create").asInt() + " to create, "
                                + plan.path("update").asInt() + " to update, "
                                + plan.path("replace").asInt() + " to replace, "
                                + plan.path("prune").asInt() + " to remove)"
                        : "");
    }

    /** One line for each wave, of the commit or, once that is begun, of the rollback. */
    static List<String> waves(ObjectNode run) {
        JsonNode rollback = run.path("status").path("rollback");
        List<String> lines = new ArrayList<>();
        run.path("status").path("waves").forEach(wave -> lines.add(wave("wave", wave)));
        if (rollback.isObject()) {
            rollback.path("waves").forEach(wave -> lines.add(wave("rollback, wave", wave)));
        }
        return lines;
    }

    private static String wave(String what, JsonNode wave) {
        String layer = wave.has("layer") ? " of layer " + wave.path("layer").asInt() : "";
        String hook = wave.has("hook") ? ", " + wave.path("hook").asText() : "";
        String waiting = OneLine.of(wave.path("waitingFor").asText());
        return what + " " + wave.path("wave").asInt() + layer + hook + ": "
                + wave.path("phase").asText() + (waiting.isEmpty() ? "" : ": " + waiting);
    }

    /** All of it, for a terminal of {@code width} columns. */
    static List<String> lines(ObjectNode run, int width) {
        List<String> lines = new ArrayList<>();
        lines.add(Columns.cut(head(run), width));
        waves(run).forEach(wave -> lines.add(Columns.cut("  " + wave, width)));
        return lines;
    }

    /** The agent's own words of the end, or of what is waited for. */
    static String message(ObjectNode run) {
        return OneLine.of(run.path("status").path("message").asText());
    }
}
