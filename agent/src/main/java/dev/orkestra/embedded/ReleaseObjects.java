package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.executor.ChangeSignal;
import dev.orkestra.health.Health;
import dev.orkestra.health.HealthStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The objects of a release, followed by watches in the name of the group's identity: one watch per kind and namespace,
 * and one of pods, for their own words about what keeps them from running.
 */
final class ReleaseObjects implements AutoCloseable {
    private static final Duration FIRST_LIST = Duration.ofSeconds(15);

    /** A kind in a namespace. */
    private record Place(ResourceType type, String namespace) {}

    /** An object and where it is watched. */
    private record Followed(ManifestObject object, Place place) {
        @Override
        public String toString() {
            return object.kind() + "/" + (place.namespace().isEmpty() ? "" : place.namespace() + "/") + object.name();
        }
    }

    /**
     * How the objects are.
     *
     * @param left those that are not there yet, each with its reason
     * @param failed whether one of them will not get there
     */
    record State(List<String> left, boolean failed) {
        boolean isCurrent() {
            return left.isEmpty();
        }

        /** All reasons on one line. */
        String words() {
            return String.join("; ", left.subList(0, Math.min(5, left.size())))
                    + (left.size() > 5 ? "; and " + (left.size() - 5) + " more" : "");
        }
    }

    private final Cluster cluster;
    private final String releaseNamespace;
    private final List<Followed> followed = new ArrayList<>();
    private final Map<Place, WatchCache> watches = new HashMap<>();
    private final ChangeSignal signal;

    private ReleaseObjects(Cluster cluster, String releaseNamespace, ChangeSignal signal) {
        this.cluster = cluster;
        this.releaseNamespace = releaseNamespace;
        this.signal = signal;
    }

    /**
     * Starts to follow those of {@code objects} that {@code wanted} keeps.
     *
     * @param signal raised at each change of one of them
     * @throws ClusterException when a kind is not served or may not be read
     */
    static ReleaseObjects follow(
            Cluster cluster,
            ReleaseSpec release,
            List<ManifestObject> objects,
            Predicate<ManifestObject> wanted,
            ChangeSignal signal)
            throws InterruptedException {
        ReleaseObjects all = new ReleaseObjects(cluster, release.namespace(), signal);
        try {
            for (ManifestObject object : objects) {
                if (wanted.test(object)) {
                    all.follow(object);
                }
            }
            all.awaitSynced();
            return all;
        } catch (ClusterException | InterruptedException e) {
            all.close();
            throw e;
        }
    }

    private void follow(ManifestObject object) {
        ResourceType type = cluster.resourceType(object.apiVersion(), object.kind());
        String namespace =
                !type.namespaced() ? "" : object.namespace().isEmpty() ? releaseNamespace : object.namespace();
        Place place = new Place(type, namespace);
        followed.add(new Followed(object, place));
        watch(place);
        if (object.runsPods()) {
            watch(pods(namespace));
        }
    }

    private Place pods(String namespace) {
        return new Place(cluster.resourceType("v1", "Pod"), namespace);
    }

    private void watch(Place place) {
        watches.computeIfAbsent(
                place, each -> cluster.watch(each.type(), each.namespace(), "", (_, _) -> signal.raise()));
    }

    private void awaitSynced() throws InterruptedException {
        for (Map.Entry<Place, WatchCache> watch : watches.entrySet()) {
            if (!watch.getValue().awaitSynced(FIRST_LIST)) {
                Optional<ClusterException> trouble = watch.getValue().trouble();
                throw trouble.orElseGet(() -> new ClusterException(
                        ClusterException.Reason.UNREACHABLE,
                        "no list of " + watch.getKey().type().plural() + " within " + FIRST_LIST.toSeconds() + " s"));
            }
        }
    }

    /** How they are now. */
    State health() {
        List<String> left = new ArrayList<>();
        boolean failed = false;
        for (Followed each : followed) {
            Optional<ObjectNode> live = live(each);
            HealthStatus health = Health.of(live.orElseGet(JsonNodeFactory.instance::objectNode));
            if (!health.isCurrent()) {
                left.add(each + ": " + health.message()
                        + live.map(this::podTrouble).orElse(""));
                failed |= health.state() == HealthStatus.State.FAILED;
            }
        }
        return new State(left, failed);
    }

    /** Which of them are still there. */
    State remaining() {
        return new State(
                followed.stream()
                        .filter(each -> live(each).isPresent())
                        .map(Followed::toString)
                        .toList(),
                false);
    }

    private Optional<ObjectNode> live(Followed each) {
        return Optional.ofNullable(watches.get(each.place()))
                .flatMap(watch ->
                        watch.get(each.place().namespace(), each.object().name()));
    }

    private String podTrouble(ObjectNode workload) {
        JsonNode wanted = workload.path("spec").path("selector").path("matchLabels");
        WatchCache pods =
                watches.get(pods(workload.path("metadata").path("namespace").asText()));
        if (pods == null || wanted.isEmpty()) {
            return "";
        }
        return pods.all().stream()
                .filter(pod -> !pod.path("metadata").hasNonNull("deletionTimestamp"))
                .filter(pod -> matches(pod.path("metadata").path("labels"), wanted))
                .flatMap(pod -> Health.podTrouble(pod).stream()
                        .map(words ->
                                ": pod " + pod.path("metadata").path("name").asText() + ": " + words))
                .sorted()
                .findFirst()
                .orElse("");
    }

    private static boolean matches(JsonNode labels, JsonNode wanted) {
        return wanted.properties().stream()
                .allMatch(label -> labels.path(label.getKey())
                        .asText()
                        .equals(label.getValue().asText()));
    }

    @Override
    public void close() {
        watches.values().forEach(WatchCache::close);
    }
}
