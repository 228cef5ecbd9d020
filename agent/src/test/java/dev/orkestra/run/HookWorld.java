package dev.orkestra.run;

import dev.orkestra.desired.Hook;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.plan.HookEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The hooks of a {@link World}: a cluster in which their instances run, and the shell's part of carrying them out. It
 * holds that none runs twice, that none is taken for another run's, and that those for failure run exactly then.
 */
final class HookWorld {
    private enum State {
        RUNNING,
        SUCCEEDED,
        FAILED
    }

    private final World world;
    private final History history;
    private final Faults faults;
    private final Map<ObjectKey, State> live = new TreeMap<>();
    /** How often each instance was created, in all its life. */
    private final Map<ObjectKey, Integer> created = new TreeMap<>();

    private final Set<ObjectKey> succeededInRun = new HashSet<>();
    private final Set<ObjectKey> tried = new TreeSet<>();
    private final Set<Integer> layers = new HashSet<>();
    private boolean quarantined;

    HookWorld(World world, History history, Faults faults) {
        this.world = world;
        this.history = history;
        this.faults = faults;
    }

    void beginRun() {
        succeededInRun.clear();
        tried.clear();
        layers.clear();
        quarantined = false;
    }

    Map<ObjectKey, Integer> created() {
        return Map.copyOf(created);
    }

    /** A wave of the commit is about to be applied. */
    void reaches(Wave wave) {
        layers.add(wave.layer());
    }

    void isQuarantined() {
        quarantined = true;
    }

    static List<HookInstance> inWave(History.Content content, RunState state, Direction direction, Wave wave) {
        RunState.Rollback back = state.rollback();
        String commit = direction == Direction.ROLLBACK && back != null
                ? back.to().commit()
                : state.spec().commit();
        return HookInstance.inWave(content.state(), wave, state.spec(), commit, direction);
    }

    /** An attempt after another one: what failed is removed, to be done anew. */
    void storeIntent(RunState state, History.Content content) {
        layers.clear();
        for (HookEntry entry : List.copyOf(world.inventory.hooks().values())) {
            if (entry.run() == state.spec().number() && !entry.succeeded()) {
                faults.mayKill();
                State is = live.get(entry.instance());
                if (is == State.SUCCEEDED) {
                    world.inventory = world.inventory.withHooks(List.of(entry.done()));
                } else if (is == State.FAILED) {
                    world.inventory = world.inventory.withHooks(List.of(entry.made("")));
                    faults.mayKill();
                    live.remove(entry.instance());
                }
            }
        }
        for (Wave wave : content.waves()) {
            intend(inWave(content, state, Direction.FORWARD, wave));
        }
    }

    private void intend(List<HookInstance> hooks) {
        world.inventory = world.inventory.withHooks(hooks.stream()
                .filter(each -> world.inventory.hook(each.key()).isEmpty())
                .map(HookInstance::intended)
                .toList());
    }

    /** Those that could not be created. */
    List<HookInstance> start(RunState state, List<HookInstance> hooks) {
        intend(hooks);
        List<HookInstance> refused = new ArrayList<>();
        for (HookInstance each : hooks) {
            HookEntry entry = world.inventory.hook(each.key()).orElseThrow();
            tried.add(each.key());
            if (!entry.uid().isEmpty() || entry.succeeded()) {
                continue;
            }
            removeEarlier(each, state.spec().number());
            faults.mayKill();
            if (history.behaviour(each.hook()) == History.Behaviour.REFUSED_AT_APPLY) {
                refused.add(each);
                continue;
            }
            if (!live.containsKey(each.key())) {
                World.check(!succeededInRun.contains(each.key()), "%s runs again", each.key());
                live.put(each.key(), State.RUNNING);
                created.merge(each.key(), 1, Integer::sum);
            }
            faults.mayKill();
            world.inventory = world.inventory.withHooks(List.of(entry.made("uid")));
        }
        return refused;
    }

    private void removeEarlier(HookInstance each, int run) {
        for (HookEntry entry : List.copyOf(world.inventory.hooks().values())) {
            if (entry.hook().equals(each.hook().key())
                    && entry.run() != run
                    && each.hook().removed().contains(Hook.Removal.BEFORE_NEXT)) {
                faults.mayKill();
                live.remove(entry.instance());
                world.inventory = world.inventory.withoutHooks(Set.of(entry.instance()));
            }
        }
    }

