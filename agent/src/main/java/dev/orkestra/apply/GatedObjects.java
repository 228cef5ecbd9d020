package dev.orkestra.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.health.HealthRules;
import dev.orkestra.health.HealthStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The objects that a gate waits for, as watches show them: one watch per kind and namespace. */
final class GatedObjects implements AutoCloseable {
    private final List<DesiredObject> objects;
    private final HealthRules rules;
    private final Map<Place, WatchCache> caches = new TreeMap<>();
    /** A wave may have a thousand objects, and each event makes us look at all: most have not changed since. */
    private final Map<ObjectKey, Judged> judged = new HashMap<>();

    /** How hooks have ended, as the watch told: one may be gone a moment later, by its own time to live. */
    private final Map<ObjectKey, HealthStatus> endedHooks = new ConcurrentSkipListMap<>();

    /** @param object as the cache handed it out; caches replace objects and never change them */
    private record Judged(ObjectNode object, HealthStatus status) {}

    private GatedObjects(List<DesiredObject> objects, HealthRules rules) {
        this.objects = objects;
        this.rules = rules;
    }

    /** Opens all watches and waits until they know what is there, at most {@code patience}. */
    static GatedObjects open(
            List<DesiredObject> objects,
            LiveWatches live,
            String label,
            HealthRules rules,
            Runnable changed,
            Duration patience,
            InstantSource clock)
            throws InterruptedException {
        GatedObjects gated = new GatedObjects(objects, rules);
        boolean opened = false;
        try {
            Instant until = clock.instant().plus(patience);
            for (DesiredObject object : objects) {
                Place place = Place.of(object);
                if (!gated.caches.containsKey(place)) {
                    gated.caches.put(
                            place,
                            live.open(
                                    place.apiVersion(),
                                    place.kind(),
                                    place.namespace(),
                                    Labels.CONFIG_REPO + "=" + label,
                                    gated::remember,
                                    changed));
                }
            }
            for (WatchCache cache : gated.caches.values()) {
                Duration left = Duration.between(clock.instant(), until);
                boolean _ = cache.awaitSynced(left.isNegative() ? Duration.ZERO : left);
            }
            opened = true;
            return gated;
        } finally {
            if (!opened) {
                gated.close();
            }
        }
    }

    /** @throws ClusterException when one of the watches has not shown anything yet */
    void requireSynced() throws InterruptedException {
        for (WatchCache cache : caches.values()) {
            if (!cache.awaitSynced(Duration.ZERO)) {
                throw cache.trouble()
                        .orElseGet(() -> new ClusterException(
                                ClusterException.Reason.UNREACHABLE,
                                "the API server did not list the objects in time"));
            }
        }
    }

    /** All that are not healthy now. */
    Map<ObjectKey, HealthStatus> unhealthy() throws InterruptedException {
        Map<ObjectKey, HealthStatus> unhealthy = new TreeMap<>();
        for (DesiredObject object : objects) {
            HealthStatus status = status(object);
            if (!status.isCurrent()) {
                unhealthy.put(object.key(), status);
            }
        }
        return unhealthy;
    }

    /** The live object; empty when it is not seen. */
    Optional<ObjectNode> live(DesiredObject object) {
        return Optional.ofNullable(caches.get(Place.of(object)))
                .flatMap(cache ->
                        cache.get(object.key().namespace(), object.key().name()));
    }

    List<DesiredObject> objects() {
        return objects;
    }

    /** Everything that arrives passes here, also what a look at the cache would come too late for. */
    private ObjectNode remember(ObjectNode arrived) {
        if (HookHealth.isHook(arrived)) {
            HealthStatus status = HookHealth.of(arrived, rules.of(arrived));
            if (status.isCurrent() || status.state() == HealthStatus.State.FAILED) {
                endedHooks.put(ObjectKey.of(arrived), status);
            }
        }
        return arrived;
    }

    private HealthStatus status(DesiredObject object) throws InterruptedException {
        HealthStatus ended = endedHooks.get(object.key());
        if (ended != null) {
            return ended;
        }
        WatchCache cache = caches.get(Place.of(object));
        if (cache == null) {
            return HealthStatus.NOT_FOUND;
        }
        @Nullable
        ObjectNode live =
                cache.get(object.key().namespace(), object.key().name()).orElse(null);
        if (live == null) {
            // What is not seen need not be absent: perhaps it may not be watched, or the server does not answer.
            boolean seesAll = cache.awaitSynced(Duration.ZERO);
            // A hook is made once, before anybody waits for it: one that a whole list does not hold will not come.
            HealthStatus absent =
                    seesAll && HookHealth.isHook(object.body()) ? HookHealth.GONE : HealthStatus.NOT_FOUND;
            return cache.trouble()
                    .map(trouble -> HealthStatus.inProgress("It cannot be watched: " + trouble.getMessage()))
                    .orElse(absent);
        }
        Judged before = judged.get(object.key());
        if (before != null && before.object() == live) {
            return before.status();
        }
        HealthStatus status = HookHealth.isHook(live) ? HookHealth.of(live, rules.of(live)) : rules.of(live);
        judged.put(object.key(), new Judged(live, status));
        return status;
    }

    @Override
    public void close() {
        caches.values().forEach(WatchCache::close);
    }

    private record Place(String apiVersion, String kind, String namespace) implements Comparable<Place> {
        static Place of(DesiredObject object) {
            return new Place(
                    object.apiVersion(), object.key().kind(), object.key().namespace());
        }

        @Override
        public int compareTo(Place other) {
            int order = apiVersion.compareTo(other.apiVersion);
            order = order != 0 ? order : kind.compareTo(other.kind);
            return order != 0 ? order : namespace.compareTo(other.namespace);
        }
    }
}
