package dev.orkestra.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Lives random histories. {@link World} holds these properties at every instant: wave order, no orphan, quarantined
 * content is never applied again, last-good was healthy as a whole, nothing is pruned before last-good moved, every
 * wait has a deadline. Each build lives other histories: the first seed is printed, and {@code -Dorkestra.seed=N} lives those
 * of another build again.
 */
class RunMachinePropertyTest {
    private static final long FIRST_SEED = Long.getLong("orkestra.seed", System.nanoTime());
    private static final int HISTORIES = 10_000;

    @BeforeAll
    static void saysItsSeed() {
        System.out.println("RunMachinePropertyTest: " + HISTORIES + " histories from -Dorkestra.seed=" + FIRST_SEED);
    }

    @Test
    void holdsItsPropertiesAndEndsTheSameHoweverOftenItIsKilled() {
        LongStream.range(FIRST_SEED, FIRST_SEED + HISTORIES).parallel().forEach(seed -> {
            Life.Outcome calm;
            Life.Outcome killed;
            try {
                calm = live(seed, false);
                killed = live(seed, true);
            } catch (AssertionError | RuntimeException broken) {
                throw new AssertionError("seed " + seed + ": " + broken.getMessage(), broken);
            }
            assertThat(killed).as("seed %d: killed, against not killed", seed).isEqualTo(calm);
        });
    }

    @Test
    void meetsEveryEndAndEveryVerdict() {
        Map<Phase, Integer> ends = new EnumMap<>(Phase.class);
        int wayBackGivenUp = 0;
        Set<Verdict> verdicts = EnumSet.noneOf(Verdict.class);
        for (long seed = FIRST_SEED; seed < FIRST_SEED + 2000; seed++) {
            for (Life.End end : live(seed, false).runs()) {
                ends.merge(end.phase(), 1, Integer::sum);
                verdicts.add(end.verdict());
                wayBackGivenUp += end.phase() == Phase.Superseded && end.verdict() == Verdict.COMMIT ? 1 : 0;
            }
        }
        assertThat(wayBackGivenUp).isGreaterThan(0);
        // A generator that never gets to an end proves nothing about it.
        assertThat(ends)
                .containsKeys(
                        Phase.Good,
                        Phase.Invalid,
                        Phase.Held,
                        Phase.RolledBack,
                        Phase.RollbackFailed,
                        Phase.Superseded);
        assertThat(ends.values()).allMatch(count -> count >= 20, ends.toString());
        assertThat(verdicts).containsExactlyInAnyOrder(Verdict.values());
    }

    private static Life.Outcome live(long seed, boolean kills) {
        History history = History.random(new SplittableRandom(seed));
        SplittableRandom faults = new SplittableRandom(~seed);
        return new Life(history, kills ? Faults.often(faults) : Faults.none(faults)).live();
    }
}
