package dev.orkestra.apply;

import dev.orkestra.apply.EnvironmentStore.Environment;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.health.EarlyFailures;
import dev.orkestra.health.HealthRules;
import dev.orkestra.health.HealthStatus;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.plan.Inventory;
import dev.orkestra.plan.InventoryEntry;
import dev.orkestra.plan.Replacement;
import dev.orkestra.run.Direction;
import dev.orkestra.run.Evidence;
import dev.orkestra.run.HookInstance;
import dev.orkestra.run.LastGood;
import dev.orkestra.run.Ledger;
import dev.orkestra.run.PruneResult;
import dev.orkestra.run.Quarantined;
import dev.orkestra.run.RunCommand;
import dev.orkestra.run.RunEvent;
import dev.orkestra.run.RunState;
import dev.orkestra.run.RunSummary;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Carries out the commands of one run. Each is idempotent, because a crash repeats it; what it needs is loaded again
 * from what is kept when this process did not see the step before (DESIGN.md §3, "intent before effect").
 */
public final class RunExecutor {
    private final Setup setup;
    private final EnvironmentStore store;
    private final InstantSource clock;
    private final RunPlanning planning;
    private final HealthRules health;
    private final RunHooks hooks;
    private final RunStates states;
    private Environment environment;

    /**
     * What a run works with.
     *
     * @param repo the ConfigRepo as it was when the run was started or resumed
     * @param cluster seen with the environment's identity
     * @param store what is kept of the environment
     * @param composer from a commit to its desired state
     * @param clock the time
     * @param interruptions what waits listen to
     * @param claims what all environments of this process have applied
     * @param progress told what a wave waits for
     */
    public record Setup(
            ConfigRepo repo,
            Cluster cluster,
            EnvironmentStore store,
            Composer composer,
            InstantSource clock,
            Interruptions interruptions,
            Claims claims,
            Consumer<RunEvent.StillWaiting> progress) {}

    /** From a commit to its desired state. */
    @FunctionalInterface
    public interface Composer {
        /**
         * @return the state, absent when a finding is an error; and all findings
         */
        Composition compose(String commit);
    }

    /** What composing gave. */
    public record Composition(Optional<DesiredState> state, List<Diagnostic> findings) {}

    public RunExecutor(Setup setup) {
        this.setup = setup;
        this.store = setup.store();
        this.clock = setup.clock();
        this.states = new RunStates(store, setup.composer());
        this.environment = store.known().orElseGet(store::load);
        this.health = HealthRules.of(setup.repo());
        this.planning = new RunPlanning(setup.cluster(), setup.repo());
        this.hooks = new RunHooks(setup, this::gate, new RunHooks.Kept() {
            @Override
            public Inventory inventory() {
                return environment.inventory();
            }

            @Override
            public void keep(Inventory inventory) {
                RunExecutor.this.keep(inventory);
            }
        });
    }

    /** What is kept now. */
    public Environment environment() {
        return environment;
    }

