package dev.orkestra.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.desired.ConfigRepo;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RepoSchedulesTest {
    private static final RepoKey STAGING = new RepoKey("orkestra", "staging");
    private static final RepoKey PRODUCTION = new RepoKey("orkestra", "production");
    private static final ConfigRepo.Schedule OFTEN = new ConfigRepo.Schedule(Duration.ofMillis(50), 10);
    private static final ConfigRepo.Schedule SOON = new ConfigRepo.Schedule(Duration.ofMillis(500), 0);
    private static final ConfigRepo.Schedule HOURLY = new ConfigRepo.Schedule(Duration.ofHours(1), 10);

    private final BlockingQueue<RepoKey> woken = new LinkedBlockingQueue<>();
    private final RepoSchedules schedules = new RepoSchedules(woken::add, InstantSource.system(), new Random(7));

    @AfterEach
    void end() {
        schedules.close();
    }

    @Test
    void aRepositoryIsWokenAgainAndAgain() throws Exception {
        schedules.schedule(STAGING, OFTEN);

        for (int times = 0; times < 3; times++) {
            assertThat(next()).isEqualTo(STAGING);
        }
    }

    @Test
    void aChangedIntervalHoldsFromNowOn() throws Exception {
        schedules.schedule(STAGING, HOURLY);
        schedules.schedule(STAGING, OFTEN);
        assertThat(next()).isEqualTo(STAGING);

        schedules.schedule(STAGING, HOURLY);
        schedules.schedule(PRODUCTION, OFTEN);
        awaitOnly(PRODUCTION);
    }

    /** Every event of the resource schedules again; a busy one must not put its own fetch off for ever. */
    @Test
    void theSameScheduleAgainDoesNotPostponeWhatIsDue() throws Exception {
        Instant deadline = Instant.now().plusSeconds(20);
        RepoKey key = null;
        while (key == null && Instant.now().isBefore(deadline)) {
            schedules.schedule(STAGING, SOON);
            key = woken.poll(20, TimeUnit.MILLISECONDS);
        }
        assertThat(key).isEqualTo(STAGING);
    }

    @Test
    void aRemovedRepositoryIsNotWokenAnyMoreAndCanComeBack() throws Exception {
        schedules.schedule(STAGING, OFTEN);
        assertThat(next()).isEqualTo(STAGING);

        schedules.remove(STAGING);
        schedules.schedule(PRODUCTION, OFTEN);
        awaitOnly(PRODUCTION);

        schedules.remove(PRODUCTION);
        schedules.schedule(STAGING, OFTEN);
        awaitOnly(STAGING);
    }

    @Test
    void removingOneThatIsNotThereIsFine() {
        schedules.remove(new RepoKey("orkestra", "nobody"));
    }

    @Test
    void aWakeThatFailsIsNotTheLast() throws Exception {
        try (RepoSchedules failing = new RepoSchedules(
                key -> {
                    woken.add(key);
                    throw new IllegalStateException("the queue is closed");
                },
                InstantSource.system(),
                new Random(7))) {
            failing.schedule(STAGING, OFTEN);

            assertThat(next()).isEqualTo(STAGING);
            assertThat(next()).isEqualTo(STAGING);
        }
    }

    private RepoKey next() throws InterruptedException {
        return woken.poll(20, TimeUnit.SECONDS);
    }

    /** What was under way may still come; after it nothing but {@code key}. */
    private void awaitOnly(RepoKey key) throws InterruptedException {
        RepoKey first = next();
        while (!key.equals(first)) {
            assertThat(first).isNotNull();
            first = next();
        }
        for (int times = 0; times < 4; times++) {
            assertThat(next()).isEqualTo(key);
        }
    }
}
