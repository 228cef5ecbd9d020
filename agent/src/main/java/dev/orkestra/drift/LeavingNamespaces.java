package dev.orkestra.drift;

import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.document.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which namespaces are being deleted: what they hold goes, and nothing can be made there. One request tells for all of
 * it, and its answer holds for a while. Thread-safe.
 */
final class LeavingNamespaces {
    private static final ResourceType NAMESPACES = new ResourceType("", "v1", "Namespace", "namespaces", false);
    private static final Duration LEAVING_FOR = Duration.ofSeconds(5);
    private static final Duration STAYING_FOR = Duration.ofSeconds(1);
    /** An account of one namespace may not read it; then a refusal tells. */
    private static final Duration UNKNOWN_FOR = Duration.ofMinutes(1);

    private static final String REFUSAL = "because it is being terminated";

    private final Cluster cluster;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();

    private record Answer(boolean leaving, Instant until) {}

    LeavingNamespaces(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Whether {@code namespace} is being deleted, as far as can be told; false for none.
     *
     * @throws ClusterException where the API server could not be asked at all
     */
    boolean isLeaving(String namespace, Instant now) {
        if (namespace.isEmpty()) {
            return false;
        }
        Answer known = answers.get(namespace);
        if (known == null || !now.isBefore(known.until())) {
            known = ask(namespace, now);
            answers.put(namespace, known);
        }
        return known.leaving();
    }

    private Answer ask(String namespace, Instant now) {
        try {
            boolean leaving = cluster.get(NAMESPACES, "", namespace)
                    .filter(there -> there.path("metadata").hasNonNull("deletionTimestamp"))
                    .isPresent();
            return new Answer(leaving, now.plus(leaving ? LEAVING_FOR : STAYING_FOR));
        } catch (ClusterException e) {
            if (e.isTransient()) {
                throw e;
            }
            return new Answer(false, now.plus(UNKNOWN_FOR));
        }
    }

    /** What is so of an object whose namespace is being deleted: it goes with it, or cannot be made again yet. */
    static Drift drift(ObjectKey key, Instant now) {
        return new Drift(
                key,
                Drift.Reason.BeingDeleted,
                "the namespace " + key.namespace()
                        + " is being deleted, and nothing can be made there until it is gone",
                List.of(),
                "",
                now,
                null);
    }

    /** Whether a refusal says that the namespace is being deleted; then that is known of all that is in it. */
    boolean isSaidBy(ClusterException refusal, String namespace, Instant now) {
        boolean leaving = refusal.reason() == ClusterException.Reason.FORBIDDEN
                && refusal.getMessage().contains(REFUSAL);
        if (leaving) {
            answers.put(namespace, new Answer(true, now.plus(LEAVING_FOR)));
        }
        return leaving;
    }
}
