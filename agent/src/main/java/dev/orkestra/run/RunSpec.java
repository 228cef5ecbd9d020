package dev.orkestra.run;

import java.time.Duration;
import java.time.Instant;

/**
 * What a run is about; it never changes.
 *
 * @param namespace namespace of the ConfigRepo
 * @param configRepo name of the ConfigRepo
 * @param number the run's number, counted per ConfigRepo from 1
 * @param commit full object name of the commit
 * @param trigger why it was started
 * @param startedAt when
 * @param limits how long things may take
 * @param requestedBy who asked for it; empty when nobody did, or did not say
 * @param reason why, in the words of who asked
 */
public record RunSpec(
        String namespace,
        String configRepo,
        int number,
        String commit,
        Trigger trigger,
        Instant startedAt,
        Limits limits,
        String requestedBy,
        String reason) {
    /**
     * How long things may take.
     *
     * @param wave one wave, from its first write until it is healthy
     * @param run all waves of one attempt, and again all waves of a rollback
     * @param soak how long the environment must stay healthy after the last wave; zero: not watched
     */
    public record Limits(Duration wave, Duration run, Duration soak) {}

    /** A run that nobody asked for by a ConfigRun. */
    public RunSpec(
            String namespace,
            String configRepo,
            int number,
            String commit,
            Trigger trigger,
            Instant startedAt,
            Limits limits) {
        this(namespace, configRepo, number, commit, trigger, startedAt, limits, "", "");
    }

    /** Whether somebody wants an earlier commit back: it is gone back to, though by the run's own way forward. */
    public boolean isRollback() {
        return trigger == Trigger.ROLLBACK;
    }

    /** The same with another number. */
    public RunSpec numbered(int other) {
        return new RunSpec(namespace, configRepo, other, commit, trigger, startedAt, limits, requestedBy, reason);
    }

    /** The name of the ConfigRun: {@code staging-3}. */
    public String name() {
        return configRepo + "-" + number;
    }
}
