package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.Identity;
import dev.orkestra.document.GoDuration;
import dev.orkestra.executor.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Carries out one HelmRelease's spec in the name of its group's identity: decides by {@link ReleaseStep}, does it,
 * writes what came of it, and decides again.
 *
 * <p>Whether anything is to be done is read from Helm's own records, whose label says which configuration they were
 * made with, so that neither a restart nor a lost status leads to a needless revision. The intent stands in the status
 * before Helm is started, and a failure is counted before it is remediated.
 */
final class ReleaseAction {
    /** More steps than any life takes between two attempts; a loop that goes on has a defect. */
    private static final int MAX_TURNS = 20;

    private final Cluster cluster;
    private final Identity identity;
    private final HelmCli helm;
    private final ReleaseSpec spec;
    private final ChartArchive chart;
    private final String config;
    private final ReleaseProgress progress;
    private final ReleaseRemedy remedy;

    /**
     * @param cluster asked as {@code identity}
     * @param config digest of what is wanted, see {@link ReleaseSpec#configDigest}
     */
    ReleaseAction(
            Cluster cluster,
            Identity identity,
            HelmCli helm,
            ReleaseSpec spec,
            ChartArchive chart,
            String config,
            ReleaseProgress progress) {
        this.cluster = cluster;
        this.identity = identity;
        this.helm = helm;
        this.spec = spec;
        this.chart = chart;
        this.config = config;
        this.progress = progress;
        this.remedy = new ReleaseRemedy(cluster, identity, helm, spec, progress);
    }

    /** Makes the release be as its spec says. Returns when to try again; empty: it is settled or superseded. */
    Optional<Duration> carryOut() throws InterruptedException {
        for (int turn = 0; turn < MAX_TURNS; turn++) {
            Optional<ObjectNode> release = progress.latest();
            if (release.isEmpty()) {
                return Optional.empty();
            }
            ReleaseFacts facts =
                    new ReleaseFacts(release.get(), ReleaseRecord.read(cluster, spec), config, chart.version());
            ReleaseStep step = ReleaseStep.next(facts);
            boolean again = turn > 0 && step instanceof ReleaseStep.Attempt && facts.failures() > 0;
            if ((again ? ReleaseTurn.pause(facts.failures()) : take(step, facts))
                    instanceof ReleaseTurn.Stop(Optional<Duration> later)) {
                return later;
            }
        }
        return Optional.of(ReleaseTurn.TRY_AGAIN);
    }

    private ReleaseTurn take(ReleaseStep step, ReleaseFacts facts) throws InterruptedException {
        return switch (step) {
            case ReleaseStep.Done _ -> {
                if (progress.write(ReleaseStatus::unchanged) && ReleaseDrift.isWanted(facts.spec())) {
                    new ReleaseDrift(cluster, identity, helm, spec, progress).look();
                }
                yield ReleaseTurn.settled();
            }
            case ReleaseStep.Attempt(boolean first) -> attempt(attempt(first));
            case ReleaseStep.Observe(ReleaseRecord made) -> observe(attempt(made.revision() == 1));
            case ReleaseStep.CountFailure(ReleaseRecord failed) -> countFailure(attempt(failed.revision() == 1));
            case ReleaseStep.Test _ -> test(attempt(facts.lastVerb() == ReleaseVerb.INSTALL));
            case ReleaseStep.Rollback(ReleaseRecord target, Optional<ReleaseRecord> made) ->
                remedy.rollback(facts, target, made);
            case ReleaseStep.NoWayBack _ -> {
                progress.write(status -> status.noWayBack(facts));
                yield new ReleaseTurn.Next();
            }
            case ReleaseStep.Uninstall(boolean done) -> remedy.uninstall(facts, done);
            case ReleaseStep.Exhausted(ReleaseVerb verb, long attempts) -> {
                progress.write(status -> status.exhausted(verb, attempts));
                yield ReleaseTurn.settled();
            }
            case ReleaseStep.Drop(ReleaseRecord stuck) -> {
                cluster.delete(cluster.resourceType("v1", "Secret"), spec.namespace(), stuck.secret(), stuck.uid());
                yield new ReleaseTurn.Next();
            }
            case ReleaseStep.FreeByRollback(long revision) -> freed(helm.rollback(identity, spec, revision), facts);
            case ReleaseStep.FreeByUninstall _ -> freed(helm.uninstall(identity, spec), facts);
        };
    }

    private ReleaseAttempt attempt(boolean first) {
        return new ReleaseAttempt(spec, chart, config, first);
    }

    private ReleaseTurn freed(HelmResult result, ReleaseFacts facts) throws InterruptedException {
        if (result.succeeded()) {
            return new ReleaseTurn.Next();
        }
        ReleaseAttempt attempt = attempt(facts.records().size() == 1);
        return progress.write(status -> status.attempting(attempt)) ? failed(attempt, result) : ReleaseTurn.settled();
    }

