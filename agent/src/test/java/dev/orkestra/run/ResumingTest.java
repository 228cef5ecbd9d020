package dev.orkestra.run;

import static dev.orkestra.run.Samples.FIRST;
import static dev.orkestra.run.Samples.TROUBLE;
import static dev.orkestra.run.Samples.after;
import static dev.orkestra.run.Samples.at;
import static dev.orkestra.run.Samples.composed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.outcome.Diagnostic;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run that goes on after its ConfigRepo was edited. */
class ResumingTest {
    private static final PlanSummary PLAN = new PlanSummary("sha256:plan", 1, 2, 0, 3, 4);
    private static final PlanSummary OTHER = new PlanSummary("sha256:other", 1, 5, 0, 3, 4);
    private static final RunState.Basis BASIS = new RunState.Basis("http://git.test/a.git", "o.yaml", 1);
    private static final RunState.Basis EDITED = new RunState.Basis("http://git.test/a.git", "o.yaml", 2);
    private static final Caution ASKS = new Caution(true, true, List.of());

    private static RunState composing(Consent consent) {
        return after(
                RunState.begin(Samples.begun(Trigger.SCHEDULE).spec(), 7, consent, BASIS),
                composed(Samples.view(Samples.LAST_GOOD, "")));
    }

    private static RunEvent planned(PlanSummary plan, Caution caution) {
        return new RunEvent.Planned(at(3), plan, List.of(), caution);
    }

    /** Approved, its first wave begun, and waiting for trouble to pass before all of it is planned again. */
    private static RunState approvedAndWaiting(Consent consent, Caution caution) {
        RunState applying = after(
                composing(consent),
                new RunEvent.StateStored(at(2)),
                planned(PLAN, caution),
                new RunEvent.IntentStored(at(4)));
        RunState waiting = RunMachine.retry(applying, at(5), Step.Plan, List.of(TROUBLE));
        assertThat(waiting.consent().isGranted()).isTrue();
        return waiting;
    }

    private static RunState resumed(RunState state, RunState.Basis basis) {
        return after(state, new RunEvent.Waited(at(20)), new RunEvent.Resumed(at(21), 8, basis));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"http://git.test/b.git, o.yaml", "http://git.test/a.git, p.yaml"})
    void aRunOfAnotherRepositoryOrOverlayEndsAndSaysWhy(String repository, String overlay) {
        RunState waiting = approvedAndWaiting(Consent.given("sha256:plan", ""), ASKS);

        RunState ended = resumed(waiting, new RunState.Basis(repository, overlay, 2));

        assertThat(ended.step()).isEqualTo(Step.Finish);
        assertThat(ended.phase()).isEqualTo(Phase.Superseded);
        assertThat(ended.report().diagnostics())
                .extracting(Diagnostic::message)
                .anyMatch(message -> message.contains("another repository or overlay"));
    }

    /** What the ledger is about to be told is told first. */
    @Test
    void whatIsGoodIsRecordedBeforeItGivesWay() {
        RunState recording = RunStateJson.read(RunStateJson.write(composing(Consent.NONE))
                .put("step", "RecordGood")
                .put("phase", "Verifying"));

        RunState next = after(recording, new RunEvent.Resumed(at(21), 8, new RunState.Basis("other", "", 2)));

        assertThat(next.step()).isEqualTo(Step.RecordGood);
    }

    @Test
    void whatIsNotKeptYetIsNotComposedFromAnotherSpec() {
        RunState storing = composing(Consent.NONE);
        assertThat(storing.step()).isEqualTo(Step.StoreState);

        assertThat(after(storing, new RunEvent.Resumed(at(21), 8, EDITED)).phase())
                .isEqualTo(Phase.Superseded);
        assertThat(after(storing, new RunEvent.Resumed(at(21), 8, BASIS)).step())
                .isEqualTo(Step.StoreState);
    }

    @Test
    void anApprovalDoesNotCarryOverToAnotherSpec() {
        RunState waiting = approvedAndWaiting(Consent.given("sha256:plan", ""), ASKS);

        RunState again = resumed(waiting, EDITED);
        assertThat(again.consent().isGranted()).as("what a prune would go by").isFalse();
        assertThat(after(again, planned(OTHER, ASKS)).phase()).isEqualTo(Phase.AwaitingApproval);

        RunState same = resumed(waiting, BASIS);
        assertThat(after(same, planned(OTHER, ASKS)).step()).isEqualTo(Step.StoreIntent);
    }

    @Test
    void aRunThatWasBoundToAPlanAwaitsApprovalOfTheOtherOneWhateverThePolicy() {
        RunState waiting = approvedAndWaiting(Consent.given("sha256:plan", "s1"), Caution.NONE);

        RunState asking = after(resumed(waiting, EDITED), planned(OTHER, Caution.NONE));
        assertThat(asking.phase()).isEqualTo(Phase.AwaitingApproval);

        RunState going =
                after(asking, new RunEvent.ConsentGiven(at(30), "sha256:other", "s2"), planned(OTHER, Caution.NONE));
        assertThat(going.step()).isEqualTo(Step.StoreIntent);
    }

    @Test
    void whereItsStateComesFromIsKeptAndOlderRunsGoOnWithoutIt() {
        RunState state = composing(Consent.NONE);
        assertThat(RunStateJson.read(RunStateJson.write(state))).isEqualTo(state);

        var older = RunStateJson.write(state);
        older.remove("basis");
        RunState next = after(RunStateJson.read(older), new RunEvent.Resumed(at(21), 8, EDITED));
        assertThat(next.step()).isEqualTo(Step.StoreState);
        assertThat(next.basis()).isEqualTo(EDITED);
        assertThat(next.waves().getFirst().wave()).isEqualTo(FIRST);
    }
}
