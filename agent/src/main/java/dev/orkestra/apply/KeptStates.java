package dev.orkestra.apply;

import dev.orkestra.run.AskedRun;
import dev.orkestra.run.LastGood;
import dev.orkestra.run.Ledger;
import dev.orkestra.run.Phase;
import dev.orkestra.run.Pinned;
import dev.orkestra.run.RunSummary;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Which resolved states stay when no run is under way: they are what can be gone back to without Git. */
final class KeptStates {
    /** Beside last-good's and the pinned one's. */
    static final int MOST_EARLIER = 3;
    /** Of all earlier ones together; a Secret holds at most 640 KiB. */
    static final int MOST_SECRETS = 12;

    private KeptStates() {}

    /**
     * Digests of the states that stay: last-good's and the pinned commit's always, and those of the newest commits that
     * were good, as far as the bounds go.
     *
     * @param stored names of the Secrets of each state that is there
     */
    static Set<String> of(Ledger ledger, Map<String, List<String>> stored) {
        LastGood good = ledger.lastGood();
        Pinned pinned = ledger.pinned();
        Set<String> kept = new LinkedHashSet<>();
        Stream.concat(
                        Optional.ofNullable(good).map(LastGood::digest).stream(),
                        Optional.ofNullable(pinned).stream()
                                .flatMap(pin -> AskedRun.goodDigests(ledger, pin.commit()).stream()))
                .filter(stored::containsKey)
                .forEach(kept::add);
        int earlier = 0;
        int secrets = 0;
        for (RunSummary run : ledger.history().reversed()) {
            String digest = run.digest();
            boolean wanted = run.phase() == Phase.Good
                    && stored.containsKey(digest)
                    && !kept.contains(digest)
                    && !ledger.isQuarantined(digest);
            if (wanted) {
                secrets += stored.getOrDefault(digest, List.of()).size();
                if (++earlier > MOST_EARLIER || secrets > MOST_SECRETS) {
                    return kept;
                }
                kept.add(digest);
            }
        }
        return kept;
    }
}
