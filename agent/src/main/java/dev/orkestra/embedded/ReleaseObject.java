package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.executor.ChangeSignal;
import dev.orkestra.executor.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/**
 * One HelmRelease as last seen, and the only place that writes to it. What the watch brings and what our own writes
 * return meet here; the newer one counts, so that no look ever works on what was before its own last write.
 * Thread-safe: guarded by {@code this}.
 */
final class ReleaseObject {
    /** The engine's name as a field manager (DESIGN.md §7). */
    static final String FIELD_MANAGER = "orkestra-embedded";

    private static final int WRITE_ATTEMPTS = 5;

    /** The time between two attempts at one generation. */
    private record Pause(String uid, long generation, Deadline end) {}

    private final Cluster cluster;
    private final ResourceType type;
    private final ChangeSignal signal;
    private Optional<ObjectNode> latest = Optional.empty();
    private Deadline nextReview = Deadline.in(Duration.ZERO);
    private Pause pause = new Pause("", 0, nextReview);

    ReleaseObject(Cluster cluster, ResourceType type, ChangeSignal signal) {
        this.cluster = cluster;
        this.type = type;
        this.signal = signal;
    }

    synchronized Optional<ObjectNode> latest() {
        return latest;
    }

    /** What a settled HelmRelease depends on besides its spec is looked at again after {@code pause}. */
    synchronized void reviewIn(Duration pause) {
        nextReview = Deadline.in(pause);
    }

    /** How long until then; zero: now, which is also so after a start. */
    synchronized Duration untilReview() {
        return nextReview.left();
    }

    /**
     * The next attempt at what {@code handled} wants is to come after {@code length}, whatever wakes the engine before;
     * its own writes do. Not kept over a restart, after which an attempt at once does no harm.
     */
    synchronized void pause(ObjectNode handled, Duration length) {
        pause = new Pause(handled.path("metadata").path("uid").asText(), generation(handled), Deadline.in(length));
    }

    /** How long it still is; zero for another generation. */
    synchronized Duration untilPauseEnds(ObjectNode release) {
        return pause.generation() == generation(release)
                        && pause.uid()
                                .equals(release.path("metadata").path("uid").asText())
                ? pause.end().left()
                : Duration.ZERO;
    }

    /** The watch saw {@code object}. */
    synchronized void saw(ObjectNode object) {
        if (latest.filter(known -> isOlder(object, known)).isEmpty()) {
            latest = Optional.of(object);
            signal.raise();
        }
    }

    /** The watch saw it go. */
    synchronized void sawGone(ObjectNode object) {
        if (latest.filter(known -> same(object, known)).isPresent()) {
            latest = Optional.empty();
            signal.raise();
        }
    }

    /** Whether {@code handled} is no longer what is wanted: another spec, deletion, another object of the same name. */
    synchronized boolean supersedes(ObjectNode handled) {
        return latest.isEmpty()
                || latest.filter(now -> same(handled, now)
                                && generation(handled) == generation(now)
                                && now.path("metadata").hasNonNull("deletionTimestamp")
                                        == handled.path("metadata").hasNonNull("deletionTimestamp"))
                        .isEmpty();
    }

    /**
     * Writes a status, unless nothing changes.
     *
     * @param handled the HelmRelease that is worked on
     * @param next makes the new status from the newest one known
     * @return false when the HelmRelease moved on, so that the status would speak of what nobody wants any more
     */
    boolean writeStatus(ObjectNode handled, InstantSource clock, Function<ReleaseStatus, ObjectNode> next) {
        return write(handled, true, base -> {
            JsonNode before = base.path("status");
            ObjectNode status = next.apply(new ReleaseStatus(base, clock));
            ObjectNode patch = JsonNodeFactory.instance.objectNode();
            if (!before.equals(status)) {
                ObjectNode changes = patch.putObject("status").setAll(status);
                before.fieldNames().forEachRemaining(field -> {
                    if (!status.has(field)) {
                        changes.putNull(field);
                    }
                });
            }
            return patch;
        });
    }

    /** Adds or removes a finalizer. */
    boolean writeFinalizer(ObjectNode handled, String finalizer, boolean wanted) {
        return write(handled, false, base -> {
            ObjectNode patch = JsonNodeFactory.instance.objectNode();
            ArrayNode finalizers = JsonNodeFactory.instance.arrayNode();
            base.path("metadata").path("finalizers").forEach(each -> {
                if (!each.asText().equals(finalizer)) {
                    finalizers.add(each.asText());
                }
            });
            if (wanted) {
                finalizers.add(finalizer);
            }
            if (finalizers.size() != base.path("metadata").path("finalizers").size()) {
                patch.putObject("metadata").set("finalizers", finalizers);
            }
            return patch;
        });
    }

    private boolean write(ObjectNode handled, boolean status, Function<ObjectNode, ObjectNode> change) {
        ObjectKey key = ObjectKey.of(handled);
        Optional<ObjectNode> base = latest().filter(now -> same(handled, now));
        for (int attempt = 0; attempt < WRITE_ATTEMPTS && base.isPresent() && !supersedes(handled); attempt++) {
            ObjectNode patch = change.apply(base.get());
            if (patch.isEmpty()) {
                return true;
            }
            patch.withObject("/metadata")
                    .put(
                            "resourceVersion",
                            base.get().path("metadata").path("resourceVersion").asText());
            try {
                saw(cluster.mergePatch(type, key.namespace(), key.name(), patch, status, FIELD_MANAGER));
                return true;
            } catch (ClusterException refused) {
                if (refused.reason() == ClusterException.Reason.NOT_FOUND) {
                    return false;
                }
                if (refused.reason() != ClusterException.Reason.STALE) {
                    throw refused;
                }
                base = cluster.get(type, key.namespace(), key.name()).filter(now -> same(handled, now));
                base.ifPresent(this::saw);
            }
        }
        return false;
    }

    private static boolean same(ObjectNode one, ObjectNode other) {
        return one.path("metadata").path("uid").equals(other.path("metadata").path("uid"));
    }

    static long generation(ObjectNode object) {
        return object.path("metadata").path("generation").asLong();
    }

    private static boolean isOlder(ObjectNode one, ObjectNode other) {
        return same(one, other)
                && one.path("metadata").path("resourceVersion").asLong()
                        < other.path("metadata").path("resourceVersion").asLong();
    }
}