    /**
     * Carries out {@code command} of {@code state} and tells what happened. Trouble that passes is an event as well.
     *
     * @throws InterruptedException when this process is being stopped: the command is repeated by the next one
     */
    public RunEvent execute(RunCommand command, RunState state) throws InterruptedException {
        try {
            return switch (command) {
                case RunCommand.Compose _ -> compose(state);
                case RunCommand.StoreState _ -> storeState(state);
                case RunCommand.MakePlan _ -> plan(state);
                case RunCommand.StoreIntent _ -> storeIntent(state);
                case RunCommand.ApplyWave apply -> applyWave(apply, state);
                case RunCommand.AwaitHealth await -> awaitHealth(await, state);
                case RunCommand.Soak(Instant until) -> soak(state, until);
                case RunCommand.Wait(Instant until) -> setup.interruptions().awaitUntil(until);
                case RunCommand.RecordGood _ -> recordGood(state);
                case RunCommand.Prune _ -> prune(state);
                case RunCommand.RecordQuarantine(String reason) -> recordQuarantine(state, reason);
                case RunCommand.LoadLastGood(LastGood to) -> loadLastGood(to);
                case RunCommand.RemoveNew(LastGood to) -> removeNew(to, state);
                case RunCommand.RecordRollback(LastGood to, boolean whole) -> {
                    save(environment.ledger().rolledBack(to, whole));
                    yield new RunEvent.RollbackRecorded(clock.instant());
                }
                case RunCommand.LiftQuarantine _ -> {
                    save(environment.ledger().lift(state.digest()));
                    yield new RunEvent.QuarantineLifted(clock.instant());
                }
                case RunCommand.Finish _ -> {
                    Ledger ended = environment.ledger().finished(RunSummary.of(state, clock.instant()));
                    environment = store.save(environment.with(ended).keepingGood());
                    yield new RunEvent.Finished(clock.instant());
                }
                case RunCommand.RunFailHooks(Instant deadline) ->
                    new RunEvent.FailHooksRan(clock.instant(), hooks.afterFailure(desired(state), state, deadline));
                case RunCommand.AwaitApproval _ -> setup.interruptions().awaitConsent();
                case RunCommand.End _ -> throw new IllegalStateException("nothing is left to do");
            };
        } catch (PassingTrouble e) {
            return new RunEvent.Troubled(clock.instant(), e.reason());
        } catch (ClusterException e) {
            return new RunEvent.Troubled(clock.instant(), PassingTrouble.of(e));
        }
    }

