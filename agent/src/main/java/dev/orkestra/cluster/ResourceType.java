package dev.orkestra.cluster;

/**
 * A served kind, as discovery tells it.
 *
 * @param group API group, empty for the core group
 * @param version served version
 * @param kind kind
 * @param plural name in URLs
 * @param namespaced whether its objects live in namespaces
 */
public record ResourceType(String group, String version, String kind, String plural, boolean namespaced) {
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }
}
