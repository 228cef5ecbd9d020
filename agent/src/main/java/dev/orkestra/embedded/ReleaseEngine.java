package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.cluster.Identity;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.executor.ChangeSignal;
import dev.orkestra.executor.Deadline;
import dev.orkestra.executor.Refusals;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import dev.orkestra.release.Identities;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One look at a HelmRelease: what is to be done for it now, done. */
final class ReleaseEngine {
    static final String FINALIZER = "finalizers.fluxcd.io";
    static final String OWNER = "orkestra.azure.microsoft.com/owner";

    private static final Logger LOG = LoggerFactory.getLogger(ReleaseEngine.class);
    /** A denied identity is asked for again this often: a ConfigRepo may be about to come back. */
    private static final Duration IDENTITY_AGAIN = Duration.ofSeconds(10);
    /** So are values that are not there yet. */
    private static final Duration VALUES_AGAIN = Duration.ofSeconds(10);

    private final Cluster cluster;
    private final Identities identities;
    private final HelmCli helm;
    private final ChartFetcher charts;
    private final ReleaseTrust trust;
    private final InstantSource clock;
    private static final Diagnostic NOT_SEALED = Diagnostic.error(
            ErrorCode.NotSealed,
            "its group did not plan this HelmRelease, or it was changed since; it is left as it is",
            null,
            "change the ApplicationGroup, which writes it anew, or remove the finalizer and the release by hand");
    private static final Diagnostic NOT_ITS_OWN = Diagnostic.error(
            ErrorCode.NotSealed,
            "its group did not plan a release of this name for this place, so nothing is uninstalled; see by hand what of"
                    + " it is installed, then remove its finalizer " + FINALIZER,
            null,
            "remove the finalizer by hand");

    // One lock per Helm release: two HelmReleases may name the same one. Entries stay; there are as many as releases.
    private final ConcurrentHashMap<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    /** @param trust whether a HelmRelease is as its group planned it */
    ReleaseEngine(
            Cluster cluster,
            Identities identities,
            HelmCli helm,
            ChartFetcher charts,
            ReleaseTrust trust,
            InstantSource clock) {
        this.cluster = cluster;
        this.identities = identities;
        this.helm = helm;
        this.charts = charts;
        this.trust = trust;
        this.clock = clock;
    }

