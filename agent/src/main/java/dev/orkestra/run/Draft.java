package dev.orkestra.run;

import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A state in the making: a copy whose parts are changed one by one, then made into a {@link RunState} again. */
final class Draft {
    private final RunSpec spec;
    private Step step;
    private Phase phase;
    private String digest;
    private RunState.Known known;
    private Consent consent;
    private boolean touched;
    private List<WaveState> waves;
    private int position;
    private @Nullable Instant deadline;
    private RunState.@Nullable Waiting waiting;
    private RunState.@Nullable Judgement judgement;
    private RunState.@Nullable Rollback rollback;
    private RunState.Report report;
    private RunState.Progress progress;
    private RunState.Basis basis;

    private Draft(RunState state) {
        spec = state.spec();
        step = state.step();
        phase = state.phase();
        digest = state.digest();
        known = state.known();
        consent = state.consent();
        touched = state.touched();
        waves = state.waves();
        position = state.position();
        deadline = state.deadline();
        waiting = state.waiting();
        judgement = state.judgement();
        rollback = state.rollback();
        report = state.report();
        progress = state.progress();
        basis = state.basis();
    }

    static Draft of(RunState state) {
        return new Draft(state);
    }

    RunState done() {
        return new RunState(
                spec, step, phase, digest, known, consent, touched, waves, position, deadline, waiting, judgement,
                rollback, report, progress, basis);
    }

    /** To {@code newStep}; nothing is waited for any more. */
    Draft to(Step newStep) {
        step = newStep;
        waiting = null;
        return this;
    }

    Draft to(Step newStep, Phase newPhase) {
        phase = newPhase;
        return to(newStep);
    }

    Draft waitIn(Step waitingStep, Instant until, Step then) {
        step = waitingStep;
        waiting = new RunState.Waiting(until, then);
        return this;
    }

    Draft finish(Phase finalPhase) {
        return to(Step.Finish, finalPhase);
    }

    Draft composed(RunEvent.Composed event) {
        digest = event.digest();
        // What a run before has left counts only while the environment is as that one left it.
        boolean settled = !event.ledger().settledDigest().isEmpty();
        RunState.Known before = settled ? RunState.Known.NOTHING : known;
        known = new RunState.Known(
                event.ledger().lastGood(),
                event.ledger().settledDigest(),
                before.unhealthyBefore(),
                before.noReturn(),
                false,
                before.inherited());
        report = new RunState.Report(event.objects(), null, report.diagnostics(), null, null, report.newerCommit());
        return findings(event.warnings());
    }

    Draft touched() {
        touched = true;
        return this;
    }

    Draft waves(List<WaveState> newWaves) {
        waves = newWaves;
        return this;
    }

    Draft position(int newPosition) {
        position = newPosition;
        return this;
    }

    Draft deadline(@Nullable Instant newDeadline) {
        deadline = newDeadline;
        return this;
    }

    /** The wave at the current position, in {@code direction}. */
    Draft wave(Direction direction, UnaryOperator<WaveState> change) {
        RunState.Rollback back = rollback;
        if (direction == Direction.FORWARD) {
            waves = changed(waves, change);
        } else if (back != null) {
            rollback = back.with(changed(back.waves(), change));
        }
        return this;
    }

    private List<WaveState> changed(List<WaveState> list, UnaryOperator<WaveState> change) {
        List<WaveState> copy = new ArrayList<>(list);
        copy.set(position, change.apply(copy.get(position)));
        return copy;
    }

    Draft judgement(Verdict verdict, List<Evidence> evidence) {
        judgement = new RunState.Judgement(
                verdict, evidence.stream().limit(RunMachine.MOST_LISTED).toList());
        return this;
    }

    /** Good in the end: what went wrong on the way passed by itself, and is not told of a good run. */
    Draft absolved() {
        judgement = null;
        List<Diagnostic> harmless = report.diagnostics().stream()
                .filter(finding -> finding.severity() != Severity.ERROR)
                .toList();
        report = new RunState.Report(
                report.objects(), report.plan(), harmless, report.pruned(), report.removed(), report.newerCommit());
        return this;
    }

    Draft rollback(RunState.Rollback newRollback) {
        rollback = newRollback;
        return this;
    }

    Draft rollback(RunState.Rollback.Phase newPhase) {
        RunState.Rollback back = rollback;
        if (back != null) {
            rollback = back.in(newPhase);
        }
        return this;
    }

