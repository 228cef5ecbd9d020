package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.cluster.WatchListener;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** An API server with Workflows alone, which refuses what it is told to refuse. What was asked is kept. */
final class WorkflowServer {
    static final ResourceType WORKFLOWS = new ResourceType("argoproj.io", "v1alpha1", "Workflow", "workflows", true);

    /** Why the next writes are refused, in order. */
    final Queue<ClusterException.Reason> refusals = new ConcurrentLinkedQueue<>();
    /** The phase of each write that was let through. */
    final BlockingQueue<String> written = new LinkedBlockingQueue<>();
    /** Where pods were listed. */
    final BlockingQueue<String> podsListed = new LinkedBlockingQueue<>();

    volatile Optional<ObjectNode> stored = Optional.empty();
    private final List<WatchListener> listeners = new ArrayList<>();

    final Cluster cluster = proxy(Cluster.class, this::answer);

    private interface Answers {
        @Nullable
        Object to(String method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Answers answers) {
        return type.cast(Proxy.newProxyInstance(
                WorkflowServer.class.getClassLoader(),
                new Class<?>[] {type},
                (Object _, Method method, Object @Nullable [] arguments) ->
                        answers.to(method.getName(), arguments == null ? new Object[0] : arguments)));
    }

    private @Nullable Object answer(String method, Object[] arguments) {
        return switch (method) {
            case "as" -> this.cluster;
            case "resourceType" -> WORKFLOWS;
            case "get" -> stored;
            case "list" -> {
                podsListed.add(String.valueOf(arguments[1]));
                yield List.of();
            }
            case "watch" -> {
                listeners.add((WatchListener) arguments[arguments.length - 1]);
                yield proxy(WatchCache.class, (_, _) -> null);
            }
            case "mergePatch" -> {
                Optional<ClusterException.Reason> refusal = Optional.ofNullable(refusals.poll());
                refusal.ifPresent(reason -> {
                    throw new ClusterException(reason, "refused for a test");
                });
                written.add(((ObjectNode) arguments[3])
                        .path("metadata")
                        .path("labels")
                        .path("workflows.argoproj.io/phase")
                        .asText());
                yield JsonNodeFactory.instance.objectNode();
            }
            default -> throw new UnsupportedOperationException(method);
        };
    }

    void tell(WatchListener.Change change, ObjectNode workflow) {
        listeners.forEach(each -> each.changed(change, workflow));
    }
}
