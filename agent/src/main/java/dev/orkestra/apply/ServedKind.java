package dev.orkestra.apply;

import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.desired.DesiredObject;

/** Under which path an object is written, which must be the one that it was judged for. */
final class ServedKind {
    private ServedKind() {}

    /**
     * The type of {@code object} as the cluster serves it.
     *
     * @throws ClusterException MISSING_KIND, or INVALID where the cluster serves the kind in another scope: what may
     *     lie in a namespace may not therefore lie in the cluster
     */
    static ResourceType of(Cluster cluster, DesiredObject object) {
        return inScope(cluster.resourceType(object.apiVersion(), object.key().kind()), object);
    }

    static ResourceType inScope(ResourceType served, DesiredObject object) {
        boolean wanted = !object.key().namespace().isEmpty();
        if (served.namespaced() != wanted) {
            throw new ClusterException(
                    ClusterException.Reason.INVALID,
                    "the cluster serves the kind " + object.key().kind() + " of " + object.apiVersion()
                            + (wanted ? " without namespaces" : " in namespaces")
                            + ", and the commit means " + object.key());
        }
        return served;
    }
}
