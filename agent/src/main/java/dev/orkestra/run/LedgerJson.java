package dev.orkestra.run;

import static dev.orkestra.run.Json.ifPresent;
import static dev.orkestra.run.Json.object;
import static dev.orkestra.run.Json.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;

/** The ledger as JSON. {@code lastGood} and {@code quarantined} are written as ConfigRepo's status shows them. */
public final class LedgerJson {
    private LedgerJson() {}

    public static ObjectNode write(Ledger ledger) {
        ObjectNode node = Json.versioned();
        ifPresent(ledger.lastGood(), good -> node.set("lastGood", lastGood(good)));
        node.set("quarantined", Json.array(ledger.quarantined(), LedgerJson::quarantined));
        Json.putText(node, "settledDigest", ledger.settledDigest());
        node.set("history", Json.array(ledger.history(), LedgerJson::summary));
        ArrayNode failing = node.putArray("failing");
        ledger.failing().forEach(failing::add);
        ifPresent(ledger.pinned(), pinned -> node.set("pinned", pinned(pinned)));
        return node;
    }

    /**
     * The ledger that {@code node} was written from; an empty object is the empty ledger.
     *
     * @throws IllegalStateException when a newer agent wrote it
     */
    public static Ledger read(JsonNode node) {
        Json.checkVersion(node);
        return new Ledger(
                Json.optional(node.path("lastGood"), LedgerJson::lastGood),
                Json.list(node.path("quarantined"), LedgerJson::quarantined),
                text(node, "settledDigest"),
                Json.list(node.path("history"), LedgerJson::summary),
                new LinkedHashSet<>(Json.list(node.path("failing"), JsonNode::asText)),
                Json.optional(node.path("pinned"), LedgerJson::pinned));
    }

    /** {@code {commit, run, digest}}, as in {@code ConfigRepo.status.lastGood}. */
    public static ObjectNode lastGood(LastGood good) {
        return object().put("commit", good.commit()).put("run", good.run()).put("digest", good.digest());
    }

    static LastGood lastGood(JsonNode node) {
        return new LastGood(text(node, "commit"), node.path("run").asInt(), text(node, "digest"));
    }

    /** {@code {commit, digest, run, reason, at}}, as in {@code ConfigRepo.status.quarantined[]}. */
    public static ObjectNode quarantined(Quarantined entry) {
        return object().put("commit", entry.commit())
                .put("digest", entry.digest())
                .put("run", entry.run())
                .put("reason", entry.reason())
                .put("at", entry.at().toString());
    }

    private static Quarantined quarantined(JsonNode node) {
        return new Quarantined(
                text(node, "commit"),
                text(node, "digest"),
                node.path("run").asInt(),
                text(node, "reason"),
                Json.instant(node.path("at")));
    }

    /** {@code {commit, run, requestedBy, reason, at}}, as in {@code ConfigRepo.status.pinned}. */
    public static ObjectNode pinned(Pinned pinned) {
        ObjectNode node = object().put("commit", pinned.commit()).put("run", pinned.run());
        Json.putText(node, "requestedBy", pinned.requestedBy());
        Json.putText(node, "reason", pinned.reason());
        return node.put("at", pinned.at().toString());
    }

    private static Pinned pinned(JsonNode node) {
        return new Pinned(
                text(node, "commit"),
                node.path("run").asInt(),
                text(node, "requestedBy"),
                text(node, "reason"),
                Json.instant(node.path("at")));
    }

    private static JsonNode summary(RunSummary run) {
        ObjectNode node = object().put("run", run.run())
                .put("commit", run.commit())
                .put("digest", run.digest())
                .put("trigger", run.trigger().text())
                .put("phase", run.phase().name())
                .put("startedAt", run.startedAt().toString())
                .put("endedAt", run.endedAt().toString());
        Json.putText(node, "requestedBy", run.requestedBy());
        Json.putText(node, "reason", run.reason());
        Json.putText(node, "verdict", run.verdict());
        if (run.touched()) {
            node.put("touched", true);
        }
        return node;
    }

    private static RunSummary summary(JsonNode node) {
        return new RunSummary(
                node.path("run").asInt(),
                text(node, "commit"),
                text(node, "digest"),
                Trigger.of(text(node, "trigger")),
                Phase.valueOf(text(node, "phase")),
                Json.instant(node.path("startedAt")),
                Json.instant(node.path("endedAt")),
                text(node, "requestedBy"),
                text(node, "reason"),
                text(node, "verdict"),
                node.path("touched").asBoolean());
    }
}
