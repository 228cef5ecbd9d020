package dev.orkestra.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * One Kubernetes API server, seen with the rights of one identity. All calls block (callers run on virtual threads),
 * have a deadline of their own and throw {@link ClusterException}. A namespace of "" means none or all.
 */
public interface Cluster {
    /** The same API server, asked in the name of {@code identity}. Discovery stays shared. */
    Cluster as(Identity identity);

    /**
     * The served kind of {@code apiVersion} and {@code kind}. Cached; a kind that is not known is looked up again.
     *
     * @throws ClusterException MISSING_KIND when it is not served
     */
    ResourceType resourceType(String apiVersion, String kind);

    Optional<ObjectNode> get(ResourceType type, String namespace, String name);

    /** All objects that match {@code labelSelector} (empty: all), read in pages; apiVersion and kind are set on each. */
    List<ObjectNode> list(ResourceType type, String namespace, String labelSelector);

    /**
     * The names of all objects of one namespace (or of a kind that lies in none) that match {@code labelSelector}, asked
     * in one request that brings no content.
     *
     * @param most empty answer when there are more
     */
    Optional<Set<String>> names(ResourceType type, String namespace, String labelSelector, int most);

    /** Creates {@code object}; {@code metadata.generateName} works. */
    ObjectNode create(ResourceType type, ObjectNode object, String fieldManager);

    /** Replaces an object under its resourceVersion; STALE when it has moved on. */
    ObjectNode replace(ResourceType type, ObjectNode object, String fieldManager);

    /** Replaces the status subresource under the object's resourceVersion; STALE when it has moved on. */
    ObjectNode replaceStatus(ResourceType type, ObjectNode object, String fieldManager);

    /** Server-side apply with strict field validation. */
    ObjectNode apply(ResourceType type, ObjectNode object, ApplyOptions options);

    /** JSON merge patch of the object, or of its status subresource. */
    ObjectNode mergePatch(
            ResourceType type, String namespace, String name, JsonNode patch, boolean status, String fieldManager);

    /** What becomes of the objects that a deleted object owns. */
    enum Propagation {
        /** The object goes at once, what it owns some time later. */
        BACKGROUND,
        /** The object stays, marked, until what it owns is gone. */
        FOREGROUND
    }

    /** Asks for deletion with background propagation. As below. */
    default void delete(ResourceType type, String namespace, String name, String uid) {
        delete(type, namespace, name, uid, Propagation.BACKGROUND);
    }

    /**
     * Asks for deletion. An object that is not there is no error.
     *
     * @param uid only if the object still has this uid (STALE otherwise); empty: whatever has the name
     */
    void delete(ResourceType type, String namespace, String name, String uid, Propagation propagation);

    /**
     * Opens a watch and keeps a cache of it until it is closed. Returns at once; {@link WatchCache#awaitSynced} waits
     * for the first list. Reconnects by itself.
     *
     * @param labelSelector empty: all
     */
    default WatchCache watch(ResourceType type, String namespace, String labelSelector, WatchListener listener) {
        return watch(type, namespace, labelSelector, UnaryOperator.identity(), listener);
    }

    /**
     * A watch whose cache and listener hold only what {@code projection} keeps of each object, to save memory.
     *
     * @param projection gets an object of its own to change or replace; it must keep metadata.namespace, name, uid and
     *     resourceVersion
     */
    WatchCache watch(
            ResourceType type,
            String namespace,
            String labelSelector,
            UnaryOperator<ObjectNode> projection,
            WatchListener listener);

    /** Forgets the served kinds, for example after a CRD became Established; the next question asks the server. */
    void forgetResourceTypes();

    /** The last {@code lines} lines of a container's log; empty when there is none. */
    String podLog(String namespace, String pod, String container, int lines);

    /**
     * Records an event about {@code regarding} (its apiVersion, kind, name, namespace and uid are used). The same event
     * again counts up the first one. One that cannot be written is logged, never thrown.
     */
    void event(ObjectNode regarding, boolean warning, String reason, String message);
}
