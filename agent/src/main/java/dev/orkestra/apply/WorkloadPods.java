package dev.orkestra.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.health.HealthRules;
import dev.orkestra.health.HealthStatus;
import dev.orkestra.health.PodOwners;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pods of workloads that are not healthy, watched in their namespaces while there are such workloads. An identity
 * that may not read pods goes without: then a failure shows only at the deadline, and the message says why.
 */
final class WorkloadPods implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkloadPods.class);

    private final LiveWatches live;
    private final HealthRules rules;
    private final Runnable changed;
    private final Map<Place, WatchCache> caches = new HashMap<>();
    private final Set<Place> forbidden = new HashSet<>();

    private record Place(String kind, String namespace) {}

    WorkloadPods(LiveWatches live, HealthRules rules, Runnable changed) {
        this.live = live;
        this.rules = rules;
        this.changed = changed;
    }

    /**
     * Sees to it that the pods of {@code unhealthy} are watched, and no others.
     *
     * @param patience how long to wait for those that are not watched yet
     */
    void watch(GatedObjects gated, Map<ObjectKey, HealthStatus> unhealthy, Duration patience)
            throws InterruptedException {
        Set<Place> wanted = new HashSet<>();
        for (DesiredObject object : gated.objects()) {
            if (looksAtPods(object, unhealthy) && !object.key().kind().equals("Pod")) {
                String namespace = object.key().namespace();
                wanted.add(new Place("Pod", namespace));
                if (object.key().kind().equals("Deployment")) {
                    wanted.add(new Place("ReplicaSet", namespace));
                }
            }
        }
        caches.entrySet().removeIf(open -> {
            boolean over = !wanted.contains(open.getKey());
            if (over) {
                open.getValue().close();
            }
            return over;
        });
        wanted.removeAll(forbidden);
        wanted.removeAll(caches.keySet());
        for (Place place : wanted) {
            caches.put(place, open(place));
        }
        for (Place place : wanted) {
            WatchCache cache = caches.get(place);
            boolean _ = cache == null || cache.awaitSynced(patience);
        }
    }

    private WatchCache open(Place place) {
        return place.kind().equals("Pod")
                ? live.open("v1", "Pod", place.namespace(), "", WorkloadPods::shortened, changed)
                : live.open("apps/v1", place.kind(), place.namespace(), "", WorkloadPods::shortened, changed);
    }

    /** The pods of the newest template of each workload of {@code unhealthy} that is known. */
    Map<ObjectKey, List<ObjectNode>> pods(GatedObjects gated, Map<ObjectKey, HealthStatus> unhealthy) {
        Map<ObjectKey, List<ObjectNode>> pods = new TreeMap<>();
        for (DesiredObject object : gated.objects()) {
            Optional<ObjectNode> workload = looksAtPods(object, unhealthy) ? gated.live(object) : Optional.empty();
            workload.ifPresent(found -> pods.put(
                    object.key(),
                    PodOwners.current(
                            found,
                            all(new Place("ReplicaSet", object.key().namespace())),
                            all(new Place("Pod", object.key().namespace())))));
        }
        return pods;
    }

    /** {@code judged} with a word where the pods would have told more, but may not be read. */
    Map<ObjectKey, HealthStatus> withNotes(Map<ObjectKey, HealthStatus> judged) {
        giveUpForbidden();
        if (forbidden.isEmpty()) {
            return judged;
        }
        Map<ObjectKey, HealthStatus> noted = new TreeMap<>(judged);
        noted.replaceAll((key, status) -> isBlind(key)
                ? new HealthStatus(
                        status.state(),
                        status.message() + " (the service account may not list and watch "
                                + (forbidden.contains(new Place("Pod", key.namespace())) ? "pods" : "replicasets.apps")
                                + " here, so its pods cannot tell why)",
                        status.environment())
                : status);
        return noted;
    }

    private boolean isBlind(ObjectKey key) {
        return PodOwners.hasPods(key)
                && !key.kind().equals("Pod")
                && (forbidden.contains(new Place("Pod", key.namespace()))
                        || (key.kind().equals("Deployment")
                                && forbidden.contains(new Place("ReplicaSet", key.namespace()))));
    }

    /** Asking again and again would only be refused again and again. */
    private void giveUpForbidden() {
        caches.entrySet().removeIf(open -> {
            boolean refused = open.getValue()
                    .trouble()
                    .filter(trouble -> trouble.reason() == ClusterException.Reason.FORBIDDEN)
                    .isPresent();
            if (refused) {
                open.getValue().close();
                forbidden.add(open.getKey());
                LOG.atInfo()
                        .addKeyValue("kind", open.getKey().kind())
                        .addKeyValue("namespace", open.getKey().namespace())
                        .log("failures of workloads show only at their deadlines: the identity may not read this");
            }
            return refused;
        });
    }

    /** Whoever has a rule of the ConfigRepo is judged by that rule alone. */
    private boolean looksAtPods(DesiredObject object, Map<ObjectKey, HealthStatus> unhealthy) {
        HealthStatus status = unhealthy.get(object.key());
        return status != null
                && PodOwners.hasPods(object.key())
                && (status.state() == HealthStatus.State.IN_PROGRESS || status.state() == HealthStatus.State.FAILED)
                && !rules.covers(object.apiVersion(), object.key().kind());
    }

    private Collection<ObjectNode> all(Place place) {
        WatchCache cache = caches.get(place);
        return cache == null ? List.of() : cache.all();
    }

    /** A namespace may have thousands of pods, of which only the status says anything to us. */
    private static ObjectNode shortened(ObjectNode object) {
        object.withObject("metadata").remove("managedFields");
        JsonNode spec = object.path("spec");
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        for (String containers : List.of("initContainers", "containers")) {
            for (JsonNode container : spec.path(containers)) {
                kept.withArray(containers)
                        .addObject()
                        .put("name", container.path("name").asText())
                        .put(
                                "terminationMessagePolicy",
                                container.path("terminationMessagePolicy").asText());
            }
        }
        object.set("spec", kept);
        return object;
    }

    @Override
    public void close() {
        caches.values().forEach(WatchCache::close);
    }
}
