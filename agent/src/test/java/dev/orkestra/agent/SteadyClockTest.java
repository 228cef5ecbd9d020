package dev.orkestra.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");

    private Instant wall = NOON;
    private long nanos = 77;
    private final SteadyClock clock = new SteadyClock(() -> wall, () -> nanos);

    private void passes(Duration time) {
        wall = wall.plus(time);
        nanos += time.toNanos();
    }

    @Test
    void itGoesWithAClockThatNobodySets() {
        passes(Duration.ofSeconds(90));

        assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(90));
    }

    @Test
    void noTimePassesWhenSomebodySetsTheClock() {
        wall = NOON.plus(Duration.ofHours(1));
        assertThat(clock.instant()).isEqualTo(NOON);

        wall = NOON.minus(Duration.ofHours(1));
        assertThat(clock.instant()).isEqualTo(NOON);
    }

    @Test
    void afterAJumpItGoesOnAtNearlyTheSamePace() {
        wall = wall.plus(Duration.ofHours(1));
        passes(Duration.ofSeconds(100));
        assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(110));

        wall = wall.minus(Duration.ofHours(3));
        passes(Duration.ofSeconds(100));
        assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(200));
    }

    @Test
    void itNeverGoesBackHoweverOftenItIsAsked() {
        wall = wall.minus(Duration.ofHours(1));
        Instant before = clock.instant();
        for (int second = 0; second < 1_000; second++) {
            passes(Duration.ofSeconds(1));
            assertThat(clock.instant()).isAfter(before);
            before = clock.instant();
        }
        assertThat(before).isEqualTo(NOON.plusSeconds(900));
    }

    @Test
    void whatItIsOffByIsMadeUpInTheEnd() {
        wall = wall.plus(Duration.ofMinutes(1));
        passes(Duration.ofMinutes(20));

        assertThat(clock.instant()).isEqualTo(wall);
    }
}
