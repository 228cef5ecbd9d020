package dev.orkestra.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.run.LastGood;
import dev.orkestra.run.Ledger;
import dev.orkestra.run.Phase;
import dev.orkestra.run.Pinned;
import dev.orkestra.run.Quarantined;
import dev.orkestra.run.RunSummary;
import dev.orkestra.run.Trigger;
import dev.orkestra.testing.GoldenText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunHistoryTest {
    private static final Instant START = Instant.parse("2026-11-30T08:00:00Z");
    private static final Instant NOW = START.plusSeconds(3_725);
    private static final String A = "a".repeat(40);
    private static final String B = "b".repeat(40);
    private static final String C = "c".repeat(40);

    private static final Ledger LEDGER = Ledger.EMPTY
            .finished(ended(1, A, Trigger.SCHEDULE, Phase.Good, 0, 12, "", "", ""))
            .finished(ended(2, B, Trigger.SYNC, Phase.Good, 600, 90, "", "", ""))
            .finished(ended(3, C, Trigger.SCHEDULE, Phase.RolledBack, 1200, 75, "", "", "commit"))
            .finished(ended(4, C, Trigger.RETRY, Phase.RolledBack, 1800, 61, "ann", "the registry is back", "commit"))
            .finished(ended(6, A, Trigger.ROLLBACK, Phase.Good, 2400, 8, "bob", "orders fail\nsince noon", ""))
            .good(new LastGood(A, 6, "sha256:a"))
            .pin(new Pinned(A, 6, "bob", "orders fail since noon", START));

    private static final List<ObjectNode> RUNS = List.of(
            run(1, A, "schedule", "", "{\"phase\": \"Good\", \"step\": \"End\"}"),
            run(
                    5,
                    B,
                    "retry",
                    "eve",
                    "{\"phase\": \"Invalid\", \"message\": \"Refused. Commit bbbbbbbbbbbb is not quarantined\","
                            + " \"finishedAt\": \"2026-11-30T08:35:00Z\"}"),
            run(
                    7,
                    A,
                    "sync",
                    "",
                    "{\"phase\": \"Applying\", \"step\": \"AwaitWave\", \"startedAt\": \"2026-11-30T09:00:00Z\"}"),
            run(8, B, "rollback", "ann", "{}"),
            run(
                    900,
                    C,
                    "schedule",
                    "",
                    "{\"phase\": \"Good\", \"step\": \"End\", \"startedAt\": \"2026-11-30T08:00:00Z\"}"));

    @Test
    void tellsWhatRanAndWhatIsAskedForTheNewestLast() {
        RunHistory history = RunHistory.of(Optional.of(LEDGER), RUNS, repo("{}"));

        GoldenText.check("explain/history.txt", text(history));
        GoldenText.check(
                "explain/history.json",
                HistoryJson.of("orkestra", "staging", history).toPrettyString() + "\n");
    }

    /** The ledger knows each run that has ended; one that says so by itself was made up. */
    @Test
    void whoMayReadTheLedgerIsToldNoRunThatSomebodyMadeUp() {
        assertThat(RunHistory.of(Optional.of(LEDGER), RUNS, repo("{}")).runs())
                .extracting(RunHistory.Ran::run)
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
    }

    @Test
    void withoutTheLedgerTheConfigRunsAndTheConfigReposStatusTell() {
        RunHistory history = RunHistory.of(
                Optional.empty(),
                RUNS,
                repo("{\"pinned\": {\"commit\": \"" + A
                        + "\", \"run\": 6, \"requestedBy\": \"bob\", \"at\": \"2026-11-30T08:40:00Z\"}}"));

        assertThat(history.runs()).extracting(RunHistory.Ran::run).containsExactly(1L, 5L, 7L, 8L, 900L);
        assertThat(text(history)).contains("pinned to commit aaaaaaaaaaaa by bob");
    }

    @Test
    void theHoldIsToldWithTheWayOut() {
        Ledger held = Ledger.EMPTY;
        for (String digest : List.of("x", "y", "z")) {
            held = held.quarantine(new Quarantined(C, digest, 3, "Unhealthy", START));
        }
        RunHistory known = RunHistory.of(Optional.of(held), List.of(), repo("{}"));
        RunHistory seen = RunHistory.of(
                Optional.empty(),
                List.of(),
                repo("{\"conditions\": [{\"type\": \"Ready\", \"message\": \"it is held: " + Ledger.ON_HOLD
                        + ".\"}]}"));

        assertThat(text(known)).isEqualTo(text(seen)).isEqualTo("""
                nothing has run yet
                on hold: 3 different contents failed one after the other, so nothing new is applied; \
                to go on: ork resume staging
                """);
    }

    @Test
    void aNarrowTerminalIsNotOverrun() {
        RunHistory history = RunHistory.of(Optional.of(LEDGER), List.of(), repo("{}"));

        assertThat(HistoryText.lines("orkestra", "staging", history, NOW, 80).subList(0, 6))
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }

    private static String text(RunHistory history) {
        return String.join("\n", HistoryText.lines("orkestra", "staging", history, NOW, Integer.MAX_VALUE)) + "\n";
    }

    private static RunSummary ended(
            int run,
            String commit,
            Trigger trigger,
            Phase phase,
            long began,
            long took,
            String by,
            String why,
            String verdict) {
        Instant start = START.plusSeconds(began);
        return new RunSummary(
                run, commit, "sha256:" + commit, trigger, phase, start, start.plusSeconds(took), by, why, verdict);
    }

    private static ObjectNode run(int number, String commit, String trigger, String by, String status) {
        return json("""
                {"metadata": {"name": "staging-%d"},
                 "spec": {"configRepo": "staging", "number": %d, "commit": "%s", "trigger": "%s", "requestedBy": "%s"},
                 "status": %s}
                """.formatted(number, number, commit, trigger, by, status));
    }

    private static ObjectNode repo(String status) {
        return json("{\"metadata\": {\"namespace\": \"orkestra\", \"name\": \"staging\"}, \"status\": " + status + "}");
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
