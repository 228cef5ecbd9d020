package dev.orkestra.run;

import dev.orkestra.outcome.OneLine;
import java.time.Instant;

/**
 * The environment stays on one commit because somebody asked for it; newer ones wait until {@code ork resume}.
 *
 * @param commit full object name
 * @param run number of the run that was asked for
 * @param requestedBy who asked; empty when nobody said
 * @param reason why; empty when nobody said
 * @param at when the agent took note of it
 */
public record Pinned(String commit, int run, String requestedBy, String reason, Instant at) {
    private static final int SHORT_ID = 12;

    /** For people: to what, and who wanted it why. */
    public String words() {
        String who = requestedBy.isEmpty() ? "" : " by " + OneLine.of(requestedBy);
        return "pinned to commit " + commit.substring(0, Math.min(SHORT_ID, commit.length())) + who
                + (reason.isEmpty() ? "" : ": " + OneLine.of(reason)) + "; newer commits wait";
    }
}