    Draft planned(RunEvent.Planned event) {
        report = new RunState.Report(
                report.objects(),
                event.plan(),
                report.diagnostics(),
                report.pruned(),
                report.removed(),
                report.newerCommit());
        // A later attempt sees what this run itself has done, or the one that gave way to it.
        boolean changed = touched || known.inherited();
        known = new RunState.Known(
                known.lastGood(),
                known.settledDigest(),
                changed ? known.unhealthyBefore() : event.unhealthyBefore(),
                changed
                        ? NoReturn.more(known.noReturn(), event.caution().points())
                        : event.caution().points(),
                event.caution().holds(),
                known.inherited());
        return this;
    }

    Draft consent(Consent newConsent) {
        consent = newConsent;
        return this;
    }

    Draft basis(RunState.Basis newBasis) {
        basis = newBasis;
        return this;
    }

    /** From here on, or as the evidence shows after all not, a point of no return may be passed. */
    Draft noReturn(UnaryOperator<List<PointOfNoReturn>> change) {
        known = known.withNoReturn(change.apply(known.noReturn()));
        return this;
    }

    /** The wave at the current position is about to be written. */
    Draft passing(Direction direction) {
        if (direction == Direction.FORWARD) {
            noReturn(points -> NoReturn.passing(points, waves.get(position).wave()));
        }
        return this;
    }

    /** Whoever was waited for has answered, or is asked something else. */
    Draft withoutWaitingFindings() {
        List<Diagnostic> others = report.diagnostics().stream()
                .filter(finding ->
                        finding.code() != ErrorCode.ApprovalRequired && finding.code() != ErrorCode.PlanStale)
                .toList();
        report = new RunState.Report(
                report.objects(), report.plan(), others, report.pruned(), report.removed(), report.newerCommit());
        return this;
    }

    Draft pruned(PruneResult result) {
        report = new RunState.Report(
                report.objects(), report.plan(), report.diagnostics(), result, report.removed(), report.newerCommit());
        return this;
    }

    Draft removed(PruneResult result) {
        report = new RunState.Report(
                report.objects(), report.plan(), report.diagnostics(), report.pruned(), result, report.newerCommit());
        return this;
    }

    Draft newerCommit(String commit) {
        report = new RunState.Report(
                report.objects(), report.plan(), report.diagnostics(), report.pruned(), report.removed(), commit);
        return this;
    }

    /**
     * Adds findings, the newest last. One that is there already is not repeated, or a wait of a night would fill the
     * list. When it is full the oldest go: what the run ends with, or waits for, must be told.
     */
    Draft findings(List<Diagnostic> more) {
        List<Diagnostic> added = more.stream().distinct().toList();
        if (added.size() > RunMachine.MOST_LISTED) {
            added = added.stream()
                    .sorted(Comparator.comparing(finding -> finding.severity() != Severity.ERROR))
                    .limit(RunMachine.MOST_LISTED)
                    .toList();
        }
        Set<Diagnostic> again = Set.copyOf(added);
        List<Diagnostic> all = Stream.concat(
                        report.diagnostics().stream().filter(finding -> !again.contains(finding)), added.stream())
                .toList();
        List<Diagnostic> kept = all.subList(Math.max(0, all.size() - RunMachine.MOST_LISTED), all.size());
        report = new RunState.Report(
                report.objects(), report.plan(), kept, report.pruned(), report.removed(), report.newerCommit());
        return this;
    }

    Draft attempt() {
        progress = new RunState.Progress(
                progress.attempts() + 1,
                progress.troubles(),
                progress.restarts(),
                progress.leaseEpoch(),
                progress.updatedAt());
        return this;
    }

    Draft troubles(int count) {
        progress = new RunState.Progress(
                progress.attempts(), count, progress.restarts(), progress.leaseEpoch(), progress.updatedAt());
        return this;
    }

    Draft restart(long leaseEpoch) {
        progress = new RunState.Progress(
                progress.attempts(), progress.troubles(), progress.restarts() + 1, leaseEpoch, progress.updatedAt());
        return this;
    }

    Draft updatedAt(Instant at) {
        progress = new RunState.Progress(
                progress.attempts(), progress.troubles(), progress.restarts(), progress.leaseEpoch(), at);
        return this;
    }

    /**
     * Gives the wave at the current position its time from {@code at} on, but none beyond the run's deadline. A
     * rollback has no such bound: it must have its time.
     */
    Draft armWave(Direction direction, Instant at) {
        Instant until = at.plus(spec.limits().wave());
        Instant end = deadline;
        boolean bounded = direction == Direction.FORWARD && end != null && end.isBefore(until);
        Instant chosen = bounded && end != null ? end : until;
        return wave(direction, wave -> wave.until(chosen));
    }

    Draft extendDeadline(Duration by) {
        Instant end = deadline;
        deadline = end == null ? null : end.plus(by);
        return this;
    }
}
