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

    /** Stops the watch; no listener is called after it returns. */
    @Override
    void close();
}
