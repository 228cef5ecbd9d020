package dev.orkestra.release;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ResourceType;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.cluster.WatchListener;
import dev.orkestra.group.ApplicationGroup;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A cluster without the groups of others. ApplicationGroups lie in no namespace, so without it the controllers of two
 * tests on one API server would pull at the same groups.
 */
final class OwnGroups implements InvocationHandler {
    private final Cluster cluster;
    private final String prefix;

    private OwnGroups(Cluster cluster, String prefix) {
        this.cluster = cluster;
        this.prefix = prefix;
    }

    /** {@code cluster} with those groups alone whose names begin with {@code prefix}. */
    static Cluster of(Cluster cluster, String prefix) {
        return (Cluster) Proxy.newProxyInstance(
                OwnGroups.class.getClassLoader(), new Class<?>[] {Cluster.class}, new OwnGroups(cluster, prefix));
    }

    @Override
    @SuppressWarnings("unchecked")
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        boolean groups = arguments != null
                && arguments.length > 0
                && arguments[0] instanceof ResourceType type
                && type.kind().equals(ApplicationGroup.KIND);
        if (arguments != null && groups && method.getName().equals("get") && !isOwn(String.valueOf(arguments[2]))) {
            return Optional.empty();
        }
        if (arguments != null && groups && method.getName().equals("watch")) {
            return watch(arguments);
        }
        try {
            return method.invoke(cluster, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @SuppressWarnings("unchecked")
    private WatchCache watch(Object[] arguments) {
        WatchListener listener = (WatchListener) arguments[arguments.length - 1];
        UnaryOperator<ObjectNode> projection =
                arguments.length == 5 ? (UnaryOperator<ObjectNode>) arguments[3] : UnaryOperator.identity();
        return cluster.watch(
                (ResourceType) arguments[0],
                String.valueOf(arguments[1]),
                String.valueOf(arguments[2]),
                projection,
                (kind, object) -> {
                    if (isOwn(GroupWorld.name(object))) {
                        listener.changed(kind, object);
                    }
                });
    }

    private boolean isOwn(String name) {
        return name.startsWith(prefix);
    }
}
