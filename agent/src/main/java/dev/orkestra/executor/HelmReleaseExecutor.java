package dev.orkestra.executor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.document.GoDuration;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Applies or deletes one HelmRelease and waits for its end. Everything it does can be repeated, so a step that was cut
 * off is simply run again. Interrupting the calling thread ends the wait and leaves the HelmRelease as it is.
 */
public final class HelmReleaseExecutor {
    private static final String OWNER = "orkestra.azure.microsoft.com/owner";
    /** DESIGN.md §7; never renamed, or fields would belong to nobody. */
    public static final String FIELD_MANAGER = "orkestra-executor";

    /** A watch tells of changes; this look only backs it up (DESIGN.md §3). */
    public static final Duration SAFETY_LOOK = Duration.ofSeconds(30);

    private final Cluster cluster;

    /** @param cluster asked as the group's identity, never as the agent */
    public HelmReleaseExecutor(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Makes the HelmRelease be as {@code payload} says, and waits until it is ready.
     *
     * @param payload a HelmRelease with name and namespace; its status is ignored
     * @param timeout for all of it
     * @param settle how long it must stay ready: 5 s where an engine may say Ready too early (DESIGN.md §5), else zero
     * @return the ready HelmRelease, or Terminal with its own words
     */
    public Outcome<ObjectNode> install(ObjectNode payload, Duration timeout, Duration settle)
            throws InterruptedException {
        Deadline deadline = Deadline.in(timeout);
        ObjectKey key = ObjectKey.of(payload);
        try {
            new Namespaces(cluster).ensure(key.namespace(), deadline);
            ResourceType type = Persistence.ask(deadline, () -> type(payload));
            Optional<Diagnostic> taken = awaitLeaving(type, key, deadline).flatMap(live -> taken(live, payload));
            if (taken.isPresent()) {
                return Outcome.terminal(taken.get());
            }
            ObjectNode applied = Persistence.ask(
                    deadline, () -> cluster.apply(type, cleaned(payload), ApplyOptions.of(FIELD_MANAGER)));
            return awaitReady(type, applied, settle, deadline);
        } catch (ClusterException refused) {
            return Outcome.terminal(Refusals.of(refused, "applying " + key));
        } catch (Namespaces.NotInTime late) {
            return Outcome.terminal(late.reason());
        }
    }

    /**
     * Deletes the HelmRelease of {@code payload} and waits until it is gone; one that is not there is gone.
     *
     * @param timeout for all of it; when it passes, the HelmRelease is left to its engine and the step has failed
     */
    public Outcome<ObjectKey> delete(ObjectNode payload, Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.in(timeout);
        ObjectKey key = ObjectKey.of(payload);
        try {
            ResourceType type = Persistence.ask(deadline, () -> type(payload));
            Optional<ObjectNode> live = Persistence.ask(deadline, () -> cluster.get(type, key.namespace(), key.name()));
            if (live.isEmpty()) {
                return Outcome.done(key);
            }
            String uid = live.get().path("metadata").path("uid").asText();
            try (ObjectWatch watch = ObjectWatch.open(cluster, type, live.get())) {
                Persistence.ask(deadline, () -> {
                    cluster.delete(type, key.namespace(), key.name(), uid);
                    return key;
                });
                Optional<ObjectNode> left = watch.awaitGone(uid, deadline);
                return left.isEmpty()
                        ? Outcome.done(key)
                        : Outcome.terminal(late(key + " is still there" + holding(left), left, deadline));
            }
        } catch (ClusterException refused) {
            return refused.reason() == ClusterException.Reason.STALE
                    ? Outcome.done(key)
                    : Outcome.terminal(Refusals.of(refused, "deleting " + key));
        }
    }

    private ResourceType type(ObjectNode payload) {
        return cluster.resourceType(
                payload.path("apiVersion").asText(), payload.path("kind").asText());
    }

    /** Two groups that apply over each other would both think that it is theirs, and one deletion would end it for both. */
    private static Optional<Diagnostic> taken(ObjectNode live, ObjectNode payload) {
        String theirs = live.path("metadata").path("labels").path(OWNER).asText("");
        String ours = payload.path("metadata").path("labels").path(OWNER).asText("");
        return theirs.isEmpty() || ours.isEmpty() || theirs.equals(ours)
                ? Optional.empty()
                : Optional.of(Diagnostic.error(
                        ErrorCode.OwnedElsewhere,
                        ObjectKey.of(live) + " belongs to ApplicationGroup " + theirs,
                        null,
                        "give this chart another targetNamespace, or remove it from one of the groups"));
    }

    /** An apply on an object that is being deleted would be lost with it. Returns the one that is there and stays. */
    private Optional<ObjectNode> awaitLeaving(ResourceType type, ObjectKey key, Deadline deadline)
            throws InterruptedException, Namespaces.NotInTime {
        Optional<ObjectNode> live = Persistence.ask(deadline, () -> cluster.get(type, key.namespace(), key.name()));
        Optional<ObjectNode> leaving = live.filter(each -> each.path("metadata").hasNonNull("deletionTimestamp"));
        if (leaving.isPresent()) {
            String uid = leaving.get().path("metadata").path("uid").asText();
            try (ObjectWatch watch = ObjectWatch.open(cluster, type, leaving.get())) {
                Optional<ObjectNode> left = watch.awaitGone(uid, deadline);
                if (left.isPresent()) {
                    throw new Namespaces.NotInTime(
                            late(key + " is still being deleted" + holding(left), left, deadline));
                }
            }
            return Optional.empty();
        }
        return live;
    }

    private Outcome<ObjectNode> awaitReady(ResourceType type, ObjectNode applied, Duration settle, Deadline deadline)
            throws InterruptedException {
        String uid = applied.path("metadata").path("uid").asText();
        long generation = applied.path("metadata").path("generation").asLong();
        try (ObjectWatch watch = ObjectWatch.open(cluster, type, applied)) {
            Optional<Deadline> settled = Optional.empty();
            while (true) {
                long seen = watch.seen();
                Optional<ObjectNode> live = watch.look();
                switch (ReleaseVerdict.of(live, uid, generation)) {
                    case ReleaseVerdict.Failed failed -> {
                        return Outcome.terminal(failed.reason());
                    }
                    case ReleaseVerdict.Waiting _ -> settled = Optional.empty();
                    case ReleaseVerdict.Ready _ -> {
                        settled = Optional.of(settled.orElseGet(() -> Deadline.in(settle)));
                        if (settled.get().passed()) {
                            return Outcome.done(live.orElse(applied));
                        }
                    }
                }
                if (deadline.passed()) {
                    return Outcome.terminal(late(ObjectKey.of(applied) + " is not ready", live, deadline));
                }
                watch.awaitAfter(
                        seen, deadline.leftAtMost(settled.map(Deadline::left).orElse(SAFETY_LOOK)));
            }
        }
    }

    private static Diagnostic late(String what, Optional<ObjectNode> live, Deadline deadline) {
        String words = live.flatMap(release -> Conditions.find(release, "Ready"))
                .map(ready -> ": " + ready.path("message").asText())
                .orElse("");
        return Diagnostic.error(
                ErrorCode.DeadlineExceeded,
                what + " after " + GoDuration.text(deadline.length()) + words,
                null,
                "mend what the message names, or give the release a longer timeout");
    }

    /** A finalizer is somebody's promise to tidy up first. It is named, and never taken away here. */
    private static String holding(Optional<ObjectNode> live) {
        List<String> finalizers = live.map(object -> object.path("metadata")
                        .path("finalizers")
                        .valueStream()
                        .map(JsonNode::asText)
                        .toList())
                .orElse(List.of());
        return finalizers.isEmpty() ? "" : ", held by " + String.join(", ", finalizers) + ",";
    }

    private static ObjectNode cleaned(ObjectNode payload) {
        ObjectNode copy = payload.deepCopy();
        copy.remove("status");
        if (copy.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove("creationTimestamp");
        }
        return copy;
    }
}
