package dev.orkestra.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.Interruptions;
import dev.orkestra.executor.ChangeSignal;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.run.Consent;
import dev.orkestra.run.RunEvent;
import dev.orkestra.run.RunSpec;
import dev.orkestra.run.RunState;
import dev.orkestra.run.Step;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What the watch on a ConfigRepo tells the run that is under way. The watch shows each state of the resource in order,
 * and may show one more than once; a word of a person is passed on once. Thread-safe.
 */
final class RunSignals implements Interruptions {
    /** Asked for by {@code ork sync}; echoed as status.handledSync. */
    static final String SYNC_REQUESTED = "orkestra.dev/sync-requested";

    /** Longer than any run; what ends the wait is a signal. */
    private static final Duration FOR_EVER = Duration.ofDays(3650);

    private final InstantSource clock;
    private final long generation;
    private final long worksWith;
    private final ChangeSignal signal = new ChangeSignal();
    // Guarded by this.
    private Word seen;
    private Optional<Word> pending = Optional.empty();
    private String newer = "";
    /** The commit that somebody wants back, as far as the machine has not heard of it. */
    private String rollback = "";

    private String lastRollback = "";
    /** The resume request that came before this run. */
    private String knownResume = "";
    /** Somebody wants the ref to be followed again: a run that goes back is not wanted any more. */
    private boolean resumes;

    private boolean resumeTold;
    /** Whether the run itself goes back to a commit that somebody asked for. */
    private boolean goesBack;

    private boolean deleting;
    /** Whether the machine knows that: if it goes on all the same, its waits are waits again. */
    private boolean deletingTold;

    private boolean otherSpec;
    /** The run's waits for trouble may be over: somebody asks for it, or has changed the spec. */
    private boolean nudged;

    private boolean outdated;

    /** @param sync empty when it is no new one */
    private record Word(String approved, String sync) {}

    /**
     * @param generation the ConfigRepo's, that the run began with
     * @param worksWith the ConfigRepo's, that its attempts are made with: one that was resumed is given the newest
     * @param consent what the run has heard already
     * @param handledSync the sync request that was carried out last
     */
    RunSignals(InstantSource clock, long generation, long worksWith, Consent consent, String handledSync) {
        this.clock = clock;
        this.generation = generation;
        this.worksWith = worksWith;
        this.seen = new Word(consent.hash(), consent.sync().isEmpty() ? handledSync : consent.sync());
    }

    /**
     * Those of a run that begins with {@code look}.
     *
     * @param resumed whether it was begun earlier, perhaps with another spec
     */
    static RunSignals forRun(Look look, RunState run, boolean resumed, InstantSource clock) {
        JsonNode status = look.object().path("status");
        long now = look.repo().generation();
        RunSignals signals = new RunSignals(
                clock,
                resumed ? status.path("runGeneration").asLong(now) : now,
                now,
                run.consent(),
                status.path("handledSync").asText());
        signals.of(
                run.spec(), resumed ? status.path("handledResume").asText() : ResumeRequest.requested(look.object()));
        // What the watch has shown already is not shown again.
        signals.see(look.object());
        return signals;
    }

    static String approvedPlan(JsonNode configRepo) {
        return annotation(configRepo, Consent.ANNOTATION);
    }

    static String syncRequested(JsonNode configRepo) {
        return annotation(configRepo, SYNC_REQUESTED);
    }

    private static String annotation(JsonNode object, String name) {
        return object.path("metadata").path("annotations").path(name).asText();
    }

    static boolean isDeleting(JsonNode configRepo) {
        return configRepo.path("metadata").has("deletionTimestamp");
    }

    /** The ConfigRepo as the watch shows it. */
    void see(ObjectNode configRepo) {
        see(configRepo, configRepo.path("metadata").path("generation").asLong());
    }

    /** Its spec cannot be read, so nothing could be done with it: the run goes on with the one it has. */
    void seeAllButSpec(ObjectNode configRepo) {
        see(configRepo, worksWith);
    }

    private void see(ObjectNode configRepo, long now) {
        synchronized (this) {
            Word word = new Word(approvedPlan(configRepo), syncRequested(configRepo));
            boolean approves = !word.approved().isEmpty() && !word.approved().equals(seen.approved());
            boolean asks = !word.sync().isEmpty() && !word.sync().equals(seen.sync());
            if (approves || asks) {
                pending = Optional.of(new Word(word.approved(), asks ? word.sync() : ""));
            }
            seen = word;
            resumes |= !ResumeRequest.requested(configRepo).equals(knownResume);
            deleting |= isDeleting(configRepo);
            otherSpec |= now > generation;
            nudged |= asks || (now > worksWith && !outdated);
            outdated |= now > worksWith;
        }
        signal.raise();
    }

