package dev.orkestra.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.health.Health;
import dev.orkestra.health.HealthStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Waits until the objects of a wave are healthy. Watch events tell, so the next wave starts milliseconds after the
 * last object became ready; a slow look only backs them up (DESIGN.md §3, "waiting is an event").
 */
public final class HealthGate {
    private static final Duration SAFETY_LOOK = Duration.ofSeconds(30);
    /** What is healthy is healthy even past the deadline, so that one look is always taken. */
    private static final Duration FIRST_LOOK = Duration.ofSeconds(10);

    private final Cluster cluster;
    private final String label;
    private final InstantSource clock;
    /** How hooks ended: one may be gone a moment later, by its own time to live. */
    private final Map<ObjectKey, HealthStatus> endedHooks = new ConcurrentSkipListMap<>();

    /** @param cluster seen with the environment's identity */
    public HealthGate(Cluster cluster, String label, InstantSource clock) {
        this.cluster = cluster;
        this.label = label;
        this.clock = clock;
    }

    /** How the wait ended. */
    public sealed interface Result {
        record Healthy() implements Result {}

        /** At least one object has failed for good; all that are not healthy are named. */
        record Failed(Map<ObjectKey, HealthStatus> unhealthy) implements Result {}

        record DeadlinePassed(Map<ObjectKey, HealthStatus> unhealthy) implements Result {}

        /** The caller's {@code cancelled} became true. */
        record Cancelled() implements Result {}
    }

    /**
     * Blocks until all of {@code objects} are healthy, one has failed, or {@code deadline} passes.
     *
     * @param cancelled looked at whenever something changes
     * @param waitingFor told which objects are not healthy yet, whenever that changes
     */
    public Result await(
            List<DesiredObject> objects,
            Instant deadline,
            BooleanSupplier cancelled,
            Consumer<Map<ObjectKey, HealthStatus>> waitingFor)
            throws InterruptedException {
        List<DesiredObject> gated = objects.stream().filter(HealthGate::isGated).toList();
        if (gated.isEmpty()) {
            return new Result.Healthy();
        }
        Semaphore changes = new Semaphore(1);
        Map<Place, WatchCache> caches = new TreeMap<>();
        try {
            open(gated, caches, changes, Duration.between(clock.instant(), deadline));
            return loop(gated, caches, changes, deadline, cancelled, waitingFor);
        } finally {
            caches.values().forEach(WatchCache::close);
        }
    }

    /**
     * Watches healthy objects until {@code until}.
     *
     * @return what broke meanwhile; empty when all stayed healthy
     * @throws ClusterException when the objects cannot be watched: that tells nothing of their health
     */
    public Optional<Map<ObjectKey, HealthStatus>> soak(List<DesiredObject> objects, Instant until)
            throws InterruptedException {
        List<DesiredObject> gated = objects.stream().filter(HealthGate::isGated).toList();
        Semaphore changes = new Semaphore(1);
        Map<Place, WatchCache> caches = new TreeMap<>();
        try {
            open(gated, caches, changes, SAFETY_LOOK);
            requireSynced(caches.values());
            while (true) {
                Map<ObjectKey, HealthStatus> unhealthy = unhealthy(gated, caches);
                if (!unhealthy.isEmpty()) {
                    return Optional.of(unhealthy);
                }
                Duration left = Duration.between(clock.instant(), until);
                if (left.isNegative() || left.isZero()) {
                    return Optional.empty();
                }
                if (changes.tryAcquire(left.toMillis() + 1, TimeUnit.MILLISECONDS)) {
                    changes.drainPermits();
                }
            }
        } finally {
            caches.values().forEach(WatchCache::close);
        }
    }

