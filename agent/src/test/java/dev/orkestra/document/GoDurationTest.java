package dev.orkestra.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {
    @ParameterizedTest
    @CsvSource({
        "5m, 5m0s",
        "1h30m, 1h30m0s",
        "90s, 1m30s",
        "1.5s, 1.5s",
        ".5s, 500ms",
        "1.s, 1s",
        "300ms, 300ms",
        "1500us, 1.5ms",
        "1500ns, 1.5\u00b5s",
        "7ns, 7ns",
        "0, 0s",
        "0s, 0s",
        "-1m, -1m0s",
        "+1m, 1m0s",
        "24h, 24h0m0s",
        "1m1m, 2m0s",
        "2562047h47m16.854775807s, 2562047h47m16.854775807s",
    })
    void readsWhatGoReadsAndPrintsWhatGoPrints(String written, String printed) {
        assertThat(GoDuration.parse(written).map(GoDuration::text)).contains(printed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "m",
                "-",
                ".",
                ".s",
                "1d",
                "PT5M",
                "5 m",
                "5m ",
                "1h-3m",
                "3M",
                "1e3s",
                "2562047h47m16.854775808s"
            })
    void refusesWhatGoRefuses(String written) {
        assertThat(GoDuration.parse(written)).isEmpty();
    }

    @Test
    void whatIsPrintedIsReadAsTheSameDuration() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            Duration duration = Duration.ofNanos(random.nextLong() >> random.nextInt(63));
            assertThat(GoDuration.parse(GoDuration.text(duration)))
                    .as("seed %d, %s", seed, duration)
                    .contains(duration);
        }
    }

    @Test
    void aVeryLongTextIsRefusedWithoutBeingRead() {
        assertThat(GoDuration.parse("1s".repeat(10_000))).isEmpty();
    }
}
