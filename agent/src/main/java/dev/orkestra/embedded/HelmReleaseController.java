package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.cluster.WatchListener;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.executor.ChangeSignal;
import dev.orkestra.release.Identities;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The built-in Helm engine: carries out HelmReleases that Orkestra made, with the real Helm, as their group's identity.
 * Each HelmRelease has a virtual thread of its own, which sleeps until it changes.
 */
public final class HelmReleaseController implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HelmReleaseController.class);
    private static final String OURS = "orkestra.azure.microsoft.com/heritage=orkestra";
    private static final Duration IDLE_LOOK = Duration.ofMinutes(5);
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(5);
    private static final Duration AFTER_DEFECT = Duration.ofSeconds(30);

    private final Cluster cluster;
    private final ReleaseEngine engine;
    private final ConcurrentHashMap<ObjectKey, Loop> loops = new ConcurrentHashMap<>();
    private volatile Optional<WatchCache> watch = Optional.empty();

    /**
     * @param agentCluster asked as the agent: HelmReleases, HelmRepositories and events. All else is asked as the
     *     group's identity
     * @param trust whether a HelmRelease is as its group planned it; others are left alone
     * @param clock for the times in conditions
     */
    public HelmReleaseController(
            Cluster agentCluster,
            Identities identities,
            HelmCli helm,
            ChartFetcher charts,
            ReleaseTrust trust,
            InstantSource clock) {
        this.cluster = agentCluster;
        this.engine = new ReleaseEngine(agentCluster, identities, helm, charts, trust, clock);
    }

    /**
     * Starts to watch.
     *
     * @param namespace the only one to look at, or empty for all
     */
    public void start(String namespace) {
        ResourceType type = cluster.resourceType("helm.toolkit.fluxcd.io/v2", "HelmRelease");
        watch = Optional.of(cluster.watch(type, namespace, OURS, (change, object) -> changed(type, change, object)));
    }

    private void changed(ResourceType type, WatchListener.Change change, ObjectNode object) {
        ObjectKey key = ObjectKey.of(object);
        switch (change) {
            case PRESENT -> loops.computeIfAbsent(key, _ -> new Loop(key, type)).saw(object);
            case DELETED -> Optional.ofNullable(loops.remove(key)).ifPresent(loop -> loop.sawGone(object));
        }
    }

    /** Stops watching and interrupts what is under way; Helm children die, and the next start recovers them. */
    @Override
    public void close() {
        watch.ifPresent(WatchCache::close);
        loops.values().forEach(Loop::interrupt);
        loops.values().forEach(Loop::join);
        loops.clear();
    }

    /** One HelmRelease's thread. */
    private final class Loop {
        private final ObjectKey key;
        private final ChangeSignal signal = new ChangeSignal();
        private final ReleaseObject object;
        private final Thread thread;
        private volatile boolean gone;

        Loop(ObjectKey key, ResourceType type) {
            this.key = key;
            this.object = new ReleaseObject(cluster, type, signal);
            this.thread = Thread.ofVirtual()
                    .name("helmrelease-" + key.namespace() + "-" + key.name())
                    .start(this::run);
        }

        void saw(ObjectNode seen) {
            object.saw(seen);
        }

        /** Ends the thread once it has nothing to do any more; another object of the name gets its own. */
        void sawGone(ObjectNode seen) {
            object.sawGone(seen);
            gone = true;
            signal.raise();
        }

        void interrupt() {
            thread.interrupt();
        }

        void join() {
            try {
                if (!thread.join(Duration.ofSeconds(10))) {
                    LOG.atWarn().addKeyValue("helmRelease", key).log("still busy after it was interrupted");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void run() {
            try {
                while (!gone && !Thread.interrupted()) {
                    long seen = signal.seen();
                    Duration next = look().orElse(IDLE_LOOK);
                    signal.awaitAfter(seen, next);
                }
            } catch (InterruptedException e) {
                LOG.atDebug().addKeyValue("helmRelease", key).log("stopped");
            }
        }

        private Optional<Duration> look() throws InterruptedException {
            try {
                return engine.look(object, signal);
            } catch (ClusterException unreachable) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException("closed in the middle of a request");
                }
                LOG.atWarn().addKeyValue("helmRelease", key).log("status not written: {}", unreachable.getMessage());
                return Optional.of(AFTER_TROUBLE);
            } catch (RuntimeException defect) {
                LOG.atError().addKeyValue("helmRelease", key).setCause(defect).log("look failed");
                return Optional.of(AFTER_DEFECT);
            }
        }
    }
}