    /** Those that have not succeeded: true for failed, false for not ended. */
    Map<HookInstance, Boolean> await(List<HookInstance> hooks, boolean dark) {
        Map<HookInstance, Boolean> unhealthy = new LinkedHashMap<>();
        List<HookEntry> done = new ArrayList<>();
        for (HookInstance each : hooks) {
            HookEntry entry = world.inventory.hook(each.key()).orElseThrow();
            if (entry.succeeded()) {
                continue;
            }
            World.check(live.containsKey(each.key()), "waits for %s, which was not started", each.key());
            State is = live.compute(each.key(), (_, now) -> end(each, now, dark));
            if (is == State.SUCCEEDED) {
                succeededInRun.add(each.key());
                done.add(entry.done());
            } else {
                unhealthy.put(each, is == State.FAILED);
            }
        }
        faults.mayKill();
        world.inventory = world.inventory.withHooks(done);
        faults.mayKill();
        if (unhealthy.isEmpty()) {
            hooks.stream()
                    .filter(each -> each.hook().removed().contains(Hook.Removal.SUCCEEDED))
                    .forEach(each -> live.remove(each.key()));
        }
        return unhealthy;
    }

    private State end(HookInstance hook, State now, boolean dark) {
        if (now != State.RUNNING || dark) {
            return now;
        }
        return switch (history.behaviour(hook.hook())) {
            case UNHEALTHY -> State.FAILED;
            case NEVER_HEALTHY -> State.RUNNING;
            default -> State.SUCCEEDED;
        };
    }

    void runForFailure(RunState state, History.Content content, boolean dark) {
        World.check(quarantined, "hooks for failure run before the verdict is recorded");
        stop(state);
        for (Hook hook : content.hooks()) {
            if (hook.isForFailure() && state.reached(hook.wave().layer())) {
                HookInstance each =
                        HookInstance.of(hook, state.spec(), state.spec().commit(), Direction.FORWARD);
                if (start(state, List.of(each)).isEmpty()) {
                    await(List.of(each), dark);
                }
            }
        }
    }

    /** Last-good must not be applied while a hook of the commit that failed is at work. */
    private void stop(RunState state) {
        for (HookEntry entry : List.copyOf(world.inventory.hooks().values())) {
            if (entry.run() == state.spec().number()
                    && entry.wave().phase() != Wave.Phase.SYNC_FAIL
                    && live.get(entry.instance()) == State.RUNNING) {
                faults.mayKill();
                live.remove(entry.instance());
                faults.mayKill();
                world.inventory = world.inventory.withoutHooks(Set.of(entry.instance()));
            }
        }
    }

    /** Before a wave of last-good is applied. */
    void checkNoneAtWork(RunState state, History.Content content) {
        content.hooks().stream().filter(hook -> !hook.isForFailure()).forEach(hook -> {
            HookInstance each = HookInstance.of(hook, state.spec(), state.spec().commit(), Direction.FORWARD);
            World.check(live.get(each.key()) != State.RUNNING, "%s is still at work", each.key());
        });
    }

    void tidy(RunState state, History.Content content) {
        Set<ObjectKey> wanted = new HashSet<>();
        content.hooks().forEach(hook -> wanted.add(hook.key()));
        for (HookEntry entry : List.copyOf(world.inventory.hooks().values())) {
            boolean goes = entry.run() != state.spec().number() && !wanted.contains(entry.hook());
            if (goes) {
                faults.mayKill();
                live.remove(entry.instance());
            }
            if (!live.containsKey(entry.instance())) {
                world.inventory = world.inventory.withoutHooks(Set.of(entry.instance()));
            }
        }
    }

    /** All of one wave have succeeded in this very run. */
    void checkDone(List<HookInstance> hooks) {
        hooks.forEach(each -> World.check(succeededInRun.contains(each.key()), "%s has not run", each.key()));
    }

    void checkAlways() {
        live.keySet()
                .forEach(key -> World.check(world.inventory.hook(key).isPresent(), "the hook %s is an orphan", key));
    }

    /** Those for failure ran exactly when the run failed for good, in the layers that it had reached. */
    void checkAtRest(RunState state, History.Content content) {
        int highest = layers.stream().mapToInt(layer -> layer).max().orElse(Integer.MIN_VALUE);
        for (Hook hook : content.hooks()) {
            if (hook.isForFailure()) {
                boolean ran = tried.contains(
                        HookInstance.of(hook, state.spec(), state.spec().commit(), Direction.FORWARD)
                                .key());
                boolean wanted = quarantined && hook.wave().layer() <= highest;
                World.check(ran == wanted, "%s for failure: ran %s, wanted %s", hook.key(), ran, wanted);
            }
        }
        Optional<ObjectKey> unfinished = live.keySet().stream()
                .filter(key -> world.inventory.hook(key).isEmpty())
                .findFirst();
        World.check(unfinished.isEmpty(), "the hook %s is an orphan", unfinished);
    }
}
