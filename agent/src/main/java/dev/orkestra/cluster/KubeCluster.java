package dev.orkestra.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A real API server. client-java opens the connection (TLS, tokens); requests are built here, since its own builder
 * cannot carry field validation, and its object model parses metadata on each call. Thread-safe.
 */
public final class KubeCluster implements Cluster, AutoCloseable {
    /** Objects per page of a list: what kubectl asks for. */
    private static final int PAGE = 500;
    /** How often a list starts again because the server dropped the pages in between. */
    private static final int LIST_TRIES = 3;

    private static final int LOG_BYTES = 256 << 10;

    private final ApiConnection connection;
    private final Discovery discovery;
    private final EventRecorder events;
    private final Optional<Identity> identity;

    private KubeCluster(ApiConnection connection, Discovery discovery, Optional<Identity> identity) {
        this.connection = connection;
        this.discovery = discovery;
        this.identity = identity;
        this.events = new EventRecorder(connection, identity);
    }

    /**
     * Reads the credentials of {@code ref}; no request is made yet.
     *
     * @throws ClusterException UNAUTHENTICATED when they cannot be read, or are of a kind that is refused
     */
    public static KubeCluster connect(ClusterRef ref, Settings settings) {
        ApiConnection connection = Credentials.connect(ref, settings);
        return new KubeCluster(connection, new Discovery(connection), Optional.empty());
    }

    @Override
    public Cluster as(Identity who) {
        return new KubeCluster(connection, discovery, Optional.of(who));
    }

    @Override
    public ResourceType resourceType(String apiVersion, String kind) {
        return discovery.resourceType(apiVersion, kind);
    }

    @Override
    public void forgetResourceTypes() {
        discovery.forget();
    }

