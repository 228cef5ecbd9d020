package dev.orkestra.apply;

import dev.orkestra.cluster.ClusterException;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.desired.Hook;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.health.HealthStatus;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.plan.Inventory;
import dev.orkestra.run.Direction;
import dev.orkestra.run.HookInstance;
import dev.orkestra.run.RunState;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The hooks of one run: what its steps do with them, and what is kept of that. */
final class RunHooks {
    private final HookRunner runner;
    private final Function<RunState, HealthGate> gates;
    private final HookWords words;
    private final Kept kept;
    private final InstantSource clock;

    /** The inventory of the environment, as it is kept. */
    interface Kept {
        Inventory inventory();

        /** Nothing is written when it is the one that is kept already. */
        void keep(Inventory inventory);
    }

    RunHooks(RunExecutor.Setup setup, Function<RunState, HealthGate> gates, Kept kept) {
        this.runner = new HookRunner(setup.cluster(), setup.repo(), setup.clock());
        this.words = new HookWords(setup.cluster());
        this.gates = gates;
        this.kept = kept;
        this.clock = setup.clock();
    }

    /** The instances of one wave of {@code target}: the commit's own state, or last-good's. */
    static List<HookInstance> inWave(DesiredState target, Direction direction, Wave wave, RunState state) {
        RunState.Rollback back = state.rollback();
        String commit = direction == Direction.ROLLBACK && back != null
                ? back.to().commit()
                : state.spec().commit();
        return HookInstance.inWave(target, wave, state.spec(), commit, direction);
    }

    /** All that are on the way of {@code desired}; not those for failure. */
    private static List<HookInstance> onTheWay(DesiredState desired, RunState state) {
        return desired.waves().stream()
                .flatMap(wave -> inWave(desired, Direction.FORWARD, wave, state).stream())
                .toList();
    }

    /** The hooks that could not be made, before anything is changed: the run would fail half-way. */
    Map<HookInstance, ClusterException> refusals(DesiredState desired, RunState state) {
        Map<HookInstance, ClusterException> refused = new LinkedHashMap<>();
        for (Hook hook : desired.hooks()) {
            HookInstance each = HookInstance.of(hook, state.spec(), state.spec().commit(), Direction.FORWARD);
            runner.refusal(each)
                    .flatMap(reason -> reason.reason() == ClusterException.Reason.NOT_FOUND
                            ? withoutNamespace(each, desired)
                            : Optional.of(reason))
                    .ifPresent(reason -> refused.put(each, reason));
        }
        return refused;
    }

    /** A namespace that nobody brings in time would be waited for in vain. */
    private static Optional<ClusterException> withoutNamespace(HookInstance each, DesiredState desired) {
        String namespace = each.key().namespace();
        boolean brought = desired.objects().stream()
                .anyMatch(object -> object.key().equals(new ObjectKey("", "Namespace", "", namespace))
                        && object.wave().compareTo(each.hook().wave()) <= 0);
        return brought
                ? Optional.empty()
                : Optional.of(new ClusterException(
                        ClusterException.Reason.INVALID,
                        "the namespace " + namespace + " is not there, and the commit does not bring it before wave "
                                + each.hook().wave()));
    }

    /**
     * {@code inventory} with the intent of all hooks on the way of {@code desired}; what an earlier attempt of this run
     * has left is cleared up. Before the first, what a run that was given up has left at work is stopped.
     *
     * @throws ClusterException when that is not gone: it is tried again before anything is changed
     */
    Inventory intended(Inventory inventory, DesiredState desired, RunState state, Instant deadline)
            throws InterruptedException {
        Inventory cleared = state.touched()
                ? runner.newAttempt(inventory, state.spec().number(), deadline, kept::keep)
                : alone(inventory, state, deadline);
        return HookRunner.intend(cleared, onTheWay(desired, state));
    }

    private Inventory alone(Inventory inventory, RunState state, Instant deadline) throws InterruptedException {
        HookRunner.Stopped stopped = runner.stopOthers(inventory, state.spec().number(), deadline);
        requireStopped(stopped);
        return stopped.gone().isEmpty() ? inventory : stopped.inventory();
    }

    private static void requireStopped(HookRunner.Stopped stopped) {
        if (!stopped.left().isEmpty()) {
            throw new ClusterException(
                    ClusterException.Reason.UNAVAILABLE,
                    "still at work: "
                            + stopped.left().entrySet().stream()
                                    .map(each -> each.getKey() + " (" + each.getValue() + ")")
                                    .collect(Collectors.joining(", ")));
        }
    }

    /**
     * Starts those of {@code wanted} that this run has not started yet.
     *
     * @param inventory what is to be kept of what was done before in the same step
     */
    HookRunner.Started start(Inventory inventory, List<HookInstance> wanted, Instant deadline)
            throws InterruptedException {
        Inventory intended = HookRunner.intend(inventory, wanted);
        if (!intended.hooks().equals(inventory.hooks())) {
            // A rollback's hooks, and those for failure, are not in the commit's own intent.
            kept.keep(intended);
        }
        return runner.start(intended, wanted, deadline);
    }

    /** Those of {@code hooks} that have to be waited for. */
    List<HookInstance> pending(List<HookInstance> hooks) {
        return HookRunner.pending(kept.inventory(), hooks);
    }

