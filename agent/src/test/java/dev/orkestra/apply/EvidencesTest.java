package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.document.ObjectKey;
import dev.orkestra.health.HealthStatus;
import dev.orkestra.run.Evidence;
import dev.orkestra.run.Verdict;
import dev.orkestra.run.Verdicts;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvidencesTest {
    private static final ObjectKey WEB = new ObjectKey("apps", "Deployment", "shop", "web");

    /** Else a night without the registry would quarantine a good commit. */
    @Test
    void aRegistryThatIsAwayBlamesTheEnvironmentAtTheDeadline() {
        assertThat(verdict(HealthStatus.environment("Pod web-1: ErrImagePull: i/o timeout"), Evidence.Kind.DEADLINE))
                .isEqualTo(Verdict.ENVIRONMENT);
        assertThat(verdict(HealthStatus.inProgress("0 of 1 replicas available"), Evidence.Kind.DEADLINE))
                .isEqualTo(Verdict.COMMIT);
    }

    @Test
    void whatFailedIsUnhealthyAndNotOnlyLate() {
        assertThat(Evidences.kind(HealthStatus.failed("CrashLoopBackOff"), Evidence.Kind.DEADLINE))
                .isEqualTo(Evidence.Kind.UNHEALTHY);
    }

    private static Verdict verdict(HealthStatus status, Evidence.Kind kind) {
        return Verdicts.judge(List.of(
                new Evidence(WEB, Evidences.kind(status, kind), Evidence.Before.HEALTHY, true, status.message())));
    }
}
