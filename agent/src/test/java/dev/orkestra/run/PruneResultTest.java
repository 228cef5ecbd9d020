package dev.orkestra.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.document.CanonicalJson;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PruneResultTest {
    /** A ConfigRun that is too large cannot be written, and its run would never end. */
    @Test
    void whatIsToldOfThousandsOfObjectsFitsIntoAConfigRun() {
        List<Diagnostic> findings = IntStream.range(0, 20_000)
                .mapToObj(number -> Diagnostic.warning(
                        ErrorCode.ApprovalRequired, "ConfigMap/shop/" + number + " is not wanted any more", null, ""))
                .toList();
        PruneResult result = new PruneResult(PruneResult.Kind.INCOMPLETE, 0, 20_000, findings);
        RunState pruned =
                Draft.of(Samples.begun(Trigger.SCHEDULE)).pruned(result).done();

        assertThat(result.left()).isEqualTo(20_000);
        assertThat(result.diagnostics()).isEqualTo(findings.subList(0, RunMachine.MOST_LISTED));
        assertThat(CanonicalJson.bytes(RunStateJson.write(pruned)).length).isLessThan(100_000);
    }
}
