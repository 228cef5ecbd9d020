package dev.orkestra.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterException.Reason;
import dev.orkestra.document.ObjectKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The served kinds, one cached list per group version, asked with the agent's own rights and shared by all identities.
 * A kind that is not in its list makes the list be read again, at most once per second.
 */
final class Discovery {
    private static final long SHORTEST_BETWEEN_READS = Duration.ofSeconds(1).toNanos();

    /** No cluster serves as many; documents of users may name any number. */
    private static final int MOST_GROUP_VERSIONS = 2_000;

    private final ApiConnection connection;
    private final Map<String, GroupVersion> groupVersions = new ConcurrentHashMap<>();

    Discovery(ApiConnection connection) {
        this.connection = connection;
    }

    ResourceType resourceType(String apiVersion, String kind) {
        if (apiVersion.isEmpty() || kind.isEmpty()) {
            throw new ClusterException(Reason.INVALID, "an object needs apiVersion and kind");
        }
        if (groupVersions.size() >= MOST_GROUP_VERSIONS) {
            groupVersions.clear();
        }
        return groupVersions.computeIfAbsent(apiVersion, GroupVersion::new).find(kind);
    }

    void forget() {
        groupVersions.clear();
    }

    void forget(String apiVersion) {
        groupVersions.remove(apiVersion);
    }

    /** One group version; its monitor guards it, so that many callers wait for one request. */
    private final class GroupVersion {
        private final String apiVersion;
        private @Nullable Map<String, ResourceType> kinds;
        private long readAt;

        GroupVersion(String apiVersion) {
            this.apiVersion = apiVersion;
        }

        synchronized ResourceType find(String kind) {
            Map<String, ResourceType> known = kinds;
            if (known == null || !known.containsKey(kind) && System.nanoTime() - readAt >= SHORTEST_BETWEEN_READS) {
                known = read();
                kinds = known;
                readAt = System.nanoTime();
            }
            ResourceType type = known.get(kind);
            if (type == null) {
                throw new ClusterException(
                        Reason.MISSING_KIND,
                        "the cluster does not serve " + kind + " of " + apiVersion
                                + ": install its CustomResourceDefinition first, or correct apiVersion and kind");
            }
            return type;
        }

        private Map<String, ResourceType> read() {
            String group = ObjectKey.groupOf(apiVersion);
            String version = group.isEmpty() ? apiVersion : apiVersion.substring(group.length() + 1);
            List<String> path = ResourcePath.groupVersion(group, version);
            try {
                ApiRequest request = ApiRequest.get(Verb.DISCOVERY, path, "kinds of " + apiVersion);
                return kinds(group, version, connection.send(request, Optional.empty()));
            } catch (ClusterException e) {
                if (e.reason() == Reason.MISSING_KIND || e.reason() == Reason.NOT_FOUND) {
                    return Map.of();
                }
                throw e;
            }
        }
    }

    private static Map<String, ResourceType> kinds(String group, String version, ObjectNode list) {
        Map<String, ResourceType> kinds = new HashMap<>();
        for (JsonNode resource : list.path("resources")) {
            String plural = resource.path("name").asText("");
            // "pods/log" and the like are below a resource, and may have the kind of another one (Scale).
            if (!plural.isEmpty() && !plural.contains("/")) {
                String kind = resource.path("kind").asText("");
                boolean namespaced = resource.path("namespaced").asBoolean(false);
                kinds.putIfAbsent(kind, new ResourceType(group, version, kind, plural, namespaced));
            }
        }
        return kinds;
    }
}