    /** The ConfigRepo is gone. */
    void gone() {
        synchronized (this) {
            deleting = true;
        }
        signal.raise();
    }

    void newer(String commit) {
        synchronized (this) {
            newer = commit;
        }
        signal.raise();
    }

    /** Somebody asks for a run that goes back to {@code commit}; each is passed on once, however often it is seen. */
    void rollback(String commit) {
        synchronized (this) {
            if (commit.equals(lastRollback)) {
                return;
            }
            rollback = commit;
            lastRollback = commit;
        }
        signal.raise();
    }

    /**
     * Which run hears this.
     *
     * @param resume the resume request that came before it
     */
    synchronized void of(RunSpec run, String resume) {
        goesBack = run.isRollback();
        knownResume = resume;
    }

    /** Whether the ref's commits are the run's business: one that goes back stays, until somebody resumes. */
    synchronized boolean followsRef() {
        return !goesBack || resumes;
    }

    /** What the machine has to be told before the next command, in order. */
    synchronized List<RunEvent> news(RunState state) {
        List<RunEvent> news = new ArrayList<>();
        if (!rollback.isEmpty()) {
            news.add(new RunEvent.NewerCommit(clock.instant(), rollback));
            rollback = "";
        }
        if (goesBack && resumes) {
            news.add(new RunEvent.Withdrawn(clock.instant(), said("the ref is to be followed again"), false));
            resumeTold = true;
        }
        if (!newer.isEmpty()) {
            news.add(new RunEvent.NewerCommit(clock.instant(), newer));
            newer = "";
        }
        if (deleting) {
            news.add(new RunEvent.Withdrawn(clock.instant(), said("the ConfigRepo is being deleted"), true));
            deletingTold = true;
        } else if (otherSpec && (state.step() == Step.AwaitApproval || state.step() == Step.RetryWait)) {
            news.add(new RunEvent.Withdrawn(
                    clock.instant(), said("the ConfigRepo has another spec, and a new run follows"), false));
        }
        return news;
    }

    /**
     * Whether the ConfigRepo has another spec than the run's attempts are made with. Where nothing is in flight, the next
     * one is to be made with the new one.
     */
    synchronized boolean outdated() {
        return outdated;
    }

    private static Diagnostic said(String why) {
        return Diagnostic.warning(ErrorCode.Held, why, null, "");
    }

    @Override
    public synchronized boolean breakOff() {
        return deleting;
    }

    @Override
    public RunEvent awaitConsent() throws InterruptedException {
        await(clock.instant().plus(FOR_EVER), signals -> signals.pending.isPresent() || signals.otherSpec);
        synchronized (this) {
            Optional<Word> word = pending;
            pending = Optional.empty();
            return word.filter(_ -> !deleting && !otherSpec && !hasNewer())
                    .<RunEvent>map(said -> new RunEvent.ConsentGiven(clock.instant(), said.approved(), said.sync()))
                    .orElseGet(() -> new RunEvent.Woken(clock.instant()));
        }
    }

    @Override
    public RunEvent awaitUntil(Instant until) throws InterruptedException {
        boolean news = await(until, signals -> signals.nudged);
        synchronized (this) {
            boolean goesOn = !news || nudged;
            nudged = false;
            return goesOn ? new RunEvent.Waited(clock.instant()) : new RunEvent.Woken(clock.instant());
        }
    }

    private boolean hasNewer() {
        return !newer.isEmpty() || !rollback.isEmpty();
    }

    /** Whether there was news before {@code until}. */
    private boolean await(Instant until, Predicate<RunSignals> wanted) throws InterruptedException {
        while (true) {
            long before = signal.seen();
            synchronized (this) {
                boolean resumed = goesBack && resumes && !resumeTold;
                if ((deleting && !deletingTold) || hasNewer() || resumed || wanted.test(this)) {
                    return true;
                }
            }
            Duration left = Duration.between(clock.instant(), until);
            if (left.isNegative()) {
                return false;
            }
            signal.awaitAfter(before, left.plusMillis(1));
        }
    }
}
