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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The hooks of one run: what its steps do with them, and what is kept of that. */
final class RunHooks {
    private final HookRunner runner;
    private final Function<RunState, HealthGate> gates;
    private final HookWords words;
    private final Kept kept;

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

    /**
     * {@code inventory} with the intent of all hooks on the way of {@code desired}; what an earlier attempt of this run
     * has left is cleared up.
     */
    Inventory intended(Inventory inventory, DesiredState desired, RunState state, Instant deadline)
            throws InterruptedException {
        Inventory cleared =
                state.touched() ? runner.newAttempt(inventory, state.spec().number(), deadline) : inventory;
        return HookRunner.intend(cleared, onTheWay(desired, state));
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
     * Removes failed hooks that are to go, and runs the hooks for failure.
     *
     * @return what did not go well
     */
    List<Diagnostic> afterFailure(DesiredState desired, RunState state, Instant deadline) throws InterruptedException {
        List<Diagnostic> warnings = new ArrayList<>();
        letFailedGo(onTheWay(desired, state));
        List<Wave> waves = desired.hooks().stream()
                .filter(hook -> hook.isForFailure() && state.reached(hook.wave().layer()))
                .map(Hook::wave)
                .distinct()
                .toList();
        for (Wave wave : waves) {
            try {
                forFailure(gates.apply(state), inWave(desired, Direction.FORWARD, wave, state), deadline, warnings);
            } catch (ClusterException e) {
                warnings.add(warning("the hooks of " + wave + " could not be run: " + e.getMessage()));
            }
        }
        return warnings;
    }

    private void forFailure(HealthGate gate, List<HookInstance> hooks, Instant deadline, List<Diagnostic> warnings)
            throws InterruptedException {
        HookRunner.Started started = start(kept.inventory(), hooks, deadline);
        kept.keep(started.inventory());
        started.failures().forEach((key, failure) -> warnings.add(warning(key + ": " + failure.getMessage())));
        List<HookInstance> running = pending(hooks).stream()
                .filter(each -> !started.failures().containsKey(each.key()))
                .toList();
        HealthGate.Result result =
                gate.await(running.stream().map(HookInstance::object).toList(), deadline, () -> false, _ -> {});
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
        letFailedGo(hooks);
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
