package dev.orkestra.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.cluster.WatchListener;
import dev.orkestra.executor.ChangeSignal;
import dev.orkestra.release.GroupObjects;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One group with its Workflows and HelmReleases, followed by watches until it is closed. */
final class GroupWatch implements AutoCloseable {
    /** A first list that takes longer is trouble. */
    private static final Duration FIRST_LIST = Duration.ofSeconds(30);

    private static final Duration SECOND_LIST = Duration.ofSeconds(5);

    private final String name;
    private final ChangeSignal signal = new ChangeSignal();
    private final WatchCache group;
    private final List<WatchCache> workflows = new ArrayList<>();
    private final List<WatchCache> releases = new ArrayList<>();

    GroupWatch(GroupReader reader, String name) {
        this.name = name;
        WatchListener wake = (_, object) -> {
            if (object.path("metadata").path("name").asText("").equals(name)) {
                signal.raise();
            }
        };
        this.group = reader.cluster().watch(reader.groups(), "", "", this::trimmed, wake);
        open(reader, reader.workflows(), workflows);
        open(reader, reader.releases(), releases);
    }

    private void open(GroupReader reader, GroupReader.Kind kind, List<WatchCache> into) {
        kind.type()
                .ifPresent((ResourceType type) -> into.add(reader.cluster()
                        .watch(type, kind.namespace(), GroupObjects.selector(name), (_, _) -> signal.raise())));
    }

    /** Groups have no label to select one by; of the others only what a watch needs is kept. */
    private ObjectNode trimmed(ObjectNode object) {
        JsonNode metadata = object.path("metadata");
        if (metadata.path("name").asText("").equals(name)) {
            return object;
        }
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        ObjectNode few = kept.putObject("metadata");
        for (String field : List.of("name", "uid", "resourceVersion")) {
            few.set(field, metadata.path(field));
        }
        return kept;
    }

    /**
     * Waits until all that there is has been read. A watch that is refused stays empty; {@link #trouble} tells of it.
     *
     * @throws ClusterException when the groups themselves cannot be followed
     */
    void awaitSynced() throws InterruptedException {
        if (!group.awaitSynced(FIRST_LIST)) {
            throw group.trouble()
                    .orElseGet(() -> new ClusterException(
                            ClusterException.Reason.UNREACHABLE, "the cluster did not answer within 30s"));
        }
        for (WatchCache each :
                Stream.concat(workflows.stream(), releases.stream()).toList()) {
            // They were listed a moment ago; who may list but not watch sees the group without them.
            each.awaitSynced(SECOND_LIST);
        }
    }

    /** How many changes there were; read it before {@link #now}. */
    long seen() {
        return signal.seen();
    }

    /** Waits for a change after {@code seen}; false when there was none in time. */
    boolean awaitAfter(long seen, Duration atMost) throws InterruptedException {
        return signal.awaitAfter(seen, atMost);
    }

    /** The objects as last seen; empty when the group is gone. */
    Optional<GroupObjects> now() {
        return group.get("", name).map(found -> new GroupObjects(found, all(workflows), all(releases)));
    }

    /** Why a watch does not follow the server at the moment. */
    Optional<String> trouble() {
        return Stream.of(List.of(group), workflows, releases)
                .flatMap(List::stream)
                .flatMap(each -> each.trouble().stream())
                .map(ClusterException::getMessage)
                .findFirst();
    }

    private static List<ObjectNode> all(List<WatchCache> caches) {
        return caches.stream().flatMap(each -> each.all().stream()).toList();
    }

    @Override
    public void close() {
        Stream.of(List.of(group), workflows, releases).flatMap(List::stream).forEach(WatchCache::close);
    }
}
