package dev.orkestra.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.EnvironmentStore.DamagedException;
import dev.orkestra.apply.EnvironmentStore.Environment;
import dev.orkestra.apply.RunStore;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.cluster.WorkQueue;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.ConfigRepoParser;
import dev.orkestra.desired.ParseResult;
import dev.orkestra.drift.DriftController;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import dev.orkestra.run.Consent;
import dev.orkestra.run.LastGood;
import dev.orkestra.run.Pinned;
import dev.orkestra.run.Trigger;
import dev.orkestra.source.Commit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at each ConfigRepo when it changed or is due: fetches, and starts a run when there is something new. A run goes
 * on in a thread of its own, so that a look is short and no repository waits for another's run.
 */
final class ConfigRepoController implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigRepoController.class);
    /** A look mostly waits for Git: those of servers that do not answer must not keep the others from theirs. */
    private static final int LOOKS_AT_ONCE = 256;

    private static final Duration FIRST_LIST = Duration.ofSeconds(30);
    /** By then the watch has shown a request that the API server knows of. */
    private static final Duration REQUEST_SEEN = Duration.ofMillis(200);

    private final Cluster cluster;
    private final String namespace;
    private final RepoSource source;
    private final RunStore runs;
    private final RunDriver driver;
    private final RunRequests requests;
    private final RunStarts starts;
    private final FetchRequests fetchRequests = new FetchRequests();
    private final DriftController drift;
    private final RepoStatus status;
    private final Metrics metrics;
    private final InstantSource clock;
    private final RepoSchedules schedules;
    private final WorkQueue<RepoKey> queue;
    private final ActiveWork running;
    private final Retries retries;
    private final RepoDeletion deletion;
    private volatile boolean closed;
    private volatile Optional<WatchCache> repos = Optional.empty();

    ConfigRepoController(
            Cluster cluster,
            String namespace,
            RepoSource source,
            RunDriver driver,
            RunRequests requests,
            DriftController drift,
            RepoStatus status,
            Metrics metrics,
            InstantSource clock,
            RandomGenerator random) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.source = source;
        this.runs = new RunStore(cluster);
        this.driver = driver;
        this.requests = requests;
        this.starts = new RunStarts(runs, driver, status, clock);
        this.drift = drift;
        this.status = status;
        this.metrics = metrics;
        this.clock = clock;
        this.retries = new Retries(clock);
        this.deletion = new RepoDeletion(cluster, namespace, status, clock);
        this.queue = WorkQueue.start("configrepos", LOOKS_AT_ONCE, this::look);
        metrics.gauge("orkestra_queue_ready", "ConfigRepos that wait to be looked at.", queue::depth);
        metrics.gauge(
                "orkestra_queue_oldest_seconds",
                "How long the first of them has been waiting.",
                () -> queue.oldestReady().toMillis() / 1000.0);
        this.running = new ActiveWork(queue::add);
        // Quartz goes by the system's clock, whatever ours says.
        this.schedules = new RepoSchedules(queue::add, InstantSource.system(), random);
    }

    /** Begins to watch, and waits for the first list: until then nobody's identity is known. */
    void start() {
        // The first look at a repository must know of the runs that are asked for; before that it is looked at anyway.
        requests.start(key -> repos.ifPresent(_ -> queue.add(key)));
        WatchCache watch =
                cluster.watch(RepoStatus.CONFIG_REPOS, namespace, "", (change, object) -> queue.add(keyOf(object)));
        repos = Optional.of(watch);
        try {
            if (!watch.awaitSynced(FIRST_LIST)) {
                throw new IllegalStateException("the ConfigRepos were not listed within " + FIRST_LIST);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        watch.all().forEach(object -> queue.add(keyOf(object)));
    }

    /** Asks for a look at a ConfigRepo. */
    void wake(RepoKey key) {
        queue.add(key);
    }

    /** The ConfigRepo behind a label value, as last seen. */
    Optional<ConfigRepo> byLabel(String label) {
        return repos.stream()
                .flatMap(watch -> watch.all().stream())
                .map(object -> ConfigRepoParser.parse(object).configRepo())
                .flatMap(Optional::stream)
                .filter(repo -> repo.label().equals(label))
                .findFirst();
    }

    private static RepoKey keyOf(ObjectNode object) {
        return new RepoKey(
                object.path("metadata").path("namespace").asText(),
                object.path("metadata").path("name").asText());
    }

    private Optional<Duration> look(RepoKey key) {
        Optional<ObjectNode> object = repos.flatMap(watch -> watch.get(key.namespace(), key.name()));
        if (object.isEmpty()) {
            schedules.remove(key);
            retries.worked(key);
            ActiveWork.Running active = running.get(key);
            if (active != null) {
                active.signals().gone();
            } else {
                driver.forget(key.namespace() + "." + key.name());
            }
            metrics.gone(key);
            fetchRequests.forget(key);
            drift.forget(key.namespace() + "." + key.name());
            return Optional.empty();
        }
        ParseResult parsed = ConfigRepoParser.parse(object.get());
        if (parsed.configRepo().isEmpty()) {
            unreadable(key, object.get(), first(parsed.diagnostics()));
            return Optional.empty();
        }
        ConfigRepo repo = parsed.configRepo().get();
        schedules.schedule(key, repo.schedule());
        ActiveWork.Running active = running.get(key);
        if (active != null) {
            active.signals().see(object.get());
            active.endDeletionIf(repo.policies().deletion() == ConfigRepo.Deletion.ORPHAN);
            if (!RunSignals.isDeleting(object.get())) {
                tellOfNewerCommit(key, repo, object.get(), active);
            }
            return Optional.empty();
        }
        Instant began = clock.instant();
        RepoSource.Access access = source.access(repo);
        Look look = Look.of(key, repo, object.get(), access, requests.basis(key), began);
        Optional<Duration> wait = retries.wait(key, look.basis());
        if (wait.isPresent()) {
            return wait;
        }
        try {
            return lookAt(look);
        } catch (DamagedException e) {
            damaged(key, e);
            return Optional.empty();
        }
    }

    /** The run under way goes on with the spec it has, and hears all else; who lets go of everything needs no spec. */
    private void unreadable(RepoKey key, ObjectNode object, Diagnostic why) {
        drift.pause(key.namespace() + "." + key.name());
        status.trouble(key, why, true);
        ActiveWork.Running active = running.get(key);
        if (active != null) {
            active.signals().seeAllButSpec(object);
            active.endDeletionIf(RepoDeletion.leavesAll(object));
        } else if (RepoDeletion.leavesAll(object)) {
            deletion.letGo(object);
        }
    }

    private void damaged(RepoKey key, DamagedException e) {
        status.trouble(key, Diagnostic.error(ErrorCode.Invalid, e.getMessage(), null, e.hint()), true);
    }

    private Optional<Duration> lookAt(Look look) {
        RepoKey key = look.key();
        ConfigRepo repo = look.repo();
        if (RunSignals.isDeleting(look.object())) {
            // What is taken away must not be put right.
            drift.forget(repo.label());
        }
        if (RepoDeletion.isDue(look.object()) && repo.policies().deletion() == ConfigRepo.Deletion.ORPHAN) {
            startDeletion(look);
            return Optional.empty();
        }
        Optional<RunStore.Stored> newest = runs.newest(key.namespace(), key.name(), repo.label());
        if (newest.isPresent() && !newest.get().state().isEnd()) {
            start(look, newest.get(), true);
            return Optional.empty();
        }
        if (RunSignals.isDeleting(look.object())) {
            if (RepoDeletion.isDue(look.object())) {
                startDeletion(look);
            }
            return Optional.empty();
        }
        deletion.guard(repo, look.object());
        ConfigRepo.Suspend suspend = repo.suspend();
        Instant until = suspend == null ? null : suspend.until();
        if (suspend != null && (until == null || clock.instant().isBefore(until))) {
            drift.pause(repo.label());
            status.suspended(key, suspend);
            return until == null ? Optional.empty() : Optional.of(Duration.between(clock.instant(), until));
        }
        requests.resume(look);
        Optional<RunStore.Stored> asked = requests.begin(look, newest.map(RunStore.Stored::state));
        if (asked.isPresent()) {
            start(look, asked.get(), false);
            return Optional.empty();
        }
        if (newest.isPresent() && hasRun(repo, look.object())) {
            // Before Git is asked: what runs does not need it.
            drift.settled(repo, driver.environment(repo));
        } else {
            // An edited spec has had no plan yet, and no approval: nothing is put right by it.
            drift.hold(repo.label());
        }
        Environment environment = driver.environment(repo);
        Pinned pinned = environment.ledger().pinned();
        if (pinned != null) {
            retries.worked(key);
            status.pinned(key, look.object(), pinned, newest.map(RunStore.Stored::state), environment);
            return Optional.empty();
        }
        LastGood good = environment.ledger().lastGood();
        if (good != null && newest.isPresent() && environment.ledger().isAbandoned()) {
            return started(look, starts.back(look, newest.get(), good));
        }
        return fetchAndStart(look, newest);
    }

    private Optional<Duration> fetchAndStart(Look look, Optional<RunStore.Stored> newest) {
        RepoKey key = look.key();
        switch (source.fetch(look.repo(), look.access())) {
            case Outcome.Retry<Commit>(Duration after, Diagnostic reason) -> {
                status.trouble(key, reason, false);
                return Optional.of(retries.failed(key, look.basis(), after));
            }
            case Outcome.Terminal<Commit>(Diagnostic reason) -> {
                status.trouble(key, reason, true);
                // It may be mended on the server, which tells nobody; asking at each interval could be expensive.
                return Optional.of(retries.failed(key, look.basis(), Retries.LONGEST));
            }
            case Outcome.Done<Commit>(Commit head) -> {
                retries.worked(key);
                return startIfNew(look, newest, head);
            }
        }
    }

    private Optional<Duration> startIfNew(Look look, Optional<RunStore.Stored> newest, Commit head) {
        RepoKey key = look.key();
        ConfigRepo repo = look.repo();
        Optional<Trigger> trigger =
                RunTrigger.of(look.object(), newest.map(RunStore.Stored::state), head.id(), fetchRequests.answer(look));
        if (trigger.isEmpty()) {
            Environment environment = driver.environment(repo);
            status.unchanged(key, look.object(), head, newest.orElseThrow().state(), environment);
            metrics.look(Duration.between(look.began(), clock.instant()));
            return Optional.empty();
        }
        boolean isForward = newest.isEmpty()
                || RunTrigger.isOfAnotherRepository(newest.get().state(), repo)
                || source.isForward(repo, newest.get().state().spec().commit(), head.id());
        if (!isForward && trigger.get() != Trigger.SYNC) {
            status.rewritten(key, newest.orElseThrow().state().spec().commit(), head);
            return Optional.empty();
        }
        return started(look, starts.ofHead(look, newest, head, trigger.get()));
    }

    private Optional<Duration> started(Look look, Optional<RunStore.Stored> created) {
        created.ifPresent(stored -> start(look, stored, false));
        return created.isPresent() ? Optional.empty() : Optional.of(REQUEST_SEEN);
    }

    /** Whether the newest run began with the spec as it is now. */
    static boolean hasRun(ConfigRepo repo, ObjectNode object) {
        return object.path("status").path("runGeneration").asLong(-1) == repo.generation();
    }

    /** The machine decides what a newer commit, or a rollback, means for the run that is under way. */
    private void tellOfNewerCommit(RepoKey key, ConfigRepo repo, ObjectNode object, ActiveWork.Running active) {
        Optional<String> rollback = requests.rollback(key, repo, object);
        if (rollback.isPresent()) {
            active.signals().rollback(rollback.get());
        } else if (source.fetch(repo) instanceof Outcome.Done<Commit>(Commit head)) {
            active.signals().newer(head.id());
        }
    }

    private void start(Look look, RunStore.Stored stored, boolean resumed) {
        boolean pinned = driver.environment(look.repo()).ledger().pinned() != null;
        RunSignals signals = RunSignals.forRun(look, stored.state(), resumed, pinned, clock);
        running.start(
                look.key(),
                "run-" + stored.state().spec().name(),
                stored.state().spec().commit(),
                signals,
                () -> drive(look, stored, resumed, signals));
    }

    private void startDeletion(Look look) {
        long generation = look.repo().generation();
        RunSignals signals =
                new RunSignals(clock, new RunSignals.Start(generation, generation, Consent.NONE, "", "", "", false));
        running.start(look.key(), "delete-" + look.key().name(), "", signals, () -> {
            try {
                boolean done = deletion.carryOut(look.key(), look.repo(), look.object());
                if (!done) {
                    queue.addAfter(look.key(), retries.failed(look.key(), look.basis(), Retries.FIRST));
                }
            } catch (InterruptedException e) {
                return !closed;
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).addKeyValue("configRepo", look.key()).log("the deletion broke off");
                queue.addAfter(look.key(), retries.failed(look.key(), look.basis(), Retries.FIRST));
            }
            return false;
        });
    }

    /**
     * Drives a run, and looks after what its machine could not foresee: the run stays where it is and is resumed at a
     * later look, not at once, or what fails each time would be tried without a pause.
     *
     * @return whether the repository is to be looked at at once: the run has ended, or goes on with another spec
     */
    private boolean drive(Look look, RunStore.Stored stored, boolean resumed, RunSignals signals) {
        RepoKey key = look.key();
        try {
            driver.drive(key, look.repo(), stored, resumed, signals);
            retries.worked(key);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (RuntimeException e) {
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("run", stored.state().spec().name())
                    .log("the run broke off and will be resumed");
            queue.addAfter(key, retries.failed(key, look.basis(), Retries.FIRST));
            if (e instanceof DamagedException damaged) {
                damaged(key, damaged);
            }
            return false;
        }
    }

    private static Diagnostic first(java.util.List<Diagnostic> findings) {
        return findings.stream().sorted(Diagnostic.BY_POSITION).findFirst().orElseThrow();
    }

    @Override
    public void close() {
        closed = true;
        schedules.close();
        repos.ifPresent(WatchCache::close);
        requests.close();
        queue.close();
        running.interrupt();
    }
}
