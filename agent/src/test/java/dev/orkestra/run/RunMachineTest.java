package dev.orkestra.run;

import static dev.orkestra.run.Direction.FORWARD;
import static dev.orkestra.run.Direction.ROLLBACK;
import static dev.orkestra.run.Samples.FIRST;
import static dev.orkestra.run.Samples.LAST_GOOD;
import static dev.orkestra.run.Samples.SECOND;
import static dev.orkestra.run.Samples.after;
import static dev.orkestra.run.Samples.applying;
import static dev.orkestra.run.Samples.at;
import static dev.orkestra.run.Samples.awaitingSecond;
import static dev.orkestra.run.Samples.begun;
import static dev.orkestra.run.Samples.composed;
import static dev.orkestra.run.Samples.evidence;
import static dev.orkestra.run.Samples.view;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.run.Evidence.Before;
import dev.orkestra.run.Evidence.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RunMachineTest {
    private static final LedgerView SETTLED = view(LAST_GOOD, LAST_GOOD.digest());
    private static final Evidence BROKEN = evidence(Kind.UNHEALTHY, Before.HEALTHY, true);
    private static final Evidence BYSTANDER = evidence(Kind.UNHEALTHY, Before.HEALTHY, false);
    private static final Evidence UNREACHABLE = evidence(Kind.UNREACHABLE, Before.HEALTHY, true);

    @Test
    void walksAGoodCommitThroughAllItsSteps() {
        RunState soaking = after(awaitingSecond(SETTLED), new RunEvent.WaveHealthy(at(60), FORWARD, SECOND));
        RunState pruning = after(soaking, new RunEvent.Soaked(at(90)), new RunEvent.GoodRecorded(at(91)));
        RunState end = after(pruning, new RunEvent.Pruned(at(92), PruneResult.NOTHING), new RunEvent.Finished(at(93)));

        assertThat(RunMachine.command(soaking)).isEqualTo(new RunCommand.Soak(at(90)));
        assertThat(RunMachine.command(pruning)).isEqualTo(new RunCommand.Prune());
        assertThat(pruning.phase()).isEqualTo(Phase.Verifying);
        assertThat(RunMachine.command(end)).isEqualTo(new RunCommand.End(Phase.Good));
        assertThat(end.isEnd()).isTrue();
    }

    @Test
    void givesEachWaveItsDeadlineWhenItBegins() {
        RunState awaiting = after(applying(SETTLED), new RunEvent.WaveApplied(at(5), FORWARD, FIRST));

        assertThat(RunMachine.command(awaiting)).isEqualTo(new RunCommand.AwaitHealth(FORWARD, FIRST, at(304)));
    }

    @Test
    void neverRunsQuarantinedContent() {
        RunState held = after(begun(Trigger.SCHEDULE), composed(view(LAST_GOOD, "", "sha256:new")));

        assertThat(RunMachine.command(held)).isEqualTo(new RunCommand.Finish(Phase.Held));
        assertThat(held.report().diagnostics()).anySatisfy(finding -> {
            assertThat(finding.code()).isEqualTo(ErrorCode.Held);
            assertThat(finding.hint())
                    .isEqualTo(
                            "push a commit with other content; or, where the reason is gone, run: ork retry staging c3 --reason TEXT");
        });
    }

    @Test
    void runsQuarantinedContentAgainWhenSomebodyAsksForIt() {
        RunState retried = after(begun(Trigger.RETRY), composed(view(LAST_GOOD, "", "sha256:new")));

        assertThat(retried.step()).isEqualTo(Step.StoreState);
    }

    @Test
    void aRetryThatFailsIsQuarantinedAndRolledBackAsAnyOther() {
        RunState failed = after(
                begun(Trigger.RETRY),
                composed(view(LAST_GOOD, LAST_GOOD.digest(), "sha256:new")),
                new RunEvent.StateStored(at(2)),
                new RunEvent.Planned(at(3), Samples.PLAN, List.of()),
                new RunEvent.IntentStored(at(4)),
                new RunEvent.WaveApplied(at(5), FORWARD, FIRST),
                new RunEvent.WaveFailed(at(6), FORWARD, FIRST, List.of(BROKEN)));

        assertThat(failed.step()).isEqualTo(Step.RecordQuarantine);
        RunState back =
                after(failed, new RunEvent.QuarantineRecorded(at(7)), new RunEvent.FailHooksRan(at(8), List.of()));
        assertThat(RunMachine.command(back)).isEqualTo(new RunCommand.LoadLastGood(LAST_GOOD));
    }

    @Test
    void holdsWhenTooManyContentsFailedInARow() {
        LedgerView onHold = new LedgerView(LAST_GOOD, Set.of("a", "b", "c"), "", true);

        assertThat(after(begun(Trigger.SCHEDULE), composed(onHold)).phase()).isEqualTo(Phase.Held);
    }

    @Test
    void goesBackWhenSomebodyAsksForItThoughTooManyContentsFailed() {
        LedgerView onHold = new LedgerView(LAST_GOOD, Set.of("a", "b", "c"), "", true);

        assertThat(after(begun(Trigger.ROLLBACK), composed(onHold)).step()).isEqualTo(Step.StoreState);
    }

    @Test
    void doesNotGoBackToQuarantinedContent() {
        RunState held = after(begun(Trigger.ROLLBACK), composed(view(LAST_GOOD, "", "sha256:new")));

        assertThat(held.phase()).isEqualTo(Phase.Held);
    }

    /** Which commits it is told of is decided elsewhere; without a way out it could wait for ever. */
    @Test
    void whatSomebodyWantsBackGivesWayToWhatSomebodyWantsBackLater() {
        RunState back = after(begun(Trigger.ROLLBACK), new RunEvent.NewerCommit(at(1), "a1"));

        assertThat(back.phase()).isEqualTo(Phase.Superseded);
    }

    @Test
    void makesARevertGoodAtOnceWhenTheClusterHoldsIt() {
        LastGood same = new LastGood("b2", 2, "sha256:new");
        RunState revert = after(begun(Trigger.WEBHOOK), composed(view(same, "sha256:new")));

        assertThat(RunMachine.command(revert)).isEqualTo(new RunCommand.RecordGood());
    }

    @Test
    void appliesKnownContentAgainWhenTheClusterMayHoldSomethingElse() {
        LastGood same = new LastGood("b2", 2, "sha256:new");

        assertThat(after(begun(Trigger.WEBHOOK), composed(view(same, ""))).step())
                .isEqualTo(Step.StoreState);
        assertThat(after(begun(Trigger.SYNC), composed(view(same, "sha256:new")))
                        .step())
                .isEqualTo(Step.StoreState);
    }

    @Test
    void changesNothingForAnInvalidCommit() {
        RunState invalid = after(begun(Trigger.SCHEDULE), new RunEvent.Invalid(at(1), List.of(Samples.TROUBLE)));

        assertThat(invalid.phase()).isEqualTo(Phase.Invalid);
        assertThat(invalid.touched()).isFalse();
    }

    @Test
    void needsNoRollbackWhenThePlanIsRefused() {
        RunState refused = after(
                begun(Trigger.SCHEDULE),
                composed(SETTLED),
                new RunEvent.StateStored(at(2)),
                new RunEvent.PlanRefused(at(3), List.of(evidence(Kind.REFUSED_INVALID, Before.HEALTHY, true))));
        RunState held =
                after(refused, new RunEvent.QuarantineRecorded(at(4)), new RunEvent.FailHooksRan(at(4), List.of()));

        assertThat(RunMachine.command(refused)).isEqualTo(new RunCommand.RecordQuarantine("Refused"));
        assertThat(held.phase()).isEqualTo(Phase.Held);
    }

    @Test
    void waitsForRightsWhileNothingIsTouched() {
        RunState refused = after(
                begun(Trigger.SCHEDULE),
                composed(SETTLED),
                new RunEvent.StateStored(at(2)),
                new RunEvent.PlanRefused(at(3), List.of(evidence(Kind.REFUSED_FORBIDDEN, Before.HEALTHY, true))));

        assertThat(RunMachine.command(refused)).isEqualTo(new RunCommand.Wait(at(8)));
        assertThat(after(refused, new RunEvent.Waited(at(8))).step()).isEqualTo(Step.Plan);
    }

    /** The hint says how to let it through, and that must then work. */
    @ParameterizedTest
    @EnumSource(names = {"OWNED_ELSEWHERE", "FIELD_CONFLICT", "MISSING_NAMESPACE", "MISSING_KIND"})
    void condemnsNothingThatSomebodyCanLetThroughWhileNothingIsTouched(Kind kind) {
        Evidence refusal = evidence(kind, Before.ABSENT, true);
        RunState planning = after(begun(Trigger.SCHEDULE), composed(SETTLED), new RunEvent.StateStored(at(2)));
        RunState waiting = after(planning, new RunEvent.PlanRefused(at(3), List.of(refusal)));
        RunState invalid = after(
                planning,
                new RunEvent.PlanRefused(
                        at(3), List.of(refusal, evidence(Kind.REFUSED_INVALID, Before.HEALTHY, true))));

        assertThat(RunMachine.command(waiting)).isEqualTo(new RunCommand.Wait(at(8)));
        assertThat(after(waiting, new RunEvent.NewerCommit(at(4), "d4")).phase())
                .isEqualTo(Phase.Superseded);
        assertThat(invalid.step()).isEqualTo(Step.RecordQuarantine);
    }

    @Test
    void saysHowToLeaveTheHoldAfterTooManyFailures() {
        LedgerView onHold = new LedgerView(LAST_GOOD, Set.of("a", "b", "c"), "", true);
        LedgerView never = new LedgerView(null, Set.of("a", "b", "c"), "", true);

        assertThat(after(begun(Trigger.SCHEDULE), composed(onHold))
                        .report()
                        .diagnostics()
                        .getLast()
                        .hint())
                .contains("then run: ork resume staging", "push the content of commit b2");
        assertThat(after(begun(Trigger.SCHEDULE), composed(never))
                        .report()
                        .diagnostics()
                        .getLast()
                        .hint())
                .endsWith("then run: ork resume staging");
    }

    @Test
    void recordsTheVerdictBeforeTheRollbackBegins() {
        RunState failed =
                after(awaitingSecond(SETTLED), new RunEvent.WaveFailed(at(9), FORWARD, SECOND, List.of(BROKEN)));
        RunState preparing =
                after(failed, new RunEvent.QuarantineRecorded(at(10)), new RunEvent.FailHooksRan(at(11), List.of()));

        assertThat(RunMachine.command(failed)).isEqualTo(new RunCommand.RecordQuarantine("Unhealthy"));
        assertThat(failed.waves().getLast().phase()).isEqualTo(WaveState.Phase.Failed);
        assertThat(RunMachine.command(preparing)).isEqualTo(new RunCommand.LoadLastGood(LAST_GOOD));
        assertThat(preparing.phase()).isEqualTo(Phase.RollingBack);
    }

    @Test
    void holdsTheFirstCommitThatFailsAndDeletesNothing() {
        RunState held = after(
                awaitingSecond(view(null, "")),
                new RunEvent.WaveFailed(at(9), FORWARD, SECOND, List.of(BROKEN)),
                new RunEvent.QuarantineRecorded(at(10)),
                new RunEvent.FailHooksRan(at(11), List.of()));

        assertThat(RunMachine.command(held)).isEqualTo(new RunCommand.Finish(Phase.Held));
    }

    @Test
    void runsTheHooksForFailureBetweenVerdictAndRollbackAndWithinAWavesTime() {
        RunState failed = after(
                awaitingSecond(SETTLED),
                new RunEvent.WaveFailed(at(9), FORWARD, SECOND, List.of(BROKEN)),
                new RunEvent.QuarantineRecorded(at(10)));
        Diagnostic warning = Diagnostic.warning(ErrorCode.Unhealthy, "it has not ended", null, "");
        RunState later = after(failed, new RunEvent.Resumed(at(100), 8));
        RunState done = after(failed, new RunEvent.FailHooksRan(at(20), List.of(warning)));

        assertThat(RunMachine.command(failed)).isEqualTo(new RunCommand.RunFailHooks(at(310)));
        assertThat(RunMachine.command(later)).isEqualTo(new RunCommand.RunFailHooks(at(400)));
        assertThat(failed.reached(0)).isTrue();
        assertThat(failed.reached(3)).isFalse();
        assertThat(done.step()).isEqualTo(Step.PrepareRollback);
        assertThat(done.judgement()).isEqualTo(failed.judgement());
        assertThat(done.report().diagnostics()).contains(warning);
    }

    @Test
    void runsNoHooksForFailureWhenTheEnvironmentIsToBlame() {
        RunState waits = after(
                awaitingSecond(SETTLED),
                new RunEvent.WaveRefused(
                        at(9), FORWARD, SECOND, List.of(evidence(Kind.UNREACHABLE, Before.HEALTHY, true))));
        assertThat(waits.step()).isNotEqualTo(Step.RunFailHooks);
    }

    @Test
    void removesWhatIsNewOnlyAfterLastGoodIsHealthy() {
        RunState removing = after(Samples.rollingBack(BROKEN), new RunEvent.WaveHealthy(at(13), ROLLBACK, FIRST));
        PruneResult stuck = new PruneResult(PruneResult.Kind.INCOMPLETE, 0, 1, List.of());
        RunState recording = after(removing, new RunEvent.Removed(at(14), stuck));

        assertThat(RunMachine.command(removing)).isEqualTo(new RunCommand.RemoveNew(LAST_GOOD));
        assertThat(RunMachine.command(recording)).isEqualTo(new RunCommand.RecordRollback(LAST_GOOD, false));
        assertThat(after(recording, new RunEvent.RollbackRecorded(at(15))).phase())
                .isEqualTo(Phase.RolledBack);
    }

    @Test
    void liftsTheQuarantineWhenLastGoodDoesNotBecomeHealthyEither() {
        RunState lifting = after(
                Samples.rollingBack(BYSTANDER), new RunEvent.WaveFailed(at(13), ROLLBACK, FIRST, List.of(BYSTANDER)));

        assertThat(RunMachine.command(lifting)).isEqualTo(new RunCommand.LiftQuarantine());
        assertThat(lifting.judgement()).extracting("verdict").isEqualTo(Verdict.ENVIRONMENT);
        assertThat(after(lifting, new RunEvent.QuarantineLifted(at(14))).phase())
                .isEqualTo(Phase.RollbackFailed);
    }

    @Test
    void keepsTheQuarantineOfAGuiltyCommitWhenTheRollbackFails() {
        RunState failed = after(
                Samples.rollingBack(BROKEN), new RunEvent.WaveFailed(at(13), ROLLBACK, FIRST, List.of(BYSTANDER)));

        assertThat(RunMachine.command(failed)).isEqualTo(new RunCommand.Finish(Phase.RollbackFailed));
    }

    @Test
    void neverGivesUpARollbackForTroubleThatPasses() {
        RunState waiting = after(
                Samples.rollingBack(BROKEN),
                new RunEvent.DeadlinePassed(at(4000), ROLLBACK, FIRST, List.of(UNREACHABLE)));
        RunState again = after(waiting, new RunEvent.Waited(at(4005)));

        assertThat(waiting.step()).isEqualTo(Step.RetryWait);
        assertThat(RunMachine.command(again)).isEqualTo(new RunCommand.ApplyWave(ROLLBACK, FIRST, at(4305)));
    }

    /** Else a registry or a quota that stays away keeps each mending commit waiting. */
    @Test
    void aRollbackThatHadItsTimeInVainGivesWayToANewerCommit() {
        RunEvent.NewerCommit newer = new RunEvent.NewerCommit(at(5), "d4");
        RunEvent late = new RunEvent.DeadlinePassed(at(4000), ROLLBACK, FIRST, List.of(UNREACHABLE));
        RunState seenBefore = after(Samples.rollingBack(BROKEN), newer, late);
        RunState seenLater = after(Samples.rollingBack(BROKEN), late, newer);

        assertThat(seenBefore.phase()).isEqualTo(Phase.Superseded);
        assertThat(seenLater.phase()).isEqualTo(Phase.Superseded);
    }

    /** The newer commit may be invalid, and then nobody would bring the environment back. */
    @Test
    void aRollbackDoesNotGiveWayForTroubleOfAMoment() {
        RunState state = after(
                Samples.rollingBack(BROKEN),
                new RunEvent.NewerCommit(at(12), "d4"),
                new RunEvent.WaveHealthy(at(13), ROLLBACK, FIRST));
        assertThat(state.step()).isEqualTo(Step.RemoveNew);

        RunState applying = after(Samples.rollingBack(BROKEN), new RunEvent.Troubled(at(13), Samples.TROUBLE));
        assertThat(after(applying, new RunEvent.NewerCommit(at(14), "d4")).step())
                .isEqualTo(Step.RetryWait);
        RunState refused = refusedBackwards(1);
        assertThat(after(refused, new RunEvent.NewerCommit(at(31), "d4")).step())
                .isEqualTo(Step.RetryWait);
        assertThat(after(refusedBackwards(RunMachine.MOST_ROLLBACK_TROUBLES), new RunEvent.NewerCommit(at(9000), "d4"))
                        .phase())
                .isEqualTo(Phase.Superseded);
    }

    /** Trouble may also come while last-good's wave is awaited, and is no less in vain for that. */
    @Test
    void aRollbackThatAwaitsAWaveInVainGivesWayToANewerCommitToo() {
        RunState state = after(Samples.rollingBack(BROKEN), new RunEvent.WaveApplied(at(13), ROLLBACK, FIRST));
        assertThat(state.step()).isEqualTo(Step.RollbackAwaitWave);
        for (int trouble = 1; trouble < RunMachine.MOST_ROLLBACK_TROUBLES; trouble++) {
            state = after(
                    state,
                    new RunEvent.Troubled(at(13 + trouble), Samples.TROUBLE),
                    new RunEvent.Waited(at(13 + trouble)));
        }
        RunState early = after(state, new RunEvent.NewerCommit(at(30), "d4"));
        assertThat(early.phase()).isNotEqualTo(Phase.Superseded);

        assertThat(after(early, new RunEvent.Troubled(at(31), Samples.TROUBLE)).phase())
                .isEqualTo(Phase.Superseded);
    }

    private static RunState refusedBackwards(int times) {
        RunState state = after(
                awaitingSecond(SETTLED),
                new RunEvent.WaveFailed(at(9), FORWARD, SECOND, List.of(BROKEN)),
                new RunEvent.QuarantineRecorded(at(10)),
                new RunEvent.FailHooksRan(at(10), List.of()),
                new RunEvent.LastGoodLoaded(at(11), List.of(FIRST)));
        for (int time = 1; time <= times; time++) {
            state = after(
                    state,
                    new RunEvent.Waited(at(500L * time - 480)),
                    new RunEvent.WaveRefused(at(500L * time - 479), ROLLBACK, FIRST, List.of(UNREACHABLE)));
        }
        return state;
    }

    /** A finalizer that never goes is nobody's trouble that passes. */
    @Test
    void aRollbackEndsWhenSomethingInItsWayDoesNotGo() {
        Evidence stuck = evidence(Kind.STILL_THERE, Before.HEALTHY, true);
        RunState failed = after(refusedBackwards(0), new RunEvent.WaveRefused(at(13), ROLLBACK, FIRST, List.of(stuck)));
        RunState forward = after(applying(SETTLED), new RunEvent.WaveRefused(at(5), FORWARD, FIRST, List.of(stuck)));

        assertThat(RunMachine.command(failed)).isEqualTo(new RunCommand.Finish(Phase.RollbackFailed));
        assertThat(forward.step()).as("the commit is not to blame").isEqualTo(Step.RetryWait);
    }

    @Test
    void triesTheSameCommitAgainInEnvironmentTrouble() {
        RunState waiting =
                after(applying(SETTLED), new RunEvent.WaveRefused(at(5), FORWARD, FIRST, List.of(UNREACHABLE)));

        assertThat(RunMachine.command(waiting)).isEqualTo(new RunCommand.Wait(at(10)));
        assertThat(waiting.phase()).isEqualTo(Phase.Applying);
        assertThat(RunMachine.backoff(Duration.ofSeconds(5), 3)).isEqualTo(Duration.ofSeconds(40));
        assertThat(RunMachine.backoff(Duration.ofSeconds(1), 1000)).isEqualTo(Duration.ofMinutes(5));
    }

    /** Or a run during which the API server goes away ten times would wait for hours. */
    @Test
    void troubleWaitsLongerOnlyWhileNothingWorksInBetween() {
        RunState once = after(begun(Trigger.SCHEDULE), new RunEvent.Troubled(at(1), Samples.TROUBLE));
        RunState twice = after(once, new RunEvent.Waited(at(6)), new RunEvent.Troubled(at(6), Samples.TROUBLE));
        RunState later = after(
                twice, new RunEvent.Waited(at(8)), composed(SETTLED), new RunEvent.Troubled(at(20), Samples.TROUBLE));

        assertThat(RunMachine.command(once)).isEqualTo(new RunCommand.Wait(at(2)));
        assertThat(RunMachine.command(twice)).isEqualTo(new RunCommand.Wait(at(8)));
        assertThat(RunMachine.command(later)).isEqualTo(new RunCommand.Wait(at(21)));
        assertThat(later.progress().attempts()).isEqualTo(3);
    }

    @Test
    void doesNotBlameContentThatWasGoodBefore() {
        LastGood same = new LastGood("b2", 2, "sha256:new");
        RunState waiting =
                after(awaitingSecond(view(same, "")), new RunEvent.WaveFailed(at(9), FORWARD, SECOND, List.of(BROKEN)));

        assertThat(waiting.step()).isEqualTo(Step.RetryWait);
    }

    @Test
    void remembersWhatWasUnhealthyBeforeTheFirstAttempt() {
        RunState state = applying(SETTLED, Samples.CONFIG);

        assertThat(state.before(Samples.CONFIG, true)).isEqualTo(Before.UNHEALTHY);
        assertThat(state.before(Samples.SHOP, true)).isEqualTo(Before.HEALTHY);
        assertThat(state.before(Samples.SHOP, false)).isEqualTo(Before.ABSENT);
    }

    @Test
    void doesNotHoldAnOutageOfTheAgentAgainstTheCommit() {
        RunState resumed = after(awaitingSecond(SETTLED), new RunEvent.Resumed(at(3600), 8));

        assertThat(RunMachine.command(resumed)).isEqualTo(new RunCommand.AwaitHealth(FORWARD, SECOND, at(3900)));
        assertThat(resumed.progress().leaseEpoch()).isEqualTo(8);
    }

    @Test
    void meetsItsDeadlineEvenIfItCrashesTheAgentForEver() {
        RunState state = awaitingSecond(SETTLED);
        for (int restart = 1; restart <= 10; restart++) {
            state = after(state, new RunEvent.Resumed(at(restart * 100), 7 + restart));
        }

        assertThat(RunMachine.command(state)).isEqualTo(new RunCommand.AwaitHealth(FORWARD, SECOND, at(600)));
    }

    @Test
    void yieldsToANewerCommitOnlyWhileNothingIsInFlight() {
        RunState planning = after(begun(Trigger.SCHEDULE), composed(SETTLED), new RunEvent.StateStored(at(2)));
        RunEvent.NewerCommit newer = new RunEvent.NewerCommit(at(9), "d4");

        assertThat(after(planning, newer).phase()).isEqualTo(Phase.Superseded);
        assertThat(after(applying(SETTLED), newer).step()).isEqualTo(Step.ApplyWave);
        assertThat(after(
                                applying(SETTLED),
                                newer,
                                new RunEvent.WaveRefused(at(10), FORWARD, FIRST, List.of(UNREACHABLE)))
                        .phase())
                .isEqualTo(Phase.Superseded);
    }

    /** A right that was missing, or a service account that was misspelt, is mended in the ConfigRepo. */
    @Test
    void anotherSpecEndsAWaitBeforeAnythingIsTouchedAndNoLaterOne() {
        RunEvent.Withdrawn other = new RunEvent.Withdrawn(at(9), Samples.TROUBLE, false);
        RunState planning = after(begun(Trigger.SCHEDULE), composed(SETTLED), new RunEvent.StateStored(at(2)));
        RunState touched =
                after(applying(SETTLED), new RunEvent.WaveRefused(at(5), FORWARD, FIRST, List.of(UNREACHABLE)));

        assertThat(after(planning, new RunEvent.Troubled(at(3), Samples.TROUBLE), other)
                        .phase())
                .isEqualTo(Phase.Superseded);
        assertThat(after(planning, other).step()).isEqualTo(Step.Plan);
        assertThat(after(touched, other).step()).isEqualTo(Step.RetryWait);
    }

    @Test
    void aDeletionWritesDownAGoodCommitAndPrunesNothing() {
        RunEvent.Withdrawn deleted = new RunEvent.Withdrawn(at(95), Samples.TROUBLE, true);
        RunState recording = after(
                awaitingSecond(SETTLED),
                new RunEvent.WaveHealthy(at(60), FORWARD, SECOND),
                new RunEvent.Soaked(at(90)));
        RunState away = after(recording, new RunEvent.Troubled(at(94), Samples.TROUBLE), deleted);
        RunState pruning = after(recording, new RunEvent.GoodRecorded(at(94)));

        assertThat(after(recording, deleted).step()).isEqualTo(Step.RecordGood);
        assertThat(away.step()).as("last-good is written first").isEqualTo(Step.RetryWait);
        assertThat(RunMachine.command(after(pruning, deleted))).isEqualTo(new RunCommand.Finish(Phase.Good));
    }

    @Test
    void ignoresEventsThatDoNotFit() {
        RunState state = awaitingSecond(SETTLED);

        assertThat(after(
                        state,
                        new RunEvent.WaveHealthy(at(9), FORWARD, FIRST),
                        new RunEvent.WaveHealthy(at(9), ROLLBACK, SECOND),
                        new RunEvent.DeadlinePassed(at(9), FORWARD, SECOND, List.of(BROKEN)),
                        new RunEvent.IntentStored(at(9)),
                        new RunEvent.QuarantineRecorded(at(9))))
                .isSameAs(state);
    }

    @Test
    void tellsNoTroubleOfARunThatEndedGood() {
        RunState good = after(
                applying(SETTLED),
                new RunEvent.Troubled(at(5), Samples.TROUBLE),
                new RunEvent.Waited(at(10)),
                new RunEvent.WaveApplied(at(11), FORWARD, FIRST),
                new RunEvent.WaveHealthy(at(12), FORWARD, FIRST),
                new RunEvent.WaveApplied(at(13), FORWARD, SECOND),
                new RunEvent.WaveHealthy(at(14), FORWARD, SECOND),
                new RunEvent.Soaked(at(44)),
                new RunEvent.GoodRecorded(at(45)),
                new RunEvent.Pruned(at(46), PruneResult.NOTHING));

        assertThat(good.phase()).isEqualTo(Phase.Good);
        assertThat(good.report().diagnostics()).extracting("code").containsExactly(ErrorCode.IgnoredOverride);
    }
}
