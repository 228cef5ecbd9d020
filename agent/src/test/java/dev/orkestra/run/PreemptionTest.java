package dev.orkestra.run;

import static dev.orkestra.run.Direction.FORWARD;
import static dev.orkestra.run.Samples.FIRST;
import static dev.orkestra.run.Samples.LAST_GOOD;
import static dev.orkestra.run.Samples.SECOND;
import static dev.orkestra.run.Samples.SHOP;
import static dev.orkestra.run.Samples.after;
import static dev.orkestra.run.Samples.applying;
import static dev.orkestra.run.Samples.at;
import static dev.orkestra.run.Samples.awaitingSecond;
import static dev.orkestra.run.Samples.begun;
import static dev.orkestra.run.Samples.composed;
import static dev.orkestra.run.Samples.view;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.run.Evidence.Before;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A run has 30 minutes from its first write, at 4 s, and each wave has 5. */
class PreemptionTest {
    private static final LedgerView SETTLED = view(LAST_GOOD, LAST_GOOD.digest());
    private static final RunEvent.NewerCommit NEWER = new RunEvent.NewerCommit(at(8), "d4");

    @Test
    void goesOnWhileItMakesProgress() {
        RunState told = after(awaitingFirst(), NEWER);
        RunState next = after(told, new RunEvent.WaveHealthy(at(900), FORWARD, FIRST));

        assertThat(next.step()).isEqualTo(Step.ApplyWave);
        assertThat(next.currentWave()).isEqualTo(SECOND);
        assertThat(next.report().newerCommit()).isEqualTo("d4");
    }

    @Test
    void givesWayBetweenWavesAfterHalfOfItsTime() {
        RunState next = after(awaitingFirst(), NEWER, new RunEvent.WaveHealthy(at(904), FORWARD, FIRST));

        assertThat(next.phase()).isEqualTo(Phase.Superseded);
        assertThat(RunMachine.command(next)).isEqualTo(new RunCommand.Finish(Phase.Superseded));
        assertThat(next.waves().getFirst().phase()).isEqualTo(WaveState.Phase.Healthy);
        assertThat(next.touched()).isTrue();
    }

    @Test
    void becomesGoodWhenItsLastWaveIsHealthyHoweverLate() {
        RunState next = after(awaitingSecond(SETTLED), NEWER, new RunEvent.WaveHealthy(at(1700), FORWARD, SECOND));

        assertThat(next.step()).isEqualTo(Step.Soak);
    }

    @Test
    void aWaveThatStandsStillGivesWayAfterHalfOfItsTimeWhereNothingIsInFlight() {
        RunState told = after(awaitingSecond(SETTLED), NEWER);

        assertThat(RunMachine.command(awaitingSecond(SETTLED)))
                .isEqualTo(new RunCommand.AwaitHealth(FORWARD, SECOND, at(306)));
        assertThat(RunMachine.command(told))
                .isEqualTo(new RunCommand.AwaitHealth(FORWARD, SECOND, at(306), Optional.of(at(156))));
        assertThat(after(told, new RunEvent.SafePoint(at(155), FORWARD, SECOND)).step())
                .isEqualTo(Step.AwaitWave);
        assertThat(after(told, new RunEvent.SafePoint(at(156), FORWARD, SECOND)).phase())
                .isEqualTo(Phase.Superseded);
    }

    @Test
    void noWaveGivesWayToNobody() {
        RunState awaiting = awaitingSecond(SETTLED);

        assertThat(after(awaiting, new RunEvent.SafePoint(at(300), FORWARD, SECOND)))
                .isEqualTo(awaiting);
    }

    @Test
    void givesWayBeforeItsFirstWriteAtOnce() {
        RunState intending = after(
                begun(Trigger.SCHEDULE),
                composed(SETTLED),
                new RunEvent.StateStored(at(2)),
                new RunEvent.Planned(at(3), Samples.PLAN, List.of()));

        assertThat(intending.step()).isEqualTo(Step.StoreIntent);
        assertThat(after(intending, NEWER).phase()).isEqualTo(Phase.Superseded);
    }

    @Test
    void aRefThatComesBackIsNoReasonToGiveWay() {
        RunState back = after(awaitingFirst(), NEWER, new RunEvent.NewerCommit(at(9), "c3"));

        assertThat(back.report().newerCommit()).isEmpty();
        assertThat(after(back, new RunEvent.WaveHealthy(at(1000), FORWARD, FIRST))
                        .step())
                .isEqualTo(Step.ApplyWave);
    }

    @Test
    void theNextRunIsNotFooledByWhatThisOneBroke() {
        RunState gaveWay = after(awaitingSecond(SETTLED), NEWER, new RunEvent.SafePoint(at(200), FORWARD, SECOND));
        RunState next = planned(begunAfter(gaveWay), view(LAST_GOOD, ""));

        assertThat(next.known().inherited()).isTrue();
        assertThat(next.before(SHOP, true)).isEqualTo(Before.HEALTHY);
    }

    @Test
    void whatItLeavesGoesThroughRunsThatChangeNothing() {
        RunState gaveWay = after(awaitingSecond(SETTLED), NEWER, new RunEvent.SafePoint(at(200), FORWARD, SECOND));
        RunState invalid = after(begunAfter(gaveWay), new RunEvent.Invalid(at(300), List.of(Samples.TROUBLE)));

        assertThat(planned(begunAfter(invalid), view(LAST_GOOD, "")).before(SHOP, true))
                .isEqualTo(Before.HEALTHY);
    }

    @Test
    void whatItLeavesCountsNoMoreWhenTheEnvironmentIsWhole() {
        RunState gaveWay = after(awaitingSecond(SETTLED), NEWER, new RunEvent.SafePoint(at(200), FORWARD, SECOND));

        assertThat(planned(begunAfter(gaveWay), SETTLED).before(SHOP, true)).isEqualTo(Before.UNHEALTHY);
    }

    @Test
    void whatItLeavesIsPersisted() {
        RunState gaveWay = after(awaitingSecond(SETTLED), NEWER, new RunEvent.SafePoint(at(200), FORWARD, SECOND));
        RunState next = begunAfter(gaveWay);

        assertThat(RunStateJson.read(RunStateJson.write(next))).isEqualTo(next);
    }

    private static RunState awaitingFirst() {
        return after(applying(SETTLED), new RunEvent.WaveApplied(at(5), FORWARD, FIRST));
    }

    private static RunState begunAfter(RunState before) {
        RunSpec.Limits limits = new RunSpec.Limits(Duration.ofMinutes(5), Duration.ofMinutes(30), Duration.ZERO);
        return RunState.begin(
                new RunSpec("orkestra", "staging", 4, "d4", Trigger.SCHEDULE, at(201), limits),
                7,
                Consent.NONE,
                RunState.Basis.UNKNOWN,
                RunState.Known.leftBy(Optional.of(before)));
    }

    /** As the plan sees it, {@code SHOP} is not healthy. */
    private static RunState planned(RunState run, LedgerView ledger) {
        return after(
                run,
                composed(ledger),
                new RunEvent.StateStored(at(202)),
                new RunEvent.Planned(at(203), Samples.PLAN, List.of(SHOP)));
    }
}