    private RunEvent compose(RunState state) throws InterruptedException {
        Composition composition = states.compose(environment, state);
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedException("stopped while composing");
        }
        if (composition.state().isEmpty()) {
            return PassingTrouble.in(composition.findings())
                    .<RunEvent>map(trouble -> new RunEvent.Troubled(clock.instant(), trouble))
                    .orElseGet(() -> new RunEvent.Invalid(clock.instant(), composition.findings()));
        }
        DesiredState whole = store.recorded(environment, composition.state().get());
        states.composed(whole);
        DesiredState composed = RunStates.carriedOut(whole, state);
        return new RunEvent.Composed(
                clock.instant(),
                composed.digest(),
                composed.waves(),
                composed.objects().size(),
                environment.ledger().view(),
                composition.findings());
    }

    private RunEvent storeState(RunState state) {
        environment = store.save(environment, states.whole(environment, state));
        return new RunEvent.StateStored(clock.instant());
    }

    private RunEvent plan(RunState state) {
        RunEvent planned = planning.plan(desired(state), environment.inventory(), clock.instant());
        Map<HookInstance, ClusterException> refused =
                planned instanceof RunEvent.Planned ? hooks.refusals(desired(state), state) : Map.of();
        if (refused.isEmpty()) {
            return planned;
        }
        RunEvidence seen = evidence(state, List.copyOf(refused.keySet()));
        return new RunEvent.PlanRefused(
                clock.instant(),
                refused.entrySet().stream()
                        .map(each -> seen.refused(each.getKey().key(), each.getValue()))
                        .toList());
    }

    /** Everything that is about to be created stands in the inventory before it exists. */
    private RunEvent storeIntent(RunState state) throws InterruptedException {
        Inventory inventory = hooks.intended(environment.inventory(), desired(state), state, waveLimit(state));
        List<InventoryEntry> intended = desired(state).objects().stream()
                .filter(object -> inventory.get(object.key()).isEmpty())
                .map(object -> InventoryEntry.intended(object.key(), object.apiVersion(), object.wave()))
                .toList();
        environment = store.save(
                environment
                        .with(inventory.with(intended).with(planning.confirmed()))
                        .with(environment.ledger().unsettled()),
                states.whole(environment, state));
        return new RunEvent.IntentStored(clock.instant());
    }

    private RunEvent applyWave(RunCommand.ApplyWave command, RunState state) throws InterruptedException {
        DesiredState wanted = states.target(environment, command.direction(), state);
        List<DesiredObject> wave = wanted.inWave(command.wave());
        WaveApplier applier = new WaveApplier(setup.cluster(), setup.repo(), gate(state), setup.claims(), clock);
        if (command.direction() == Direction.ROLLBACK) {
            applier.afterReplacing(Replacement.allowedIn(desired(state)));
        }
        if (command.direction() == Direction.ROLLBACK || state.spec().isRollback()) {
            wave = RollbackDefinitions.absent(setup.cluster(), wave);
        }
        List<RunPlanning.ToApply> objects = planning.changed(wanted, wave, environment.inventory());
        WaveApplier.Result result = applier.apply(objects, command.deadline(), setup.interruptions()::breakOff);
        Inventory inventory = result.applied().isEmpty()
                ? environment.inventory()
                : environment.inventory().with(result.applied());
        Map<ObjectKey, ClusterException> failures = new TreeMap<>(result.failures());
        List<HookInstance> instances = RunHooks.inWave(wanted, command.direction(), command.wave(), state);
        if (result.isWhole() && result.applied().size() == objects.size() && !instances.isEmpty()) {
            HookRunner.Started started = hooks.start(inventory, instances, command.deadline());
            inventory = started.inventory();
            failures.putAll(started.failures());
        }
        // Once per wave, not per object: a crash before this only applies the same again.
        keep(inventory);
        // Broken off is not applied either: the step stays, and what follows the deletion decides.
        if (!(result.awaited() instanceof HealthGate.Result.Healthy) && failures.isEmpty()) {
            return said(result.awaited(), command.direction(), command.wave(), state, instances);
        }
        if (failures.isEmpty() && result.foreign().isEmpty()) {
            return new RunEvent.WaveApplied(clock.instant(), command.direction(), command.wave());
        }
        RunEvidence seen = evidence(state, instances);
        List<Evidence> evidence = Stream.concat(
                        result.foreign().entrySet().stream()
                                .map(each -> seen.elsewhere(each.getKey(), each.getValue())),
                        failures.entrySet().stream().map(each -> seen.refused(each.getKey(), each.getValue())))
                .toList();
        return new RunEvent.WaveRefused(clock.instant(), command.direction(), command.wave(), evidence);
    }

    private RunEvent awaitHealth(RunCommand.AwaitHealth command, RunState state) throws InterruptedException {
        DesiredState wanted = states.target(environment, command.direction(), state);
        Wave wave = command.wave();
        List<HookInstance> running = hooks.pending(RunHooks.inWave(wanted, command.direction(), wave, state));
        SafePoint safePoint = new SafePoint(command.yieldsFrom(), running, setup.interruptions(), clock);
        HealthGate.Result result = gate(state)
                .await(
                        Stream.concat(
                                        wanted.inWave(wave).stream(),
                                        running.stream().map(HookInstance::object))
                                .toList(),
                        command.deadline(),
                        safePoint,
                        waiting -> {
                            safePoint.saw(waiting);
                            setup.progress()
                                    .accept(new RunEvent.StillWaiting(
                                            clock.instant(), command.direction(), wave, Evidences.firstOf(waiting)));
                        });
        hooks.ended(running, result);
        return result instanceof HealthGate.Result.Cancelled && safePoint.isReached()
                ? new RunEvent.SafePoint(clock.instant(), command.direction(), wave)
                : said(result, command.direction(), wave, state, running);
    }

    private RunEvent said(
            HealthGate.Result result, Direction direction, Wave wave, RunState state, List<HookInstance> running) {
        return switch (result) {
            case HealthGate.Result.Healthy _ -> new RunEvent.WaveHealthy(clock.instant(), direction, wave);
            case HealthGate.Result.Cancelled _ ->
                new RunEvent.StillWaiting(clock.instant(), direction, wave, "it is broken off");
            case HealthGate.Result.Failed failed ->
                new RunEvent.WaveFailed(
                        clock.instant(),
                        direction,
                        wave,
                        evidence(state, running).unhealthy(failed.forGood(), Evidence.Kind.UNHEALTHY));
            case HealthGate.Result.DeadlinePassed(Map<ObjectKey, HealthStatus> unhealthy) ->
                new RunEvent.DeadlinePassed(
                        clock.instant(),
                        direction,
                        wave,
                        evidence(state, running).unhealthy(unhealthy, Evidence.Kind.DEADLINE));
        };
    }

    private RunEvent soak(RunState state, Instant until) throws InterruptedException {
        Optional<Map<ObjectKey, HealthStatus>> broken =
                gate(state).soak(desired(state).objects(), until);
        return broken.isEmpty()
                ? new RunEvent.Soaked(clock.instant())
                : new RunEvent.SoakFailed(
                        clock.instant(), evidence(state, List.of()).unhealthy(broken.get(), Evidence.Kind.UNHEALTHY));
    }

    private RunEvent recordGood(RunState state) {
        LastGood good = new LastGood(state.spec().commit(), state.spec().number(), state.digest());
        save(environment.ledger().good(good));
        return new RunEvent.GoodRecorded(clock.instant());
    }

    private RunEvent recordQuarantine(RunState state, String reason) {
        save(environment
                .ledger()
                .quarantine(new Quarantined(
                        state.spec().commit(), state.digest(), state.spec().number(), reason, clock.instant())));
        return new RunEvent.QuarantineRecorded(clock.instant());
    }

    private RunEvent loadLastGood(LastGood to) {
        return states.lastGood(environment, to)
                .<RunEvent>map(state -> new RunEvent.LastGoodLoaded(clock.instant(), state.rollbackWaves()))
                .orElseGet(() -> new RunEvent.NoLastGood(
                        clock.instant(),
                        Diagnostic.error(
                                ErrorCode.RollbackFailed,
                                "the resolved state of last-good " + to.commit() + " is not kept any more",
                                null,
                                "Push a commit that works")));
    }

    private RunEvent prune(RunState state) throws InterruptedException {
        hooks.tidy(states.kept(environment), state, waveLimit(state));
        if (!setup.repo().prune().enabled()) {
            return new RunEvent.Pruned(clock.instant(), new PruneResult(PruneResult.Kind.DISABLED, 0, 0, List.of()));
        }
        Removal removal = new Removal(setup.cluster(), setup.repo(), clock);
        Removal.Result result = removal.afterGood(
                environment.inventory(),
                states.kept(environment),
                state.consent().isGranted());
        forget(result.gone());
        // The run is good all the same: the next commit that has another definition brings it.
        PruneResult summary = state.spec().isRollback()
                ? RollbackDefinitions.left(result.summary(), desired(state), environment.inventory(), "another commit")
                : result.summary();
        return new RunEvent.Pruned(clock.instant(), summary);
    }

    private RunEvent removeNew(LastGood to, RunState state) throws InterruptedException {
        DesiredState lastGood = states.target(environment, Direction.ROLLBACK, state);
        Removal removal = new Removal(setup.cluster(), setup.repo(), clock);
        Removal.Result result = removal.newSince(
                environment.inventory(), desired(state), lastGood, state.spec().startedAt());
        forget(result.gone());
        // The cluster is not whole then, so that the next run looks at each object again.
        PruneResult summary =
                RollbackDefinitions.left(result.summary(), lastGood, environment.inventory(), "this commit");
        return new RunEvent.Removed(clock.instant(), summary);
    }

    private void forget(List<ObjectKey> gone) {
        if (!gone.isEmpty()) {
            environment = store.save(environment.with(environment.inventory().without(gone)));
        }
    }

    /** Saves {@code inventory}, unless it is the one that is kept already. */
    @SuppressWarnings("ReferenceEquality")
    private void keep(Inventory inventory) {
        if (inventory != environment.inventory()) {
            environment = store.save(environment.with(inventory));
        }
    }

    private void save(Ledger ledger) {
        environment = store.save(environment.with(ledger));
    }

    private Instant waveLimit(RunState state) {
        return clock.instant().plus(state.spec().limits().wave());
    }

    private HealthGate gate(RunState state) {
        return new HealthGate(new HealthGate.Setup(
                LiveWatches.of(setup.cluster()),
                setup.repo().label(),
                health,
                EarlyFailures.Limits.DEFAULT,
                state.spec().startedAt(),
                clock));
    }

    private DesiredState desired(RunState state) {
        return states.ofRun(environment, state);
    }

    private RunEvidence evidence(RunState state, List<HookInstance> hooksOfWave) {
        return new RunEvidence(
                state,
                desired(state),
                states.lastGood(environment, state.known().lastGood()),
                hooksOfWave,
                new HookWords(setup.cluster()));
    }
}
