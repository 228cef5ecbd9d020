package dev.orkestra.drift;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.EnvironmentStore.Environment;
import dev.orkestra.apply.EnvironmentStore.StaleException;
import dev.orkestra.apply.Environments;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.Identity;
import dev.orkestra.cluster.WorkQueue;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.live.CachedReads;
import dev.orkestra.plan.IgnoredFields;
import dev.orkestra.plan.OwnedFields;
import dev.orkestra.run.LastGood;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The drift of all environments. Each is watched from the moment that it is settled; a run takes it away from here when it
 * begins to change things, and the look after the run gives it back.
 */
public final class DriftController implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DriftController.class);
    private static final int AT_ONCE = 4;

    private final Cluster cluster;
    private final Environments environments;
    private final Runnable fence;
    private final DriftReport report;
    private final InstantSource clock;
    private final Map<String, EnvironmentDrift> watched = new ConcurrentHashMap<>();
    private final LongAdder corrected = new LongAdder();
    private final WorkQueue<String> queue;

    /**
     * @param cluster with the agent's own rights
     * @param fence throws when this process must not write any more
     */
    public DriftController(
            Cluster cluster, Environments environments, Runnable fence, DriftReport report, InstantSource clock) {
        this.cluster = cluster;
        this.environments = environments;
        this.fence = fence;
        this.report = counting(report);
        this.clock = clock;
        this.queue = WorkQueue.start("drift", AT_ONCE, this::look);
    }

    private DriftReport counting(DriftReport told) {
        return new DriftReport() {
            @Override
            public void corrected(ConfigRepo repo, List<Drift> done) {
                corrected.add(done.size());
                told.corrected(repo, done);
            }

            @Override
            public void present(ConfigRepo repo, List<Drift> present, List<String> unwatched) {
                told.present(repo, present, unwatched);
            }

            @Override
            public void outdated(ConfigRepo repo) {
                told.outdated(repo);
            }
        };
    }

    /**
     * No run is under way, and {@code environment} is what is kept: from now on drift of it is looked for, if it is
     * settled. Cheap where nothing has changed since the last call.
     */
    public void settled(ConfigRepo repo, Environment environment) {
        LastGood good = environment.ledger().lastGood();
        if (good == null || !good.digest().equals(environment.ledger().settledDigest())) {
            pause(repo.label());
            return;
        }
        EnvironmentDrift drift = watched.get(repo.label());
        if (drift == null || !isSame(drift.repo(), repo)) {
            // Only the look at this ConfigRepo comes here, one at a time.
            forget(repo.label());
            drift = opened(repo);
            watched.put(repo.label(), drift);
        }
        boolean known;
        try {
            known = drift.settled(environment);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (!known || !drift.isQuiet()) {
            queue.add(repo.label());
        }
    }

    /** Nothing that matters here was changed in the ConfigRepo. */
    private static boolean isSame(ConfigRepo one, ConfigRepo other) {
        return one.generation() == other.generation() && one.uid().equals(other.uid());
    }

    private EnvironmentDrift opened(ConfigRepo repo) {
        return new EnvironmentDrift(
                repo,
                cluster.as(new Identity(repo.namespace(), repo.serviceAccountName())),
                environments.of(repo),
                digestOf(repo),
                fence,
                report,
                clock,
                wait -> {
                    if (wait.isZero()) {
                        queue.add(repo.label());
                    } else {
                        queue.addAfter(repo.label(), wait);
                    }
                });
    }

    /** The digest that an apply keeps in the inventory; both must leave out the same differences. */
    private static Function<ObjectNode, String> digestOf(ConfigRepo repo) {
        return live -> OwnedFields.digest(live, OwnedFields.MANAGER, IgnoredFields.of(repo, ObjectKey.of(live)));
    }

    /**
     * A run begins, or another spec waits for its run: waits until nothing is being put right. From then on drift is
     * told, and nothing is written: the run has inventory and ledger in its hands.
     */
    public void hold(String label) {
        EnvironmentDrift drift = watched.get(label);
        if (drift != null) {
            drift.hold();
            queue.add(label);
        }
    }

    /**
     * A run begins to change the environment: its waves look at the objects themselves.
     *
     * @return whether drift was told that is the run's business now
     */
    public boolean runChanges(String label) {
        EnvironmentDrift drift = watched.get(label);
        return drift != null && drift.forget();
    }

    /** Nothing is to be done for now, as while the ConfigRepo is suspended. */
    public void pause(String label) {
        EnvironmentDrift drift = watched.get(label);
        if (drift != null) {
            drift.pause();
        }
    }

    /** The ConfigRepo is gone. */
    public void forget(String label) {
        EnvironmentDrift drift = watched.remove(label);
        if (drift != null) {
            drift.pause();
            drift.close();
        }
    }

    /** {@code identity}'s view of the cluster, whose first lists of the environment's objects come from its watches. */
    public Cluster cached(ConfigRepo repo, Cluster identity) {
        EnvironmentDrift drift = watched.get(repo.label());
        return drift == null || !drift.repo().serviceAccountName().equals(repo.serviceAccountName())
                ? identity
                : new CachedReads(identity, drift.caches(), repo.label());
    }

    private Optional<Duration> look(String label) throws InterruptedException {
        EnvironmentDrift drift = watched.get(label);
        if (drift == null) {
            return Optional.empty();
        }
        try {
            return drift.look();
        } catch (StaleException e) {
            // A look at the ConfigRepo reads what is kept, and comes back with it.
            LOG.atWarn().addKeyValue("configRepo", label).log(e.getMessage());
            drift.pause();
            report.outdated(drift.repo());
            return Optional.empty();
        }
    }

    /**
     * What metrics tell.
     *
     * @param corrected objects that were put right since the start
     * @param present objects that are not as they should be now
     */
    public record Counts(long corrected, List<Present> present) {
        public static final Counts NONE = new Counts(0, List.of());
    }

    /** So many objects of one ConfigRepo. */
    public record Present(String namespace, String configRepo, int objects) {}

    public Counts counts() {
        List<Present> present = watched.values().stream()
                .map(drift -> new Present(
                        drift.repo().namespace(),
                        drift.repo().name(),
                        drift.present().size()))
                .toList();
        return new Counts(corrected.sum(), present);
    }

    @Override
    public void close() {
        queue.close();
        watched.keySet().forEach(this::forget);
    }
}
