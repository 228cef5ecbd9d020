package dev.orkestra.run;

import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a run. It is persisted after each event, before the next command is carried out.
 *
 * @param spec what the run is about
 * @param step what is being done now
 * @param phase what people see of it; final already at {@link Step#Finish}
 * @param digest digest of the desired state; empty before it is composed
 * @param known what was known before this run changed anything
 * @param consent what a person has said about its plan
 * @param touched whether this run may have changed the cluster
 * @param waves the commit's waves
 * @param position index of the current wave, in {@link #waves} or during a rollback in its waves
 * @param deadline when this attempt's waves must be done; null before they begin
 * @param waiting why and how long nothing is done; null when something is
 * @param judgement who is to blame; null while nobody is
 * @param rollback how far the rollback is; null when there is none
 * @param report what people read
 * @param progress what counts tries and restarts
 * @param basis what of the ConfigRepo its attempts are made with
 */
public record RunState(
        RunSpec spec,
        Step step,
        Phase phase,
        String digest,
        Known known,
        Consent consent,
        boolean touched,
        List<WaveState> waves,
        int position,
        @Nullable Instant deadline,
        @Nullable Waiting waiting,
        @Nullable Judgement judgement,
        @Nullable Rollback rollback,
        Report report,
        Progress progress,
        Basis basis) {

    public RunState {
        waves = List.copyOf(waves);
    }

    /**
     * What was known before this run changed anything.
     *
     * @param lastGood where a rollback goes; null: nowhere
     * @param settledDigest what the cluster held, whole and healthy
     * @param unhealthyBefore which of the wanted objects were there, but not healthy
     * @param noReturn what the plan can't undo
     * @param holds whether a failure past one of these is held
     * @param inherited whether {@code unhealthyBefore}, and what of {@code noReturn} is passed, was seen by a run before
     *     this one, which gave way with a part of it applied: what is unhealthy by now may be its doing
     */
    public record Known(
            @Nullable LastGood lastGood,
            String settledDigest,
            List<ObjectKey> unhealthyBefore,
            List<PointOfNoReturn> noReturn,
            boolean holds,
            boolean inherited) {
        /** Before anything was looked at. */
        public static final Known NOTHING = new Known(null, "", List.of(), List.of(), false, false);

        /** What {@code before}, the run before, which has ended, leaves to the next. */
        public static Known leftBy(Optional<RunState> before) {
            return before.map(RunState::leaves).orElse(NOTHING);
        }

        public Known {
            unhealthyBefore = List.copyOf(unhealthyBefore);
            noReturn = List.copyOf(noReturn);
        }

        Known withNoReturn(List<PointOfNoReturn> changed) {
            return new Known(lastGood, settledDigest, unhealthyBefore, changed, holds, inherited);
        }
    }

    /**
     * A wait.
     *
     * @param until when it ends
     * @param then the step that follows
     */
    public record Waiting(Instant until, Step then) {}

    /**
     * Who is to blame, and why.
     *
     * @param evidence the first {@link RunMachine#MOST_LISTED} items
     */
    public record Judgement(Verdict verdict, List<Evidence> evidence) {
        public Judgement {
            evidence = List.copyOf(evidence);
        }
    }

    /**
     * A rollback.
     *
     * @param to last-good
     * @param phase how far; for people
     * @param waves last-good's waves; empty before they are loaded
     */
    public record Rollback(LastGood to, Phase phase, List<WaveState> waves) {
        /** How far a rollback is. */
        public enum Phase {
            Preparing,
            Applying,
            Removing,
            Good,
            Failed
        }

        public Rollback {
            waves = List.copyOf(waves);
        }

        Rollback in(Phase newPhase) {
            return new Rollback(to, newPhase, waves);
        }

        Rollback with(List<WaveState> newWaves) {
            return new Rollback(to, phase, newWaves);
        }
    }

    /**
     * What people read.
     *
     * @param objects how many objects the commit wants
     * @param plan the plan in numbers; null before there is one
     * @param diagnostics all findings, the newest last; at most {@link RunMachine#MOST_LISTED}
     * @param pruned what became of unwanted objects; null before that
     * @param removed what became of the objects that a rolled back commit had brought; null before that
     * @param newerCommit a newer commit that was seen meanwhile; empty: none
     */
    public record Report(
            int objects,
            @Nullable PlanSummary plan,
            List<Diagnostic> diagnostics,
            @Nullable PruneResult pruned,
            @Nullable PruneResult removed,
            String newerCommit) {
        static final Report EMPTY = new Report(0, null, List.of(), null, null, "");

        public Report {
            diagnostics = List.copyOf(diagnostics);
        }
    }

    /**
     * What of the ConfigRepo a run's attempts are made with. Its commit is one of this repository, composed from this
     * overlay: from another one the same commit, if there is one, gives something else.
     *
     * @param repository URL; empty in runs of older agents, which did not keep it
     * @param generation of the ConfigRepo
     */
    public record Basis(String repository, String overlay, long generation) {
        public static final Basis UNKNOWN = new Basis("", "", 0);

        public static Basis of(ConfigRepo repo) {
            return new Basis(repo.source().url(), repo.overlay(), repo.generation());
        }

        public boolean isKnown() {
            return !repository.isEmpty();
        }

        boolean hasSamePlace(Basis other) {
            return repository.equals(other.repository) && overlay.equals(other.overlay);
        }
    }

    /**
     * Counters and times.
     *
     * @param attempts how often environment trouble was waited out
     * @param troubles how often in a row a command met trouble that passes; any that works begins anew, so that an API
     *     server which goes away now and then does not make the waits longer and longer
     * @param restarts how often another process took the run over
     * @param leaseEpoch epoch of the lease under which it runs
     * @param updatedAt time of the last event
     */
    public record Progress(int attempts, int troubles, int restarts, long leaseEpoch, Instant updatedAt) {}

    /** A run that has not done anything yet. */
    public static RunState begin(RunSpec spec, long leaseEpoch) {
        return begin(spec, leaseEpoch, Consent.NONE);
    }

    /** A run that somebody asked for. */
    public static RunState begin(RunSpec spec, long leaseEpoch, Consent consent) {
        return begin(spec, leaseEpoch, consent, Basis.UNKNOWN);
    }

    /** A run of the ConfigRepo as {@code basis} names it. */
    public static RunState begin(RunSpec spec, long leaseEpoch, Consent consent, Basis basis) {
        return begin(spec, leaseEpoch, consent, basis, Known.NOTHING);
    }

    /**
     * A run after another.
     *
     * @param known what the one before leaves to it ({@link #leaves})
     */
    public static RunState begin(RunSpec spec, long leaseEpoch, Consent consent, Basis basis, Known known) {
        return new RunState(
                spec,
                Step.Compose,
                Phase.Composing,
                "",
                known,
                consent,
                false,
                List.of(),
                0,
                null,
                null,
                null,
                null,
                Report.EMPTY,
                new Progress(0, 0, 0, leaseEpoch, spec.startedAt()),
                basis);
    }

    /**
     * What the next run has to know of the time before this one, which has ended: of a run that gave way half-way, and of
     * those after it that did not get as far as to change anything.
     */
    Known leaves() {
        boolean gaveWay = touched && phase == Phase.Superseded && rollback == null;
        boolean passedOn = !touched && known.inherited();
        return gaveWay || passedOn
                ? new Known(
                        null,
                        "",
                        known.unhealthyBefore(),
                        known.noReturn().stream()
                                .filter(PointOfNoReturn::passed)
                                .toList(),
                        false,
                        true)
                : Known.NOTHING;
    }

    /**
     * How an object was before this run, for {@link Evidence}. It needs no memory of each object: what last-good does
     * not want was not there, and what it wants was healthy when last-good was proven, unless the plan saw otherwise.
     *
     * @param inLastGood whether last-good wants it
     */
    public Evidence.Before before(ObjectKey key, boolean inLastGood) {
        if (known.unhealthyBefore().contains(key)) {
            return Evidence.Before.UNHEALTHY;
        }
        return inLastGood ? Evidence.Before.HEALTHY : Evidence.Before.ABSENT;
    }

    /** Whether last-good's waves are being applied or awaited, and not the commit's. */
    boolean isBackwards() {
        return step == Step.RollbackApplyWave || step == Step.RollbackAwaitWave;
    }

    Direction direction() {
        return isBackwards() ? Direction.ROLLBACK : Direction.FORWARD;
    }

    /** Whether this attempt has come as far as {@code layer}: what has not begun needs no cleaning up after a failure. */
    public boolean reached(int layer) {
        return waves.stream().anyMatch(wave -> wave.wave().layer() >= layer && wave.phase() != WaveState.Phase.Pending);
    }

    /** Whether nothing is left to do. */
    public boolean isEnd() {
        return step == Step.End;
    }

    /** The wave that is being applied or awaited, in either direction. */
    public Wave currentWave() {
        return current().wave();
    }

    /** The state of {@link #currentWave}. */
    public WaveState current() {
        Rollback back = rollback;
        return (isBackwards() && back != null ? back.waves() : waves).get(position);
    }
}
