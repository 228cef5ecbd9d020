package dev.orkestra.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NextLookTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void withNothingToWaitForOnlyAnEventWakes() {
        assertThat(NextLook.of(NOW, false, List.of(Optional.empty()))).isEmpty();
    }

    @Test
    void theFirstThatIsDueCounts() {
        assertThat(NextLook.of(NOW, true, List.of(Optional.of(NOW.plusSeconds(60)), Optional.of(NOW.plusSeconds(3)))))
                .contains(Duration.ofSeconds(3));
        assertThat(NextLook.of(NOW, true, List.of(Optional.of(NOW.plusSeconds(60)))))
                .contains(NextLook.UNSURE);
    }

    @Test
    void whatIsOverdueIsNotASpin() {
        assertThat(NextLook.of(NOW, false, List.of(Optional.of(Instant.MIN)))).contains(NextLook.SHORTEST);
    }
}