    private Result loop(
            List<DesiredObject> gated,
            Map<Place, WatchCache> caches,
            Semaphore changes,
            Instant deadline,
            BooleanSupplier cancelled,
            Consumer<Map<ObjectKey, HealthStatus>> waitingFor)
            throws InterruptedException {
        Map<ObjectKey, HealthStatus> before = Map.of();
        while (true) {
            Duration left = Duration.between(clock.instant(), deadline);
            Duration patience = left.compareTo(SAFETY_LOOK) < 0 ? left : SAFETY_LOOK;
            if (changes.tryAcquire(Math.max(0, patience.toMillis()), TimeUnit.MILLISECONDS)) {
                changes.drainPermits();
            }
            if (cancelled.getAsBoolean()) {
                return new Result.Cancelled();
            }
            Map<ObjectKey, HealthStatus> unhealthy = unhealthy(gated, caches);
            if (unhealthy.isEmpty()) {
                return new Result.Healthy();
            }
            if (unhealthy.values().stream().anyMatch(status -> status.state() == HealthStatus.State.FAILED)) {
                return new Result.Failed(unhealthy);
            }
            if (!clock.instant().isBefore(deadline)) {
                return new Result.DeadlinePassed(unhealthy);
            }
            if (!unhealthy.equals(before)) {
                waitingFor.accept(unhealthy);
                before = unhealthy;
            }
        }
    }

    private void open(List<DesiredObject> gated, Map<Place, WatchCache> caches, Semaphore changes, Duration patience)
            throws InterruptedException {
        Duration shorter = patience.compareTo(SAFETY_LOOK) < 0 ? patience : SAFETY_LOOK;
        Instant until = clock.instant().plus(shorter.compareTo(FIRST_LOOK) < 0 ? FIRST_LOOK : shorter);
        for (DesiredObject object : gated) {
            Place place = Place.of(object);
            if (!caches.containsKey(place)) {
                caches.put(
                        place,
                        cluster.watch(
                                cluster.resourceType(
                                        object.apiVersion(), object.key().kind()),
                                object.key().namespace(),
                                Labels.CONFIG_REPO + "=" + label,
                                (change, changed) -> {
                                    remember(changed);
                                    changes.release();
                                }));
            }
        }
        for (WatchCache cache : new ArrayList<>(caches.values())) {
            Duration left = Duration.between(clock.instant(), until);
            boolean _ = cache.awaitSynced(left.isNegative() ? Duration.ZERO : left);
        }
    }

    private static void requireSynced(Collection<WatchCache> caches) throws InterruptedException {
        for (WatchCache cache : caches) {
            if (!cache.awaitSynced(Duration.ZERO)) {
                throw cache.trouble()
                        .orElseGet(() -> new ClusterException(
                                ClusterException.Reason.UNREACHABLE,
                                "the API server did not list the objects in time"));
            }
        }
    }

    private Map<ObjectKey, HealthStatus> unhealthy(List<DesiredObject> gated, Map<Place, WatchCache> caches) {
        Map<ObjectKey, HealthStatus> unhealthy = new TreeMap<>();
        for (DesiredObject object : gated) {
            WatchCache cache = caches.get(Place.of(object));
            HealthStatus seen = cache == null ? HealthStatus.NOT_FOUND : seen(cache, object.key());
            HealthStatus status = endedHooks.getOrDefault(object.key(), seen);
            if (status.state() != HealthStatus.State.CURRENT) {
                unhealthy.put(object.key(), status);
            }
        }
        return unhealthy;
    }

    private void remember(ObjectNode changed) {
        if (HookHealth.isHook(changed)) {
            HealthStatus status = HookHealth.of(changed);
            if (status.state() == HealthStatus.State.CURRENT || status.state() == HealthStatus.State.FAILED) {
                endedHooks.put(ObjectKey.of(changed), status);
            }
        }
    }

    /** What is not seen need not be absent: perhaps it may not be watched, or the server does not answer. */
    private static HealthStatus seen(WatchCache cache, ObjectKey key) {
        return cache.get(key.namespace(), key.name())
                .map(live -> HookHealth.isHook(live) ? HookHealth.of(live) : Health.of(live))
                .orElseGet(() -> cache.trouble()
                        .map(trouble -> HealthStatus.inProgress("It cannot be watched: " + trouble.getMessage()))
                        .orElse(HealthStatus.NOT_FOUND));
    }

    /** Whether {@code object} is waited for at all. */
    static boolean isGated(DesiredObject object) {
        return !Health.isPassive(object.key().kind());
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
