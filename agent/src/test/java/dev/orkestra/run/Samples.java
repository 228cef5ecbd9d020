package dev.orkestra.run;

import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A small run, driven by hand. */
final class Samples {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final LastGood LAST_GOOD = new LastGood("b2", 2, "sha256:good");
    static final ObjectKey SHOP = new ObjectKey("orkestra.azure.microsoft.com", "ApplicationGroup", "", "shop");
    static final ObjectKey CONFIG = new ObjectKey("", "ConfigMap", "shop", "config");
    static final Wave FIRST = Wave.sync(0, 0);
    static final Wave SECOND = new Wave(2, Wave.Phase.SYNC, 5);
    static final PlanSummary PLAN = new PlanSummary("sha256:plan", 0, 1, 0, 0, 13, 2);
    static final Diagnostic TROUBLE = Diagnostic.error(ErrorCode.ClusterUnreachable, "no answer", null, "");

    private Samples() {}

    static RunState begun(Trigger trigger) {
        RunSpec.Limits limits =
                new RunSpec.Limits(Duration.ofMinutes(5), Duration.ofMinutes(30), Duration.ofSeconds(30));
        return RunState.begin(new RunSpec("orkestra", "staging", 3, "c3", trigger, START, limits), 7);
    }

    static LedgerView view(@Nullable LastGood lastGood, String settled, String... quarantined) {
        return new LedgerView(lastGood, Set.of(quarantined), settled, false);
    }

    static RunEvent.Composed composed(LedgerView view) {
        Diagnostic warning = Diagnostic.warning(
                ErrorCode.IgnoredOverride, "name is set by the overlay", new Position("k.yaml", 12, 7), "drop it");
        return new RunEvent.Composed(at(1), "sha256:new", List.of(FIRST, SECOND), 14, view, List.of(warning));
    }

    static Instant at(long seconds) {
        return START.plusSeconds(seconds);
    }

    static RunState after(RunState state, RunEvent... events) {
        RunState now = state;
        for (RunEvent event : events) {
            now = RunMachine.next(now, event);
        }
        return now;
    }

    /** A run that applies its first wave. */
    static RunState applying(LedgerView view, ObjectKey... unhealthyBefore) {
        return after(
                begun(Trigger.SCHEDULE),
                composed(view),
                new RunEvent.StateStored(at(2)),
                new RunEvent.Planned(at(3), PLAN, List.of(unhealthyBefore)),
                new RunEvent.IntentStored(at(4)));
    }

    /** A run whose second wave is awaited. */
    static RunState awaitingSecond(LedgerView view) {
        return after(
                applying(view),
                new RunEvent.WaveApplied(at(5), Direction.FORWARD, FIRST),
                new RunEvent.WaveHealthy(at(6), Direction.FORWARD, FIRST),
                new RunEvent.WaveApplied(at(7), Direction.FORWARD, SECOND),
                new RunEvent.StillWaiting(at(8), Direction.FORWARD, SECOND, "ApplicationGroup/shop"));
    }

    static Evidence evidence(Evidence.Kind kind, Evidence.Before before, boolean changed) {
        return new Evidence(SHOP, kind, before, changed, "ImagePullBackOff: nowhere/web:9");
    }

    /** A run that has failed and whose rollback awaits its first wave. */
    static RunState rollingBack(Evidence evidence) {
        return after(
                awaitingSecond(view(LAST_GOOD, LAST_GOOD.digest())),
                new RunEvent.WaveFailed(at(9), Direction.FORWARD, SECOND, List.of(evidence)),
                new RunEvent.QuarantineRecorded(at(10)),
                new RunEvent.FailHooksRan(at(10), List.of()),
                new RunEvent.LastGoodLoaded(at(11), List.of(FIRST)),
                new RunEvent.WaveApplied(at(12), Direction.ROLLBACK, FIRST));
    }
}
