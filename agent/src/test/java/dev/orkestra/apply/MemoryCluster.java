package dev.orkestra.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.Identity;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.cluster.WatchListener;
import dev.orkestra.document.ObjectKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** As much of an API server as hooks need: objects that are made, watched and deleted, and trouble when it is asked for. */
final class MemoryCluster implements Cluster {
    final Map<ObjectKey, ObjectNode> objects = new TreeMap<>();
    /** Names of all that was ever created, in order. */
    final List<String> created = new ArrayList<>();
    /** Names of all whose deletion was asked for, with how it was asked. */
    final List<String> deleted = new ArrayList<>();
    /** What was told as an event: of whom, reason and message. */
    final List<String> events = new ArrayList<>();
    /** Names of what a finalizer holds: deletion only marks it. */
    final Set<String> held = new HashSet<>();
    /** Told each object that was made; may change it. */
    Consumer<ObjectNode> made = _ -> {};
    /** What creating answers; none: it works. */
    Optional<ClusterException.Reason> refusesToCreate = Optional.empty();

    @Override
    public Cluster as(Identity identity) {
        return this;
    }

    @Override
    public ResourceType resourceType(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        return new ResourceType(
                slash < 0 ? "" : apiVersion.substring(0, slash),
                apiVersion.substring(slash + 1),
                kind,
                kind.toLowerCase(Locale.ROOT) + "s",
                true);
    }

    private static ObjectKey key(ResourceType type, String namespace, String name) {
        return new ObjectKey(type.group(), type.kind(), namespace, name);
    }

    @Override
    public Optional<ObjectNode> get(ResourceType type, String namespace, String name) {
        return Optional.ofNullable(objects.get(key(type, namespace, name)));
    }

    @Override
    public List<ObjectNode> list(ResourceType type, String namespace, String labelSelector) {
        String[] label = labelSelector.split("!?=", 2);
        return objects.entrySet().stream()
                .filter(each -> each.getKey().kind().equals(type.kind())
                        && each.getKey().namespace().equals(namespace))
                .map(Map.Entry::getValue)
                .filter(each -> label.length < 2
                        || each.path("metadata")
                                        .path("labels")
                                        .path(label[0])
                                        .asText()
                                        .equals(label[1])
                                != labelSelector.contains("!="))
                .toList();
    }

    @Override
    public Optional<Set<String>> names(ResourceType type, String namespace, String labelSelector, int most) {
        return Optional.empty();
    }

    @Override
    public ObjectNode create(ResourceType type, ObjectNode object, String fieldManager) {
        refusesToCreate.ifPresent(reason -> {
            throw new ClusterException(reason, "not now");
        });
        ObjectKey key = ObjectKey.of(object);
        if (objects.containsKey(key)) {
            throw new ClusterException(ClusterException.Reason.ALREADY_EXISTS, key + " exists");
        }
        created.add(key.name());
        ObjectNode live = object.deepCopy();
        live.withObject("/metadata").put("uid", "u" + created.size()).put("resourceVersion", "1");
        made.accept(live);
        objects.put(key, live);
        return live;
    }

    @Override
    public ObjectNode replace(ResourceType type, ObjectNode object, String fieldManager) {
        objects.put(ObjectKey.of(object), object.deepCopy());
        return object;
    }

    @Override
    public ObjectNode replaceStatus(ResourceType type, ObjectNode object, String fieldManager) {
        return replace(type, object, fieldManager);
    }

    @Override
    public ObjectNode apply(ResourceType type, ObjectNode object, ApplyOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ObjectNode mergePatch(
            ResourceType type, String namespace, String name, JsonNode patch, boolean status, String fieldManager) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void delete(ResourceType type, String namespace, String name, String uid, Propagation propagation) {
        ObjectKey key = key(type, namespace, name);
        ObjectNode live = objects.get(key);
        if (live == null) {
            return;
        }
        if (!uid.isEmpty() && !live.path("metadata").path("uid").asText().equals(uid)) {
            throw new ClusterException(ClusterException.Reason.STALE, "another uid");
        }
        deleted.add(name + " " + propagation);
        if (held.contains(name)) {
            live.withObject("/metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
        } else {
            objects.remove(key);
        }
    }

    @Override
    public WatchCache watch(
            ResourceType type,
            String namespace,
            String labelSelector,
            UnaryOperator<ObjectNode> projection,
            WatchListener listener) {
        return new WatchCache() {
            @Override
            public boolean awaitSynced(Duration atMost) {
                return true;
            }

            @Override
            public Optional<ObjectNode> get(String place, String name) {
                return MemoryCluster.this.get(type, place, name);
            }

            @Override
            public List<ObjectNode> all() {
                return list(type, namespace, labelSelector);
            }

            @Override
            public Optional<ClusterException> trouble() {
                return Optional.empty();
            }

            @Override
            public Duration silence() {
                return Duration.ZERO;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void forgetResourceTypes() {}

    @Override
    public String podLog(String namespace, String pod, String container, int lines) {
        return "";
    }

    @Override
    public void event(ObjectNode regarding, boolean warning, String reason, String message) {
        events.add(ObjectKey.of(regarding) + " " + reason + " " + message);
    }
}
