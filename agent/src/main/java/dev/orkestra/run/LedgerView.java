package dev.orkestra.run;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a run must know of the ledger when its content is known.
 *
 * @param lastGood null before the first good commit
 * @param quarantinedDigests never applied again, except by a retry
 * @param settledDigest the content that the cluster is known to hold whole and healthy; empty while a run is under way
 *     or after one that was not cleaned up
 * @param onHold nothing new runs until somebody resumes
 */
public record LedgerView(
        @Nullable LastGood lastGood, Set<String> quarantinedDigests, String settledDigest, boolean onHold) {
    public LedgerView {
        quarantinedDigests = Set.copyOf(quarantinedDigests);
    }
}
