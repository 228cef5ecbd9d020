package dev.orkestra.live;

import dev.orkestra.document.ObjectKey;

/**
 * Where objects of one kind lie.
 *
 * @param apiVersion version that is asked for
 * @param namespace empty for kinds that lie in none
 */
public record Place(String apiVersion, String kind, String namespace) implements Comparable<Place> {
    public static Place of(ObjectKey key, String apiVersion) {
        return new Place(apiVersion, key.kind(), key.namespace());
    }

    @Override
    public int compareTo(Place other) {
        int order = apiVersion.compareTo(other.apiVersion);
        order = order != 0 ? order : kind.compareTo(other.kind);
        return order != 0 ? order : namespace.compareTo(other.namespace);
    }

    /** {@code ConfigMap in namespace shop}. */
    @Override
    public String toString() {
        return kind + (namespace.isEmpty() ? "" : " in namespace " + namespace);
    }
}
