package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.cluster.WatchListener;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.release.Identities;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The built-in workflow engine: carries out Workflows of our instance id in this process. The Workflow's status is all
 * the state there is; after a crash the next start goes on from it.
 */
public final class WorkflowController implements AutoCloseable {
    /** Argo leaves Workflows of another instance alone, and so do we. */
    private static final String OURS = "workflows.argoproj.io/controller-instanceid=orkestra";

    private static final Set<String> ENDED = Set.of("Succeeded", "Failed", "Error");

    private final Cluster cluster;
    private final Identities identities;
    private final Predicate<ObjectNode> planned;
    private final InstantSource clock;
    private final ConcurrentHashMap<ObjectKey, WorkflowDriver> drivers = new ConcurrentHashMap<>();
    /** Those that are over and have been tidied up: all that is kept of them, until they are gone. */
    private final ConcurrentHashMap<ObjectKey, Tidied> tidied = new ConcurrentHashMap<>();

    private volatile Optional<WatchCache> watch = Optional.empty();

    /** @param leaving whether it was being deleted, so that no pod was to stay */
    private record Tidied(String uid, boolean leaving) {}

    /**
     * @param agentCluster asked as the agent: Workflows and events. HelmReleases are asked for as the group's identity
     * @param planned whether a Workflow is one that was planned for its group, and not made by somebody who wrote the
     *     group's name on it
     * @param clock for the times of nodes
     */
    public WorkflowController(
            Cluster agentCluster, Identities identities, Predicate<ObjectNode> planned, InstantSource clock) {
        this.cluster = agentCluster;
        this.identities = identities;
        this.planned = planned;
        this.clock = clock;
    }

    /**
     * Starts to watch.
     *
     * @param namespace where Workflows are, or empty for all namespaces
     */
    public void start(String namespace) {
        ResourceType type = cluster.resourceType("argoproj.io/v1alpha1", "Workflow");
        watch = Optional.of(cluster.watch(type, namespace, OURS, (change, object) -> changed(type, change, object)));
    }

    private void changed(ResourceType type, WatchListener.Change change, ObjectNode workflow) {
        ObjectKey key = ObjectKey.of(workflow);
        boolean deleted = change == WatchListener.Change.DELETED;
        boolean going = deleted || workflow.path("metadata").hasNonNull("deletionTimestamp");
        boolean over = ENDED.contains(workflow.path("status").path("phase").asText());
        Optional<WorkflowDriver> known = Optional.ofNullable(drivers.get(key)).filter(each -> each.drives(workflow));
        if (known.isPresent()) {
            tell(known.get(), key, workflow, deleted, over);
            return;
        }
        // Another Workflow of the same name: the old one is gone, even if nobody said so.
        Optional.ofNullable(drivers.remove(key)).ifPresent(WorkflowDriver::abandon);
        if ((going || over) && isTidied(key, workflow, going)) {
            if (deleted) {
                tidied.remove(key);
            }
            return;
        }
        if (OtherDriver.drives(workflow)) {
            if (!going && !over) {
                Thread.ofVirtual().start(() -> cluster.event(workflow, true, "EngineConflict", OtherDriver.MESSAGE));
            }
            return;
        }
        WorkflowDriver driver = new WorkflowDriver(
                cluster, type, workflow, new WorkflowStep(cluster, identities, planned, workflow, clock), clock);
        if (going || over) {
            driver.tidyUp(going);
            if (deleted) {
                tidied.remove(key);
            } else {
                tidied.put(key, tidied(workflow, going));
            }
            return;
        }
        drivers.put(key, driver);
        driver.start();
        driver.saw(workflow);
    }

    private void tell(WorkflowDriver driver, ObjectKey key, ObjectNode workflow, boolean deleted, boolean over) {
        if (deleted) {
            driver.abandon();
            drivers.remove(key, driver);
            return;
        }
        driver.saw(workflow);
        // Not before the watch says so too: what it told of the time before would look like one to go on with.
        if (over && driver.isOver()) {
            tidied.put(key, tidied(workflow, workflow.path("metadata").hasNonNull("deletionTimestamp")));
            drivers.remove(key, driver);
        }
    }

    private static Tidied tidied(ObjectNode workflow, boolean leaving) {
        return new Tidied(workflow.path("metadata").path("uid").asText(), leaving);
    }

    private boolean isTidied(ObjectKey key, ObjectNode workflow, boolean leaving) {
        Tidied before = tidied.get(key);
        return before != null
                && before.uid().equals(workflow.path("metadata").path("uid").asText())
                && (before.leaving() || !leaving);
    }

    /** How many Workflows are being driven. */
    int driven() {
        return drivers.size();
    }

    /** Stops watching and interrupts the steps; what they wait for goes on in the cluster. */
    @Override
    public void close() {
        watch.ifPresent(WatchCache::close);
        drivers.values().forEach(WorkflowDriver::stop);
        drivers.clear();
        tidied.clear();
    }
}
