package dev.orkestra.document;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The identity of a Kubernetes object. The version is not part of it: two versions of one kind are one object.
 *
 * @param group API group, empty for the core group
 * @param kind kind, for example {@code ConfigMap}
 * @param namespace namespace, empty for cluster-scoped objects
 * @param name name
 */
public record ObjectKey(String group, String kind, String namespace, String name) implements Comparable<ObjectKey> {
    /** The identity written in {@code object}; missing parts are empty. */
    public static ObjectKey of(JsonNode object) {
        return new ObjectKey(
                groupOf(object.path("apiVersion").asText("")),
                object.path("kind").asText(""),
                object.path("metadata").path("namespace").asText(""),
                object.path("metadata").path("name").asText(""));
    }

    /** The group part of an {@code apiVersion}: {@code apps} of {@code apps/v1}, empty for {@code v1}. */
    public static String groupOf(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    public ObjectKey withNamespace(String newNamespace) {
        return new ObjectKey(group, kind, newNamespace, name);
    }

    @Override
    public int compareTo(ObjectKey other) {
        int order = group.compareTo(other.group);
        order = order != 0 ? order : kind.compareTo(other.kind);
        order = order != 0 ? order : namespace.compareTo(other.namespace);
        return order != 0 ? order : name.compareTo(other.name);
    }

    /** {@code kind.group/namespace/name}, without the empty parts. */
    @Override
    public String toString() {
        return kind + (group.isEmpty() ? "" : "." + group) + "/" + (namespace.isEmpty() ? "" : namespace + "/") + name;
    }
}
