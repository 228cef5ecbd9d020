package dev.orkestra.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkScheduleTest {
    /** Near the end of the range: nanoTime may wrap around while the agent runs. */
    private long now = Long.MAX_VALUE - Duration.ofSeconds(1).toNanos();

    private final WorkSchedule<String> schedule = new WorkSchedule<>();

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private List<String> takeAll() {
        List<String> taken = new ArrayList<>();
        for (Optional<String> next = schedule.take(now); next.isPresent(); next = schedule.take(now)) {
            taken.add(next.get());
        }
        return taken;
    }

    @Test
    void givesEachKeyOnceInTheOrderInWhichItCame() {
        schedule.add("b", now);
        schedule.add("a", now);
        schedule.add("b", now);

        assertThat(takeAll()).containsExactly("b", "a");
    }

    @Test
    void looksOnceMoreAtAKeyThatWasAddedDuringItsLook() {
        schedule.add("a", now);
        assertThat(takeAll()).containsExactly("a");
        schedule.add("a", now);
        schedule.add("a", now);
        assertThat(takeAll()).isEmpty();

        schedule.done("a", Optional.empty(), now);

        assertThat(takeAll()).containsExactly("a");
        schedule.done("a", Optional.empty(), now);
        assertThat(takeAll()).isEmpty();
    }

    @Test
    void keepsTheEarliestOfSeveralTimes() {
        schedule.addAt("a", now + Duration.ofSeconds(5).toNanos());
        schedule.addAt("a", now + Duration.ofSeconds(2).toNanos());
        schedule.addAt("a", now + Duration.ofSeconds(9).toNanos());

        pass(Duration.ofMillis(1_999));
        assertThat(takeAll()).isEmpty();
        pass(Duration.ofMillis(1));
        assertThat(takeAll()).containsExactly("a");
        schedule.done("a", Optional.empty(), now);
        pass(Duration.ofMinutes(1));
        assertThat(takeAll()).as("the later wishes were the same wish").isEmpty();
    }

    @Test
    void keepsATimeThatWasAskedForDuringTheLookIfItIsSooner() {
        schedule.add("a", now);
        takeAll();
        schedule.addAt("a", now + Duration.ofSeconds(3).toNanos());
        schedule.done("a", Optional.of(Duration.ofMinutes(10)), now);

        pass(Duration.ofSeconds(3));

        assertThat(takeAll()).containsExactly("a");
    }

    @Test
    void waitsTwiceAsLongAfterEachFailureAndForgetsItAfterASuccess() {
        List<Duration> waits = new ArrayList<>();
        for (int i = 0; i < 13; i++) {
            schedule.add("a", now);
            takeAll();
            waits.add(schedule.failed("a", now));
        }

        assertThat(waits.subList(0, 4))
                .containsExactly(
                        Duration.ofMillis(200),
                        Duration.ofMillis(400),
                        Duration.ofMillis(800),
                        Duration.ofMillis(1_600));
        assertThat(waits.getLast()).isEqualTo(Duration.ofMinutes(5));

        pass(Duration.ofMinutes(5));
        assertThat(takeAll()).containsExactly("a");
        schedule.done("a", Optional.empty(), now);
        schedule.add("a", now);
        takeAll();
        assertThat(schedule.failed("a", now)).isEqualTo(Duration.ofMillis(200));
    }

    @Test
    void anEventCutsABackoffShort() {
        schedule.add("a", now);
        takeAll();
        schedule.failed("a", now);

        schedule.add("a", now);

        assertThat(takeAll()).containsExactly("a");
    }

    @Test
    void tellsHowLongTheOldestKeyHasBeenReady() {
        assertThat(schedule.oldestReady(now)).isZero();
        schedule.addAt("late", now + Duration.ofSeconds(1).toNanos());
        pass(Duration.ofSeconds(3));
        assertThat(schedule.oldestReady(now)).isEqualTo(Duration.ofSeconds(2));
        schedule.add("new", now);
        pass(Duration.ofSeconds(1));
        takeAll();
        assertThat(schedule.oldestReady(now)).isZero();
    }

    /**
     * Random histories: no key is ever in flight twice, what was asked for is looked at, nothing else is, and the order
     * of readiness holds.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 20261121, -9})
    void keepsItsLawsInAnyHistory(long seed) {
        Random random = new Random(seed);
        List<String> keys = List.of("a", "b", "c", "d", "e");
        Set<String> inFlight = new HashSet<>();
        // Keys whose look was asked for after their last look began.
        Set<String> wanted = new HashSet<>();
        for (int step = 0; step < 5_000; step++) {
            String key = keys.get(random.nextInt(keys.size()));
            switch (random.nextInt(6)) {
                case 0 -> {
                    schedule.add(key, now);
                    wanted.add(key);
                }
                case 1 -> {
                    schedule.addAt(
                            key, now + random.nextLong(Duration.ofSeconds(2).toNanos()));
                    wanted.add(key);
                }
                case 2, 3 -> {
                    Optional<String> taken = schedule.take(now);
                    taken.ifPresent(one -> {
                        assertThat(inFlight.add(one))
                                .as("seed %s: %s twice in flight", seed, one)
                                .isTrue();
                        assertThat(wanted.remove(one))
                                .as("seed %s: %s was not asked for", seed, one)
                                .isTrue();
                    });
                }
                case 4 -> {
                    if (inFlight.remove(key)) {
                        if (random.nextBoolean()) {
                            schedule.done(key, Optional.empty(), now);
                        } else {
                            schedule.failed(key, now);
                            wanted.add(key);
                        }
                    }
                }
                default -> pass(Duration.ofMillis(random.nextInt(700)));
            }
            assertThat(schedule.inFlightCount()).as("seed %s", seed).isEqualTo(inFlight.size());
        }
        for (String key : inFlight) {
            schedule.done(key, Optional.empty(), now);
        }
        pass(Duration.ofMinutes(6));
        assertThat(new HashSet<>(takeAll())).as("seed %s: what is left", seed).isEqualTo(wanted);
    }
}
