package dev.orkestra.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.Interruptions;
import dev.orkestra.executor.ChangeSignal;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.run.Consent;
import dev.orkestra.run.RunEvent;
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
    private final Start start;
    private final ChangeSignal signal = new ChangeSignal();
    // Guarded by this.
    private Word seen;
    private Optional<Word> pending = Optional.empty();
    private String newer = "";
    /** The newest that looks have seen the ref name. */
    private String head;
    /** The commit that somebody wants back, as far as the machine has not heard of it. */
    private String rollback = "";

    private String lastRollback = "";
    /** Somebody wants the ref to be followed again. */
    private boolean resumes;

    private boolean resumeTold;
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
     * What is known when a run begins, or is resumed.
     *
     * @param generation the ConfigRepo's, that the run began with
     * @param worksWith the ConfigRepo's, that its attempts are made with: one that was resumed is given the newest
     * @param consent what the run has heard already
     * @param handledSync the sync request that was carried out last
     * @param resume the resume request that came before it
     * @param head what the ref names, as far as nothing newer is to take over from the run
     * @param pinned whether the environment stays on the run's commit, whatever the ref names, until somebody resumes
     */
    record Start(
            long generation,
            long worksWith,
            Consent consent,
            String handledSync,
            String resume,
            String head,
            boolean pinned) {}

    RunSignals(InstantSource clock, Start start) {
        this.clock = clock;
        this.start = start;
        this.head = start.head();
        Consent consent = start.consent();
        this.seen = new Word(consent.hash(), consent.sync().isEmpty() ? start.handledSync() : consent.sync());
    }

    /**
     * Those of a run that begins with {@code look}.
     *
     * @param resumed whether it was begun earlier, perhaps with another spec
     * @param pinned whether the environment stays on the run's commit
     */
    static RunSignals forRun(Look look, RunState run, boolean resumed, boolean pinned, InstantSource clock) {
        JsonNode status = look.object().path("status");
        long now = look.repo().generation();
        RunSignals signals = new RunSignals(
                clock,
                new Start(
                        resumed ? status.path("runGeneration").asLong(now) : now,
                        now,
                        run.consent(),
                        status.path("handledSync").asText(),
                        resumed ? status.path("handledResume").asText() : ResumeRequest.requested(look.object()),
                        run.spec().isRollback()
                                ? status.path("headCommit").asText()
                                : run.spec().commit(),
                        pinned));
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
        see(configRepo, start.worksWith());
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
            resumes |= !ResumeRequest.requested(configRepo).equals(start.resume());
            deleting |= isDeleting(configRepo);
            otherSpec |= now > start.generation();
            nudged |= asks || (now > start.worksWith() && !outdated);
            outdated |= now > start.worksWith();
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

    /** What the ref names now. Each look tells it, and each piece of news breaks a wait off: it is passed on once. */
    void newer(String commit) {
        synchronized (this) {
            if (commit.equals(head)) {
                return;
            }
            head = commit;
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

    /** What the machine has to be told before the next command, in order. */
    synchronized List<RunEvent> news(RunState state) {
        List<RunEvent> news = new ArrayList<>();
        if (!rollback.isEmpty()) {
            news.add(new RunEvent.NewerCommit(clock.instant(), rollback));
            rollback = "";
        } else if (isUnpinned() || (!newer.isEmpty() && !start.pinned())) {
            resumeTold = resumes;
            news.add(new RunEvent.NewerCommit(clock.instant(), head));
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
    public synchronized boolean hasNewer() {
        return !rollback.isEmpty() || isUnpinned() || (!newer.isEmpty() && !start.pinned());
    }

    /** Whether the machine has to hear that the ref is followed again, and not the pin. */
    private boolean isUnpinned() {
        return start.pinned() && resumes && !resumeTold && !head.isEmpty();
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

    /** Whether there was news before {@code until}. */
    private boolean await(Instant until, Predicate<RunSignals> wanted) throws InterruptedException {
        while (true) {
            long before = signal.seen();
            synchronized (this) {
                if ((deleting && !deletingTold) || hasNewer() || wanted.test(this)) {
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
