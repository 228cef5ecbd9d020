package dev.orkestra.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.run.Consent;
import dev.orkestra.run.Phase;
import dev.orkestra.run.RunEvent;
import dev.orkestra.run.RunMachine;
import dev.orkestra.run.RunSpec;
import dev.orkestra.run.RunState;
import dev.orkestra.run.Trigger;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a run that waits for trouble to pass hears. The clock stands, so only news can end a wait. */
@Timeout(10)
class RunSignalsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(300);

    private final RunSignals signals = new RunSignals(() -> NOW, 1, 1, Consent.NONE, "");
    private final RunState waiting = waiting(Trigger.SCHEDULE);

    @Test
    void aSyncEndsTheWaitOnce() throws InterruptedException {
        signals.see(configRepo(1, "now"));

        assertThat(signals.awaitUntil(LATER)).isEqualTo(new RunEvent.Waited(NOW));
        assertThat(signals.news(waiting)).isEmpty();
        assertThat(signals.outdated()).isFalse();
        signals.newer("d4");
        assertThat(signals.awaitUntil(LATER)).isEqualTo(new RunEvent.Woken(NOW));
    }

    @Test
    void anotherSpecEndsTheWaitAndIsTold() throws InterruptedException {
        signals.see(configRepo(2, ""));

        assertThat(signals.awaitUntil(LATER)).isEqualTo(new RunEvent.Waited(NOW));
        assertThat(signals.outdated()).isTrue();
        assertThat(signals.news(waiting)).singleElement().isInstanceOf(RunEvent.Withdrawn.class);
        assertThat(RunMachine.next(waiting, signals.news(waiting).getFirst())
                        .phase()
                        .isFinal())
                .isTrue();
    }

    /** Nothing can be done with such a spec; who deletes the ConfigRepo, or asks for another try, is heard all the same. */
    @Test
    void ofASpecThatCannotBeReadAllElseIsHeard() throws InterruptedException {
        signals.seeAllButSpec(configRepo(2, "now"));

        assertThat(signals.outdated()).isFalse();
        assertThat(signals.news(waiting)).isEmpty();
        assertThat(signals.awaitUntil(LATER)).isEqualTo(new RunEvent.Waited(NOW));

        ObjectNode deleted = configRepo(3, "now");
        deleted.withObject("/metadata").put("deletionTimestamp", NOW.toString());
        signals.seeAllButSpec(deleted);
        assertThat(signals.breakOff()).isTrue();
        assertThat(signals.news(waiting)).singleElement().isInstanceOf(RunEvent.Withdrawn.class);
    }

    /** Else it would be handed back and taken up again without end. */
    @Test
    void aRunThatWasResumedWithTheNewSpecIsNotOutdated() {
        RunSignals resumed = new RunSignals(() -> NOW, 1, 2, Consent.NONE, "");
        resumed.see(configRepo(2, ""));

        assertThat(resumed.outdated()).isFalse();
        resumed.see(configRepo(3, ""));
        assertThat(resumed.outdated()).isTrue();
    }

    /** A run that has to write down its end first waits on, and must not ask without a pause. */
    @Test
    void aDeletionWakesOnce() throws InterruptedException {
        signals.gone();

        assertThat(signals.awaitUntil(LATER)).isEqualTo(new RunEvent.Woken(NOW));
        assertThat(signals.news(waiting)).hasSize(1);
        assertThat(signals.awaitUntil(NOW.minusSeconds(1))).isEqualTo(new RunEvent.Waited(NOW));
        assertThat(signals.breakOff()).isTrue();
    }

    @Test
    void aRollbackThatIsAskedForIsANewerCommitAndIsToldOnce() throws InterruptedException {
        signals.rollback("b2");

        assertThat(signals.awaitUntil(LATER)).isEqualTo(new RunEvent.Woken(NOW));
        assertThat(signals.news(waiting)).containsExactly(new RunEvent.NewerCommit(NOW, "b2"));
        signals.rollback("b2");
        assertThat(signals.news(waiting)).isEmpty();
        assertThat(signals.awaitUntil(NOW.minusSeconds(1))).isEqualTo(new RunEvent.Waited(NOW));
    }

    /** Its commit may be nowhere to be had: then it would wait for ever. */
    @Test
    void aRollbackThatWaitsInVainEndsWhenAnotherIsAskedFor() throws InterruptedException {
        RunState back = waiting(Trigger.ROLLBACK);
        signals.of(back.spec(), "");
        assertThat(signals.news(back)).isEmpty();

        signals.rollback("b2");

        assertThat(signals.awaitUntil(LATER)).isEqualTo(new RunEvent.Woken(NOW));
        RunState ended = RunMachine.next(back, signals.news(back).getFirst());
        assertThat(ended.phase()).isEqualTo(Phase.Superseded);
    }

    @Test
    void aRollbackThatWaitsEndsWhenTheRefIsToBeFollowedAgain() throws InterruptedException {
        RunState back = waiting(Trigger.ROLLBACK);
        signals.of(back.spec(), "before");
        signals.see(resuming("before"));
        assertThat(signals.news(back)).isEmpty();
        assertThat(signals.followsRef()).isFalse();

        signals.see(resuming("now"));

        assertThat(signals.awaitUntil(LATER)).isEqualTo(new RunEvent.Woken(NOW));
        RunState ended = RunMachine.next(back, signals.news(back).getFirst());
        assertThat(ended.phase()).isEqualTo(Phase.Superseded);
        assertThat(signals.followsRef()).isTrue();
        assertThat(signals.awaitUntil(NOW.minusSeconds(1))).isEqualTo(new RunEvent.Waited(NOW));
    }

    @Test
    void aResumeIsNothingToAnyOtherRun() throws InterruptedException {
        signals.of(waiting.spec(), "");
        assertThat(signals.followsRef()).isTrue();

        signals.see(resuming("now"));

        assertThat(signals.news(waiting)).isEmpty();
        assertThat(signals.awaitUntil(NOW.minusSeconds(1))).isEqualTo(new RunEvent.Waited(NOW));
    }

    private static RunState waiting(Trigger trigger) {
        return RunMachine.next(
                RunState.begin(
                        new RunSpec(
                                "orkestra",
                                "staging",
                                3,
                                "c3",
                                trigger,
                                NOW,
                                new RunSpec.Limits(Duration.ofMinutes(5), Duration.ofMinutes(30), Duration.ZERO)),
                        1),
                new RunEvent.Troubled(NOW, Diagnostic.error(ErrorCode.Forbidden, "may not list", null, "")));
    }

    private static ObjectNode resuming(String request) {
        ObjectNode object = configRepo(1, "");
        object.withObject("/metadata/annotations").put(ResumeRequest.REQUESTED, request);
        return object;
    }

    private static ObjectNode configRepo(long generation, String sync) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.putObject("metadata")
                .put("generation", generation)
                .putObject("annotations")
                .put(RunSignals.SYNC_REQUESTED, sync);
        return object;
    }
}
