package dev.orkestra.agent;

import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.cluster.LeaseElector;
import dev.orkestra.cluster.Settings;
import dev.orkestra.drift.DriftController;
import dev.orkestra.embedded.HelmTimes;
import dev.orkestra.release.ChartDestination;
import dev.orkestra.release.ChartStore;
import dev.orkestra.source.GitMirror;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One agent process: stands for election, and while it leads, runs the controllers. When it stops leading it ends: a
 * new process begins with nothing in memory, which is the same as after a crash and so is tested all the time.
 */
public final class Agent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
    private static final Duration CHART_DEADLINE = Duration.ofMinutes(1);
    private static final String NOT_ELECTED = "not elected yet";
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final AgentSettings settings;
    private final InstantSource clock;
    private final KubeCluster cluster;
    private final GitMirror mirror;
    private final Optional<StagingRegistry> staging;
    private final ChartStore charts;
    private final HttpEndpoints http;
    private final HelmTimes helmTimes = new HelmTimes();
    private final Metrics metrics;
    /** As {@link #controllers}, for readers that must not wait for a start that is under way. */
    private volatile Optional<Controllers> leading = Optional.empty();

    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private volatile String notReady = NOT_ELECTED;
    private Optional<LeaseElector> elector = Optional.empty();
    private Optional<Controllers> controllers = Optional.empty();

    /** @throws IOException when the cache folder or the port cannot be used */
    public Agent(AgentSettings settings, InstantSource clock) throws IOException {
        this.settings = settings;
        this.clock = clock;
        Files.createDirectories(settings.cache());
        this.cluster = KubeCluster.connect(settings.cluster(), Settings.standard());
        this.mirror = new GitMirror(settings.cache().resolve("git"), clock);
        this.staging = settings.groups()
                .staging()
                .map(registry -> new StagingRegistry(cluster, settings.namespace(), registry));
        this.charts = ChartStore.open(
                settings.cache().resolve("charts"),
                CHART_DEADLINE,
                staging.<ChartDestination>map(each -> each).orElse(ChartDestination.NONE));
        this.metrics = new Metrics(cluster::requestCounts, helmTimes::sum);
        this.metrics.drift(this::drift);
        this.metrics.gauge(
                "orkestra_leader",
                "1 while this process leads, 0 while it does not.",
                () -> leading.isPresent() && notReady.isEmpty() ? 1 : 0);
        this.http = new HttpEndpoints(
                settings.http(),
                () -> Optional.of(notReady).filter(reason -> !reason.isEmpty()),
                metrics::page,
                charts,
                new WebhookEndpoint(cluster, settings.namespace(), metrics::webhook, clock));
    }

    /** The port that the HTTP server listens on. */
    public int httpPort() {
        return http.port();
    }

    /**
     * Runs until the lease is lost or {@link #close} is called.
     *
     * @return why it ended
     */
    public String run() throws InterruptedException {
        awaitDefinitions();
        LeaseElector.Timing timing = timing(settings.leaseDuration());
        elector = Optional.of(LeaseElector.start(
                cluster, settings.namespace(), "orkestra-agent", settings.holder(), timing, clock, listener()));
        try {
            return ended.get();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private LeaseElector.Listener listener() {
        return new LeaseElector.Listener() {
            @Override
            public void elected(long epoch) {
                Thread.ofVirtual().name("start").start(() -> lead(epoch));
            }

            @Override
            public void lost(String why) {
                notReady = "not the leader: " + why;
                ended.complete("the lease was lost: " + why);
            }
        };
    }

    private void lead(long epoch) {
        LOG.atInfo().addKeyValue("epoch", epoch).log("leading");
        try {
            synchronized (this) {
                controllers = Optional.of(new Controllers(
                        settings, cluster, mirror, charts, chartsUrl(), helmTimes, metrics, this::epoch, clock));
                leading = controllers;
                controllers.get().start();
            }
            notReady = "";
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("the controllers did not start");
            ended.complete("the controllers did not start: " + e.getMessage());
        }
    }

    private DriftController.Counts drift() {
        return leading.map(Controllers::drift).orElse(DriftController.Counts.NONE);
    }

    private URI chartsUrl() {
        InetAddress address = settings.http().getAddress();
        String host = address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
        return settings.chartsUrl().orElseGet(() -> URI.create("http://" + host + ":" + http.port() + "/charts/"));
    }

    /** The epoch of the lease, for the fence before each command. */
    private long epoch() {
        return elector.orElseThrow()
                .epoch()
                .orElseThrow(() -> new IllegalStateException("this agent is not the leader any more"));
    }

    /**
     * Waits until the kinds that the agent cannot do without are served. Without them there is no ConfigRepo to put a
     * condition on, so the log and /readyz say what to do.
     */
    private void awaitDefinitions() throws InterruptedException {
        Semaphore never = new Semaphore(0);
        Duration wait = Duration.ofSeconds(1);
        while (true) {
            Optional<String> trouble = missingDefinition();
            if (trouble.isEmpty()) {
                notReady = NOT_ELECTED;
                return;
            }
            notReady = trouble.get();
            LOG.atWarn().addKeyValue("nextTry", wait).log(trouble.get());
            if (never.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("nobody releases it");
            }
            wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) < 0 ? wait.multipliedBy(2) : LONGEST_WAIT;
        }
    }

    private Optional<String> missingDefinition() {
        for (String kind : List.of("ConfigRepo", "ConfigRun", "ConfigLedger")) {
            try {
                cluster.resourceType("orkestra.dev/v1alpha1", kind);
            } catch (ClusterException e) {
                return Optional.of(
                        switch (e.reason()) {
                            case MISSING_KIND ->
                                "MissingKind: the cluster does not serve " + kind
                                        + ".orkestra.dev; install the definitions: kubectl apply --server-side -f schemas/crds";
                            case UNAUTHENTICATED, FORBIDDEN ->
                                "AuthenticationFailed: " + e.getMessage()
                                        + "; check the agent's kubeconfig or service account";
                            default -> "ClusterUnreachable: " + e.getMessage();
                        });
            }
        }
        return Optional.empty();
    }

    private static LeaseElector.Timing timing(Duration lease) {
        return new LeaseElector.Timing(lease, lease.multipliedBy(2).dividedBy(3), lease.dividedBy(7));
    }

    /** Stops the controllers and hands the lease back. */
    @Override
    public void close() {
        synchronized (this) {
            controllers.ifPresent(Controllers::close);
        }
        elector.ifPresent(LeaseElector::close);
        http.close();
        charts.close();
        mirror.close();
        staging.ifPresent(StagingRegistry::close);
        cluster.close();
        ended.complete("it was stopped");
    }
}
