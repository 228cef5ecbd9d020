package dev.orkestra.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterException.Reason;
import dev.orkestra.cluster.WatchListener.Change;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our own list and watch, since client-java's informers start one per Java class and fail on untyped objects in 27.0.0.
 * It lists, follows from that resourceVersion, goes on from the last bookmark after a break, and lists anew when the
 * server has forgotten that moment; what went away meanwhile is told as DELETED. One virtual thread; only that thread
 * writes the cache and calls the listener.
 */
final class Reflector implements WatchCache {
    private static final Logger LOG = LoggerFactory.getLogger(Reflector.class);
    private static final long FIRST_WAIT_MILLIS = 200;
    private static final long LONGEST_WAIT_MILLIS = 10_000;
    /** A watch that ended sooner counts as a failure, so that a broken server is not asked in a tight loop. */
    private static final long SHORT_WATCH_NANOS = Duration.ofSeconds(1).toNanos();
    /** After so many failures in a row of a server that does answer, the remembered moment itself is in doubt. */
    private static final int FAILURES_UNTIL_RELIST = 2;

    private record Key(String namespace, String name) {}

    /**
     * What is known of one object.
     *
     * @param object as the projection left it
     */
    private record Held(ObjectNode object, String uid, String resourceVersion) {}

    private final KubeCluster.WatchSource source;
    private final UnaryOperator<ObjectNode> projection;
    private final WatchListener listener;
    private final Map<Key, Held> objects = new ConcurrentHashMap<>();
    private final CountDownLatch synced = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    // Held while the listener runs, so that close() can promise silence.
    private final ReentrantLock delivery = new ReentrantLock();
    private final Thread thread;
    private volatile ApiConnection.@Nullable Stream stream;
    private volatile Optional<ClusterException> trouble = Optional.empty();
    private volatile long lastHeard = System.nanoTime();
    // Used by the thread only: where the watch goes on; empty means list first.
    private String resourceVersion = "";
    private int failures;

    private Reflector(KubeCluster.WatchSource source, UnaryOperator<ObjectNode> projection, WatchListener listener) {
        this.source = source;
        this.projection = projection;
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("watch-" + source).unstarted(this::followUntilClosed);
    }

    static Reflector start(
            KubeCluster.WatchSource source, UnaryOperator<ObjectNode> projection, WatchListener listener) {
        Reflector reflector = new Reflector(source, projection, listener);
        reflector.thread.start();
        return reflector;
    }

