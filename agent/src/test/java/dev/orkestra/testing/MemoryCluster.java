package dev.orkestra.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A small API server in memory, to count requests and to refuse some: objects with versions, watches, and server-side
 * apply as far as flat fields of {@code data} and labels need it.
 */
public final class MemoryCluster implements Cluster {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Asked before each request; throws to refuse it. The text is {@code "verb Kind/name"}. */
    public volatile Consumer<String> before = request -> {};
    /** Kinds that may not be watched. */
    public volatile Set<String> blind = Set.of();

    private final Map<ObjectKey, ObjectNode> objects = new TreeMap<>();
    private final List<Watch> watches = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();
    private int versions;

    /** Requests since the last call. */
    public synchronized List<String> requests() {
        List<String> all = List.copyOf(requests);
        requests.clear();
        return all;
    }

    private void request(String verb, String kind, String name) {
        before.accept(verb + " " + kind + "/" + name);
        synchronized (this) {
            requests.add(verb + " " + kind + "/" + name);
        }
    }

    /** What somebody else does, beside all requests. */
    public synchronized void edit(ObjectKey key, String manager, Consumer<ObjectNode> change) {
        ObjectNode object = objects.containsKey(key) ? stored(key).deepCopy() : fresh(key);
        ObjectNode earlier = object.deepCopy();
        change.accept(object);
        ObjectNode moved = JSON.objectNode();
        object.path("data").properties().forEach(field -> {
            if (!field.getValue().equals(earlier.path("data").path(field.getKey()))) {
                moved.withObject("/f:data").putObject("f:" + field.getKey());
            }
        });
        own(object, manager, "Update", moved);
        put(key, object);
    }

    public synchronized void remove(ObjectKey key) {
        ObjectNode gone = objects.remove(key);
        if (gone != null) {
            watches.stream().filter(watch -> watch.sees(gone)).forEach(watch -> watch.removed(gone));
        }
    }

    /** What is there, without a request. */
    public synchronized Optional<ObjectNode> find(ObjectKey key) {
        return Optional.ofNullable(objects.get(key));
    }

    private ObjectNode stored(ObjectKey key) {
        return find(key).orElseThrow();
    }

    private ObjectNode fresh(ObjectKey key) {
        ObjectNode object = JSON.objectNode();
        object.put("apiVersion", "v1").put("kind", key.kind());
        object.putObject("metadata")
                .put("name", key.name())
                .put("namespace", key.namespace())
                .put("uid", "uid-" + ++versions);
        return object;
    }

    private void put(ObjectKey key, ObjectNode object) {
        ObjectNode metadata = object.withObject("/metadata");
        metadata.put("resourceVersion", Integer.toString(++versions));
        if (!metadata.has("uid")) {
            metadata.put("uid", "uid-" + ++versions);
        }
        ObjectNode old = objects.put(key, object);
        for (Watch watch : List.copyOf(watches)) {
            if (watch.sees(object)) {
                watch.present(object);
            } else if (old != null && watch.sees(old)) {
                watch.removed(object);
            }
        }
    }

    /** Gives {@code fields} to the manager, and takes them from all others. */
    private static void own(ObjectNode object, String manager, String operation, ObjectNode fields) {
        ArrayNode entries = JSON.arrayNode();
        for (JsonNode entry : object.path("metadata").path("managedFields")) {
            boolean same = entry.path("manager").asText().equals(manager);
            ObjectNode left = (ObjectNode) entry.path("fieldsV1").deepCopy();
            if (same && operation.equals("Apply")) {
                continue;
            }
            fields.path("f:data").fieldNames().forEachRemaining(left.withObject("/f:data")::remove);
            entries.addObject()
                    .put("manager", entry.path("manager").asText())
                    .put("operation", entry.path("operation").asText())
                    .set("fieldsV1", left);
        }
        entries.addObject().put("manager", manager).put("operation", operation).set("fieldsV1", fields);
        object.withObject("/metadata").set("managedFields", entries);
    }

    @Override
    public Cluster as(Identity identity) {
        return this;
    }

