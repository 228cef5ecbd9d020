package dev.orkestra.agent;

import dev.orkestra.apply.Claims;
import dev.orkestra.apply.EnvironmentStore.Environment;
import dev.orkestra.apply.Environments;
import dev.orkestra.apply.RunExecutor;
import dev.orkestra.apply.RunStore;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.Identity;
import dev.orkestra.desired.AssembleResult;
import dev.orkestra.desired.Assembler;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.Outside;
import dev.orkestra.desired.ScopeLookup;
import dev.orkestra.drift.DriftController;
import dev.orkestra.imports.OpenImports;
import dev.orkestra.katalog.InputLimits;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import dev.orkestra.outcome.Severity;
import dev.orkestra.plan.Inventory;
import dev.orkestra.run.RunCommand;
import dev.orkestra.run.RunEvent;
import dev.orkestra.run.RunMachine;
import dev.orkestra.run.RunState;
import dev.orkestra.run.Step;
import dev.orkestra.source.SourceException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The loop of one run: carry out the state's command, hand the event to the machine, persist the new state, repeat.
 * The lease is looked at before each command: an agent that lost it must not go on (DESIGN.md §3, "fenced").
 */
final class RunDriver {
    /** How often a wave's reason to wait is written while nothing else changes: state is kept per wave. */
    private static final Duration BETWEEN_PROGRESS = Duration.ofSeconds(5);
    /** Composing and planning hold whole environments in memory. */
    private static final int AT_ONCE = 8;

    private final Cluster cluster;
    private final Environments environments;
    private final DriftController drift;
    private final RepoSource source;
    private final RepoImports imports;
    private final InputLimits limits;
    private final RunStore runs;
    private final RepoStatus status;
    private final RunJournal journal;
    private final Metrics metrics;
    private final Turns turns = new Turns(AT_ONCE);
    private final Claims claims = new Claims();
    private final InstantSource clock;
    private final LongSupplier epoch;

    /** @param epoch epoch of the lease; throws {@link IllegalStateException} when it is not held */
    RunDriver(
            Cluster cluster,
            Environments environments,
            DriftController drift,
            RepoSource source,
            RepoImports imports,
            InputLimits limits,
            RepoStatus status,
            RunJournal journal,
            Metrics metrics,
            InstantSource clock,
            LongSupplier epoch) {
        this.cluster = cluster;
        this.environments = environments;
        this.drift = drift;
        this.source = source;
        this.imports = imports;
        this.limits = limits;
        this.runs = new RunStore(cluster);
        this.status = status;
        this.journal = journal;
        this.metrics = metrics;
        metrics.gauge("orkestra_turns_waiting", "Runs that wait for their turn to compose or plan.", turns::waiting);
        this.clock = clock;
        this.epoch = epoch;
    }

    long epoch() {
        return epoch.getAsLong();
    }

    /** What is kept of the repository's environment. */
    Environment environment(ConfigRepo repo) {
        return environments.current(repo);
    }

    /** The ConfigRepo with {@code label} is gone, and no run of it is under way. */
    void forget(String label) {
        environments.forget(label);
    }

    /** What this process knows of the repository's inventory: nobody else writes it, so it is not asked for each time. */
    Inventory inventory(ConfigRepo repo) {
        return environments.known(repo).inventory();
    }

    /**
     * Drives {@code stored} to its end, or to where it must be resumed with the ConfigRepo's new spec.
     *
     * @param resumed whether another process, or an earlier try of this one, has begun it
     * @param signals what is heard meanwhile
     */
    void drive(RepoKey key, ConfigRepo repo, RunStore.Stored stored, boolean resumed, RunSignals signals)
            throws InterruptedException {
        drift.hold(repo.label());
        if (resumed) {
            // Whoever began it may have written after this process read.
            environments.of(repo).load();
        }
        Cluster identity = cluster.as(new Identity(repo.namespace(), repo.serviceAccountName()));
        Progress progress = new Progress(stored);
        RunTimes times = new RunTimes(metrics, clock, stored.state());
        RunExecutor executor = new RunExecutor(new RunExecutor.Setup(
                repo,
                mayPlanFromCaches(repo, stored.state(), resumed) ? drift.cached(repo, identity) : identity,
                environments.of(repo),
                commit -> compose(repo, commit),
                clock,
                signals,
                claims,
                event -> progress.waiting(key, event)));
        status.heard(key, progress.state());
        if (resumed) {
            progress.accept(new RunEvent.Resumed(clock.instant(), epoch.getAsLong(), RunState.Basis.of(repo)));
        }
        boolean changing = false;
        while (!progress.state().isEnd()) {
            requireLease();
            signals.news(progress.state()).forEach(progress::accept);
            if (progress.state().step() == Step.RetryWait && signals.outdated()) {
                // Whoever asked for it resumes it at once, with the ConfigRepo as it is now.
                progress.accept(new RunEvent.Waited(clock.instant()));
                return;
            }
            RunState state = progress.state();
            journal.begins(state);
            if (!changing && changes(state)) {
                changing = true;
                if (drift.runChanges(repo.label())) {
                    status.driftForgotten(key);
                }
            }
            RunCommand command = RunMachine.command(state);
            if (command instanceof RunCommand.AwaitApproval) {
                status.awaiting(key, state);
            }
            times.begins(state);
            RunEvent event = command instanceof RunCommand.MakePlan
                    ? turns.take(() -> executor.execute(command, state))
                    : executor.execute(command, state);
            times.worked(state, event);
            journal.worked(state);
            if (command instanceof RunCommand.Finish) {
                status.ended(key, state, executor.environment());
            }
            progress.accept(event);
            tellOfTrouble(key, progress.state());
            if (event instanceof RunEvent.ConsentGiven) {
                status.heard(key, progress.state());
            }
        }
        journal.begins(progress.state());
        runs.removeOld(key.namespace(), key.name(), repo.label());
    }

