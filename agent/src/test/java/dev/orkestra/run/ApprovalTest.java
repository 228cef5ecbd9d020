package dev.orkestra.run;

import static dev.orkestra.run.Direction.FORWARD;
import static dev.orkestra.run.Samples.FIRST;
import static dev.orkestra.run.Samples.LAST_GOOD;
import static dev.orkestra.run.Samples.SECOND;
import static dev.orkestra.run.Samples.after;
import static dev.orkestra.run.Samples.at;
import static dev.orkestra.run.Samples.composed;
import static dev.orkestra.run.Samples.evidence;
import static dev.orkestra.run.Samples.view;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.desired.ConfigRepo.Approval;
import dev.orkestra.desired.ConfigRepo.RollbackPolicy;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.run.Evidence.Before;
import dev.orkestra.run.Evidence.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A plan that waits for a person, a plan that somebody approved before, and what can't be undone. */
class ApprovalTest {
    private static final PlanSummary PLAN = new PlanSummary("sha256:plan", 1, 2, 0, 3, 4);
    private static final PlanSummary OTHER = new PlanSummary("sha256:other", 1, 5, 0, 3, 4);
    private static final Caution ASKS = new Caution(true, true, List.of());
    private static final Evidence BROKEN = evidence(Kind.UNHEALTHY, Before.HEALTHY, true);
    private static final Diagnostic DELETED =
            Diagnostic.warning(ErrorCode.Held, "the ConfigRepo is being deleted", null, "");

