package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.Identity;
import dev.orkestra.document.GoDuration;
import dev.orkestra.executor.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Goes back and removes: the remediation of a failure, and the end of a HelmRelease. */
final class ReleaseRemedy {
    private final Cluster cluster;
    private final Identity identity;
    private final HelmCli helm;
    private final ReleaseSpec spec;
    private final ReleaseProgress progress;

    /** @param cluster asked as {@code identity} */
    ReleaseRemedy(Cluster cluster, Identity identity, HelmCli helm, ReleaseSpec spec, ReleaseProgress progress) {
        this.cluster = cluster;
        this.identity = identity;
        this.helm = helm;
        this.spec = spec;
        this.progress = progress;
    }

    /** Waits until the objects of a revision are healthy, unless {@code verb}'s settings say that nobody waits. */
    ReleaseWait.Result awaitHealth(ReleaseVerb verb, DeployedRelease made, Deadline deadline)
            throws InterruptedException {
        if (spec.withoutWait(verb)) {
            return new ReleaseWait.Result(ReleaseWait.End.REACHED, "");
        }
        ReleaseWait wait = progress.wait(deadline);
        try (ReleaseObjects objects = ReleaseObjects.follow(
                cluster, spec, ManifestObject.read(made.manifest()), object -> !object.isPassive(), wait.signal())) {
            return wait.until(
                    objects::health,
                    ReleaseObjects.State::isCurrent,
                    words -> progress.write(status -> verb == ReleaseVerb.ROLLBACK
                            ? status.running("Waiting for " + words)
                            : status.waiting("Waiting for " + words)));
        }
    }

    /** Back to {@code target}; {@code made} is what Helm made for it before the agent died. */
    ReleaseTurn rollback(ReleaseFacts facts, ReleaseRecord target, Optional<ReleaseRecord> made)
            throws InterruptedException {
        Deadline deadline = Deadline.in(spec.timeout(ReleaseVerb.ROLLBACK));
        JsonNode entry = facts.entry(target.revision()).orElseGet(JsonNodeFactory.instance::objectNode);
        String running = ReleaseStatus.running(ReleaseVerb.ROLLBACK, spec);
        if (!progress.write(status -> status.running(running))) {
            return ReleaseTurn.settled();
        }
        HelmResult result =
                made.isPresent() ? helm.status(identity, spec) : helm.rollback(identity, spec, target.revision());
        if (result.retry()) {
            return ReleaseTurn.later();
        }
        HelmResult now = helm.status(identity, spec);
        if (now.retry()) {
            return ReleaseTurn.later();
        }
        Optional<DeployedRelease> back = DeployedRelease.read(now.output())
                .filter(release -> release.revision() > target.revision())
                .filter(release -> facts.entry(release.revision()).isEmpty());
        boolean refused =
                !result.succeeded() || made.filter(ReleaseRecord::isFailed).isPresent();
        if (refused || back.isEmpty()) {
            String why = result.succeeded()
                    ? back.map(DeployedRelease::description).orElse("Helm made no revision")
                    : result.trouble();
            return rollbackFailed(facts, entry, back, why);
        }
        return awaitBack(facts, entry, back.get(), deadline);
    }

    private ReleaseTurn awaitBack(ReleaseFacts facts, JsonNode entry, DeployedRelease back, Deadline deadline)
            throws InterruptedException {
        ReleaseWait.Result end = awaitHealth(ReleaseVerb.ROLLBACK, back, deadline);
        return switch (end.end()) {
            case REACHED -> {
                if (progress.write(status -> status.rolledBack(facts, entry, back))) {
                    progress.event(false, "RollbackSucceeded", "back on " + ReleaseStatus.of(entry));
                }
                yield after(facts);
            }
            case FAILED -> rollbackFailed(facts, entry, Optional.of(back), end.words());
            case LATE ->
                rollbackFailed(
                        facts,
                        entry,
                        Optional.of(back),
                        "not healthy within " + GoDuration.text(spec.timeout(ReleaseVerb.ROLLBACK)) + ": "
                                + end.words());
            case SUPERSEDED -> ReleaseTurn.settled();
        };
    }

