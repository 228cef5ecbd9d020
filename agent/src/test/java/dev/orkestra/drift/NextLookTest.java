package dev.orkestra.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.document.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NextLookTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void withNothingToWaitForOnlyAnEventWakes() {
        assertThat(NextLook.of(NOW, false, Optional.empty(), 0, List.of(drift(null))))
                .isEmpty();
    }

    @Test
    void theFirstThatIsDueCounts() {
        assertThat(NextLook.of(
                        NOW,
                        true,
                        Optional.of(NOW.plusSeconds(60)),
                        1,
                        List.of(drift(NOW.plusSeconds(3)), drift(NOW.plusSeconds(300)))))
                .contains(Duration.ofSeconds(3));
        assertThat(NextLook.of(NOW, false, Optional.of(NOW.plusSeconds(60)), 0, List.of()))
                .contains(Duration.ofMinutes(1));
    }

    @Test
    void triesAreFartherAndFartherApart() {
        assertThat(NextLook.of(NOW, false, Optional.empty(), 1, List.of())).contains(Duration.ofSeconds(5));
        assertThat(NextLook.of(NOW, false, Optional.empty(), 3, List.of())).contains(Duration.ofSeconds(20));
        assertThat(NextLook.of(NOW, false, Optional.empty(), 1_000, List.of())).contains(Duration.ofMinutes(5));
    }

    @Test
    void aPauseThatIsOverIsNotASpin() {
        assertThat(NextLook.of(NOW, false, Optional.empty(), 0, List.of(drift(NOW.minusSeconds(1)))))
                .contains(Duration.ofSeconds(5));
    }

    private static Drift drift(@Nullable Instant until) {
        return new Drift(
                new ObjectKey("", "ConfigMap", "shop", "a"), Drift.Reason.Fight, "m", List.of(), "scaler", NOW, until);
    }
}
