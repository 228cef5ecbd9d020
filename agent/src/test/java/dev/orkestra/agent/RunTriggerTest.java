package dev.orkestra.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.run.LedgerView;
import dev.orkestra.run.RunEvent;
import dev.orkestra.run.RunMachine;
import dev.orkestra.run.RunSpec;
import dev.orkestra.run.RunState;
import dev.orkestra.run.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RunTriggerTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Diagnostic REASON = Diagnostic.error(ErrorCode.Invalid, "broken", null, "");

    private final ObjectNode configRepo = JsonNodeFactory.instance.objectNode();

    @Test
    void aNewCommitAnotherSpecAndASyncEachBeginARunAndNothingElseDoes() {
        generation(3, 3);

        assertThat(of(ended(), "c3")).isEmpty();
        assertThat(of(ended(), "d4")).contains(Trigger.SCHEDULE);
        assertThat(RunTrigger.of(configRepo, Optional.empty(), "c3", false)).contains(Trigger.SCHEDULE);
        generation(4, 3);
        assertThat(of(ended(), "c3")).contains(Trigger.GENERATION);
        configRepo.withObject("/metadata/annotations").put(RunSignals.SYNC_REQUESTED, "now");
        assertThat(of(ended(), "c3")).contains(Trigger.SYNC);
    }

    @Test
    void aWebhookBeginsARunOfANewCommitAndOfNoOther() {
        generation(3, 3);

        assertThat(RunTrigger.of(configRepo, Optional.of(ended()), "d4", true)).contains(Trigger.WEBHOOK);
        assertThat(RunTrigger.of(configRepo, Optional.of(ended()), "c3", true)).isEmpty();
    }

    /** With deletionPolicy orphan the runs of the one before are still there. */
    @Test
    void aConfigRepoThatWasMadeAgainBeginsARun() {
        configRepo.withObject("/metadata").put("generation", 1);

        assertThat(of(ended(), "c3")).contains(Trigger.GENERATION);
    }

    @Test
    void aRunThatWasGivenUpIsFollowedByAnother() {
        generation(3, 3);
        RunState withdrawn = RunMachine.next(begun(), new RunEvent.Withdrawn(START, REASON, true));

        assertThat(of(withdrawn, "c3")).contains(Trigger.GENERATION);
    }

    @Test
    void aResumeRunsAHeldCommitAgainUntilItIsHandledAndNoOther() {
        generation(3, 3);
        configRepo.withObject("/metadata/annotations").put(ResumeRequest.REQUESTED, "now");

        assertThat(of(ended(), "c3")).isEmpty();
        assertThat(of(held(), "c3")).contains(Trigger.SCHEDULE);
        ResumeRequest.handled(configRepo.withObject("/status"), configRepo);
        assertThat(of(held(), "c3")).isEmpty();
    }

    private void generation(long now, long ran) {
        configRepo.withObject("/metadata").put("generation", now);
        configRepo.withObject("/status").put("runGeneration", ran);
    }

    private Optional<Trigger> of(RunState newest, String head) {
        return RunTrigger.of(configRepo, Optional.of(newest), head, false);
    }

    private static RunState begun() {
        RunSpec.Limits limits = new RunSpec.Limits(Duration.ofMinutes(5), Duration.ofMinutes(30), Duration.ZERO);
        return RunState.begin(new RunSpec("orkestra", "staging", 3, "c3", Trigger.SCHEDULE, START, limits), 1);
    }

    private static RunState held() {
        LedgerView onHold = new LedgerView(null, Set.of("a", "b", "c"), "", true);
        return RunMachine.next(begun(), new RunEvent.Composed(START, "d", List.of(), 0, onHold, List.of()));
    }

    private static RunState ended() {
        return RunMachine.next(begun(), new RunEvent.Invalid(START, List.of(REASON)));
    }
}
