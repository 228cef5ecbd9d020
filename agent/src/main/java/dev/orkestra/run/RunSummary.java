package dev.orkestra.run;

import java.time.Instant;

/**
 * A run that has ended, as history keeps it.
 *
 * @param run its number
 * @param digest empty when it was never composed
 */
public record RunSummary(
        int run, String commit, String digest, Trigger trigger, Phase phase, Instant startedAt, Instant endedAt) {
    /** The summary of {@code state}, which is at {@link Step#Finish}. */
    public static RunSummary of(RunState state, Instant endedAt) {
        RunSpec spec = state.spec();
        return new RunSummary(
                spec.number(), spec.commit(), state.digest(), spec.trigger(), state.phase(), spec.startedAt(), endedAt);
    }
}