    @ParameterizedTest(name = "{0}: create {1} update {2} replace {3} prune {4} points {5}")
    @CsvSource({
        "NONE, 1, 1, 1, 1, 1, false",
        "DESTRUCTIVE, 9, 9, 0, 0, 0, false",
        "DESTRUCTIVE, 0, 0, 1, 0, 0, true",
        "DESTRUCTIVE, 0, 0, 0, 1, 0, true",
        "DESTRUCTIVE, 0, 1, 0, 0, 1, true",
        "REQUIRED, 0, 0, 0, 0, 0, false",
        "REQUIRED, 1, 0, 0, 0, 0, true",
        "REQUIRED, 0, 1, 0, 0, 0, true",
        "REQUIRED, 0, 0, 0, 1, 0, true"
    })
    void asksForWhatThePolicyNames(
            Approval policy, int create, int update, int replace, int prune, int points, boolean asks) {
        List<PointOfNoReturn> ahead = points == 0
                ? List.of()
                : List.of(PointOfNoReturn.ahead(FIRST, Samples.CONFIG, "a new storage version"));

        Caution caution = Caution.of(
                policy,
                RollbackPolicy.HOLD,
                new PlanSummary("sha256:plan", create, update, replace, prune, 7),
                false,
                ahead);

        assertThat(caution.needsApproval()).isEqualTo(asks);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"NONE, false", "DESTRUCTIVE, false", "REQUIRED, true"})
    void aCommitThatOnlyRunsAHookIsAChange(Approval policy, boolean asks) {
        PlanSummary onlyHook = new PlanSummary("sha256:plan", 0, 0, 0, 0, 7, 1);

        assertThat(Caution.of(policy, RollbackPolicy.HOLD, onlyHook, false, List.of())
                        .needsApproval())
                .isEqualTo(asks);
        assertThat(Approvals.numbers(onlyHook))
                .isEqualTo("0 to create, 0 to update, 0 to replace, 0 to remove, 1 hook");
    }

    /** Else a run with many findings could not be told of, nor kept. */
    @Test
    void saysWhatItWaitsForHoweverMuchElseThereIsToSay() {
        List<Diagnostic> many = IntStream.range(0, 2 * RunMachine.MOST_LISTED)
                .mapToObj(number -> Diagnostic.warning(ErrorCode.IgnoredOverride, "finding " + number, null, ""))
                .toList();
        RunState waiting = after(
                RunState.begin(Samples.begun(Trigger.SCHEDULE).spec(), 7),
                new RunEvent.Composed(
                        at(1), "sha256:new", List.of(FIRST), 14, view(LAST_GOOD, LAST_GOOD.digest()), many),
                new RunEvent.StateStored(at(2)),
                planned(PLAN));

        assertThat(waiting.report().diagnostics()).hasSize(RunMachine.MOST_LISTED);
        assertThat(waiting.report().diagnostics().getLast().code()).isEqualTo(ErrorCode.ApprovalRequired);
        assertThat(waiting.report().diagnostics().getFirst().message()).isEqualTo("finding 1");
    }

    @Test
    void dropsWarningsBeforeErrors() {
        List<Diagnostic> many = IntStream.range(0, 2 * RunMachine.MOST_LISTED)
                .mapToObj(number -> Diagnostic.warning(ErrorCode.IgnoredOverride, "finding " + number, null, ""))
                .collect(Collectors.toCollection(ArrayList::new));
        many.add(Samples.TROUBLE);
        RunState invalid = after(Samples.begun(Trigger.SCHEDULE), new RunEvent.Invalid(at(1), many));

        assertThat(invalid.report().diagnostics())
                .hasSize(RunMachine.MOST_LISTED)
                .contains(Samples.TROUBLE);
    }

    /** What a failure goes back to without anybody's word needs none when it is gone back to later. */
    @Test
    void aWayBackToLastGoodWaitsForNobodyAndToOtherContentItDoes() {
        LastGood same = new LastGood("c3", 2, "sha256:new");
        RunEvent stored = new RunEvent.StateStored(at(2));

        assertThat(after(Samples.begun(Trigger.ROLLBACK), Samples.composed(view(same, "")), stored, planned(PLAN))
                        .step())
                .isEqualTo(Step.StoreIntent);
        assertThat(after(Samples.begun(Trigger.ROLLBACK), Samples.composed(view(LAST_GOOD, "")), stored, planned(PLAN))
                        .step())
                .isEqualTo(Step.AwaitApproval);
        assertThat(after(Samples.begun(Trigger.SCHEDULE), Samples.composed(view(same, "")), stored, planned(PLAN))
                        .step())
                .isEqualTo(Step.AwaitApproval);
    }

    @Test
    void waitsForApprovalAndChangesNothingUntilItsOwnHashIsApproved() {
        RunState waiting = after(planning(Consent.NONE), planned(PLAN));

        assertThat(waiting.phase()).isEqualTo(Phase.AwaitingApproval);
        assertThat(RunMachine.command(waiting)).isEqualTo(new RunCommand.AwaitApproval());
        assertThat(waiting.touched()).isFalse();
        assertThat(waiting.report().diagnostics()).anySatisfy(finding -> {
            assertThat(finding.code()).isEqualTo(ErrorCode.ApprovalRequired);
            assertThat(finding.message())
                    .contains("1 to create, 2 to update, 0 to replace, 3 to remove")
                    .contains("sha256:plan");
            assertThat(finding.hint())
                    .contains("ork plan --repo FOLDER --out plan.json staging")
                    .contains("ork apply --plan plan.json staging");
        });

        RunState again = after(waiting, new RunEvent.ConsentGiven(at(50), "sha256:plan", "s1"));
        assertThat(again.step()).as("planned anew").isEqualTo(Step.Plan);

        RunState going = after(again, planned(PLAN));
        assertThat(going.step()).isEqualTo(Step.StoreIntent);
        assertThat(going.consent().grantedAt()).isEqualTo(at(3));
        assertThat(going.report().diagnostics())
                .extracting(Diagnostic::code)
                .doesNotContain(ErrorCode.ApprovalRequired);
    }

    @Test
    void staysWhenThePlanIsAnotherOneByNowAndSaysWhatDiffers() {
        RunState stale = after(
                planning(Consent.NONE),
                planned(PLAN),
                new RunEvent.ConsentGiven(at(50), "sha256:plan", "s1"),
                planned(OTHER));

        assertThat(stale.phase()).isEqualTo(Phase.AwaitingApproval);
        assertThat(stale.consent().isGranted()).isFalse();
        assertThat(stale.report().diagnostics())
                .filteredOn(finding -> finding.code() == ErrorCode.PlanStale)
                .singleElement()
                .satisfies(finding -> assertThat(finding.message())
                        .contains("sha256:plan")
                        .contains("sha256:other")
                        .contains("5 to update")
                        .contains("was 1 to create, 2 to update"));
    }

    @Test
    void anApprovalOfAnotherPlanIsNotRememberedForLater() {
        RunState back = after(
                planning(Consent.NONE),
                planned(PLAN),
                new RunEvent.ConsentGiven(at(50), "sha256:other", ""),
                planned(PLAN),
                new RunEvent.ConsentGiven(at(60), "", "s2"),
                planned(OTHER));

        assertThat(back.phase()).isEqualTo(Phase.AwaitingApproval);
    }

    @Test
    void aRunThatIsBoundToAPlanEndsWhenItsOwnIsAnother() {
        Consent bound = Consent.given("sha256:plan", "s1");
        RunState stale = after(planning(bound), new RunEvent.Planned(at(3), OTHER, List.of()));

        assertThat(stale.phase()).isEqualTo(Phase.Held);
        assertThat(stale.step()).isEqualTo(Step.Finish);
        assertThat(stale.touched()).isFalse();
        assertThat(stale.report().diagnostics()).extracting(Diagnostic::code).contains(ErrorCode.PlanStale);
        assertThat(after(planning(bound), new RunEvent.Planned(at(3), PLAN, List.of()))
                        .step())
                .isEqualTo(Step.StoreIntent);
    }

    @Test
    void anApprovalThatCameWithoutARequestBindsNothing() {
        RunState free =
                after(planning(Consent.given("sha256:plan", "")), new RunEvent.Planned(at(3), OTHER, List.of()));

        assertThat(free.step()).isEqualTo(Step.StoreIntent);
        assertThat(free.consent().isGranted()).isFalse();
    }

    @Test
    void whatIsApprovedStaysApprovedWhenTheEnvironmentFailsHalfWay() {
        Evidence down = evidence(Kind.UNREACHABLE, Before.HEALTHY, true);
        RunState again = after(
                planning(Consent.given("sha256:plan", "s1")),
                planned(PLAN),
                new RunEvent.IntentStored(at(4)),
                new RunEvent.WaveRefused(at(5), FORWARD, FIRST, List.of(down)),
                new RunEvent.Waited(at(20)),
                planned(OTHER));

        assertThat(again.step()).isEqualTo(Step.StoreIntent);
    }

    @Test
    void noDeadlineRunsWhileItWaitsAndANewerCommitTakesOver() {
        RunState waiting = after(planning(Consent.NONE), planned(PLAN));

        assertThat(waiting.deadline()).isNull();
        assertThat(waiting.waiting()).isNull();
        assertThat(after(waiting, new RunEvent.NewerCommit(at(999_999), "d4")).phase())
                .isEqualTo(Phase.Superseded);
        assertThat(after(waiting, new RunEvent.Woken(at(60)))).isEqualTo(waiting);
    }

    @Test
    void isReadBackWithWhatWasSaidAndWhatCannotBeUndone() {
        RunState state = after(
                planning(Consent.given("sha256:plan", "s1")),
                new RunEvent.Planned(at(3), PLAN, List.of(), holding()),
                new RunEvent.IntentStored(at(4)));

        assertThat(RunStateJson.read(RunStateJson.write(state))).isEqualTo(state);
        assertThat(state.known().noReturn()).extracting(PointOfNoReturn::passed).containsExactly(false);
    }

    @Test
    void holdsPastAPointOfNoReturn() {
        RunState held = after(
                secondWave(holding()),
                failed(),
                new RunEvent.QuarantineRecorded(at(10)),
                new RunEvent.FailHooksRan(at(10), List.of()));

        assertThat(held.phase()).isEqualTo(Phase.Held);
        assertThat(held.step()).isEqualTo(Step.Finish);
        assertThat(held.report().diagnostics())
                .filteredOn(finding -> finding.code() == ErrorCode.Held)
                .singleElement()
                .satisfies(finding -> assertThat(finding.message())
                        .contains("point of no return")
                        .contains("a new storage version"));
    }

    @Test
    void rollsBackBeforeThePointOfNoReturnAndWithThePolicyAutoAfterIt() {
        RunState before = after(
                firstWave(holding()),
                new RunEvent.WaveFailed(at(9), FORWARD, FIRST, List.of(BROKEN)),
                new RunEvent.QuarantineRecorded(at(10)),
                new RunEvent.FailHooksRan(at(10), List.of()));
        Caution auto = new Caution(false, false, holding().points());
        RunState behind = after(
                secondWave(auto),
                failed(),
                new RunEvent.QuarantineRecorded(at(10)),
                new RunEvent.FailHooksRan(at(10), List.of()));

        assertThat(before.step()).isEqualTo(Step.PrepareRollback);
        assertThat(behind.step()).isEqualTo(Step.PrepareRollback);
    }

    @Test
    void whatTheServerRefusedIsNotPassed() {
        RunState applying = after(firstWave(holding()), new RunEvent.WaveHealthy(at(6), FORWARD, FIRST));
        RunState refused = after(
                applying,
                new RunEvent.WaveRefused(
                        at(7),
                        FORWARD,
                        SECOND,
                        List.of(new Evidence(Samples.CONFIG, Kind.REFUSED_INVALID, Before.HEALTHY, true, "no"))),
                new RunEvent.QuarantineRecorded(at(8)),
                new RunEvent.FailHooksRan(at(8), List.of()));
        RunState unclear = after(
                applying,
                new RunEvent.WaveRefused(at(7), FORWARD, SECOND, List.of(BROKEN)),
                new RunEvent.QuarantineRecorded(at(8)),
                new RunEvent.FailHooksRan(at(8), List.of()));

        assertThat(refused.step()).isEqualTo(Step.PrepareRollback);
        assertThat(unclear.phase()).isEqualTo(Phase.Held);
    }

    @Test
    void endsWhereItStandsWhenItsConfigRepoIsDeleted() {
        RunEvent deleted = new RunEvent.Withdrawn(at(20), DELETED, true);
        RunEvent otherSpec = new RunEvent.Withdrawn(at(20), DELETED, false);

        assertThat(after(secondWave(Caution.NONE), deleted).phase()).isEqualTo(Phase.Superseded);
        assertThat(after(planning(Consent.NONE), planned(PLAN), deleted).phase())
                .isEqualTo(Phase.Superseded);
        assertThat(after(planning(Consent.NONE), planned(PLAN), otherSpec).phase())
                .isEqualTo(Phase.Superseded);
        assertThat(after(secondWave(Caution.NONE), otherSpec).phase()).isEqualTo(Phase.Applying);
        RunState quarantining = after(secondWave(Caution.NONE), failed());
        assertThat(after(quarantining, deleted))
                .as("the verdict is recorded first")
                .isEqualTo(quarantining);
    }

    private static RunState planning(Consent consent) {
        RunState begun = Samples.begun(Trigger.SCHEDULE);
        return after(
                RunState.begin(begun.spec(), 7, consent),
                composed(view(LAST_GOOD, LAST_GOOD.digest())),
                new RunEvent.StateStored(at(2)));
    }

    private static RunEvent planned(PlanSummary plan) {
        return new RunEvent.Planned(at(3), plan, List.of(), ASKS);
    }

    /** One point of no return, in the second wave. */
    private static Caution holding() {
        return new Caution(
                false, true, List.of(PointOfNoReturn.ahead(SECOND, Samples.CONFIG, "a new storage version")));
    }

    private static RunState firstWave(Caution caution) {
        return after(
                planning(Consent.NONE),
                new RunEvent.Planned(at(3), PLAN, List.of(), caution),
                new RunEvent.IntentStored(at(4)),
                new RunEvent.WaveApplied(at(5), FORWARD, FIRST));
    }

    private static RunState secondWave(Caution caution) {
        return after(
                firstWave(caution),
                new RunEvent.WaveHealthy(at(6), FORWARD, FIRST),
                new RunEvent.WaveApplied(at(7), FORWARD, SECOND));
    }

    private static RunEvent failed() {
        return new RunEvent.WaveFailed(at(9), FORWARD, SECOND, List.of(BROKEN));
    }
}