    @Override
    public ResourceType resourceType(String apiVersion, String kind) {
        String group = ObjectKey.groupOf(apiVersion);
        String version = apiVersion.substring(apiVersion.indexOf('/') + 1);
        return new ResourceType(group, version, kind, kind.toLowerCase(Locale.ROOT) + "s", !kind.equals("Namespace"));
    }

    private static ObjectKey key(ResourceType type, String namespace, String name) {
        return new ObjectKey(type.group(), type.kind(), namespace, name);
    }

    @Override
    public Optional<ObjectNode> get(ResourceType type, String namespace, String name) {
        request("get", type.kind(), name);
        return find(key(type, namespace, name)).map(ObjectNode::deepCopy);
    }

    @Override
    public List<ObjectNode> list(ResourceType type, String namespace, String labelSelector) {
        request("list", type.kind(), "");
        Predicate<ObjectNode> wanted = selected(type, namespace, labelSelector);
        synchronized (this) {
            return objects.values().stream()
                    .filter(wanted)
                    .map(ObjectNode::deepCopy)
                    .toList();
        }
    }

    private static Predicate<ObjectNode> selected(ResourceType type, String namespace, String selector) {
        String[] label = selector.split("=", 2);
        return object -> object.path("kind").asText().equals(type.kind())
                && (namespace.isEmpty()
                        || object.path("metadata").path("namespace").asText().equals(namespace))
                && (selector.isEmpty()
                        || object.path("metadata")
                                .path("labels")
                                .path(label[0])
                                .asText()
                                .equals(label[1]));
    }

    @Override
    public Optional<Set<String>> names(ResourceType type, String namespace, String labelSelector, int most) {
        return Optional.of(list(type, namespace, "").stream()
                .map(object -> object.path("metadata").path("name").asText())
                .collect(Collectors.toSet()));
    }

    @Override
    public ObjectNode create(ResourceType type, ObjectNode object, String fieldManager) {
        request("create", type.kind(), object.path("metadata").path("name").asText());
        synchronized (this) {
            if (objects.containsKey(ObjectKey.of(object))) {
                throw new ClusterException(ClusterException.Reason.ALREADY_EXISTS, ObjectKey.of(object) + " exists");
            }
            return written(object);
        }
    }

    @Override
    public ObjectNode replace(ResourceType type, ObjectNode object, String fieldManager) {
        request("replace", type.kind(), object.path("metadata").path("name").asText());
        return written(object);
    }

    @Override
    public ObjectNode replaceStatus(ResourceType type, ObjectNode object, String fieldManager) {
        request("replace", type.kind(), object.path("metadata").path("name").asText());
        synchronized (this) {
            JsonNode there = stored(ObjectKey.of(object)).path("metadata").path("resourceVersion");
            if (!there.equals(object.path("metadata").path("resourceVersion"))) {
                throw new ClusterException(ClusterException.Reason.STALE, "it has moved on");
            }
            return written(object);
        }
    }

    private synchronized ObjectNode written(ObjectNode object) {
        ObjectKey key = ObjectKey.of(object);
        put(key, object.deepCopy());
        return stored(key).deepCopy();
    }

    @Override
    public ObjectNode apply(ResourceType type, ObjectNode object, ApplyOptions options) {
        ObjectKey key = ObjectKey.of(object);
        request(options.dryRun() ? "dry-run" : "apply", type.kind(), key.name());
        synchronized (this) {
            ObjectNode result = find(key).map(ObjectNode::deepCopy).orElseGet(() -> fresh(key));
            for (Map.Entry<String, JsonNode> field : object.path("data").properties()) {
                requireFree(result, field, options);
                result.withObject("/data").set(field.getKey(), field.getValue());
            }
            ObjectNode labels = result.withObject("/metadata").withObject("/labels");
            ObjectNode fields = JSON.objectNode();
            object.path("metadata").path("labels").properties().forEach(label -> {
                labels.set(label.getKey(), label.getValue());
                // Label names have slashes, so no pointers.
                ObjectNode metadata = fields.has("f:metadata")
                        ? (ObjectNode) fields.path("f:metadata").path("f:labels")
                        : fields.putObject("f:metadata").putObject("f:labels");
                metadata.putObject("f:" + label.getKey());
            });
            object.path("data")
                    .fieldNames()
                    .forEachRemaining(name -> fields.withObject("/f:data").putObject("f:" + name));
            own(result, options.fieldManager(), "Apply", fields);
            if (!options.dryRun()) {
                put(key, result);
            }
            return result.deepCopy();
        }
    }

