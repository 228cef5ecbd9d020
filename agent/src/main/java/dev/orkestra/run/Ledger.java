package dev.orkestra.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of commits for good. It outlives runs, restarts and the ConfigRepo (DESIGN.md §6). Immutable, and each
 * change can be made twice with the same result, because a crash repeats commands.
 *
 * @param lastGood null before the first good commit
 * @param quarantined one entry per digest, oldest first; never shortened, or bad content would run again
 * @param settledDigest the content that the cluster holds whole and healthy; empty when that is not known
 * @param history the newest {@link #MOST_HISTORY} runs, oldest first
 * @param failing digests that failed since the last good run or {@link #resumed}
 * @param pinned what the environment is to stay on until {@link #resumed}; null: it follows its ref
 */
public record Ledger(
        @Nullable LastGood lastGood,
        List<Quarantined> quarantined,
        String settledDigest,
        List<RunSummary> history,
        Set<String> failing,
        @Nullable Pinned pinned) {
    /** How many runs history keeps. */
    public static final int MOST_HISTORY = 20;

    /** So many different contents in a row fail before nothing new is tried. */
    public static final int MOST_FAILURES = 3;

    /** What is said then; {@code ork explain} knows the state by it. */
    public static final String ON_HOLD =
            MOST_FAILURES + " different contents failed one after the other, so nothing new is applied";

    public static final Ledger EMPTY = new Ledger(null, List.of(), "", List.of(), Set.of(), null);

    public Ledger {
        quarantined = List.copyOf(quarantined);
        history = List.copyOf(history);
        // Written to a resource, so the order must be the same each time.
        failing = Collections.unmodifiableSet(new LinkedHashSet<>(failing));
    }

    public LedgerView view() {
        Set<String> digests = quarantined.stream().map(Quarantined::digest).collect(Collectors.toSet());
        return new LedgerView(lastGood, digests, settledDigest, isOnHold());
    }

    public boolean isQuarantined(String digest) {
        return quarantined.stream().anyMatch(entry -> entry.digest().equals(digest));
    }

    /** Whether a commit with the content {@code digest} has nothing to do: the cluster holds it, whole and healthy. */
    public boolean holds(String digest) {
        return lastGood != null && lastGood.digest().equals(digest) && settledDigest.equals(digest);
    }

    /** The number of the newest run that is known here; 0 when there was none. */
    public int newestRun() {
        return history.stream().mapToInt(RunSummary::run).max().orElse(0);
    }

    /** Whether nothing new runs until {@link #resumed}. */
    public boolean isOnHold() {
        return failing.size() >= MOST_FAILURES;
    }

    /**
     * Whether nobody looks after the environment: a run was given up half-way, or its way back failed, and what came
     * after it was not fit to be run. Then it goes back to last-good, which needs nothing but what is kept (DESIGN.md
     * §4.12).
     */
    public boolean isAbandoned() {
        if (lastGood == null || !settledDigest.isEmpty()) {
            return false;
        }
        Phase newest = history.isEmpty() ? Phase.Good : history.getLast().phase();
        Optional<Phase> changed = history.reversed().stream()
                .filter(RunSummary::touched)
                .findFirst()
                .map(RunSummary::phase);
        return (newest == Phase.Invalid || newest == Phase.Held)
                && !history.getLast().touched()
                && changed.filter(phase -> phase == Phase.Superseded || phase == Phase.RollbackFailed)
                        .isPresent();
    }

    /** A run is about to change the cluster. */
    public Ledger unsettled() {
        return new Ledger(lastGood, quarantined, "", history, failing, pinned);
    }

    /** The last wave was healthy: this is what a rollback goes to from now on, and its content is free of blame. */
    public Ledger good(LastGood good) {
        return new Ledger(good, without(good.digest()), good.digest(), history, Set.of(), pinned);
    }

    /**
     * This content failed. Last-good's own content can't be quarantined: there would be nothing left to run.
     */
    public Ledger quarantine(Quarantined entry) {
        if (lastGood != null && lastGood.digest().equals(entry.digest())) {
            return this;
        }
        Set<String> more = new LinkedHashSet<>(failing);
        more.add(entry.digest());
        List<Quarantined> all = new ArrayList<>(without(entry.digest()));
        all.add(entry);
        return new Ledger(lastGood, all, settledDigest, history, more, pinned);
    }

    /** The content was not at fault after all. */
    public Ledger lift(String digest) {
        Set<String> fewer = new LinkedHashSet<>(failing);
        fewer.remove(digest);
        return new Ledger(lastGood, without(digest), settledDigest, history, fewer, pinned);
    }

    /**
     * The environment went back to last-good.
     *
     * @param whole whether nothing of the failed commit is left
     */
    public Ledger rolledBack(LastGood to, boolean whole) {
        return new Ledger(lastGood, quarantined, whole ? to.digest() : "", history, failing, pinned);
    }

    /** A run has ended. */
    public Ledger finished(RunSummary summary) {
        List<RunSummary> all = Stream.concat(
                        history.stream().filter(run -> run.run() != summary.run()), Stream.of(summary))
                .toList();
        List<RunSummary> newest = all.subList(Math.max(0, all.size() - MOST_HISTORY), all.size());
        return new Ledger(lastGood, quarantined, settledDigest, newest, failing, pinned);
    }

    /** Somebody has looked at it: new content may run again, and nothing is pinned. Quarantined content stays so. */
    public Ledger resumed() {
        return new Ledger(lastGood, quarantined, settledDigest, history, Set.of(), null);
    }

    /** Newer commits wait from now on. The same request made twice keeps its first time. */
    public Ledger pin(Pinned asked) {
        boolean again =
                pinned != null && pinned.run() == asked.run() && pinned.commit().equals(asked.commit());
        return again ? this : new Ledger(lastGood, quarantined, settledDigest, history, failing, asked);
    }

    private List<Quarantined> without(String digest) {
        return quarantined.stream()
                .filter(entry -> !entry.digest().equals(digest))
                .toList();
    }
}
