package dev.orkestra.run;

import static dev.orkestra.run.Evidence.Before.ABSENT;
import static dev.orkestra.run.Evidence.Before.HEALTHY;
import static dev.orkestra.run.Evidence.Before.NOT_KNOWN;
import static dev.orkestra.run.Evidence.Before.UNHEALTHY;
import static dev.orkestra.run.Samples.evidence;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.run.Evidence.Kind;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VerdictsTest {
    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("cases")
    void judges(String what, Verdict verdict, List<Evidence> evidence) {
        assertThat(Verdicts.judge(evidence)).as(what).isEqualTo(verdict);
    }

    static Stream<Arguments> cases() {
        Evidence broken = evidence(Kind.UNHEALTHY, HEALTHY, true);
        Evidence late = evidence(Kind.DEADLINE, HEALTHY, true);
        Evidence newAndLate = evidence(Kind.DEADLINE, ABSENT, true);
        Evidence brokenBefore = evidence(Kind.DEADLINE, UNHEALTHY, true);
        Evidence bystander = evidence(Kind.UNHEALTHY, HEALTHY, false);
        Evidence refused = evidence(Kind.REFUSED_INVALID, HEALTHY, true);
        Evidence unreachable = evidence(Kind.UNREACHABLE, HEALTHY, true);
        return Stream.of(
                row("invalid", Verdict.COMMIT, refused),
                row("field conflict", Verdict.COMMIT, evidence(Kind.FIELD_CONFLICT, HEALTHY, true)),
                row("owned elsewhere", Verdict.COMMIT, evidence(Kind.OWNED_ELSEWHERE, HEALTHY, true)),
                row("a refusal beside API trouble", Verdict.COMMIT, unreachable, refused),
                row("broken by the run", Verdict.COMMIT, broken),
                row("late", Verdict.COMMIT, late),
                row("new and late", Verdict.COMMIT, newAndLate),
                row("broken by the run beside one broken before", Verdict.COMMIT, brokenBefore, broken),
                row("late beside API trouble", Verdict.ENVIRONMENT, late, unreachable),
                row("webhook trouble", Verdict.ENVIRONMENT, evidence(Kind.UNAVAILABLE, HEALTHY, true)),
                row("quota", Verdict.ENVIRONMENT, evidence(Kind.QUOTA_EXCEEDED, ABSENT, true)),
                row("unhealthy before", Verdict.ENVIRONMENT, brokenBefore),
                row("a bystander", Verdict.UNKNOWN, bystander),
                row("a bystander beside one broken before", Verdict.UNKNOWN, bystander, brokenBefore),
                row("nobody looked before", Verdict.UNKNOWN, evidence(Kind.DEADLINE, NOT_KNOWN, true)),
                row("a new hook is gone", Verdict.UNKNOWN, evidence(Kind.GONE, ABSENT, true)),
                row("one is gone, another failed", Verdict.COMMIT, evidence(Kind.GONE, ABSENT, true), newAndLate),
                row("forbidden", Verdict.UNKNOWN, evidence(Kind.REFUSED_FORBIDDEN, HEALTHY, true)),
                row("kind not served", Verdict.UNKNOWN, evidence(Kind.MISSING_KIND, ABSENT, true)),
                row("nothing seen", Verdict.UNKNOWN));
    }

    private static Arguments row(String what, Verdict verdict, Evidence... evidence) {
        return Arguments.of(what, verdict, List.of(evidence));
    }
}
