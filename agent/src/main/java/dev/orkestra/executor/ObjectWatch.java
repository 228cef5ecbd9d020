package dev.orkestra.executor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.cluster.WatchListener;
import dev.orkestra.document.ObjectKey;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One object, followed until it is closed. The waiter looks at what the watch has brought since its last look, and asks
 * the server where that is nothing: at the safety look, for an identity that may not watch, and when the object seems to
 * be gone. What is older than the object that the waiter began with does not count, so a watch that lags misleads nobody.
 */
public final class ObjectWatch implements AutoCloseable {
    private static final String OWNER = "orkestra.azure.microsoft.com/owner";

    private final Cluster cluster;
    private final ResourceType type;
    private final ObjectKey key;
    private final ChangeSignal signal;
    private final AtomicReference<@Nullable ObjectNode> brought = new AtomicReference<>();
    private final WatchCache watch;

    private ObjectWatch(Cluster cluster, ResourceType type, ObjectKey key, String selector, long since) {
        this.cluster = cluster;
        this.type = type;
        this.key = key;
        this.signal = new ChangeSignal();
        WatchListener wake = (change, object) -> {
            if (ObjectKey.of(object).name().equals(key.name()) && version(object) >= since) {
                brought.set(change == WatchListener.Change.PRESENT ? object : null);
                signal.raise();
            }
        };
        this.watch = cluster.watch(type, key.namespace(), selector, wake);
    }

    static ObjectWatch open(Cluster cluster, ResourceType type, ObjectNode object) {
        String owner = object.path("metadata").path("labels").path(OWNER).asText("");
        String selector = owner.isEmpty() ? "" : OWNER + "=" + owner;
        ObjectWatch watch = new ObjectWatch(cluster, type, ObjectKey.of(object), selector, version(object));
        watch.brought.compareAndSet(null, object);
        return watch;
    }

    /** @param selector what narrows the watch down to few objects; empty: the whole namespace's are looked through */
    public static ObjectWatch open(Cluster cluster, ResourceType type, ObjectKey key, String selector) {
        return new ObjectWatch(cluster, type, key, selector, 0);
    }

    /** How many changes there were. Read it before looking. */
    public long seen() {
        return signal.seen();
    }

    /** The object as it is now. A server that cannot answer now is asked again at the next look. */
    public Optional<ObjectNode> look() throws InterruptedException {
        ObjectNode newest = brought.getAndSet(null);
        if (newest != null) {
            return Optional.of(newest);
        }
        return Persistence.ask(
                Deadline.in(HelmReleaseExecutor.SAFETY_LOOK), () -> cluster.get(type, key.namespace(), key.name()));
    }

    /** Waits until there are more changes than {@code seen}, or {@code atMost} has passed. */
    public void awaitAfter(long seen, Duration atMost) throws InterruptedException {
        signal.awaitAfter(seen, atMost);
    }

    /** Waits until the object of {@code uid} is gone; what is left of it when the deadline passes. */
    Optional<ObjectNode> awaitGone(String uid, Deadline deadline) throws InterruptedException {
        while (true) {
            long seen = seen();
            Optional<ObjectNode> left = look().filter(object ->
                    object.path("metadata").path("uid").asText().equals(uid));
            if (left.isEmpty() || deadline.passed()) {
                return left;
            }
            awaitAfter(seen, deadline.leftAtMost(HelmReleaseExecutor.SAFETY_LOOK));
        }
    }

    /** Ends the watch behind the caller's back: what comes next in a Workflow does not wait for a connection to close. */
    @Override
    public void close() {
        Thread.ofVirtual().name("watch-end-" + key.name()).start(watch::close);
    }

    private static long version(ObjectNode object) {
        return object.path("metadata").path("resourceVersion").asLong();
    }
}
