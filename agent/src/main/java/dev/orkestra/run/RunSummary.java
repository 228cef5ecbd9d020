package dev.orkestra.run;

import java.time.Instant;

/**
 * A run that has ended, as history keeps it.
 *
 * @param run its number
 * @param digest empty when it was never composed
 * @param requestedBy who asked for it, or empty
 * @param reason why, or empty
 * @param verdict who is to blame, as resources write it; empty when nobody is
 * @param touched whether it may have changed the cluster
 */
public record RunSummary(
        int run,
        String commit,
        String digest,
        Trigger trigger,
        Phase phase,
        Instant startedAt,
        Instant endedAt,
        String requestedBy,
        String reason,
        String verdict,
        boolean touched) {
    /** The summary of {@code state}, which is at {@link Step#Finish}. */
    public static RunSummary of(RunState state, Instant endedAt) {
        RunSpec spec = state.spec();
        RunState.Judgement judgement = state.judgement();
        return new RunSummary(
                spec.number(),
                spec.commit(),
                state.digest(),
                spec.trigger(),
                state.phase(),
                spec.startedAt(),
                endedAt,
                spec.requestedBy(),
                spec.reason(),
                judgement == null ? "" : judgement.verdict().text(),
                state.touched());
    }
}
