package dev.orkestra.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The objects of one watch, as last seen. Objects are shared and must not be changed. */
public interface WatchCache extends AutoCloseable {
    /** Waits for the first complete list. False when {@code atMost} passed first. */
    boolean awaitSynced(Duration atMost) throws InterruptedException;

    Optional<ObjectNode> get(String namespace, String name);

    List<ObjectNode> all();

    /** Why the watch does not follow the server at the moment; empty while it does. It goes on trying by itself. */
    Optional<ClusterException> trouble();

    /** How long ago the server last said anything on this watch; more than two minutes means that it is cut off. */
    Duration silence();

    /** Stops the watch; no listener is called after it returns. */
    @Override
    void close();
}
