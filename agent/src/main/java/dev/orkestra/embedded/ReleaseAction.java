package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.Identity;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.document.GoDuration;
import dev.orkestra.executor.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Carries out one HelmRelease's spec, or its deletion, in the name of its group's identity.
 *
 * <p>Whether anything is to be done is read from Helm's own records, whose label says which configuration they were
 * made with, so that neither a restart nor a lost status leads to a needless revision. The intent stands in the status
 * before Helm is started.
 */
final class ReleaseAction {
    /** What an action reports to, and waits by. */
    interface Progress {
        /** Writes a status; false when the HelmRelease moved on. */
        boolean write(boolean first, Function<ReleaseStatus, ObjectNode> next);

        ReleaseWait wait(Deadline deadline);

        void event(boolean warning, String reason, String message);
    }

    /** Trouble of the API server or the network: the same again after this. */
    private static final Duration TRY_AGAIN = Duration.ofSeconds(5);

    private final Cluster cluster;
    private final Identity identity;
    private final HelmCli helm;

    /** @param cluster asked as {@code identity} */
    ReleaseAction(Cluster cluster, Identity identity, HelmCli helm) {
        this.cluster = cluster;
        this.identity = identity;
        this.helm = helm;
    }

    /** Makes the release be as {@code spec} says. Returns when to try again; empty: it is settled or superseded. */
    Optional<Duration> carryOut(ReleaseSpec spec, ChartArchive chart, Progress progress) throws InterruptedException {
        Deadline deadline = Deadline.in(spec.timeout());
        String config = spec.configDigest(chart);
        List<ReleaseRecord> records = ReleaseRecord.read(cluster, spec);
        boolean made = isMade(records, config);
        if (made && ReleaseEngine.isTrue(spec.object(), "Ready")) {
            progress.write(false, ReleaseStatus::unchanged);
            return Optional.empty();
        }
        if (hasFailedFor(spec, config)) {
            return Optional.empty();
        }
        boolean first = records.isEmpty() || (made && records.getFirst().revision() == 1);
        if (!progress.write(first, status -> status.running(spec, chart, config))) {
            return Optional.empty();
        }
        HelmResult result;
        if (made) {
            result = helm.status(identity, spec);
        } else {
            Optional<HelmResult> stuck = recover(spec, records, config);
            if (stuck.isPresent()) {
                return failed(spec, chart, first, stuck.get(), progress);
            }
            records = ReleaseRecord.read(cluster, spec);
            result = isMade(records, config)
                    ? helm.status(identity, spec)
                    : helm.upgrade(identity, spec, chart.file(), ReleaseRecord.label(config), first);
        }
        Optional<DeployedRelease> deployed = DeployedRelease.read(result.output());
        if (!result.succeeded() || deployed.isEmpty()) {
            return failed(spec, chart, first, result, progress);
        }
        return awaitHealth(new Made(spec, chart, config, deployed.get(), first), progress, deadline);
    }

    /** Whether this very configuration has failed for good, so that only another one is worth an attempt. */
    private static boolean hasFailedFor(ReleaseSpec spec, String config) {
        return ReleaseEngine.isTrue(spec.object(), "Stalled")
                && spec.object().path("status").path("observedGeneration").asLong(-1)
                        == ReleaseObject.generation(spec.object())
                && spec.object()
                        .path("status")
                        .path("lastAttemptedConfigDigest")
                        .asText()
                        .equals(config);
    }

    private static boolean isMade(List<ReleaseRecord> records, String config) {
        return !records.isEmpty()
                && records.getFirst().isDeployed()
                && records.getFirst().config().equals(ReleaseRecord.label(config));
    }

    private Optional<Duration> failed(
            ReleaseSpec spec, ChartArchive chart, boolean first, HelmResult result, Progress progress) {
        if (result.retry()) {
            progress.write(first, status -> status.notYet("ClusterUnreachable", result.trouble()));
            return Optional.of(TRY_AGAIN);
        }
        String why = result.succeeded() ? "Helm's answer cannot be read" : result.trouble();
        if (progress.write(first, status -> status.failed(spec, chart, why))) {
            progress.event(true, first ? "InstallFailed" : "UpgradeFailed", why);
        }
        return Optional.empty();
    }

    /** A revision that Helm made, and whose objects are now to become healthy. */
    private record Made(ReleaseSpec spec, ChartArchive chart, String config, DeployedRelease deployed, boolean first) {}