    /** A plan that a person says yes to must be of what is there now; a cache may be a moment behind. */
    static boolean mayPlanFromCaches(ConfigRepo repo, RunState state, boolean resumed) {
        return !resumed
                && repo.policies().approval() == ConfigRepo.Approval.NONE
                && state.consent().hash().isEmpty();
    }

    /** Whether from this step on the environment, or what is kept of it, is not as it was before the run. */
    static boolean changes(RunState state) {
        RunState.Waiting waiting = state.waiting();
        Step step = state.step() == Step.RetryWait && waiting != null ? waiting.then() : state.step();
        return switch (step) {
            case Compose, StoreState, Plan, AwaitApproval, RetryWait, Finish, End -> false;
            default -> true;
        };
    }

    /** A run that waits for trouble to pass says so where people look; its resource alone would hide it. */
    private void tellOfTrouble(RepoKey key, RunState state) {
        if (state.step() == Step.RetryWait) {
            state.report().diagnostics().reversed().stream()
                    .filter(finding -> finding.severity() == Severity.ERROR)
                    .findFirst()
                    .ifPresent(finding -> status.trouble(key, finding, false));
        }
    }

    private void requireLease() {
        long held = epoch.getAsLong();
        if (held < 0) {
            throw new IllegalStateException("a lease's epoch counts from 0");
        }
    }

    /** The cache volume may be lost at any time, and it may be full; the server may be away just then. */
    private RunExecutor.Composition compose(ConfigRepo repo, String commit) {
        try {
            return source.bring(repo, commit).map(RunDriver::without).orElseGet(() -> composeFromMirror(repo, commit));
        } catch (SourceException e) {
            return without(Diagnostic.error(
                    ErrorCode.FetchFailed,
                    String.valueOf(e.getMessage()),
                    null,
                    "See whether the disk of the cache folder is full; the agent tries again by itself"));
        }
    }

    private static RunExecutor.Composition without(Diagnostic reason) {
        return new RunExecutor.Composition(Optional.empty(), List.of(reason));
    }

    private RunExecutor.Composition composeFromMirror(ConfigRepo repo, String commit) {
        return switch (imports.open(repo)) {
            case Outcome.Done<OpenImports>(OpenImports elsewhere) -> {
                try (elsewhere) {
                    Outside outside = imports.outside(elsewhere);
                    // A server that does not answer holds nobody else's turn.
                    Outside yielding = new Outside(
                            need -> turns.without(() -> outside.imports().provide(need)), outside.kustomize());
                    AssembleResult result = turns.take(() ->
                            Assembler.assemble(repo, commit, source.tree(repo, commit), scopes(), limits, yielding));
                    yield new RunExecutor.Composition(result.state(), result.diagnostics());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    yield new RunExecutor.Composition(Optional.empty(), List.of());
                }
            }
            case Outcome.Retry<OpenImports>(var _, Diagnostic reason) -> without(reason);
            case Outcome.Terminal<OpenImports>(Diagnostic reason) -> without(reason);
        };
    }

    /** Live discovery tells the scope of kinds that neither Kubernetes nor the commit brings. */
    private ScopeLookup scopes() {
        return (apiVersion, kind) -> {
            try {
                return Optional.of(cluster.resourceType(apiVersion, kind).namespaced());
            } catch (ClusterException e) {
                return Optional.empty();
            }
        };
    }

    /** The run's state as it is persisted, step by step. */
    private final class Progress {
        private RunStore.Stored stored;
        private Instant lastWaiting = Instant.MIN;
        private String told = "";

        Progress(RunStore.Stored stored) {
            this.stored = stored;
        }

        RunState state() {
            return stored.state();
        }

        void accept(RunEvent event) {
            stored = runs.save(stored, RunMachine.next(stored.state(), event));
        }

        /** Told at each look, so that what changes too soon after another change is written at a later one. */
        void waiting(RepoKey key, RunEvent.StillWaiting event) {
            boolean first = lastWaiting.equals(Instant.MIN);
            if (first || lastWaiting.isBefore(event.at().minus(BETWEEN_PROGRESS))) {
                RunState before = stored.state();
                accept(event);
                if (first || !stored.state().equals(before)) {
                    lastWaiting = event.at();
                }
                if (!first && !event.waitingFor().equals(told)) {
                    // A wait that lasts is told where people look first.
                    told = event.waitingFor();
                    status.waits(key, stored.state());
                }
            }
        }
    }
}
