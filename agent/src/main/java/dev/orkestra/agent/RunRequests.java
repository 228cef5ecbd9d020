package dev.orkestra.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.apply.EnvironmentStore.Environment;
import dev.orkestra.apply.Environments;
import dev.orkestra.apply.RunStore;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.WatchCache;
import dev.orkestra.cluster.WatchListener;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.run.AskedRun;
import dev.orkestra.run.Consent;
import dev.orkestra.run.Ledger;
import dev.orkestra.run.Pinned;
import dev.orkestra.run.RunSpec;
import dev.orkestra.run.RunState;
import dev.orkestra.run.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs that people ask for with ConfigRuns of their own. Each is looked at anew until it is begun or refused, so that
 * a crash between loses none; its journal, which comes last, makes sure that it is carried out once.
 */
final class RunRequests implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunRequests.class);
    private static final Duration FIRST_LIST = Duration.ofSeconds(30);

    private final Cluster cluster;
    private final String namespace;
    private final RunStore runs;
    private final Environments environments;
    private final RepoStatus status;
    private final InstantSource clock;
    private final LongSupplier epoch;
    private volatile Optional<WatchCache> watch = Optional.empty();

    /** @param epoch epoch of the lease; throws {@link IllegalStateException} when it is not held */
    RunRequests(
            Cluster cluster,
            String namespace,
            Environments environments,
            RepoStatus status,
            InstantSource clock,
            LongSupplier epoch) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.runs = new RunStore(cluster);
        this.environments = environments;
        this.status = status;
        this.clock = clock;
        this.epoch = epoch;
    }

    /**
     * Begins to watch, and waits for the first list: a request that is there must not be overtaken by a newer commit.
     *
     * @param wake asks for a look at a repository; must not block
     */
    void start(Consumer<RepoKey> wake) {
        WatchCache opened = cluster.watch(RunStore.RUNS, namespace, "", RunRequests::projected, (change, run) -> {
            if (change == WatchListener.Change.PRESENT && run.has("spec")) {
                wake.accept(keyOf(run));
            }
        });
        watch = Optional.of(opened);
        try {
            if (!opened.awaitSynced(FIRST_LIST)) {
                throw new IllegalStateException("the ConfigRuns were not listed within " + FIRST_LIST);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Only what nobody has answered is kept with its spec: journals are large, and theirs are of no interest here. */
    private static ObjectNode projected(ObjectNode run) {
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = kept.putObject("metadata");
        for (String field : List.of("namespace", "name", "uid", "resourceVersion")) {
            metadata.set(field, run.path("metadata").path(field));
        }
        if (RunStore.isUnanswered(run)) {
            kept.set("spec", run.path("spec"));
        }
        return kept;
    }

    private static RepoKey keyOf(ObjectNode run) {
        return new RepoKey(
                run.path("metadata").path("namespace").asText(),
                run.path("spec").path("configRepo").asText());
    }

    /** Those of {@code key} that wait for an answer, as the watch shows them, in the order of their numbers. */
    private List<String> waiting(RepoKey key) {
        return watch.stream()
                .flatMap(cache -> cache.all().stream())
                .filter(run -> run.has("spec") && keyOf(run).equals(key))
                .sorted(Comparator.comparingLong(
                        (JsonNode run) -> run.path("spec").path("number").asLong()))
                .map(run -> run.path("metadata").path("name").asText())
                .toList();
    }

    /** Another text whenever somebody asks for a run, or has been answered: a look with another one does not wait. */
    String basis(RepoKey key) {
        return String.join(" ", waiting(key));
    }

    /** Carries out what {@code ork resume} asked for: no hold and no pin any more. */
    void resume(Look look) {
        if (status.isToResume(look.key(), look.object())) {
            environments.change(look.repo(), Ledger::resumed);
        }
    }

    /** A request that may become a run. */
    private record Valid(ObjectNode object, AskedRun asked) {}

    /**
     * Makes the oldest request that is in order the next run, and refuses those that are not. Only while no run is under
     * way.
     *
     * @param newest the run before
     * @return empty when nobody asks for one
     */
    Optional<RunStore.Stored> begin(Look look, Optional<RunState> newest) {
        return oldest(look.key(), look.repo(), look.object(), environments::current, _ -> true)
                .map(valid -> begin(look, newest, valid));
    }

    private RunStore.Stored begin(Look look, Optional<RunState> newest, Valid valid) {
        ConfigRepo repo = look.repo();
        AskedRun asked = valid.asked();
        Instant now = clock.instant();
        // A word that came before this one: done a second time, it would take away what is pinned now.
        status.resumed(look.key(), look.object());
        if (asked.isRollback()) {
            // Before it begins: a crash between must not let a newer commit run.
            Pinned pinned = new Pinned(asked.commit(), (int) asked.number(), asked.requestedBy(), asked.reason(), now);
            environments.change(repo, ledger -> ledger.pin(pinned));
        }
        RunSpec spec = new RunSpec(
                look.key().namespace(),
                look.key().name(),
                (int) asked.number(),
                asked.commit(),
                Trigger.of(asked.trigger()),
                now,
                new RunSpec.Limits(repo.deadlines().wave(), repo.deadlines().run(), repo.soak()),
                asked.requestedBy(),
                asked.reason());
        Consent consent = Consent.given(RunSignals.approvedPlan(look.object()), "");
        RunStore.Stored stored = runs.takeOver(
                valid.object(),
                RunState.begin(
                        spec, epoch.getAsLong(), consent, RunState.Basis.of(repo), RunState.Known.leftBy(newest)),
                repo.label());
        status.started(look.key(), spec, look.object(), "", "", repo.generation());
        return stored;
    }

    /** The commit of a rollback that somebody asks for while a run is under way; other requests wait for its end. */
    Optional<String> rollback(RepoKey key, ConfigRepo repo, ObjectNode configRepo) {
        // The run has the ledger in its hands: nothing is read anew beside it.
        return oldest(key, repo, configRepo, environments::known, AskedRun::isRollback)
                .map(valid -> valid.asked().commit());
    }

    private Optional<Valid> oldest(
            RepoKey key,
            ConfigRepo repo,
            ObjectNode configRepo,
            Function<ConfigRepo, Environment> kept,
            Predicate<AskedRun> wanted) {
        List<String> names = waiting(key);
        if (names.isEmpty()) {
            return Optional.empty();
        }
        Ledger ledger = kept.apply(repo).ledger();
        AskedRun.Known known = new AskedRun.Known(
                key.namespace(),
                ledger,
                runs.newestNumber(key.namespace(), key.name(), repo.label(), ledger.newestRun()),
                configRepo.path("status").path("headCommit").asText());
        for (String name : names) {
            Optional<Valid> valid = runs.asked(key.namespace(), name, known.newest())
                    .map(object -> new Valid(object, AskedRun.of(object)))
                    .filter(each -> wanted.test(each.asked()))
                    .filter(each -> isInOrder(each, known));
            if (valid.isPresent()) {
                return valid;
            }
        }
        return Optional.empty();
    }

    private boolean isInOrder(Valid request, AskedRun.Known known) {
        Optional<Diagnostic> refusal = request.asked().refusal(known);
        refusal.ifPresent(why -> refuse(request, why));
        return refusal.isEmpty();
    }

    private void refuse(Valid request, Diagnostic why) {
        try {
            runs.refuse(request.object(), why, clock.instant());
            LOG.atInfo()
                    .addKeyValue("run", request.asked().name())
                    .addKeyValue("why", why.message())
                    .log("a run that somebody asks for is refused");
        } catch (ClusterException e) {
            // Somebody has changed or deleted it meanwhile: the watch tells, and it is looked at again.
            if (e.reason() != ClusterException.Reason.STALE && e.reason() != ClusterException.Reason.NOT_FOUND) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        watch.ifPresent(WatchCache::close);
    }
}