    private Optional<Duration> awaitHealth(Made made, Progress progress, Deadline deadline)
            throws InterruptedException {
        ReleaseSpec spec = made.spec();
        ReleaseWait wait = progress.wait(deadline);
        ReleaseWait.Result end;
        if (spec.withoutWait(made.first())) {
            end = new ReleaseWait.Result(ReleaseWait.End.REACHED, "");
        } else {
            try (ReleaseObjects objects = ReleaseObjects.follow(
                    cluster,
                    spec,
                    ManifestObject.read(made.deployed().manifest()),
                    object -> !object.isPassive(),
                    wait.signal())) {
                end = wait.until(
                        objects::health,
                        ReleaseObjects.State::isCurrent,
                        words -> progress.write(made.first(), status -> status.waiting("Waiting for " + words)));
            }
        }
        switch (end.end()) {
            case REACHED -> {
                if (progress.write(
                        made.first(), status -> status.succeeded(spec, made.chart(), made.config(), made.deployed()))) {
                    progress.event(
                            false,
                            made.first() ? "InstallSucceeded" : "UpgradeSucceeded",
                            spec.lock() + ".v" + made.deployed().revision() + " with chart " + made.chart());
                }
            }
            case FAILED -> unhealthy(made, end.words(), progress);
            case LATE ->
                unhealthy(made, "not healthy within " + GoDuration.text(spec.timeout()) + ": " + end.words(), progress);
            case SUPERSEDED -> {
                // The next look starts from what Helm has by now.
            }
        }
        return Optional.empty();
    }

    private static void unhealthy(Made made, String why, Progress progress) {
        if (progress.write(
                made.first(),
                status -> status.failed(made.spec(), made.chart(), made.config(), made.deployed(), why))) {
            progress.event(true, made.first() ? "InstallFailed" : "UpgradeFailed", why);
        }
    }

    /**
     * Frees a release that Helm was killed in the middle of, and that it would refuse to touch ("another operation is
     * in progress").
     *
     * <ul>
     *   <li>The killed revision was to be what is wanted now: its record is dropped and Helm repeats the same step. The
     *       objects that it already made carry Helm's ownership marks and are the same ones that are made now, so they
     *       keep their uid, none is orphaned, and the revision keeps its number.
     *   <li>Otherwise, killed during the first install: uninstalled, since the record names all that it may have made.
     *   <li>Otherwise: rolled back to the revision that was deployed, which removes what only the killed one wanted.
     *       This costs one revision, and only here.
     * </ul>
     *
     * @return what went wrong; empty when Helm can go on
     */
    private Optional<HelmResult> recover(ReleaseSpec spec, List<ReleaseRecord> records, String config)
            throws InterruptedException {
        if (records.isEmpty()
                || !(records.getFirst().isPending() || records.getFirst().isLeaving())) {
            return Optional.empty();
        }
        ReleaseRecord stuck = records.getFirst();
        if (stuck.isPending() && stuck.config().equals(ReleaseRecord.label(config))) {
            ResourceType secrets = cluster.resourceType("v1", "Secret");
            cluster.delete(secrets, spec.namespace(), stuck.secret(), "");
            return Optional.empty();
        }
        Optional<ReleaseRecord> before =
                records.stream().filter(ReleaseRecord::isDeployed).findFirst();
        HelmResult result = before.isEmpty() || stuck.isLeaving()
                ? helm.uninstall(identity, spec)
                : helm.rollback(identity, spec, before.get().revision());
        return result.succeeded() ? Optional.empty() : Optional.of(result);
    }

    /** Uninstalls the release and waits until its objects are gone. Empty: it is gone; else when to try again. */
    Optional<Duration> remove(ReleaseSpec spec, Progress progress) throws InterruptedException {
        if (ReleaseRecord.read(cluster, spec).isEmpty()) {
            return Optional.empty();
        }
        Deadline deadline = Deadline.in(spec.timeout());
        HelmResult before = helm.status(identity, spec);
        Optional<DeployedRelease> deployed = DeployedRelease.read(before.output());
        HelmResult result = helm.uninstall(identity, spec);
        if (!result.succeeded()) {
            progress.write(false, status -> status.leaving("UninstallFailed", result.trouble()));
            return Optional.of(TRY_AGAIN);
        }
        List<ManifestObject> objects = deployed.map(DeployedRelease::manifest)
                .map(ManifestObject::read)
                .orElse(List.of());
        ReleaseWait wait = progress.wait(deadline);
        try (ReleaseObjects left = ReleaseObjects.follow(
                cluster, spec, objects, object -> !object.kept() && !object.isPassive(), wait.signal())) {
            ReleaseWait.Result end = wait.until(
                    left::remaining,
                    ReleaseObjects.State::isCurrent,
                    words -> progress.write(
                            false,
                            status -> status.leaving("UninstallProgressing", "Waiting for the end of " + words)));
            if (end.end() == ReleaseWait.End.LATE) {
                progress.event(true, "UninstallLate", "still there: " + end.words());
            }
        }
        return Optional.empty();
    }
}
