package dev.orkestra.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.chart.ChartTrouble;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Outcome;
import dev.orkestra.release.ChartDestination;
import dev.orkestra.release.RegistryDestination;
import dev.orkestra.release.SecretAccess;
import dev.orkestra.web.Access;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** The staging registry with the credentials that its Secret holds now: they may change while the agent runs. */
final class StagingRegistry implements ChartDestination, AutoCloseable {
    private static final Duration DEADLINE = Duration.ofMinutes(1);

    private final Cluster cluster;
    private final String namespace;
    private final AgentSettings.Staging settings;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<Open> open = Optional.empty();

    private record Open(String version, RegistryDestination destination) {}

    StagingRegistry(Cluster cluster, String namespace, AgentSettings.Staging settings) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.settings = settings;
    }

    @Override
    public void put(Staged chart) throws ChartTrouble, InterruptedException {
        destination().put(chart);
    }

    private RegistryDestination destination() throws ChartTrouble {
        Optional<ObjectNode> secret = secret();
        String version = secret.map(
                        each -> each.path("metadata").path("resourceVersion").asText())
                .orElse("");
        lock.lock();
        try {
            if (open.isEmpty() || !open.get().version.equals(version)) {
                RegistryDestination fresh = new RegistryDestination(settings.url(), access(secret), DEADLINE);
                close();
                open = Optional.of(new Open(version, fresh));
            }
            return open.get().destination;
        } finally {
            lock.unlock();
        }
    }

    private Optional<ObjectNode> secret() throws ChartTrouble {
        if (settings.secret().isEmpty()) {
            return Optional.empty();
        }
        try {
            Optional<ObjectNode> found =
                    cluster.get(cluster.resourceType("v1", "Secret"), namespace, settings.secret());
            if (found.isEmpty()) {
                throw new ChartTrouble(where() + " does not exist", "create it, or start the agent without it");
            }
            return found;
        } catch (ClusterException e) {
            throw new ChartTrouble(where() + " cannot be read: " + e.getMessage(), "see the agent's rights");
        }
    }

    private Access access(Optional<ObjectNode> secret) throws ChartTrouble {
        if (secret.isEmpty()) {
            return Access.OPEN;
        }
        return switch (SecretAccess.of(where(), secret.get())) {
            case Outcome.Done<Access>(Access access) -> access;
            case Outcome.Retry<Access>(Duration _, Diagnostic reason) ->
                throw new ChartTrouble(reason.message(), reason.hint());
            case Outcome.Terminal<Access>(Diagnostic reason) -> throw new ChartTrouble(reason.message(), reason.hint());
        };
    }

    private String where() {
        return "Secret " + namespace + "/" + settings.secret() + " of the staging registry";
    }

    @Override
    public void close() {
        lock.lock();
        try {
            open.ifPresent(each -> each.destination.close());
            open = Optional.empty();
        } finally {
            lock.unlock();
        }
    }
}