    private static void requireFree(ObjectNode live, Map.Entry<String, JsonNode> field, ApplyOptions options) {
        if (options.force() || field.getValue().equals(live.path("data").path(field.getKey()))) {
            return;
        }
        for (JsonNode entry : live.path("metadata").path("managedFields")) {
            if (!entry.path("manager").asText().equals(options.fieldManager())
                    && entry.path("fieldsV1").path("f:data").has("f:" + field.getKey())) {
                throw new ClusterException(ClusterException.Reason.FIELD_CONFLICT, "conflict with another manager");
            }
        }
    }

    @Override
    public ObjectNode mergePatch(
            ResourceType type, String namespace, String name, JsonNode patch, boolean status, String fieldManager) {
        request("patch", type.kind(), name);
        synchronized (this) {
            ObjectNode object = stored(key(type, namespace, name)).deepCopy();
            patch.path("metadata")
                    .properties()
                    .forEach(field -> object.withObject("/metadata").set(field.getKey(), field.getValue()));
            return written(object);
        }
    }

    @Override
    public void delete(ResourceType type, String namespace, String name, String uid, Propagation propagation) {
        request("delete", type.kind(), name);
        remove(key(type, namespace, name));
    }

    @Override
    public synchronized WatchCache watch(
            ResourceType type,
            String namespace,
            String labelSelector,
            UnaryOperator<ObjectNode> projection,
            WatchListener listener) {
        Watch watch = new Watch(selected(type, namespace, labelSelector), type.kind(), projection, listener);
        objects.values().stream().filter(watch::sees).forEach(watch::present);
        watches.add(watch);
        return watch;
    }

    @Override
    public void forgetResourceTypes() {}

    @Override
    public String podLog(String namespace, String pod, String container, int lines) {
        return "";
    }

    @Override
    public void event(ObjectNode regarding, boolean warning, String reason, String message) {}

    private final class Watch implements WatchCache {
        private final Predicate<ObjectNode> wanted;
        private final String kind;
        private final UnaryOperator<ObjectNode> projection;
        private final WatchListener listener;
        private final Map<String, ObjectNode> kept = new ConcurrentSkipListMap<>();

        Watch(Predicate<ObjectNode> wanted, String kind, UnaryOperator<ObjectNode> projection, WatchListener listener) {
            this.wanted = wanted;
            this.kind = kind;
            this.projection = projection;
            this.listener = listener;
        }

        boolean sees(ObjectNode object) {
            return wanted.test(object);
        }

        private static String place(ObjectNode object) {
            JsonNode metadata = object.path("metadata");
            return metadata.path("namespace").asText() + "/"
                    + metadata.path("name").asText();
        }

        void present(ObjectNode object) {
            ObjectNode projected = projection.apply(object.deepCopy());
            kept.put(place(object), projected);
            listener.changed(WatchListener.Change.PRESENT, projected);
        }

        void removed(ObjectNode object) {
            kept.remove(place(object));
            listener.changed(WatchListener.Change.DELETED, projection.apply(object.deepCopy()));
        }

        @Override
        public boolean awaitSynced(Duration atMost) {
            return true;
        }

        @Override
        public Optional<ObjectNode> get(String namespace, String name) {
            return Optional.ofNullable(kept.get(namespace + "/" + name));
        }

        @Override
        public List<ObjectNode> all() {
            return List.copyOf(kept.values());
        }

        @Override
        public Optional<ClusterException> trouble() {
            return blind.contains(kind)
                    ? Optional.of(new ClusterException(ClusterException.Reason.FORBIDDEN, "cannot watch " + kind))
                    : Optional.empty();
        }

        @Override
        public Duration silence() {
            return Duration.ZERO;
        }

        @Override
        public void close() {
            synchronized (MemoryCluster.this) {
                watches.remove(this);
            }
        }
    }
}