    @Override
    public boolean awaitSynced(Duration atMost) throws InterruptedException {
        return synced.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public Optional<ObjectNode> get(String namespace, String name) {
        return Optional.ofNullable(objects.get(new Key(namespace, name))).map(Held::object);
    }

    @Override
    public List<ObjectNode> all() {
        return objects.values().stream().map(Held::object).toList();
    }

    @Override
    public Optional<ClusterException> trouble() {
        return trouble;
    }

    @Override
    public Duration silence() {
        return Duration.ofNanos(System.nanoTime() - lastHeard);
    }

    @Override
    public void close() {
        closed.countDown();
        ApiConnection.Stream open = stream;
        if (open != null) {
            open.cancel();
        }
        // No interrupt: it could hit the thread while it writes to the connection that all requests share. A list that
        // is
        // under way ends by its own deadline and is told to nobody.
        if (Thread.currentThread() != thread) {
            awaitDelivery();
        }
    }

    /** A listener that runs now may finish; it must not block, so a second is long. */
    private void awaitDelivery() {
        try {
            if (delivery.tryLock(1, TimeUnit.SECONDS)) {
                delivery.unlock();
            } else {
                LOG.atWarn().addKeyValue("watch", source).log("a watch listener blocks");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void followUntilClosed() {
        try {
            while (!isClosed()) {
                long wait = follow();
                if (wait > 0 && closed.await(wait, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            LOG.atError()
                    .addKeyValue("watch", source)
                    .log("watch ends: its thread was interrupted, which nobody should");
        }
    }

    /** Lists if needed and watches until the stream ends. Returns how many milliseconds to wait before going on. */
    private long follow() {
        long startedAt = System.nanoTime();
        try {
            if (resourceVersion.isEmpty()) {
                relist();
            }
            startedAt = System.nanoTime();
            watchOnce();
            boolean tooShort = System.nanoTime() - startedAt < SHORT_WATCH_NANOS;
            failures = tooShort ? failures + 1 : 0;
            return tooShort ? backoff() : 0;
        } catch (ClusterException e) {
            if (isClosed()) {
                return 0;
            }
            boolean worked = System.nanoTime() - startedAt >= SHORT_WATCH_NANOS && e.reason() != Reason.UNREACHABLE;
            failures = worked ? 1 : failures + 1;
            return afterFailure(e);
        } catch (RuntimeException e) {
            // A defect, for example in the projection: said loudly, and tried again from a fresh list.
            LOG.atError().addKeyValue("watch", source).setCause(e).log("watch failed");
            resourceVersion = "";
            failures++;
            return backoff();
        }
    }

    private long afterFailure(ClusterException e) {
        if (e.reason() == Reason.EXPIRED) {
            LOG.atInfo().addKeyValue("watch", source).log("listing anew: the server has dropped the watch's place");
            resourceVersion = "";
            return failures <= 1 ? 0 : backoff();
        }
        // A restored etcd is behind what we have seen and would refuse our place for ever.
        if (e.reason() != Reason.UNREACHABLE && failures >= FAILURES_UNTIL_RELIST) {
            resourceVersion = "";
        }
        if (trouble.isEmpty() || trouble.get().reason() != e.reason()) {
            LOG.atWarn()
                    .addKeyValue("watch", source)
                    .addKeyValue("why", e.getMessage())
                    .log("watch interrupted, going on with backoff");
        }
        trouble = Optional.of(e);
        return backoff();
    }

    /** 0.2 s doubled up to 10 s, of which the upper half is random: many watches must not come back at once. */
    private long backoff() {
        long most = Math.min(LONGEST_WAIT_MILLIS, FIRST_WAIT_MILLIS << Math.min(failures - 1, 16));
        return most / 2 + source.settings().random().nextLong(most / 2 + 1);
    }

    private void relist() {
        KubeCluster.Snapshot snapshot = source.list();
        heard();
        Map<Key, ObjectNode> present = new HashMap<>();
        snapshot.objects().forEach(object -> present.put(keyOf(object), object));
        List<Key> gone = objects.keySet().stream()
                .filter(key -> !present.containsKey(key))
                .toList();
        for (Key key : gone) {
            Held held = objects.remove(key);
            if (held != null) {
                tell(Change.DELETED, held.object());
            }
        }
        present.forEach(this::put);
        resourceVersion = snapshot.resourceVersion();
        synced.countDown();
    }

    private void watchOnce() {
        long seconds = Math.max(1, source.settings().watchTime().toSeconds());
        long jitter = source.settings().random().nextLong(seconds / 10 + 1);
        ApiConnection.Stream opened = source.open(resourceVersion, seconds + jitter);
        stream = opened;
        if (!isClosed()) {
            opened.readLines(this::heard, this::line);
        }
        stream = null;
    }

    private void line(String line) throws IOException {
        heard();
        JsonNode event = parse(line);
        if (!(event.path("object") instanceof ObjectNode object)) {
            throw new IOException("a watch event without an object");
        }
        switch (event.path("type").asText("")) {
            case "ADDED", "MODIFIED" -> put(keyOf(object), object);
            case "DELETED" -> delete(object);
            case "BOOKMARK" -> {}
            case "ERROR" -> throw refused(object);
            default -> throw new IOException("a watch event of an unknown type");
        }
        resourceVersion = object.path("metadata").path("resourceVersion").asText(resourceVersion);
    }

    private static JsonNode parse(String line) throws IOException {
        try {
            return ApiConnection.JSON.readTree(line);
        } catch (JsonProcessingException e) {
            // Not the parser's text: it quotes the line, which may hold a Secret.
            throw new IOException("a watch event that is not JSON");
        }
    }

    private ClusterException refused(ObjectNode status) {
        int code = status.path("code").asInt(500);
        ApiRequest request = ApiRequest.get(Verb.WATCH, List.of(), source.toString());
        return Refusal.of(request, code, status);
    }

    private void heard() {
        lastHeard = System.nanoTime();
        trouble = Optional.empty();
    }

    private void put(Key key, ObjectNode object) {
        String uid = object.path("metadata").path("uid").asText("");
        String version = object.path("metadata").path("resourceVersion").asText("");
        Held before = objects.get(key);
        if (before != null && before.resourceVersion().equals(version)) {
            return;
        }
        if (before != null && !before.uid().equals(uid)) {
            objects.remove(key);
            tell(Change.DELETED, before.object());
        }
        ObjectNode kept = projection.apply(object);
        objects.put(key, new Held(kept, uid, version));
        tell(Change.PRESENT, kept);
    }

    private void delete(ObjectNode object) {
        if (objects.remove(keyOf(object)) != null) {
            tell(Change.DELETED, projection.apply(object));
        }
    }

    private void tell(Change change, ObjectNode object) {
        delivery.lock();
        try {
            if (!isClosed()) {
                listener.changed(change, object);
            }
        } catch (RuntimeException e) {
            // One listener's defect must not make the cache blind.
            LOG.atError().addKeyValue("watch", source).setCause(e).log("watch listener failed");
        } finally {
            delivery.unlock();
        }
    }

    private static Key keyOf(JsonNode object) {
        JsonNode metadata = object.path("metadata");
        return new Key(
                metadata.path("namespace").asText(""), metadata.path("name").asText(""));
    }
}