    /** What has succeeded is never done again in this run, even when a later wave fails and all is tried anew. */
    void ended(List<HookInstance> waitedFor, HealthGate.Result result) {
        List<HookInstance> succeeded = switch (result) {
            case HealthGate.Result.Healthy _ -> waitedFor;
            case HealthGate.Result.Cancelled _ -> List.of();
            case HealthGate.Result.Failed(Map<ObjectKey, HealthStatus> unhealthy) -> except(waitedFor, unhealthy);
            case HealthGate.Result.DeadlinePassed(Map<ObjectKey, HealthStatus> unhealthy) ->
                except(waitedFor, unhealthy);
        };
        kept.keep(HookRunner.succeeded(kept.inventory(), succeeded));
        if (result instanceof HealthGate.Result.Healthy) {
            runner.letGo(kept.inventory(), succeeded, Hook.Removal.SUCCEEDED);
        }
    }

    private static List<HookInstance> except(List<HookInstance> all, Map<ObjectKey, HealthStatus> unhealthy) {
        return all.stream().filter(each -> !unhealthy.containsKey(each.key())).toList();
    }

    /**
     * Stops what is still at work, as last-good must not be applied beside it; removes failed hooks that are to go, and
     * runs the hooks for failure.
     *
     * @return what did not go well
     * @throws ClusterException trouble that passes: all of it may be done again
     */
    List<Diagnostic> afterFailure(DesiredState desired, RunState state, Instant deadline) throws InterruptedException {
        List<Diagnostic> warnings = new ArrayList<>();
        Tries tries = new Tries(state, deadline);
        tries.run("what is still at work could not be stopped", warnings, () -> stop(tries, warnings));
        letFailedGo(onTheWay(desired, state));
        List<Wave> waves = desired.hooks().stream()
                .filter(hook -> hook.isForFailure() && state.reached(hook.wave().layer()))
                .map(Hook::wave)
                .distinct()
                .toList();
        for (Wave wave : waves) {
            tries.run(
                    "the hooks of " + wave + " could not be run",
                    warnings,
                    () -> forFailure(tries, inWave(desired, Direction.FORWARD, wave, state), warnings));
        }
        // Last, so that what has failed is still there to be asked when all of this is done again.
        waves.forEach(wave -> letFailedGo(inWave(desired, Direction.FORWARD, wave, state)));
        return warnings;
    }

    /** How long trouble that passes is met by doing the step again: the rollback must not wait for ever. */
    private final class Tries {
        private static final int MOST_TROUBLES = 8;

        private final RunState state;
        private final Instant deadline;

        Tries(RunState state, Instant deadline) {
            this.state = state;
            this.deadline = deadline;
        }

        boolean again(ClusterException trouble) {
            return trouble.isTransient()
                    && state.progress().troubles() < MOST_TROUBLES
                    && clock.instant().isBefore(deadline);
        }

        void run(String otherwise, List<Diagnostic> warnings, Work work) throws InterruptedException {
            try {
                work.run();
            } catch (ClusterException e) {
                if (again(e)) {
                    throw e;
                }
                warnings.add(warning(otherwise + ": " + e.getMessage()));
            }
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws InterruptedException;
    }

    private void stop(Tries tries, List<Diagnostic> warnings) throws InterruptedException {
        HookRunner.Stopped stopped =
                runner.stop(kept.inventory(), tries.state.spec().number(), tries.deadline);
        if (!stopped.gone().isEmpty()) {
            kept.keep(stopped.inventory());
        }
        stopped.gone()
                .forEach(key -> warnings.add(warning(key + " had not ended when the run failed, and was stopped")));
        requireStopped(stopped);
    }

    private void forFailure(Tries tries, List<HookInstance> hooks, List<Diagnostic> warnings)
            throws InterruptedException {
        HookRunner.Started started = start(kept.inventory(), hooks, tries.deadline);
        kept.keep(started.inventory());
        Optional<ClusterException> passing =
                started.failures().values().stream().filter(tries::again).findFirst();
        if (passing.isPresent()) {
            throw passing.get();
        }
        started.failures().forEach((key, failure) -> warnings.add(warning(key + ": " + failure.getMessage())));
        List<HookInstance> running = pending(hooks).stream()
                .filter(each -> !started.failures().containsKey(each.key()))
                .toList();
        HealthGate.Result result = gates.apply(tries.state)
                .await(running.stream().map(HookInstance::object).toList(), tries.deadline, () -> false, _ -> {});
        ended(running, result);
        switch (result) {
            case HealthGate.Result.Failed(Map<ObjectKey, HealthStatus> unhealthy) ->
                unhealthy.forEach(
                        (key, status) -> warnings.add(warning(key + ": " + words.added(key, status.message()))));
            case HealthGate.Result.DeadlinePassed(Map<ObjectKey, HealthStatus> unhealthy) ->
                unhealthy.forEach((key, status) -> warnings.add(
                        warning(key + " has not ended, and is not waited for: " + words.added(key, status.message()))));
            case HealthGate.Result.Healthy _, HealthGate.Result.Cancelled _ -> {}
        }
    }

    private void letFailedGo(List<HookInstance> hooks) {
        List<HookInstance> going = hooks.stream()
                .filter(each -> each.hook().removed().contains(Hook.Removal.FAILED))
                .toList();
        try {
            runner.letGo(kept.inventory(), runner.failed(kept.inventory(), going), Hook.Removal.FAILED);
        } catch (ClusterException e) {
            // They go before the next run makes new ones; the rollback is what matters now.
            return;
        }
    }

    /** After a good run. */
    void tidy(DesiredState good, RunState state, Instant deadline) throws InterruptedException {
        kept.keep(runner.tidy(kept.inventory(), good, state.spec().number(), deadline));
    }

    private static Diagnostic warning(String message) {
        return Diagnostic.warning(
                ErrorCode.Unhealthy, message, null, "It changes nothing in the verdict; see what it left behind");
    }
}
