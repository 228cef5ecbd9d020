package dev.orkestra.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.document.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FindingsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final ObjectKey KEY = new ObjectKey("", "ConfigMap", "shop", "a");

    private final Findings findings = new Findings();

    @Test
    void whatIsNewIsDueAtOnce() {
        assertThat(findings.due(KEY, "1")).contains(Instant.MIN);
    }

    @Test
    void whatIsLeftIsLookedAtOnlyWhenItMovesAndNotTooOften() {
        findings.left(drift(Drift.Reason.Changed, null), "1", NOW);

        assertThat(findings.due(KEY, "1")).isEmpty();
        assertThat(findings.due(KEY, "2")).contains(NOW.plus(Findings.REST));
    }

    @Test
    void aFightRestsUntilItsEndHoweverOftenTheOtherOneWrites() {
        findings.left(drift(Drift.Reason.Fight, NOW.plusSeconds(300)), "1", NOW);

        assertThat(findings.due(KEY, "2")).contains(NOW.plusSeconds(300));
        assertThat(findings.due(KEY, "1")).contains(NOW.plusSeconds(300));
    }

    @Test
    void aRefusalIsTriedAgainFartherAndFartherApartHoweverOftenTheObjectMoves() {
        Instant now = NOW;
        for (int round = 1; round <= 20; round++) {
            findings.left(drift(Drift.Reason.Refused, null), "" + round, now);
            Instant due = findings.due(KEY, "moved").orElseThrow();
            Duration expected = Findings.REST.multipliedBy(1L << Math.min(round - 1, 10));
            assertThat(Duration.between(now, due))
                    .isEqualTo(expected.compareTo(Findings.LONGEST_RETRY) > 0 ? Findings.LONGEST_RETRY : expected);
            now = due;
        }
    }

    @Test
    void troubleIsTriedAgainAndNeedsNoDriftToTell() {
        findings.troubled(KEY, "1", NOW);

        assertThat(findings.due(KEY, "1")).contains(NOW.plusSeconds(5));
        assertThat(findings.present()).isEmpty();
        assertThat(findings.isEmpty()).as("somebody has to look again").isFalse();
    }

    @Test
    void whatGoesToAndFroRestsAllTheSame() {
        findings.left(drift(Drift.Reason.Changed, null), "1", NOW);
        findings.fine(KEY, "2", NOW.plusSeconds(1));

        assertThat(findings.present()).isEmpty();
        assertThat(findings.isEmpty()).isTrue();
        assertThat(findings.due(KEY, "3")).contains(NOW.plusSeconds(5));
    }

    @Test
    void whatWasHeldByFinalizersIsDueAtOnceWhenItIsGone() {
        findings.left(drift(Drift.Reason.BeingDeleted, null), "1", NOW);

        assertThat(findings.due(KEY, "2")).contains(NOW.plus(Findings.REST));
        assertThat(findings.due(KEY, "")).contains(Instant.MIN);
    }

    @Test
    void whatIsGoneWithItsNamespaceIsAskedForAgain() {
        findings.left(drift(Drift.Reason.BeingDeleted, null), "", NOW);

        assertThat(findings.due(KEY, "")).contains(NOW.plus(Findings.REST));
        assertThat(findings.firstDue(key -> Optional.of(""))).contains(NOW.plus(Findings.REST));
    }

    @Test
    void itKeepsTheTimeOfTheFirstSight() {
        findings.left(drift(Drift.Reason.Changed, null), "1", NOW);
        Drift later = new Drift(KEY, Drift.Reason.Changed, "other", List.of("x"), "", NOW.plusSeconds(9), null);
        findings.left(later, "2", NOW.plusSeconds(9));

        assertThat(findings.present())
                .singleElement()
                .returns(NOW, Drift::since)
                .returns("other", Drift::message);
    }

    private static Drift drift(Drift.Reason reason, @Nullable Instant until) {
        return new Drift(KEY, reason, "m", List.of("data.x"), "scaler", NOW, until);
    }
}
