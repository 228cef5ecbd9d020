package dev.orkestra.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetriesTest {
    private static final RepoKey STAGING = new RepoKey("orkestra", "staging");
    private static final RepoKey PRODUCTION = new RepoKey("orkestra", "production");

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Retries retries = new Retries(() -> now);

    @Test
    void waitsDoubleFromTwoSecondsToFiveMinutes() {
        List<Long> waits =
                IntStream.range(0, 10).mapToObj(_ -> failed("1").toSeconds()).toList();
        assertThat(waits).containsExactly(2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 300L, 300L);
    }

    @Test
    void waitsAtLeastAsLongAsAskedButNeverLongerThanTheLongest() {
        assertThat(retries.failed(STAGING, "1", Duration.ofMinutes(1))).isEqualTo(Duration.ofMinutes(1));
        assertThat(retries.failed(STAGING, "1", Duration.ofHours(1))).isEqualTo(Retries.LONGEST);
    }

    @Test
    void aLookBeforeTheTimeIsToldHowMuchIsLeft() {
        failed("1");
        now = now.plusMillis(500);
        assertThat(retries.wait(STAGING, "1")).contains(Duration.ofMillis(1500));
        now = now.plusMillis(1500);
        assertThat(retries.wait(STAGING, "1")).isEmpty();
    }

    @Test
    void whoChangesWhatTheTroubleMayComeFromDoesNotWaitAndBeginsAnew() {
        IntStream.range(0, 5).forEach(_ -> failed("1"));
        assertThat(retries.wait(STAGING, "2")).isEmpty();
        assertThat(failed("2")).isEqualTo(Retries.FIRST);
        assertThat(retries.wait(STAGING, "2")).contains(Retries.FIRST);
    }

    @Test
    void successEndsTheWaitAndOtherRepositoriesNeverHadOne() {
        failed("1");
        assertThat(retries.wait(PRODUCTION, "1")).isEmpty();
        retries.worked(STAGING);
        assertThat(retries.wait(STAGING, "1")).isEmpty();
        assertThat(failed("1")).isEqualTo(Retries.FIRST);
    }

    private Duration failed(String basis) {
        return retries.failed(STAGING, basis, Duration.ZERO);
    }
}