    /**
     * Looks at the HelmRelease and does what its spec asks for.
     *
     * @param signal raised when {@code object} changes, and by the watches of a wait
     * @return when to look again without an event; empty: at the next change
     */
    Optional<Duration> look(ReleaseObject object, ChangeSignal signal) throws InterruptedException {
        Optional<ObjectNode> latest = object.latest();
        if (latest.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode release = latest.get();
        if (OtherDriver.drives(release)) {
            cluster.event(release, true, "EngineConflict", OtherDriver.MESSAGE);
            return Optional.empty();
        }
        boolean leaving = release.path("metadata").hasNonNull("deletionTimestamp");
        boolean suspended = release.path("spec").path("suspend").asBoolean();
        if (leaving && !hasFinalizer(release)) {
            return Optional.empty();
        }
        if (suspended) {
            leaveAlone(object, release, leaving);
            return Optional.empty();
        }
        if (!leaving && isSettled(release) && !isReviewed(release)) {
            return Optional.empty();
        }
        Duration rest = isSettled(release) ? object.untilReview() : object.untilPauseEnds(release);
        if (!leaving && rest.isPositive()) {
            return Optional.of(rest);
        }
        Work work = new Work(object, release, signal);
        if (!(leaving ? trust.belongs() : trust.planned()).test(release)) {
            work.later(leaving ? NOT_ITS_OWN : NOT_SEALED, Duration.ZERO);
            return Optional.empty();
        }
        return inTheNameOfItsGroup(work, leaving);
    }

    private Optional<Duration> inTheNameOfItsGroup(Work work, boolean leaving) throws InterruptedException {
        ObjectNode release = work.release;
        try {
            return switch (identities.ofGroup(
                    release.path("metadata").path("labels").path(OWNER).asText(""))) {
                case Outcome.Done<Identity>(Identity identity) ->
                    leaving ? leave(work, identity) : arrive(work, identity);
                case Outcome.Retry<Identity>(Duration after, Diagnostic reason) -> work.later(reason, after);
                case Outcome.Terminal<Identity>(Diagnostic reason) -> work.later(reason, IDENTITY_AGAIN);
            };
        } catch (ClusterException refused) {
            LOG.atWarn()
                    .addKeyValue("helmRelease", ObjectKey.of(release))
                    .addKeyValue("reason", refused.reason())
                    .log(work.secrets.mask(refused.getMessage()));
            return work.later(Refusals.of(refused, "carrying out " + ObjectKey.of(release)), Duration.ofSeconds(5));
        }
    }

    /** Suspended means hands off, also for Flux: what was installed stays when the HelmRelease goes. */
    private void leaveAlone(ReleaseObject object, ObjectNode release, boolean leaving) {
        if (leaving) {
            cluster.event(release, true, "UninstallSkipped", "suspended, so its Helm release is left as it is");
            object.writeFinalizer(release, FINALIZER, false);
        } else {
            object.writeStatus(release, clock, ReleaseStatus::suspended);
        }
    }

    private static boolean hasFinalizer(ObjectNode release) {
        for (var finalizer : release.path("metadata").path("finalizers")) {
            if (finalizer.asText().equals(FINALIZER)) {
                return true;
            }
        }
        return false;
    }

    /** Whether this generation has found its end, good or bad. */
    private static boolean isSettled(ObjectNode release) {
        return release.path("status").path("observedGeneration").asLong(-1) == ReleaseObject.generation(release)
                && (isTrue(release, "Ready") || isTrue(release, "Stalled"));
    }

    /** Whether what it depends on can change without a change of its spec, so that it is looked at now and then. */
    private static boolean isReviewed(ObjectNode release) {
        return !release.path("spec").path("valuesFrom").isEmpty() || ReleaseDrift.isWanted(release.path("spec"));
    }

    static boolean isTrue(ObjectNode release, String condition) {
        return Conditions.find(release, condition)
                .filter(found -> found.path("status").asText().equals("True"))
                .isPresent();
    }

    /** One HelmRelease being worked on. */
    private final class Work implements ReleaseProgress {
        private final ReleaseObject object;
        private final ObjectNode release;
        private final ChangeSignal signal;
        private SecretWords secrets = SecretWords.NONE;

        Work(ReleaseObject object, ObjectNode release, ChangeSignal signal) {
            this.object = object;
            this.release = release;
            this.signal = signal;
        }

        @Override
        public Optional<ObjectNode> latest() {
            return object.supersedes(release) ? Optional.empty() : object.latest();
        }

        @Override
        public boolean write(Function<ReleaseStatus, ObjectNode> next) {
            return object.writeStatus(release, clock, status -> secrets.maskConditions(next.apply(status)));
        }

        @Override
        public ReleaseWait wait(Deadline deadline) {
            return new ReleaseWait(signal, () -> object.supersedes(release), deadline);
        }

        @Override
        public void event(boolean warning, String reason, String message) {
            cluster.event(release, warning, reason, secrets.mask(message));
        }

        Optional<Duration> later(Diagnostic reason, Duration after) {
            String text = reason.message();
            if (release.path("metadata").hasNonNull("deletionTimestamp")) {
                write(status -> status.leaving(reason.code().name(), text));
            } else {
                write(status -> status.notYet(reason.code().name(), text));
            }
            return Optional.of(after);
        }
    }

    private Optional<Duration> arrive(Work work, Identity identity) throws InterruptedException {
        if (!hasFinalizer(work.release) && !work.object.writeFinalizer(work.release, FINALIZER, true)) {
            return Optional.empty();
        }
        return switch (ReleaseSpec.parse(work.release)) {
            case Outcome.Retry<ReleaseSpec>(Duration after, Diagnostic reason) -> work.later(reason, after);
            case Outcome.Terminal<ReleaseSpec>(Diagnostic reason) -> {
                work.write(status -> status.refused(reason.code().name(), reason.message()));
                yield Optional.empty();
            }
            case Outcome.Done<ReleaseSpec>(ReleaseSpec spec) ->
                switch (chart(spec, identity)) {
                    case Outcome.Done<ChartArchive>(ChartArchive chart) ->
                        locked(
                                spec,
                                // Many others may have been pulled while another one had the lock.
                                () -> charts.isStillThere(chart)
                                        ? make(work, identity, spec, chart)
                                        : Optional.of(Duration.ZERO));
                    case Outcome.Retry<ChartArchive>(Duration after, Diagnostic reason) -> {
                        work.write(status -> status.notYet("SourceNotReady", reason.message()));
                        yield Optional.of(after);
                    }
                    case Outcome.Terminal<ChartArchive>(Diagnostic reason) -> {
                        work.write(status -> status.refused("SourceNotReady", reason.message()));
                        yield Optional.empty();
                    }
                };
        };
    }

    private Optional<Duration> make(Work work, Identity identity, ReleaseSpec spec, ChartArchive chart)
            throws InterruptedException {
        ReleaseValues values;
        try {
            values = ReleaseValues.read(cluster.as(identity), work.release);
        } catch (ReleaseValues.Unresolved missing) {
            work.write(status -> status.notYet("ValuesError", missing.getMessage()));
            work.event(true, "ValuesError", missing.getMessage());
            return Optional.of(VALUES_AGAIN);
        }
        work.secrets = values.secrets();
        ReleaseSpec whole = spec.withValues(values.values());
        // Releases without Secrets keep the digest that they were made with: no key, no needless revision.
        String config = whole.configDigest(chart, values.fromSecrets() ? trust.confidential() : CanonicalJson::digest);
        Optional<Duration> again =
                new ReleaseAction(cluster.as(identity), identity, helm, whole, chart, config, work).carryOut();
        again.ifPresent(pause -> work.object.pause(work.release, pause));
        if (again.isEmpty() && isReviewed(work.release)) {
            work.object.reviewIn(ReleaseSpec.interval(work.release));
            return Optional.of(work.object.untilReview());
        }
        return again;
    }

    private Optional<Duration> leave(Work work, Identity identity) throws InterruptedException {
        ReleaseSpec spec = ReleaseSpec.toRemove(work.release);
        Optional<Duration> again =
                locked(spec, () -> new ReleaseRemedy(cluster.as(identity), identity, helm, spec, work).remove());
        if (again.isEmpty()) {
            work.object.writeFinalizer(work.release, FINALIZER, false);
        }
        return again;
    }

    /** What is pinned and kept needs no repository; all else is found through the HelmRepository that is named. */
    private Outcome<ChartArchive> chart(ReleaseSpec spec, Identity identity) throws InterruptedException {
        Optional<ChartArchive> kept = charts.kept(spec);
        if (kept.isPresent()) {
            return Outcome.done(kept.get());
        }
        return switch (ChartSource.of(cluster, identity, spec)) {
            case Outcome.Done<ChartSource>(ChartSource source) -> charts.fetch(source, spec);
            case Outcome.Retry<ChartSource>(Duration after, Diagnostic reason) -> Outcome.retry(after, reason);
            case Outcome.Terminal<ChartSource>(Diagnostic reason) -> Outcome.terminal(reason);
        };
    }

    private interface Locked {
        Optional<Duration> run() throws InterruptedException;
    }

    private Optional<Duration> locked(ReleaseSpec spec, Locked work) throws InterruptedException {
        ReentrantLock lock = locks.computeIfAbsent(spec.lock(), _ -> new ReentrantLock());
        lock.lockInterruptibly();
        try {
            return work.run();
        } finally {
            lock.unlock();
        }
    }
}
