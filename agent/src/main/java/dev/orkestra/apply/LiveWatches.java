package dev.orkestra.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.WatchCache;
import java.util.function.UnaryOperator;

/**
 * Where live objects come from: watches of one's own, or caches that somebody keeps anyway. Objects are seen with the
 * environment's identity.
 */
@FunctionalInterface
public interface LiveWatches {
    /**
     * The objects of one kind and place. Returns at once.
     *
     * @param namespace empty for none
     * @param labelSelector empty for all
     * @param projection what is kept of each object at least
     * @param changed called after each change; must not block
     * @return closed by the caller when it looks no longer
     * @throws dev.orkestra.cluster.ClusterException MISSING_KIND when the kind is not served
     */
    WatchCache open(
            String apiVersion,
            String kind,
            String namespace,
            String labelSelector,
            UnaryOperator<ObjectNode> projection,
            Runnable changed);

    /** A watch of its own for each. */
    static LiveWatches of(Cluster cluster) {
        return (apiVersion, kind, namespace, labelSelector, projection, changed) -> cluster.watch(
                cluster.resourceType(apiVersion, kind),
                namespace,
                labelSelector,
                projection,
                (change, object) -> changed.run());
    }
}
