package dev.orkestra.run;

import dev.orkestra.outcome.Diagnostic;
import java.util.List;

/**
 * What became of objects that nobody wants any more. It never fails a run (DESIGN.md §4.10).
 *
 * @param kind how it ended
 * @param removed how many objects are gone
 * @param left how many are still there, though unwanted
 * @param diagnostics why they are, and what stays on purpose; the first {@link RunMachine#MOST_LISTED}, for it is kept in
 *     the ConfigRun
 */
public record PruneResult(Kind kind, int removed, int left, List<Diagnostic> diagnostics) {
    /** How it ended. */
    public enum Kind {
        /** Nothing unwanted is left, but for what is to be kept. */
        COMPLETE,
        /** Something could not be deleted, or not in time. */
        INCOMPLETE,
        /** More than the budget allows: nothing was deleted, approval is awaited. */
        OVER_BUDGET,
        /** Pruning is switched off. */
        DISABLED
    }

    public static final PruneResult NOTHING = new PruneResult(Kind.COMPLETE, 0, 0, List.of());

    public PruneResult {
        diagnostics = diagnostics.stream().limit(RunMachine.MOST_LISTED).toList();
    }
}
