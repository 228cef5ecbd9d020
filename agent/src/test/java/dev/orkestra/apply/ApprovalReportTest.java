package dev.orkestra.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.run.Caution;
import dev.orkestra.run.Consent;
import dev.orkestra.run.Direction;
import dev.orkestra.run.Evidence;
import dev.orkestra.run.LastGood;
import dev.orkestra.run.LedgerView;
import dev.orkestra.run.PlanSummary;
import dev.orkestra.run.PointOfNoReturn;
import dev.orkestra.run.RunEvent;
import dev.orkestra.run.RunMachine;
import dev.orkestra.run.RunSpec;
import dev.orkestra.run.RunState;
import dev.orkestra.run.Trigger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a ConfigRepo says of plans that wait for a person, of stale ones, and of what cannot be undone: a golden file. */
class ApprovalReportTest {
    private static final String GOLDEN = "apply/approval-report.txt";
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final LastGood LAST_GOOD =
            new LastGood("b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2", 2, "sha256:good");
    private static final Wave WAVE = Wave.sync(0, 0);
    private static final PlanSummary LOOKED_AT = new PlanSummary("sha256:1f3a", 1, 2, 0, 3, 40);
    private static final PlanSummary BY_NOW = new PlanSummary("sha256:9c0d", 1, 5, 1, 3, 36);
    private static final ObjectKey DEFINITION =
            new ObjectKey("apiextensions.k8s.io", "CustomResourceDefinition", "", "gadgets.test.example");
    private static final Evidence BROKEN = new Evidence(
            new ObjectKey("apps", "Deployment", "shop", "web"),
            Evidence.Kind.UNHEALTHY,
            Evidence.Before.HEALTHY,
            true,
            "ImagePullBackOff: nowhere/web:9");

    @Test
    void eachSaysWhatWasChangedAndWhichCommandsGoOn() throws IOException {
        StringBuilder page = new StringBuilder();
        show(page, "waits for approval", waiting("orkestra"));
        show(page, "waits for approval, in another namespace", waiting("team-a"));
        show(
                page,
                "another plan by now, and still waits",
                after(waiting("orkestra"), new RunEvent.ConsentGiven(at(9), "sha256:1f3a", "s"), planned(BY_NOW)));
        show(
                page,
                "bound to another plan",
                after(planning("orkestra", Consent.given("sha256:1f3a", "s")), planned(BY_NOW)));
        show(page, "held past a point of no return", held());
        show(
                page,
                "given up, the ConfigRepo is deleted",
                after(
                        waiting("orkestra"),
                        new RunEvent.Withdrawn(
                                at(9),
                                Diagnostic.warning(ErrorCode.Held, "the ConfigRepo is being deleted", null, ""),
                                true)));
        check(page.toString());
    }

    private static void show(StringBuilder page, String title, RunState run) {
        RunReport report = RunReport.of(run);
        page.append("## ").append(title).append('\n');
        page.append("Ready=False ").append(report.reason()).append(": ").append(report.message());
        page.append("\n\n");
    }

    private static void check(String actual) throws IOException {
        if ("write".equals(System.getProperty("orkestra.golden"))) {
            Files.writeString(Path.of("src/test/resources", GOLDEN), actual);
        }
        try (var stream = ApprovalReportTest.class.getResourceAsStream("/" + GOLDEN)) {
            assertThat(actual)
                    .isEqualTo(
                            new String(Objects.requireNonNull(stream, GOLDEN).readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static RunState planning(String namespace, Consent consent) {
        RunSpec.Limits limits = new RunSpec.Limits(Duration.ofMinutes(5), Duration.ofMinutes(30), Duration.ZERO);
        RunSpec spec = new RunSpec(
                namespace, "staging", 3, "c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3", Trigger.SCHEDULE, START, limits);
        return after(
                RunState.begin(spec, 7, consent),
                new RunEvent.Composed(
                        at(1),
                        "sha256:new",
                        List.of(WAVE),
                        46,
                        new LedgerView(LAST_GOOD, Set.of(), LAST_GOOD.digest(), false),
                        List.of()),
                new RunEvent.StateStored(at(2)));
    }

    private static RunState waiting(String namespace) {
        return after(planning(namespace, Consent.NONE), planned(LOOKED_AT));
    }

    private static RunEvent planned(PlanSummary plan) {
        return new RunEvent.Planned(at(3), plan, List.of(), new Caution(true, true, List.of()));
    }

    private static RunState held() {
        Caution caution = new Caution(
                false, true, List.of(PointOfNoReturn.ahead(WAVE, DEFINITION, "stores its objects as v2 from now on")));
        return after(
                planning("orkestra", Consent.NONE),
                new RunEvent.Planned(at(3), LOOKED_AT, List.of(), caution),
                new RunEvent.IntentStored(at(4)),
                new RunEvent.WaveApplied(at(5), Direction.FORWARD, WAVE),
                new RunEvent.WaveFailed(at(6), Direction.FORWARD, WAVE, List.of(BROKEN)),
                new RunEvent.QuarantineRecorded(at(7)),
                new RunEvent.FailHooksRan(at(7), List.of()));
    }

    private static RunState after(RunState state, RunEvent... events) {
        RunState now = state;
        for (RunEvent event : events) {
            now = RunMachine.next(now, event);
        }
        return now;
    }

    private static Instant at(long seconds) {
        return START.plusSeconds(seconds);
    }
}
