package dev.orkestra.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.document.ObjectKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;

/**
 * Reads the live state of an environment's objects with few requests: one labelled list per kind and namespace where
 * there are several, one GET for each that the list did not bring (it may exist without our label). Where many are
 * missing, as before a first apply, the names of what is there are asked first.
 */
public final class LiveObjects {
    /** Below this a GET each is cheaper than a list that may bring much more. */
    private static final int LIST_FROM = 3;

    /** From here on asking for the names of what does not carry our label saves requests. */
    private static final int NAMES_FROM = 8;
    /** Of foreign objects; about 1 KB each. With more in one namespace it is a GET for each that we look for. */
    private static final int MOST_NAMES = 1000;

    private final Cluster cluster;
    private final String label;

    /** @param cluster seen with the environment's identity */
    public LiveObjects(Cluster cluster, String label) {
        this.cluster = cluster;
        this.label = label;
    }

    /**
     * An object to look for.
     *
     * @param apiVersion version to ask for
     */
    public record Wanted(ObjectKey key, String apiVersion) {}

    /** What is there of {@code wanted}. Kinds that are not served are simply absent. */
    public Map<ObjectKey, ObjectNode> read(Collection<Wanted> wanted) {
        Map<Place, List<Wanted>> places = wanted.stream()
                .distinct()
                .collect(Collectors.groupingBy(each -> new Place(
                        each.apiVersion(), each.key().kind(), each.key().namespace())));
        Map<ObjectKey, ObjectNode> found = new ConcurrentSkipListMap<>();
        Parallel.forEach(List.copyOf(places.entrySet()), place -> readPlace(place.getKey(), place.getValue(), found));
        return new TreeMap<>(found);
    }

    private void readPlace(Place place, List<Wanted> wanted, Map<ObjectKey, ObjectNode> found) {
        Optional<ResourceType> type = servedType(place.apiVersion(), place.kind());
        if (type.isEmpty()) {
            return;
        }
        TreeSet<ObjectKey> missing = wanted.stream().map(Wanted::key).collect(Collectors.toCollection(TreeSet::new));
        if (wanted.size() >= LIST_FROM) {
            for (ObjectNode object : cluster.list(type.get(), place.namespace(), Labels.CONFIG_REPO + "=" + label)) {
                ObjectKey key = ObjectKey.of(object);
                if (missing.remove(key)) {
                    found.put(key, object);
                }
            }
        }
        if (missing.size() >= NAMES_FROM) {
            cluster.names(type.get(), place.namespace(), Labels.CONFIG_REPO + "!=" + label, MOST_NAMES)
                    .ifPresent(there -> missing.removeIf(key -> !there.contains(key.name())));
        }
        Parallel.forEach(
                List.copyOf(missing),
                key -> cluster.get(type.get(), key.namespace(), key.name())
                        .ifPresent(object -> found.put(key, object)));
    }

    private Optional<ResourceType> servedType(String apiVersion, String kind) {
        try {
            return Optional.of(cluster.resourceType(apiVersion, kind));
        } catch (ClusterException e) {
            if (e.reason() == ClusterException.Reason.MISSING_KIND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private record Place(String apiVersion, String kind, String namespace) {}
}
