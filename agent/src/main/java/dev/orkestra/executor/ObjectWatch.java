package dev.orkestra.executor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.cluster.WatchListener;
import dev.orkestra.document.ObjectKey;
import java.time.Duration;
import java.util.Optional;

/**
 * One object, followed until it is closed. A watch wakes the waiter; what it then looks at is the server's answer to a
 * GET, so that neither a watch that lags nor an identity that may not watch leads to a wrong verdict.
 */
public final class ObjectWatch implements AutoCloseable {
    private static final String OWNER = "orkestra.azure.microsoft.com/owner";

    private final Cluster cluster;
    private final ResourceType type;
    private final ObjectKey key;
    private final ChangeSignal signal;
    private final WatchCache watch;

    private ObjectWatch(Cluster cluster, ResourceType type, ObjectKey key, String selector) {
        this.cluster = cluster;
        this.type = type;
        this.key = key;
        this.signal = new ChangeSignal();
        WatchListener wake = (_, object) -> {
            if (ObjectKey.of(object).name().equals(key.name())) {
                signal.raise();
            }
        };
        this.watch = cluster.watch(type, key.namespace(), selector, wake);
    }

    static ObjectWatch open(Cluster cluster, ResourceType type, ObjectNode object) {
        String owner = object.path("metadata").path("labels").path(OWNER).asText("");
        return open(cluster, type, ObjectKey.of(object), owner.isEmpty() ? "" : OWNER + "=" + owner);
    }

    /** @param selector what narrows the watch down to few objects; empty: the whole namespace's are looked through */
    public static ObjectWatch open(Cluster cluster, ResourceType type, ObjectKey key, String selector) {
        return new ObjectWatch(cluster, type, key, selector);
    }

    /** How many changes there were. Read it before looking. */
    public long seen() {
        return signal.seen();
    }

    /** The object as it is now. A server that cannot answer now is asked again at the next look. */
    public Optional<ObjectNode> look() throws InterruptedException {
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
}
