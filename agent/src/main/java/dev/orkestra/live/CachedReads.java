package dev.orkestra.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.Identity;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.cluster.WatchListener;
import dev.orkestra.desired.ConfigRepo;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A cluster whose lists of an environment's objects come from its watches, where these follow the server. Only until
 * the first write: a cache may be a moment behind, and who has written must not see what was there before.
 */
public final class CachedReads implements Cluster {
    private final Cluster cluster;
    private final LiveCaches caches;
    private final String selector;
    private volatile boolean written;

    /**
     * @param cluster seen with the environment's identity
     * @param label value of our label
     */
    public CachedReads(Cluster cluster, LiveCaches caches, String label) {
        this.cluster = cluster;
        this.caches = caches;
        this.selector = ConfigRepo.LABEL + "=" + label;
    }

    @Override
    public List<ObjectNode> list(ResourceType type, String namespace, String labelSelector) {
        Optional<List<ObjectNode>> known = written || !labelSelector.equals(selector)
                ? Optional.empty()
                : caches.all(new Place(type.apiVersion(), type.kind(), namespace));
        return known.orElseGet(() -> cluster.list(type, namespace, labelSelector));
    }

    private Cluster writing() {
        written = true;
        return cluster;
    }

    @Override
    public Cluster as(Identity identity) {
        return cluster.as(identity);
    }

    @Override
    public ResourceType resourceType(String apiVersion, String kind) {
        return cluster.resourceType(apiVersion, kind);
    }

    @Override
    public Optional<ObjectNode> get(ResourceType type, String namespace, String name) {
        return cluster.get(type, namespace, name);
    }

    @Override
    public Optional<Set<String>> names(ResourceType type, String namespace, String labelSelector, int most) {
        return cluster.names(type, namespace, labelSelector, most);
    }

    @Override
    public ObjectNode create(ResourceType type, ObjectNode object, String fieldManager) {
        return writing().create(type, object, fieldManager);
    }

    @Override
    public ObjectNode replace(ResourceType type, ObjectNode object, String fieldManager) {
        return writing().replace(type, object, fieldManager);
    }

    @Override
    public ObjectNode replaceStatus(ResourceType type, ObjectNode object, String fieldManager) {
        return writing().replaceStatus(type, object, fieldManager);
    }

    @Override
    public ObjectNode apply(ResourceType type, ObjectNode object, ApplyOptions options) {
        return (options.dryRun() ? cluster : writing()).apply(type, object, options);
    }

    @Override
    public ObjectNode mergePatch(
            ResourceType type, String namespace, String name, JsonNode patch, boolean status, String fieldManager) {
        return writing().mergePatch(type, namespace, name, patch, status, fieldManager);
    }

    @Override
    public void delete(ResourceType type, String namespace, String name, String uid, Propagation propagation) {
        writing().delete(type, namespace, name, uid, propagation);
    }

    @Override
    public WatchCache watch(
            ResourceType type,
            String namespace,
            String labelSelector,
            UnaryOperator<ObjectNode> projection,
            WatchListener listener) {
        return cluster.watch(type, namespace, labelSelector, projection, listener);
    }

    @Override
    public void forgetResourceTypes() {
        cluster.forgetResourceTypes();
    }

    @Override
    public String podLog(String namespace, String pod, String container, int lines) {
        return cluster.podLog(namespace, pod, container, lines);
    }

    @Override
    public void event(ObjectNode regarding, boolean warning, String reason, String message) {
        cluster.event(regarding, warning, reason, message);
    }
}
