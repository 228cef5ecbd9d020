package dev.orkestra.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Told of each change, in order, on the watch's own virtual thread: it must not block. */
@FunctionalInterface
public interface WatchListener {
    /** What happened to the object. */
    enum Change {
        /** Added or modified, as far as this watch knows. */
        PRESENT,
        /** Gone; the object is its last known state. */
        DELETED
    }

    void changed(Change change, ObjectNode object);
}
