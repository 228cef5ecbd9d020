package dev.orkestra.executor;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.document.GoDuration;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import java.util.Optional;

/** Makes sure that a namespace is there and stays: one that is being deleted is awaited and made anew. */
final class Namespaces {
    /** The wait for a namespace was in vain. */
    static final class NotInTime extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Diagnostic reason;

        NotInTime(Diagnostic reason) {
            super(reason.message());
            this.reason = reason;
        }

        Diagnostic reason() {
            return reason;
        }
    }

    private final Cluster cluster;

    Namespaces(Cluster cluster) {
        this.cluster = cluster;
    }

    void ensure(String name, Deadline deadline) throws InterruptedException, NotInTime {
        ResourceType type = Persistence.ask(deadline, () -> cluster.resourceType("v1", "Namespace"));
        while (true) {
            Optional<ObjectNode> live;
            try {
                live = Persistence.ask(deadline, () -> cluster.get(type, "", name));
            } catch (ClusterException refused) {
                if (refused.reason() == ClusterException.Reason.FORBIDDEN) {
                    // An identity that may not read namespaces works in one that is there; the apply will tell.
                    return;
                }
                throw refused;
            }
            if (live.isPresent() && !live.get().path("metadata").hasNonNull("deletionTimestamp")) {
                return;
            }
            if (live.isPresent()) {
                awaitGone(type, live.get(), deadline);
            } else if (created(type, name, deadline)) {
                return;
            }
        }
    }

    private boolean created(ResourceType type, String name, Deadline deadline) throws InterruptedException {
        ObjectNode namespace = JsonNodeFactory.instance.objectNode();
        namespace.put("apiVersion", "v1").put("kind", "Namespace");
        namespace.putObject("metadata").put("name", name);
        try {
            Persistence.ask(deadline, () -> cluster.create(type, namespace, HelmReleaseExecutor.FIELD_MANAGER));
            return true;
        } catch (ClusterException refused) {
            if (refused.reason() == ClusterException.Reason.ALREADY_EXISTS && !deadline.passed()) {
                return false;
            }
            throw refused;
        }
    }

    private void awaitGone(ResourceType type, ObjectNode leaving, Deadline deadline)
            throws InterruptedException, NotInTime {
        ObjectKey key = ObjectKey.of(leaving);
        String uid = leaving.path("metadata").path("uid").asText();
        try (ObjectWatch watch = ObjectWatch.open(cluster, type, key, "kubernetes.io/metadata.name=" + key.name())) {
            if (watch.awaitGone(uid, deadline).isPresent()) {
                throw new NotInTime(Diagnostic.error(
                        ErrorCode.DeadlineExceeded,
                        key + " is still being deleted after " + GoDuration.text(deadline.length()),
                        null,
                        "look at what holds it: `kubectl describe namespace " + key.name() + "`"));
            }
        }
    }
}
