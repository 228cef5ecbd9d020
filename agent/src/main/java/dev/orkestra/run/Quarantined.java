package dev.orkestra.run;

import java.time.Instant;

/**
 * Content that failed.
 *
 * @param commit the commit that carried it last
 * @param digest its identity
 * @param run number of the run that failed
 * @param reason name of the finding, for example {@code DeadlineExceeded}
 * @param at when
 */
public record Quarantined(String commit, String digest, int run, String reason, Instant at) {}
