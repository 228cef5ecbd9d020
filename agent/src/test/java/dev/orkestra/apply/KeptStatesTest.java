package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.run.LastGood;
import dev.orkestra.run.Ledger;
import dev.orkestra.run.Phase;
import dev.orkestra.run.Pinned;
import dev.orkestra.run.Quarantined;
import dev.orkestra.run.RunSummary;
import dev.orkestra.run.Trigger;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KeptStatesTest {
    private final Map<String, List<String>> stored = new TreeMap<>();
    private Ledger ledger = Ledger.EMPTY;

    @Test
    void lastGoodAndTheNewestThatWereGoodBeforeStay() {
        for (int run = 1; run <= 6; run++) {
            ran(run, Phase.Good, 1);
        }
        ran(7, Phase.RolledBack, 1);
        ran(8, Phase.Invalid, 1);

        assertThat(KeptStates.of(ledger, stored)).containsExactlyInAnyOrder("d6", "d5", "d4", "d3");
    }

    @Test
    void contentThatIsQuarantinedIsNotGoneBackTo() {
        ran(1, Phase.Good, 1);
        ran(2, Phase.Good, 1);
        ran(3, Phase.Good, 1);
        ledger = ledger.quarantine(new Quarantined("c2", "d2", 4, "Unhealthy", Instant.EPOCH));

        assertThat(KeptStates.of(ledger, stored)).containsExactlyInAnyOrder("d3", "d1");
    }

    @Test
    void largeStatesStayOnlyAsFarAsThereIsRoom() {
        ran(1, Phase.Good, 1);
        ran(2, Phase.Good, KeptStates.MOST_SECRETS);
        ran(3, Phase.Good, 1);
        ran(4, Phase.Good, 100);

        assertThat(KeptStates.of(ledger, stored)).containsExactlyInAnyOrder("d4", "d3");
    }

    @Test
    void thePinnedOneStaysHoweverOldItIs() {
        for (int run = 1; run <= 7; run++) {
            ran(run, Phase.Good, 1);
        }
        ledger = ledger.pin(new Pinned("c1", 8, "", "", Instant.EPOCH));

        assertThat(KeptStates.of(ledger, stored)).containsExactlyInAnyOrder("d7", "d1", "d6", "d5", "d4");
    }

    @Test
    void whatIsNotThereDoesNotCount() {
        ran(1, Phase.Good, 1);
        ran(2, Phase.Good, 1);
        stored.remove("d2");

        assertThat(KeptStates.of(ledger, stored)).containsExactly("d1");
    }

    private void ran(int run, Phase phase, int secrets) {
        String digest = "d" + run;
        stored.put(digest, Collections.nCopies(secrets, "secret"));
        if (phase == Phase.Good) {
            ledger = ledger.good(new LastGood("c" + run, run, digest));
        }
        ledger = ledger.finished(new RunSummary(
                run, "c" + run, digest, Trigger.SCHEDULE, phase, Instant.EPOCH, Instant.EPOCH, "", "", "", false));
    }
}
