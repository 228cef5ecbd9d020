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
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The drift of all environments. Each is watched from the moment that it is settled; a run takes it away from here and
 * the look after the run gives it back.
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
        EnvironmentDrift drift = watched.compute(
                repo.label(), (_, known) -> known != null && isSame(known.repo(), repo) ? known : opened(known, repo));
        try {
            drift.settled(environment);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (!drift.isQuiet()) {
            queue.add(repo.label());
        }
    }

    /** Nothing that matters here was changed in the ConfigRepo. */
    private static boolean isSame(ConfigRepo one, ConfigRepo other) {
        return one.generation() == other.generation() && one.uid().equals(other.uid());
    }

    private EnvironmentDrift opened(@Nullable EnvironmentDrift before, ConfigRepo repo) {
        if (before != null) {
            before.pause(true);
            before.close();
        }
        return new EnvironmentDrift(
                repo,
                cluster.as(new Identity(repo.namespace(), repo.serviceAccountName())),
                environments.of(repo),
                digestOf(repo),
                fence,
                report,
                clock,
                () -> queue.add(repo.label()));
    }

    /** The digest that an apply keeps in the inventory; both must leave out the same differences. */
    private static Function<ObjectNode, String> digestOf(ConfigRepo repo) {
        return live -> OwnedFields.digest(live, OwnedFields.MANAGER, IgnoredFields.of(repo, ObjectKey.of(live)));
    }

    /** A run begins: waits until nothing is being put right. Its waves look at the objects themselves. */
    public void runBegins(String label) {
        EnvironmentDrift drift = watched.get(label);
        if (drift != null) {
            drift.pause(true);
        }
    }

    /** Nothing is to be done for now, as while the ConfigRepo is suspended. */
    public void pause(String label) {
        EnvironmentDrift drift = watched.get(label);
        if (drift != null) {
            drift.pause(false);
        }
    }

    /** The ConfigRepo is gone. */
    public void forget(String label) {
        EnvironmentDrift drift = watched.remove(label);
        if (drift != null) {
            drift.pause(true);
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
            // The next look at the ConfigRepo reads what is kept, and comes back with it.
            LOG.atWarn().addKeyValue("configRepo", label).log(e.getMessage());
            drift.pause(false);
            return Optional.empty();
        }
    }

    /**
     * What metrics tell.
     *
     * @param corrected objects that were put right since the start
     * @param present objects that are not as they should be now, by ConfigRepo
     */
    public record Counts(long corrected, Map<String, Integer> present) {
        public static final Counts NONE = new Counts(0, Map.of());
    }

    public Counts counts() {
        Map<String, Integer> present = new TreeMap<>();
        watched.forEach((label, drift) -> present.put(label, drift.present().size()));
        return new Counts(corrected.sum(), present);
    }

    @Override
    public void close() {
        queue.close();
        watched.keySet().forEach(this::forget);
    }
}
