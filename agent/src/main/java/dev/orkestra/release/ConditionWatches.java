package dev.orkestra.release;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.Identity;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.GroupCondition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes a group that waits for its conditions when one of their objects changes. Open only as long as it waits, and
 * with the rights of the group's identity: one that may not watch is looked at again now and then instead. Thread-safe.
 */
final class ConditionWatches implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConditionWatches.class);
    private static final Set<String> KEPT = Set.of("name", "namespace", "uid", "resourceVersion");

    private final Map<String, Open> open = new HashMap<>();

    /** What a group's watches were opened for, and the watches. */
    private record Open(Identity identity, List<GroupCondition> conditions, List<WatchCache> watches) {}

    private record Place(String apiVersion, String kind, String namespace) {}

    /** Follows the objects of {@code group}; {@code wake} gets its name. What is followed already stays open. */
    synchronized void follow(ApplicationGroup group, Identity identity, Cluster asGroup, Consumer<String> wake) {
        Open known = open.get(group.name());
        if (known != null && known.identity.equals(identity) && known.conditions.equals(group.conditions())) {
            return;
        }
        forget(group.name());
        Map<Place, Set<String>> names = group.conditions().stream()
                .flatMap(condition -> condition.objects().stream())
                .collect(Collectors.groupingBy(
                        each -> new Place(each.apiVersion(), each.kind(), each.namespace()),
                        Collectors.mapping(GroupCondition.Named::name, Collectors.toCollection(TreeSet::new))));
        List<WatchCache> watches = new ArrayList<>();
        names.forEach((place, wanted) -> {
            try {
                watches.add(asGroup.watch(
                        asGroup.resourceType(place.apiVersion, place.kind),
                        place.namespace,
                        "",
                        ConditionWatches::projected,
                        (_, object) -> {
                            if (wanted.contains(
                                    object.path("metadata").path("name").asText())) {
                                wake.accept(group.name());
                            }
                        }));
            } catch (ClusterException e) {
                LOG.atDebug().addKeyValue("kind", place.kind).log("not followed: {}", e.getMessage());
            }
        });
        open.put(group.name(), new Open(identity, group.conditions(), watches));
    }

    /** Ends what is followed for {@code group}. */
    synchronized void forget(String group) {
        Open known = open.remove(group);
        if (known != null) {
            known.watches.forEach(WatchCache::close);
        }
    }

    @Override
    public synchronized void close() {
        List.copyOf(open.keySet()).forEach(this::forget);
    }

    /** A namespace may hold many objects; only that one changed matters. */
    private static ObjectNode projected(ObjectNode object) {
        object.retain("metadata");
        object.withObject("/metadata").retain(KEPT);
        return object;
    }
}
