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
    private final long generation;
    private final ChangeSignal signal = new ChangeSignal();
    // Guarded by this.
    private Word seen;
    private Optional<Word> pending = Optional.empty();
    private String newer = "";
    private boolean deleting;
    private boolean otherSpec;

    /** @param sync empty when it is no new one */
    private record Word(String approved, String sync) {}

    /**
     * @param generation the ConfigRepo's, that the run works with
     * @param consent what the run has heard already
     * @param handledSync the sync request that was carried out last
     */
    RunSignals(InstantSource clock, long generation, Consent consent, String handledSync) {
        this.clock = clock;
        this.generation = generation;
        this.seen = new Word(consent.hash(), consent.sync().isEmpty() ? handledSync : consent.sync());
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
        synchronized (this) {
            Word word = new Word(approvedPlan(configRepo), syncRequested(configRepo));
            boolean approves = !word.approved().isEmpty() && !word.approved().equals(seen.approved());
            boolean asks = !word.sync().isEmpty() && !word.sync().equals(seen.sync());
            if (approves || asks) {
                pending = Optional.of(new Word(word.approved(), asks ? word.sync() : ""));
            }
            seen = word;
            deleting |= isDeleting(configRepo);
            otherSpec |= configRepo.path("metadata").path("generation").asLong() > generation;
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

    /** What the machine has to be told before the next command, in order. */
    synchronized List<RunEvent> news(RunState state) {
        List<RunEvent> news = new ArrayList<>();
        if (!newer.isEmpty()) {
            news.add(new RunEvent.NewerCommit(clock.instant(), newer));
            newer = "";
        }
        if (deleting) {
            news.add(new RunEvent.Withdrawn(clock.instant(), said("the ConfigRepo is being deleted"), true));
        } else if (otherSpec && state.step() == Step.AwaitApproval) {
            news.add(new RunEvent.Withdrawn(
                    clock.instant(), said("the ConfigRepo has another spec, and a new run follows"), false));
        }
        return news;
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
            return word.filter(_ -> !deleting && !otherSpec && newer.isEmpty())
                    .<RunEvent>map(said -> new RunEvent.ConsentGiven(clock.instant(), said.approved(), said.sync()))
                    .orElseGet(() -> new RunEvent.Woken(clock.instant()));
        }
    }

    @Override
    public RunEvent awaitUntil(Instant until) throws InterruptedException {
        return await(until, _ -> false) ? new RunEvent.Woken(clock.instant()) : new RunEvent.Waited(clock.instant());
    }

    /** Whether there was news before {@code until}. */
    private boolean await(Instant until, Predicate<RunSignals> wanted) throws InterruptedException {
        while (true) {
            long before = signal.seen();
            synchronized (this) {
                if (deleting || !newer.isEmpty() || wanted.test(this)) {
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
