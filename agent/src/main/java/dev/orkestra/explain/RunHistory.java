package dev.orkestra.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.run.Ledger;
import dev.orkestra.run.Pinned;
import dev.orkestra.run.RunSummary;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What ran in an environment, and what is asked for: the ledger's history, and the ConfigRuns that it does not know yet.
 *
 * @param runs the newest last
 * @param pinned to what the environment is pinned, and the word for it; empty: to nothing
 * @param onHold whether nothing new runs after too many failures
 */
public record RunHistory(List<Ran> runs, Optional<Pin> pinned, boolean onHold) {
    /** What people see of a run that nobody has begun. */
    static final String ASKED = "Asked";

    static final String REFUSED = "Refused";

    public RunHistory {
        runs = List.copyOf(runs);
    }

    /**
     * A run.
     *
     * @param phase as its ConfigRun says it, or that it is asked for or was refused
     * @param began empty when it has not
     * @param ended empty when it has not
     * @param why who asked said so; of one that was refused: why that
     */
    public record Ran(
            long run,
            String commit,
            String trigger,
            String phase,
            String verdict,
            Optional<Instant> began,
            Optional<Instant> ended,
            String requestedBy,
            String why) {
        /** How long it took, or is taking until {@code now}. */
        Optional<Duration> took(Instant now) {
            return began.map(begun -> Duration.between(begun, ended.orElse(now)));
        }
    }

    /** A pin. */
    public record Pin(String commit, long run, String words) {}

    /**
     * @param ledger empty when it may not be read
     * @param configRuns of this ConfigRepo
     * @param configRepo with its status
     */
    public static RunHistory of(Optional<Ledger> ledger, List<ObjectNode> configRuns, ObjectNode configRepo) {
        TreeMap<Long, Ran> runs = new TreeMap<>();
        configRuns.stream()
                .sorted(Comparator.comparing(RunHistory::hasEnded))
                .filter(run -> ledger.isEmpty() || !hasEnded(run) || isOlder(run, ledger.get()))
                .forEach(run -> runs.put(run.path("spec").path("number").asLong(), ran(run)));
        ledger.ifPresent(kept -> kept.history().forEach(run -> runs.put((long) run.run(), ran(run))));
        JsonNode status = configRepo.path("status");
        Optional<Pin> pinned = ledger.isPresent()
                ? ledger.map(Ledger::pinned).map(RunHistory::pin)
                : Optional.of(status.path("pinned"))
                        .filter(JsonNode::isObject)
                        .map(RunHistory::pinned)
                        .map(RunHistory::pin);
        boolean onHold = ledger.map(Ledger::isOnHold).orElseGet(() -> saysOnHold(status));
        return new RunHistory(new ArrayList<>(runs.values()), pinned, onHold);
    }

    private static boolean hasEnded(ObjectNode run) {
        return run.path("status").path("step").asText().equals("End");
    }

    /** One that ended is in the ledger, unless that has forgotten it: else somebody made it up. */
    private static boolean isOlder(ObjectNode run, Ledger ledger) {
        return !ledger.history().isEmpty()
                && run.path("spec").path("number").asLong()
                        < ledger.history().getFirst().run();
    }

    private static Ran ran(RunSummary run) {
        return new Ran(
                run.run(),
                run.commit(),
                run.trigger().text(),
                run.phase().name(),
                run.verdict(),
                Optional.of(run.startedAt()),
                Optional.of(run.endedAt()),
                run.requestedBy(),
                run.reason());
    }

    private static Ran ran(ObjectNode run) {
        JsonNode spec = run.path("spec");
        JsonNode status = run.path("status");
        boolean refused = status.has("phase") && !status.has("step");
        return new Ran(
                spec.path("number").asLong(),
                spec.path("commit").asText(),
                spec.path("trigger").asText(),
                refused ? REFUSED : status.path("phase").asText(ASKED),
                status.path("verdict").asText(),
                Explainer.instant(status.path("startedAt")),
                Explainer.instant(status.path("finishedAt")).filter(_ -> !refused),
                spec.path("requestedBy").asText(),
                refused ? status.path("message").asText() : spec.path("reason").asText());
    }

    private static Pin pin(Pinned pinned) {
        return new Pin(pinned.commit(), pinned.run(), pinned.words());
    }

    private static Pinned pinned(JsonNode status) {
        return new Pinned(
                status.path("commit").asText(),
                status.path("run").asInt(),
                status.path("requestedBy").asText(),
                status.path("reason").asText(),
                Explainer.instant(status.path("at")).orElse(Instant.EPOCH));
    }

    private static boolean saysOnHold(JsonNode status) {
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText().equals("Ready")
                    && condition.path("message").asText().contains(Ledger.ON_HOLD)) {
                return true;
            }
        }
        return false;
    }
}
