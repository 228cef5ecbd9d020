package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * What is to be done next for a HelmRelease, as Flux's helm-controller decides it. Pure.
 *
 * <p>Helm is run without waiting for health, so a revision that never became healthy is {@code deployed} for Helm and
 * {@code failed} in the status' history; the history counts.
 */
sealed interface ReleaseStep {
    /** All is as wanted. */
    record Done() implements ReleaseStep {}

    /**
     * Helm makes a new revision.
     *
     * @param first whether there is none
     */
    record Attempt(boolean first) implements ReleaseStep {}

    /** Helm has made the revision; whether its objects are healthy is not known yet. */
    record Observe(ReleaseRecord made) implements ReleaseStep {}

    /** Helm failed and says so in its record, but the agent died before it counted that. */
    record CountFailure(ReleaseRecord failed) implements ReleaseStep {}

    /** Run the chart's tests. */
    record Test(ReleaseRecord made) implements ReleaseStep {}

    /**
     * Remediate by going back.
     *
     * @param target where to
     * @param made the revision that Helm made for it already, before the agent died
     */
    record Rollback(ReleaseRecord target, Optional<ReleaseRecord> made) implements ReleaseStep {}

    /**
     * Remediate by removing.
     *
     * @param done whether Helm has done so already, before the agent died
     */
    record Uninstall(boolean done) implements ReleaseStep {}

    /** A rollback is due, and no good revision is left to go back to. */
    record NoWayBack() implements ReleaseStep {}

    /** No attempt is left. */
    record Exhausted(ReleaseVerb verb, long attempts) implements ReleaseStep {}

    /** Helm was killed in the middle of what is to be done now: its record goes, and it is done again. */
    record Drop(ReleaseRecord stuck) implements ReleaseStep {}

    /** Helm was killed in the middle of something that nobody wants any more. */
    record FreeByRollback(long revision) implements ReleaseStep {}

    /** So too, and there is nothing to go back to. */
    record FreeByUninstall() implements ReleaseStep {}

    static ReleaseStep next(ReleaseFacts facts) {
        if (facts.records().isEmpty() || facts.records().getFirst().isUninstalled()) {
            return facts.openFailure().isPresent()
                            && remedyIsDue(facts)
                            && facts.remediation().uninstalls()
                    ? new Uninstall(true)
                    : attempt(facts, true);
        }
        ReleaseRecord newest = facts.records().getFirst();
        if (newest.isPending() || newest.isLeaving()) {
            return free(facts, newest);
        }
        return facts.isWanted(newest) ? asWanted(facts, newest) : otherwise(facts, newest);
    }

    private static ReleaseStep attempt(ReleaseFacts facts, boolean first) {
        return facts.isExhausted() ? exhausted(facts) : new Attempt(first);
    }

    private static ReleaseStep exhausted(ReleaseFacts facts) {
        return new Exhausted(facts.lastVerb(), facts.failures());
    }

    private static boolean remedyIsDue(ReleaseFacts facts) {
        return !facts.isExhausted() || facts.remediation().lastToo();
    }

    /** The newest revision was made from what is wanted. */
    private static ReleaseStep asWanted(ReleaseFacts facts, ReleaseRecord newest) {
        Optional<JsonNode> entry = facts.entry(newest.revision());
        boolean failed = entry.filter(facts::hasFailed).isPresent();
        if (failed && facts.failures() > 0) {
            return remedy(facts, newest);
        }
        if (newest.isDeployed()) {
            return deployed(facts, newest, entry, failed);
        }
        return newest.isFailed() && entry.isEmpty() && facts.sameAttempt()
                ? new CountFailure(newest)
                : attempt(facts, false);
    }

    private static ReleaseStep deployed(
            ReleaseFacts facts, ReleaseRecord newest, Optional<JsonNode> entry, boolean failed) {
        boolean released = ReleaseEngine.isTrue(facts.release(), "Released");
        boolean tested = entry.filter(each -> each.has("testHooks")).isPresent();
        if (!failed && released && facts.testsWanted() && !tested && entry.isPresent()) {
            return new Test(newest);
        }
        return !failed && ReleaseEngine.isTrue(facts.release(), "Ready") ? new Done() : new Observe(newest);
    }

    private static ReleaseStep remedy(ReleaseFacts facts, ReleaseRecord failed) {
        if (!remedyIsDue(facts)) {
            return exhausted(facts);
        }
        if (facts.remediation().uninstalls()) {
            return new Uninstall(false);
        }
        return facts.lastGoodBefore(failed.revision())
                .<ReleaseStep>map(target -> new Rollback(target, Optional.empty()))
                .orElseGet(() -> facts.isRemediationTold() ? attempt(facts, false) : new NoWayBack());
    }

    /** The newest revision is another one: an older spec's, or what a rollback made. */
    private static ReleaseStep otherwise(ReleaseFacts facts, ReleaseRecord newest) {
        Optional<ReleaseRecord> target = facts.openFailure()
                .filter(failure -> failure.path("version").asLong() < newest.revision())
                .filter(_ -> remedyIsDue(facts) && !facts.remediation().uninstalls())
                .flatMap(failure -> facts.lastGoodBefore(failure.path("version").asLong()));
        return target.filter(good -> good.config().equals(newest.config()))
                .<ReleaseStep>map(good -> new Rollback(good, Optional.of(newest)))
                .orElseGet(() -> attempt(facts, false));
    }

    /**
     * Frees a release that Helm was killed in the middle of, and that it would refuse to touch ("another operation is
     * in progress"). When the same step is to be done again, its record is dropped: the objects that it already made
     * carry Helm's ownership marks and are the ones that are made now, so they keep their uid, none is orphaned, and the
     * revision keeps its number.
     */
    private static ReleaseStep free(ReleaseFacts facts, ReleaseRecord stuck) {
        if (stuck.isLeaving()) {
            return facts.openFailure().isPresent()
                            && remedyIsDue(facts)
                            && facts.remediation().uninstalls()
                    ? new Uninstall(false)
                    : new FreeByUninstall();
        }
        ReleaseFacts rest = facts.withoutNewest();
        ReleaseStep next = next(rest);
        boolean same = switch (next) {
            case Attempt _ -> facts.isWanted(stuck);
            case Rollback back -> stuck.config().equals(back.target().config());
            default -> false;
        };
        if (same) {
            return new Drop(stuck);
        }
        if (next instanceof Exhausted) {
            return next;
        }
        return rest.records().stream()
                .filter(ReleaseRecord::isDeployed)
                .findFirst()
                .<ReleaseStep>map(deployed -> new FreeByRollback(deployed.revision()))
                .orElseGet(FreeByUninstall::new);
    }
}
