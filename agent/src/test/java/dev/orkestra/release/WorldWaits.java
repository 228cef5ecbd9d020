package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.WatchCache;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** Waits for an object of the real cluster to be as a test wants it; what is not in time is shown as it is. */
record WorldWaits(Cluster cluster) {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    ObjectNode until(ResourceType type, String namespace, String name, Predicate<ObjectNode> wanted) {
        try {
            return first(type, namespace, object -> GroupWorld.name(object).equals(name) && wanted.test(object));
        } catch (TimeoutException e) {
            throw late("not in time", type, namespace, name, e);
        }
    }

    /** The first object of a kind that is as wanted. */
    ObjectNode until(ResourceType type, String namespace, Predicate<ObjectNode> wanted) {
        try {
            return first(type, namespace, wanted);
        } catch (TimeoutException e) {
            throw new AssertionError("not in time: a " + type.kind(), e);
        }
    }

    private ObjectNode first(ResourceType type, String namespace, Predicate<ObjectNode> wanted)
            throws TimeoutException {
        CompletableFuture<ObjectNode> found = new CompletableFuture<>();
        WatchCache watch = cluster.watch(type, namespace, "", (_, object) -> {
            if (wanted.test(object)) {
                found.complete(object);
            }
        });
        try (watch) {
            return found.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    void untilGone(ResourceType type, String namespace, String name) {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        WatchCache watch = cluster.watch(type, namespace, "", (_, _) -> {
            if (cluster.get(type, namespace, name).isEmpty()) {
                gone.complete(null);
            }
        });
        try (watch) {
            if (watch.awaitSynced(DEADLINE)
                    && cluster.get(type, namespace, name).isEmpty()) {
                return;
            }
            gone.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw late("still there", type, namespace, name, e);
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private AssertionError late(String what, ResourceType type, String namespace, String name, TimeoutException e) {
        String now =
                cluster.get(type, namespace, name).map(JsonNode::toPrettyString).orElse("not there");
        return new AssertionError(what + ": " + type.kind() + " " + name + ", now: " + now, e);
    }
}
