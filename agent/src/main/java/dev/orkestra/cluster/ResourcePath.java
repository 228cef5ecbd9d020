package dev.orkestra.cluster;

import dev.orkestra.cluster.ClusterException.Reason;
import java.util.ArrayList;
import java.util.List;

/** URLs of resources. Names come from documents of users, so they are checked before they become a path. */
final class ResourcePath {
    private ResourcePath() {}

    /** {@code /api/v1} or {@code /apis/group/version}. */
    static List<String> groupVersion(String group, String version) {
        return group.isEmpty() ? List.of("api", segment(version)) : List.of("apis", segment(group), segment(version));
    }

    /** Path of a collection; a namespace of "" means all, or none for a kind without namespaces. */
    static List<String> collection(ResourceType type, String namespace) {
        List<String> path = new ArrayList<>(groupVersion(type.group(), type.version()));
        if (type.namespaced() && !namespace.isEmpty()) {
            path.add("namespaces");
            path.add(segment(namespace));
        }
        path.add(segment(type.plural()));
        return path;
    }

    /** Path of one object. */
    static List<String> object(ResourceType type, String namespace, String name, String... below) {
        if (type.namespaced() && namespace.isEmpty()) {
            throw new ClusterException(
                    Reason.INVALID, type.kind() + " " + name + " needs a namespace: write metadata.namespace");
        }
        List<String> path = new ArrayList<>(collection(type, namespace));
        path.add(segment(name));
        path.addAll(List.of(below));
        return path;
    }

    /** {@code ConfigMap default/a}. */
    static String describe(ResourceType type, String namespace, String name) {
        String scoped = type.namespaced() && !namespace.isEmpty() ? namespace + "/" + name : name;
        return (type.kind() + " " + scoped).strip();
    }

    /** The API server's own rule for names in paths; without it "../x" would be another resource. */
    private static String segment(String name) {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.contains("/") || name.contains("%")) {
            throw new ClusterException(
                    Reason.INVALID, "\"" + name + "\" cannot be a name: it is empty, . or .., or holds / or %");
        }
        return name;
    }
}
