package dev.orkestra.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.document.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The watches of one environment: one for each kind and namespace that it has objects in, selected by our label and
 * opened in the environment's own name (DESIGN.md §4, "Drift"). Thread-safe.
 */
public final class LiveCaches implements AutoCloseable {
    /** A watch that says nothing for longer is cut off; the server sends a bookmark each minute. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(100);
    /** How long a place that may not be watched is left alone before it is tried again: rights are given by hand. */
    private static final Duration BLIND_FOR = Duration.ofMinutes(5);

    private final Cluster cluster;
    private final String label;
    private final Function<ObjectNode, String> digest;
    private final Consumer<ObjectKey> changed;
    private final InstantSource clock;
    private final Map<Place, WatchCache> watches = new ConcurrentSkipListMap<>();
    private final Map<Place, Blind> blind = new ConcurrentSkipListMap<>();

    private record Blind(ClusterException why, Instant until) {}

    /**
     * @param cluster seen with the environment's identity
     * @param label value of our label
     * @param digest from a live object to the digest of the fields that are ours
     * @param changed told of each object that changed, on the watch's thread: it must not block
     */
    public LiveCaches(
            Cluster cluster,
            String label,
            Function<ObjectNode, String> digest,
            Consumer<ObjectKey> changed,
            InstantSource clock) {
        this.cluster = cluster;
        this.label = label;
        this.digest = digest;
        this.changed = changed;
        this.clock = clock;
    }

    /** How far a place can be seen. */
    public sealed interface Sight {
        /** Its cache follows the server. */
        record Clear() implements Sight {}

        /** Not listed yet, or cut off at the moment; it goes on trying by itself. */
        record Unsure() implements Sight {}

        /** It may not be watched, or is not served. */
        record None(ClusterException why) implements Sight {}
    }

    /** Opens watches for {@code places}, as far as they are not open, and closes all others. Does not wait for them. */
    public synchronized void follow(Collection<Place> places) {
        TreeSet<Place> wanted = new TreeSet<>(places);
        List<Place> unwanted = watches.keySet().stream()
                .filter(place -> !wanted.contains(place))
                .toList();
        unwanted.forEach(this::forget);
        blind.keySet().retainAll(wanted);
        wanted.forEach(this::open);
    }

    private void open(Place place) {
        WatchCache open = watches.get(place);
        if (open != null) {
            Optional<ClusterException> trouble = open.trouble();
            if (trouble.isPresent() && !trouble.get().isTransient()) {
                // The watch would go on listing every few seconds.
                forget(place);
                blind.put(place, new Blind(trouble.get(), clock.instant().plus(BLIND_FOR)));
            }
            return;
        }
        Blind known = blind.get(place);
        if (known != null && clock.instant().isBefore(known.until())) {
            return;
        }
        try {
            watches.put(
                    place,
                    cluster.watch(
                            cluster.resourceType(place.apiVersion(), place.kind()),
                            place.namespace(),
                            ConfigRepo.LABEL + "=" + label,
                            live -> PackedObject.pack(live, digest),
                            (_, kept) -> changed.accept(ObjectKey.of(kept))));
            blind.remove(place);
        } catch (ClusterException e) {
            // Not served: its definition may come back at any time, so the next call tries again.
            blind.put(place, new Blind(e, clock.instant()));
        }
    }

    private void forget(Place place) {
        WatchCache gone = watches.remove(place);
        if (gone != null) {
            gone.close();
        }
    }

    /** Waits until all open watches have listed once, or {@code atMost} has passed. */
    public void awaitListed(Duration atMost) throws InterruptedException {
        Instant end = clock.instant().plus(atMost);
        for (WatchCache watch : new ArrayList<>(watches.values())) {
            Duration left = Duration.between(clock.instant(), end);
            if (watch.trouble().isEmpty()) {
                boolean _ = watch.awaitSynced(left.isNegative() ? Duration.ZERO : left);
            }
        }
    }

    public Sight sight(Place place) {
        WatchCache watch = watches.get(place);
        if (watch == null) {
            Blind known = blind.get(place);
            return known == null ? new Sight.Unsure() : new Sight.None(known.why());
        }
        Optional<ClusterException> trouble = watch.trouble();
        if (trouble.isPresent() && !trouble.get().isTransient()) {
            return new Sight.None(trouble.get());
        }
        boolean follows =
                trouble.isEmpty() && isListed(watch) && watch.silence().compareTo(LONGEST_SILENCE) < 0;
        return follows ? new Sight.Clear() : new Sight.Unsure();
    }

    private static boolean isListed(WatchCache watch) {
        try {
            return watch.awaitSynced(Duration.ZERO);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The object as last seen; empty when it is not there, or cannot be seen. */
    public Optional<Seen> seen(Place place, ObjectKey key) {
        return Optional.ofNullable(watches.get(place))
                .flatMap(watch -> watch.get(key.namespace(), key.name()))
                .map(PackedObject::read);
    }

    /** All objects of {@code place}, whole; empty where the cache does not follow, or does not keep them whole. */
    public Optional<List<ObjectNode>> all(Place place) {
        WatchCache watch = watches.get(place);
        if (watch == null || !(sight(place) instanceof Sight.Clear)) {
            return Optional.empty();
        }
        List<ObjectNode> all = new ArrayList<>();
        for (ObjectNode kept : watch.all()) {
            Optional<ObjectNode> whole = PackedObject.read(kept).whole();
            if (whole.isEmpty()) {
                return Optional.empty();
            }
            all.add(whole.get());
        }
        return Optional.of(all);
    }

    /** What keeps places from being watched, for people. */
    public Map<Place, String> blind() {
        Map<Place, String> all = new TreeMap<>();
        watches.keySet().forEach(place -> {
            // Not given up yet, but looked at slowly already.
            if (sight(place) instanceof Sight.None(ClusterException why)) {
                all.put(place, why.getMessage());
            }
        });
        blind.forEach((place, why) -> all.put(place, why.why().getMessage()));
        return all;
    }

    @Override
    public synchronized void close() {
        List.copyOf(watches.keySet()).forEach(this::forget);
    }
}
