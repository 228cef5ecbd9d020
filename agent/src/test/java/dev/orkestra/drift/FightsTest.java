package dev.orkestra.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.document.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FightsTest {
    private static final ObjectKey MAP = new ObjectKey("", "ConfigMap", "shop", "settings");
    private static final ObjectKey OTHER = new ObjectKey("", "ConfigMap", "shop", "other");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Fights fights = new Fights();

    @Test
    void afterThreeCorrectionsAgainstTheSameManagerTheObjectIsLeftAlone() {
        correct(Fights.MOST, "scaler", START);

        assertThat(fights.pausedUntil(MAP, "scaler", START)).contains(START.plus(Fights.FIRST_PAUSE));
        assertThat(fights.pausedUntil(MAP, "scaler", START.plusSeconds(1))).contains(START.plus(Fights.FIRST_PAUSE));
    }

    @Test
    void anotherManagerOrObjectHasItsOwnCount() {
        correct(Fights.MOST, "scaler", START);

        assertThat(fights.pausedUntil(MAP, "kubectl-edit", START)).isEmpty();
        assertThat(fights.pausedUntil(OTHER, "scaler", START)).isEmpty();
    }

    @Test
    void correctionsThatLieFarApartAreNoFight() {
        for (int i = 0; i < 20; i++) {
            Instant at = START.plus(
                    Fights.WITHIN.dividedBy(Fights.MOST - 1).plusSeconds(1).multipliedBy(i));
            assertThat(fights.pausedUntil(MAP, "scaler", at)).isEmpty();
            fights.corrected(MAP, "scaler", at);
        }
    }

    @Test
    void afterThePauseItIsTriedOnceAndThenPausedForLongerUpToAnHour() {
        correct(Fights.MOST, "scaler", START);
        Instant now = START;
        Duration before = Duration.ZERO;
        for (int i = 0; i < 8; i++) {
            Instant until = fights.pausedUntil(MAP, "scaler", now).orElseThrow();
            Duration pause = Duration.between(now, until);
            assertThat(pause).isGreaterThanOrEqualTo(before).isLessThanOrEqualTo(Fights.LONGEST_PAUSE);
            assertThat(fights.pausedUntil(MAP, "scaler", until)).isEmpty();
            fights.corrected(MAP, "scaler", until);
            before = pause;
            now = until.plusSeconds(1);
        }
        assertThat(before).isEqualTo(Fights.LONGEST_PAUSE);
    }

    @Test
    void aRunEndsAllFights() {
        correct(Fights.MOST, "scaler", START);
        fights.forget();

        assertThat(fights.pausedUntil(MAP, "scaler", START)).isEmpty();
    }

    private void correct(int times, String manager, Instant at) {
        for (int i = 0; i < times; i++) {
            assertThat(fights.pausedUntil(MAP, manager, at)).isEmpty();
            fights.corrected(MAP, manager, at);
        }
    }
}
