package dev.orkestra.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final LastGood GOOD = new LastGood("b2", 2, "sha256:good");

    @Test
    void remembersBadContentByItsDigest() {
        Ledger ledger = Ledger.EMPTY.good(GOOD).quarantine(bad("sha256:bad", 3));

        assertThat(ledger.isQuarantined("sha256:bad")).isTrue();
        assertThat(ledger.quarantine(bad("sha256:bad", 3))).isEqualTo(ledger);
        assertThat(ledger.lift("sha256:bad").isQuarantined("sha256:bad")).isFalse();
    }

    @Test
    void neverQuarantinesLastGood() {
        assertThat(Ledger.EMPTY.good(GOOD).quarantine(bad("sha256:good", 3)).isQuarantined("sha256:good"))
                .isFalse();
    }

    @Test
    void freesContentThatBecameGoodAfterAll() {
        Ledger ledger = Ledger.EMPTY.quarantine(bad("sha256:good", 1)).good(GOOD);

        assertThat(ledger.isQuarantined("sha256:good")).isFalse();
        assertThat(ledger.settledDigest()).isEqualTo("sha256:good");
    }

    @Test
    void holdsAfterThreeDifferentFailuresInARow() {
        Ledger two =
                Ledger.EMPTY.quarantine(bad("a", 1)).quarantine(bad("b", 2)).quarantine(bad("b", 3));
        Ledger three = two.quarantine(bad("c", 4));

        assertThat(two.isOnHold()).isFalse();
        assertThat(three.isOnHold()).isTrue();
        assertThat(three.resumed().isOnHold()).isFalse();
        assertThat(three.resumed().isQuarantined("c")).isTrue();
        assertThat(two.good(GOOD).quarantine(bad("c", 4)).isOnHold()).isFalse();
    }

    @Test
    void isSettledOnlyWhenTheClusterIsWhole() {
        Ledger running = Ledger.EMPTY.good(GOOD).unsettled();

        assertThat(running.settledDigest()).isEmpty();
        assertThat(running.rolledBack(GOOD, false).settledDigest()).isEmpty();
        assertThat(running.rolledBack(GOOD, true).settledDigest()).isEqualTo("sha256:good");
    }

    @Test
    void aCommitHasNothingToDoOnlyWhenItsContentIsGoodAndTheClusterIsWhole() {
        assertThat(Ledger.EMPTY.holds("")).isFalse();
        assertThat(Ledger.EMPTY.good(GOOD).holds("sha256:good")).isTrue();
        assertThat(Ledger.EMPTY.good(GOOD).holds("sha256:other")).isFalse();
        assertThat(Ledger.EMPTY.good(GOOD).unsettled().holds("sha256:good")).isFalse();
    }

    @Test
    void isAbandonedWhenNothingFitFollowsARunThatLeftItHalfWay() {
        for (Phase left : List.of(Phase.Superseded, Phase.RollbackFailed)) {
            Ledger half = Ledger.EMPTY.good(GOOD).unsettled().finished(ended(2, left, true));
            Ledger invalid = half.finished(ended(3, Phase.Superseded, false)).finished(ended(4, Phase.Invalid, false));

            assertThat(half.isAbandoned())
                    .as("%s, and the next is still to come", left)
                    .isFalse();
            assertThat(half.finished(ended(3, Phase.Superseded, false)).isAbandoned())
                    .isFalse();
            assertThat(half.finished(ended(3, Phase.Held, false)).isAbandoned()).isTrue();
            assertThat(invalid.isAbandoned()).isTrue();
            assertThat(LedgerJson.read(LedgerJson.write(invalid)).isAbandoned()).isTrue();
            assertThat(invalid.good(GOOD).isAbandoned()).as("back on last-good").isFalse();
        }
    }

    @Test
    void isNotAbandonedWhereSomebodyDecidedThatItStays() {
        Ledger held = Ledger.EMPTY.good(GOOD).unsettled().finished(ended(2, Phase.Held, true));
        Ledger nothingToGoTo = Ledger.EMPTY.finished(ended(1, Phase.Superseded, true));

        assertThat(held.finished(ended(3, Phase.Invalid, false)).isAbandoned())
                .as("held past a point of no return")
                .isFalse();
        assertThat(nothingToGoTo.finished(ended(2, Phase.Invalid, false)).isAbandoned())
                .isFalse();
    }

    @Test
    void keepsTheNewestRunsOnce() {
        Ledger ledger = IntStream.rangeClosed(1, 30)
                .mapToObj(LedgerTest::run)
                .reduce(Ledger.EMPTY, (before, run) -> before.finished(run).finished(run), (a, b) -> b);

        assertThat(ledger.history())
                .extracting(RunSummary::run)
                .containsExactlyElementsOf(IntStream.rangeClosed(11, 30).boxed().toList());
    }

    private static Quarantined bad(String digest, int run) {
        return new Quarantined("c" + run, digest, run, "DeadlineExceeded", Samples.START);
    }

    private static RunSummary run(int number) {
        return new RunSummary(
                number,
                "c" + number,
                "",
                Trigger.SCHEDULE,
                Phase.Invalid,
                Samples.START,
                Samples.at(number),
                "",
                "",
                "",
                false);
    }

    private static RunSummary ended(int number, Phase phase, boolean touched) {
        return new RunSummary(
                number,
                "c" + number,
                "sha256:" + number,
                Trigger.SCHEDULE,
                phase,
                Samples.START,
                Samples.at(number),
                "",
                "",
                "",
                touched);
    }
}