    @Override
    public Optional<ObjectNode> get(ResourceType type, String namespace, String name) {
        ApiRequest request = ApiRequest.get(
                Verb.GET, ResourcePath.object(type, namespace, name), ResourcePath.describe(type, namespace, name));
        try {
            return Optional.of(send(type, request));
        } catch (ClusterException e) {
            if (e.reason() == Reason.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public List<ObjectNode> list(ResourceType type, String namespace, String labelSelector) {
        return snapshot(type, namespace, labelSelector).objects();
    }

    @Override
    public Optional<Set<String>> names(ResourceType type, String namespace, String labelSelector, int most) {
        ObjectNode page = send(
                type,
                collection(Verb.LIST, type, namespace, labelSelector)
                        .with("limit", Integer.toString(most))
                        .accepting(ApiRequest.NAMES));
        if (!page.path("metadata").path("continue").asText("").isEmpty()) {
            return Optional.empty();
        }
        Set<String> names = new HashSet<>();
        page.path("items")
                .forEach(item -> names.add(item.path("metadata").path("name").asText()));
        return Optional.of(names);
    }

    @Override
    public ObjectNode create(ResourceType type, ObjectNode object, String fieldManager) {
        String namespace = namespaceOf(type, object);
        if (type.namespaced() && namespace.isEmpty()) {
            throw new ClusterException(
                    Reason.INVALID, "a new " + type.kind() + " needs a namespace: write metadata.namespace");
        }
        String name = object.path("metadata").path("name").asText("");
        ApiRequest request = write(
                        Verb.CREATE, "POST", ResourcePath.collection(type, namespace), ApiRequest.JSON, type, object)
                .with("fieldManager", fieldManager)
                .with("fieldValidation", "Strict");
        return send(type, described(request, type, namespace, name));
    }

    @Override
    public ObjectNode replace(ResourceType type, ObjectNode object, String fieldManager) {
        return put(type, object, fieldManager);
    }

    @Override
    public ObjectNode replaceStatus(ResourceType type, ObjectNode object, String fieldManager) {
        return put(type, object, fieldManager, "status");
    }

    @Override
    public ObjectNode apply(ResourceType type, ObjectNode object, ApplyOptions options) {
        String namespace = namespaceOf(type, object);
        String name = object.path("metadata").path("name").asText("");
        Verb verb = options.dryRun() ? Verb.DRY_RUN : Verb.APPLY;
        ApiRequest request = write(
                        verb, "PATCH", ResourcePath.object(type, namespace, name), ApiRequest.APPLY_PATCH, type, object)
                .with("fieldManager", options.fieldManager())
                .with("fieldValidation", "Strict")
                .with("force", Boolean.toString(options.force()))
                .withUnlessEmpty("dryRun", options.dryRun() ? "All" : "");
        return send(type, described(request, type, namespace, name));
    }

    @Override
    public ObjectNode mergePatch(
            ResourceType type, String namespace, String name, JsonNode patch, boolean status, String fieldManager) {
        List<String> path = status
                ? ResourcePath.object(type, namespace, name, "status")
                : ResourcePath.object(type, namespace, name);
        ApiRequest request = write(Verb.PATCH, "PATCH", path, ApiRequest.MERGE_PATCH, type, patch)
                .with("fieldManager", fieldManager)
                .with("fieldValidation", "Strict");
        return send(type, described(request, type, namespace, name));
    }

    @Override
    public void delete(ResourceType type, String namespace, String name, String uid, Propagation propagation) {
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        options.put("apiVersion", "v1").put("kind", "DeleteOptions");
        options.put(
                "propagationPolicy",
                switch (propagation) {
                    case BACKGROUND -> "Background";
                    case FOREGROUND -> "Foreground";
                });
        if (!uid.isEmpty()) {
            options.putObject("preconditions").put("uid", uid);
        }
        ApiRequest request = write(
                Verb.DELETE, "DELETE", ResourcePath.object(type, namespace, name), ApiRequest.JSON, type, options);
        try {
            send(type, described(request, type, namespace, name));
        } catch (ClusterException e) {
            if (e.reason() != Reason.NOT_FOUND) {
                throw e;
            }
        }
    }

    @Override
    public WatchCache watch(
            ResourceType type,
            String namespace,
            String labelSelector,
            UnaryOperator<ObjectNode> projection,
            WatchListener listener) {
        return Reflector.start(new WatchSource(type, namespace, labelSelector), projection, listener);
    }

    @Override
    public String podLog(String namespace, String pod, String container, int lines) {
        ResourceType pods = new ResourceType("", "v1", "Pod", "pods", true);
        ApiRequest request = ApiRequest.get(
                        Verb.LOG,
                        ResourcePath.object(pods, namespace, pod, "log"),
                        "log of " + ResourcePath.describe(pods, namespace, pod))
                .withUnlessEmpty("container", container)
                .with("tailLines", Integer.toString(lines))
                .with("limitBytes", Integer.toString(LOG_BYTES));
        try {
            return new String(connection.exchange(request, identity), StandardCharsets.UTF_8);
        } catch (ClusterException e) {
            // INVALID is the server's word for a container that has not started.
            if (e.reason() == Reason.NOT_FOUND || e.reason() == Reason.INVALID) {
                return "";
            }
            throw e;
        }
    }

    @Override
    public void event(ObjectNode regarding, boolean warning, String reason, String message) {
        events.record(regarding, warning, reason, message);
    }

    /** How many requests were answered so far, of all identities. */
    public Map<RequestKind, Long> requestCounts() {
        return connection.requestCounts();
    }

    /** Ends the connections of all identities. Watches are closed by who opened them. */
    @Override
    public void close() {
        connection.close();
    }

    /** All objects of one moment, and that moment's resourceVersion. */
    record Snapshot(List<ObjectNode> objects, String resourceVersion) {}

    private Snapshot snapshot(ResourceType type, String namespace, String labelSelector) {
        for (int tries = 1; ; tries++) {
            try {
                return readPages(type, namespace, labelSelector);
            } catch (ClusterException e) {
                if (e.reason() != Reason.EXPIRED || tries == LIST_TRIES) {
                    throw e;
                }
            }
        }
    }

    private Snapshot readPages(ResourceType type, String namespace, String labelSelector) {
        ApiRequest all = collection(Verb.LIST, type, namespace, labelSelector).with("limit", Integer.toString(PAGE));
        List<ObjectNode> objects = new ArrayList<>();
        String next = "";
        String resourceVersion;
        do {
            ObjectNode page = send(type, all.withUnlessEmpty("continue", next));
            for (JsonNode item : page.path("items")) {
                if (item instanceof ObjectNode object) {
                    objects.add(typed(type, object));
                }
            }
            next = page.path("metadata").path("continue").asText("");
            resourceVersion = page.path("metadata").path("resourceVersion").asText("");
        } while (!next.isEmpty());
        return new Snapshot(objects, resourceVersion);
    }

    private static ApiRequest collection(Verb verb, ResourceType type, String namespace, String labelSelector) {
        return ApiRequest.get(
                        verb, ResourcePath.collection(type, namespace), ResourcePath.describe(type, namespace, "*"))
                .withUnlessEmpty("labelSelector", labelSelector);
    }

    /** Items of a list do not say what they are. */
    private static ObjectNode typed(ResourceType type, ObjectNode object) {
        object.put("apiVersion", type.apiVersion());
        object.put("kind", type.kind());
        return object;
    }

    private ObjectNode put(ResourceType type, ObjectNode object, String fieldManager, String... below) {
        if (object.path("metadata").path("resourceVersion").asText("").isEmpty()) {
            throw new IllegalArgumentException("replacing without metadata.resourceVersion would overwrite unseen");
        }
        String namespace = namespaceOf(type, object);
        String name = object.path("metadata").path("name").asText("");
        List<String> path = ResourcePath.object(type, namespace, name, below);
        ApiRequest request = write(Verb.UPDATE, "PUT", path, ApiRequest.JSON, type, object)
                .with("fieldManager", fieldManager)
                .with("fieldValidation", "Strict");
        return send(type, described(request, type, namespace, name));
    }

    private static String namespaceOf(ResourceType type, ObjectNode object) {
        return type.namespaced() ? object.path("metadata").path("namespace").asText("") : "";
    }

    private static ApiRequest write(
            Verb verb, String method, List<String> path, String contentType, ResourceType type, JsonNode body) {
        boolean secret = type.group().isEmpty() && type.kind().equals("Secret");
        return new ApiRequest(
                verb, method, path, List.of(), contentType, ApiConnection.bytes(body), type.kind(), secret);
    }

    private static ApiRequest described(ApiRequest request, ResourceType type, String namespace, String name) {
        return request.about(ResourcePath.describe(type, namespace, name));
    }

    private ObjectNode send(ResourceType type, ApiRequest request) {
        try {
            return connection.send(request, identity);
        } catch (ClusterException e) {
            if (e.reason() == Reason.MISSING_KIND) {
                // Its CRD went away since it was discovered.
                discovery.forget(type.apiVersion());
            }
            throw e;
        }
    }

    /** What a reflector asks of the server, in the name of this identity. */
    final class WatchSource {
        private final ResourceType type;
        private final String namespace;
        private final String labelSelector;

        private WatchSource(ResourceType type, String namespace, String labelSelector) {
            this.type = type;
            this.namespace = namespace;
            this.labelSelector = labelSelector;
        }

        Snapshot list() {
            return snapshot(type, namespace, labelSelector);
        }

        ApiConnection.Stream open(String resourceVersion, long seconds) {
            ApiRequest request = collection(Verb.WATCH, type, namespace, labelSelector)
                    .with("watch", "true")
                    .with("allowWatchBookmarks", "true")
                    .with("resourceVersion", resourceVersion)
                    .with("timeoutSeconds", Long.toString(seconds));
            return connection.open(request, identity);
        }

        Settings settings() {
            return connection.settings();
        }

        /** {@code ConfigMap default/*}, for logs. */
        @Override
        public String toString() {
            return ResourcePath.describe(type, namespace, "*");
        }
    }
}