    private ReleaseTurn rollbackFailed(
            ReleaseFacts facts, JsonNode target, Optional<DeployedRelease> made, String why) {
        if (progress.write(status -> status.rollbackFailed(facts, target, made, why))) {
            progress.event(true, "RollbackFailed", why);
        }
        return after(facts);
    }

    private static ReleaseTurn after(ReleaseFacts facts) {
        return facts.isExhausted() ? ReleaseTurn.settled() : ReleaseTurn.pause(facts.failures());
    }

    /** Removes what failed; {@code done} when Helm has done so already, before the agent died. */
    ReleaseTurn uninstall(ReleaseFacts facts, boolean done) throws InterruptedException {
        String running = ReleaseStatus.running(ReleaseVerb.UNINSTALL, spec);
        if (!progress.write(status -> status.running(running))) {
            return ReleaseTurn.settled();
        }
        if (!done) {
            Deadline deadline = Deadline.in(spec.timeout(ReleaseVerb.UNINSTALL));
            HelmResult before = helm.status(identity, spec);
            HelmResult result = helm.uninstall(identity, spec);
            if (result.retry()) {
                return ReleaseTurn.later();
            }
            if (!result.succeeded()) {
                if (progress.write(status -> status.uninstallFailed(facts, result.trouble()))) {
                    progress.event(true, "UninstallFailed", result.trouble());
                }
                return after(facts);
            }
            awaitGone(before, deadline, words -> progress.write(status -> status.running(words)));
        }
        if (progress.write(status -> status.uninstalled(facts))) {
            progress.event(
                    false,
                    "UninstallSucceeded",
                    ReleaseStatus.of(facts.status().path("history").path(0)));
        }
        return after(facts);
    }

    private interface Words {
        void tell(String words);
    }

    /** @param before what Helm said of the release before it removed it */
    private void awaitGone(HelmResult before, Deadline deadline, Words words) throws InterruptedException {
        if (spec.withoutWait(ReleaseVerb.UNINSTALL)
                || spec.action(ReleaseVerb.UNINSTALL)
                        .path("deletionPropagation")
                        .asText()
                        .equals("orphan")) {
            return;
        }
        List<ManifestObject> objects = DeployedRelease.read(before.output())
                .map(DeployedRelease::manifest)
                .map(ManifestObject::read)
                .orElse(List.of());
        ReleaseWait wait = progress.wait(deadline);
        try (ReleaseObjects left = ReleaseObjects.follow(
                cluster, spec, objects, object -> !object.kept() && !object.isPassive(), wait.signal())) {
            ReleaseWait.Result end = wait.until(
                    left::remaining,
                    ReleaseObjects.State::isCurrent,
                    still -> words.tell("Waiting for the end of " + still));
            if (end.end() == ReleaseWait.End.LATE) {
                progress.event(true, "UninstallLate", "still there: " + end.words());
            }
        }
    }

    /** Uninstalls a release whose HelmRelease goes. Empty: it is gone; else when to try again. */
    Optional<Duration> remove() throws InterruptedException {
        List<ReleaseRecord> records = ReleaseRecord.read(cluster, spec);
        if (records.isEmpty() || records.getFirst().isUninstalled()) {
            return Optional.empty();
        }
        Deadline deadline = Deadline.in(spec.timeout(ReleaseVerb.UNINSTALL));
        HelmResult before = helm.status(identity, spec);
        HelmResult result = helm.uninstall(identity, spec);
        if (!result.succeeded()) {
            progress.write(status -> status.leaving("UninstallFailed", result.trouble()));
            return Optional.of(ReleaseTurn.TRY_AGAIN);
        }
        awaitGone(before, deadline, words -> progress.write(status -> status.leaving("UninstallProgressing", words)));
        String gone = "Helm uninstall succeeded for release "
                + DeployedRelease.read(before.output())
                        .map(release -> spec.lock() + ".v" + release.revision())
                        .orElse(spec.lock());
        progress.write(status -> status.leaving("UninstallSucceeded", gone));
        progress.event(false, "UninstallSucceeded", gone);
        return Optional.empty();
    }
}