    private ReleaseTurn attempt(ReleaseAttempt attempt) throws InterruptedException {
        Deadline deadline = Deadline.in(spec.timeout(attempt.verb()));
        if (!progress.write(status -> status.attempting(attempt))) {
            return ReleaseTurn.settled();
        }
        ReleaseDefinitions definitions = new ReleaseDefinitions(cluster, identity, helm, spec);
        if (definitions.areWanted(attempt.first())) {
            Optional<HelmResult> missing = definitions.bring(chart.file(), attempt.first(), progress);
            if (missing.isPresent()) {
                return failed(attempt, missing.get());
            }
        }
        HelmResult result = helm.upgrade(identity, spec, chart.file(), ReleaseRecord.label(config), attempt.first());
        Optional<DeployedRelease> made = DeployedRelease.read(result.output());
        return result.succeeded() && made.isPresent()
                ? awaitHealth(attempt, made.get(), deadline)
                : failed(attempt, result);
    }

    private ReleaseTurn observe(ReleaseAttempt attempt) throws InterruptedException {
        Deadline deadline = Deadline.in(spec.timeout(attempt.verb()));
        if (!progress.write(status -> status.attempting(attempt))) {
            return ReleaseTurn.settled();
        }
        HelmResult result = helm.status(identity, spec);
        Optional<DeployedRelease> made = DeployedRelease.read(result.output());
        return made.isPresent() ? awaitHealth(attempt, made.get(), deadline) : failed(attempt, result);
    }

    /** The agent was killed between Helm's failure and the status. */
    private ReleaseTurn countFailure(ReleaseAttempt attempt) throws InterruptedException {
        HelmResult result = helm.status(identity, spec);
        String why = DeployedRelease.read(result.output())
                .map(DeployedRelease::description)
                .orElse(result.trouble());
        return HelmResult.failed(why).retry() ? attempt(attempt) : failed(attempt, HelmResult.failed(why));
    }

    /** Helm said no. Whether it left a revision decides whether there is anything to remediate. */
    private ReleaseTurn failed(ReleaseAttempt attempt, HelmResult result) throws InterruptedException {
        if (result.retry()) {
            progress.write(status -> status.notYet("ClusterUnreachable", result.trouble()));
            return ReleaseTurn.later();
        }
        String why = result.succeeded() ? "Helm's answer cannot be read" : result.trouble();
        List<ReleaseRecord> records = ReleaseRecord.read(cluster, spec);
        boolean left = !records.isEmpty()
                && records.getFirst().isFailed()
                && records.getFirst().config().equals(ReleaseRecord.label(config));
        Optional<DeployedRelease> made =
                left ? DeployedRelease.read(helm.status(identity, spec).output()) : Optional.empty();
        boolean written = made.isPresent()
                ? progress.write(status -> status.failed(attempt, made.get(), why))
                : progress.write(status -> status.failed(attempt, why));
        return told(written, attempt.verb().reason("Failed"), why);
    }

    private ReleaseTurn told(boolean written, String reason, String why) {
        if (!written) {
            return ReleaseTurn.settled();
        }
        progress.event(true, reason, why);
        return new ReleaseTurn.Next();
    }

    private ReleaseTurn awaitHealth(ReleaseAttempt attempt, DeployedRelease made, Deadline deadline)
            throws InterruptedException {
        ReleaseWait.Result end = remedy.awaitHealth(attempt.verb(), made, deadline);
        return switch (end.end()) {
            case REACHED -> succeeded(attempt, made);
            case FAILED -> unhealthy(attempt, made, end.words());
            case LATE ->
                unhealthy(
                        attempt,
                        made,
                        "not healthy within " + GoDuration.text(spec.timeout(attempt.verb())) + ": " + end.words());
            // The next look starts from what Helm has by now.
            case SUPERSEDED -> ReleaseTurn.settled();
        };
    }

    private ReleaseTurn succeeded(ReleaseAttempt attempt, DeployedRelease made) {
        if (!progress.write(status -> status.succeeded(attempt, made))) {
            return ReleaseTurn.settled();
        }
        progress.event(false, attempt.verb().reason("Succeeded"), attempt.of(made));
        return spec.action(ReleaseVerb.TEST).path("enable").asBoolean()
                ? new ReleaseTurn.Next()
                : ReleaseTurn.settled();
    }

    private ReleaseTurn unhealthy(ReleaseAttempt attempt, DeployedRelease made, String why) {
        return told(
                progress.write(status -> status.failed(attempt, made, why)),
                attempt.verb().reason("Failed"),
                why);
    }

    private ReleaseTurn test(ReleaseAttempt attempt) throws InterruptedException {
        String running = ReleaseStatus.running(ReleaseVerb.TEST, spec);
        if (!progress.write(status -> status.running(running))) {
            return ReleaseTurn.settled();
        }
        HelmResult result = helm.test(identity, spec);
        Optional<DeployedRelease> made =
                DeployedRelease.read(helm.status(identity, spec).output());
        if (result.retry() || made.isEmpty()) {
            return ReleaseTurn.later();
        }
        if (result.succeeded()) {
            if (progress.write(status -> status.tested(attempt, made.get()))) {
                progress.event(false, "TestSucceeded", attempt.of(made.get()));
            }
            return ReleaseTurn.settled();
        }
        DeployedRelease failed = made.get().withFailedTest();
        return told(
                progress.write(status -> status.testFailed(attempt, failed, result.trouble())),
                "TestFailed",
                result.trouble());
    }
}
