package dev.orkestra.agent;

import dev.orkestra.apply.Environments;
import dev.orkestra.cluster.ChildAccess;
import dev.orkestra.cluster.KubeCluster;
import dev.orkestra.drift.DriftController;
import dev.orkestra.embedded.ChartFetcher;
import dev.orkestra.embedded.HelmCli;
import dev.orkestra.embedded.HelmConnection;
import dev.orkestra.embedded.HelmReleaseController;
import dev.orkestra.embedded.HelmSettings;
import dev.orkestra.embedded.HelmTimes;
import dev.orkestra.embedded.ReleaseTrust;
import dev.orkestra.embedded.WorkflowController;
import dev.orkestra.imports.ImportServices;
import dev.orkestra.kustomize.KustomizeProgram;
import dev.orkestra.kustomize.RememberedBuilds;
import dev.orkestra.process.FencedProcesses;
import dev.orkestra.process.LocalProcesses;
import dev.orkestra.release.ChartStore;
import dev.orkestra.release.GroupController;
import dev.orkestra.release.GroupSettings;
import dev.orkestra.release.ReleaseSeal;
import dev.orkestra.source.GitMirror;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What runs while this agent leads: made at election, closed in reverse order. */
final class Controllers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Controllers.class);

    private final AgentSettings settings;
    private final KubeCluster cluster;
    private final GitMirror mirror;
    private final ChartStore charts;
    private final URI chartsUrl;
    private final HelmTimes helmTimes;
    private final Metrics metrics;
    private final LongSupplier epoch;
    private final InstantSource clock;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private volatile Optional<DriftController> drifts = Optional.empty();
    private volatile Optional<ConfigRepoController> looks = Optional.empty();

    Controllers(
            AgentSettings settings,
            KubeCluster cluster,
            GitMirror mirror,
            ChartStore charts,
            URI chartsUrl,
            HelmTimes helmTimes,
            Metrics metrics,
            LongSupplier epoch,
            InstantSource clock) {
        this.settings = settings;
        this.cluster = cluster;
        this.mirror = mirror;
        this.charts = charts;
        this.chartsUrl = chartsUrl;
        this.helmTimes = helmTimes;
        this.metrics = metrics;
        this.epoch = epoch;
        this.clock = clock;
    }

    /** ConfigRepos first: they are whose identity the engines ask for. */
    void start() {
        RepoSource source = new RepoSource(cluster, mirror, metrics);
        RepoStatus status = new RepoStatus(cluster, metrics, clock);
        RunJournal journal = new RunJournal(settings.pause());
        LocalProcesses processes = new LocalProcesses();
        open.push(processes);
        KustomizeProgram kustomize = new KustomizeProgram(
                processes,
                KustomizeProgram.Settings.standard(
                        Optional.of(settings.kustomize()), settings.cache().resolve("kustomize")));
        kustomize.tidy();
        RepoImports imports = new RepoImports(
                cluster,
                new ImportServices(
                        processes,
                        Optional.of(settings.helm()),
                        clock,
                        settings.limits().imports()),
                RememberedBuilds.of(kustomize),
                settings.cache().resolve("imports"));
        Environments environments = Environments.open(cluster, settings.namespace());
        open.push(environments);
        DriftController drift = new DriftController(
                cluster,
                environments,
                this::requireLease,
                new DriftStatus(status, key -> looks.ifPresent(repos -> repos.wake(key))),
                clock);
        open.push(drift);
        drifts = Optional.of(drift);
        RunDriver driver = new RunDriver(
                cluster,
                environments,
                drift,
                source,
                imports,
                settings.limits(),
                status,
                journal,
                metrics,
                clock,
                epoch);
        ConfigRepoController repos = new ConfigRepoController(
                cluster,
                settings.namespace(),
                source,
                driver,
                new RunRequests(cluster, settings.namespace(), environments, status, clock, epoch),
                drift,
                status,
                metrics,
                clock,
                RandomGenerator.getDefault());
        open.push(repos);
        looks = Optional.of(repos);
        repos.start();
        ReleaseSeal seal = SealKey.of(cluster, settings.namespace());
        GroupIdentities identities = new GroupIdentities(
                cluster,
                repos::byLabel,
                repo -> key -> driver.inventory(repo).get(key).isPresent(),
                settings.groups().standIn(),
                clock);
        if (settings.helmEngine() == AgentSettings.Engine.EMBEDDED) {
            startHelmEngine(identities, seal, processes);
        }
        if (settings.workflowEngine() == AgentSettings.Engine.EMBEDDED) {
            WorkflowController workflows = new WorkflowController(cluster, identities, seal::fitsWorkflow, clock);
            open.push(workflows);
            workflows.start(settings.namespace());
        }
        GroupController groups = new GroupController(cluster, identities, charts, groupSettings(), seal, clock);
        open.push(groups);
        groups.start();
    }

    private void requireLease() {
        if (epoch.getAsLong() < 0) {
            throw new IllegalStateException("a lease's epoch counts from 0");
        }
    }

    private boolean holdsLease() {
        try {
            requireLease();
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    /** What became of drift so far. */
    DriftController.Counts drift() {
        return drifts.map(DriftController::counts).orElse(DriftController.Counts.NONE);
    }

    private GroupSettings groupSettings() {
        GroupSettings embedded = GroupSettings.embedded(chartsUrl)
                .inNamespace(settings.namespace())
                .withExecutors(settings.groups().executors())
                .withParallelism(settings.groups().parallelism())
                .withRemediation(settings.groups().remediation())
                .withRepository(settings.groups()
                        .staging()
                        .map(registry -> new GroupSettings.Repository(
                                "chartmuseum",
                                registry.url(),
                                Optional.of(registry.secret()).filter(secret -> !secret.isEmpty())))
                        .orElse(new GroupSettings.Repository("chartmuseum", chartsUrl, Optional.empty())))
                .withFlux(settings.helmEngine() == AgentSettings.Engine.UPSTREAM);
        return settings.workflowEngine() == AgentSettings.Engine.EMBEDDED
                ? embedded
                : embedded.withInstanceId(settings.groups().argoInstanceId());
    }

    private void startHelmEngine(GroupIdentities identities, ReleaseSeal seal, LocalProcesses processes) {
        HelmCli helm = new HelmCli(
                new FencedProcesses(processes, this::holdsLease),
                helmConnection(),
                HelmSettings.standard(settings.helm(), settings.cache().resolve("helm")),
                helmTimes);
        ChartFetcher fetcher = new ChartFetcher(settings.cache().resolve("pulled"), charts, clock);
        open.push(fetcher);
        HelmReleaseController releases =
                new HelmReleaseController(cluster, identities, helm, fetcher, ReleaseTrust.by(seal), clock);
        open.push(releases);
        releases.start("");
    }

    /** Helm wants the authority in a file; it is public. */
    private HelmConnection helmConnection() {
        ChildAccess access = ChildAccess.of(settings.cluster());
        Path authority = settings.cache().resolve("authority.pem");
        try {
            Files.write(authority, access.authority());
        } catch (IOException e) {
            throw new UncheckedIOException("the cache folder cannot be written", e);
        }
        return new HelmConnection(access.server(), authority, access.token());
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            AutoCloseable next = open.pop();
            try {
                next.close();
            } catch (Exception e) {
                LOG.atWarn().setCause(e).log("a controller did not close cleanly");
            }
        }
    }
}
