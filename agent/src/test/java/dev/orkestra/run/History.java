package dev.orkestra.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.desired.Hook;
import dev.orkestra.desired.Wave;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Position;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A made-up life of one environment: contents, and runs that carry them. Whatever goes wrong is written down here and
 * depends only on a run and on how often it has waited, so that the same history can be lived with and without kills.
 */
record History(List<Content> contents, Map<String, Behaviour> behaviours, List<Script> runs) {
    /** What becomes of one version of an object. */
    enum Behaviour {
        HEALTHY,
        REFUSED_AT_PLAN,
        REFUSED_AT_APPLY,
        FORBIDDEN_AT_APPLY,
        UNHEALTHY,
        NEVER_HEALTHY
    }

    /** What a person says about a plan that waits, or said before the run began. */
    enum Word {
        /** Approves it as soon as it waits. */
        APPROVES,
        /** Approves another one first. */
        APPROVES_ANOTHER,
        /** Nothing; a newer commit comes at last. */
        NOTHING,
        /** Asked for the run with this very plan. */
        BOUND,
        /** Asked for the run with another plan. */
        BOUND_TO_ANOTHER
    }

    /** One version of one object, in its wave. */
    record Item(ObjectKey key, Wave wave, String version) {}

    /** @param state as the shell has it; what objects are made of does not matter here */
    record Content(String digest, boolean valid, Map<ObjectKey, Item> items, DesiredState state) {
        static Content of(String digest, boolean valid, Map<ObjectKey, Item> items, List<Hook> hooks) {
            List<DesiredObject> objects = items.values().stream()
                    .map(item -> new DesiredObject(
                            item.key(),
                            JsonNodeFactory.instance.objectNode(),
                            item.wave(),
                            Position.startOf("a.yaml"),
                            item.version()))
                    .toList();
            return new Content(digest, valid, items, new DesiredState(digest, objects, hooks, digest));
        }

        List<Hook> hooks() {
            return state.hooks();
        }

        List<Wave> waves() {
            return waves(Direction.FORWARD);
        }

        List<Wave> waves(Direction direction) {
            return direction == Direction.FORWARD ? state.waves() : state.rollbackWaves();
        }

        List<Item> in(Wave wave) {
            return items.values().stream()
                    .filter(item -> item.wave().equals(wave))
                    .toList();
        }
    }

    /**
     * One run.
     *
     * @param newerAt the step at which a newer commit is seen, or End for none
     * @param troubledAt steps whose command can't be carried out at first
     * @param apiTrouble how many waits it takes until the API server takes writes; {@link #NO_WAY_BACK}: it takes none
     *     of a rollback, ever
     * @param brokenBefore objects that are unhealthy before, and for some waits
     * @param dark nothing becomes healthy for some waits, last-good neither
     * @param soakFails an object that nobody changed becomes unhealthy during the soak, for some waits
     * @param stuck no object can be deleted
     * @param stateLost last-good's stored state can't be read
     * @param resumedBefore somebody resumes a held environment first
     * @param word what a person says
     * @param needsApproval whether the plan waits for that
     * @param noReturn objects whose change can't be undone
     * @param holds whether a failure past one of these is held
     */
    record Script(
            int content,
            Trigger trigger,
            Step newerAt,
            Set<Step> troubledAt,
            int apiTrouble,
            Set<ObjectKey> brokenBefore,
            boolean dark,
            boolean soakFails,
            boolean stuck,
            boolean stateLost,
            boolean resumedBefore,
            Word word,
            boolean needsApproval,
            Set<ObjectKey> noReturn,
            boolean holds) {}

    static final int NO_WAY_BACK = 4;

    static final List<ObjectKey> KEYS = List.of(
            new ObjectKey("", "Namespace", "", "shop"),
            new ObjectKey("", "PersistentVolumeClaim", "shop", "data"),
            new ObjectKey("", "ConfigMap", "shop", "a"),
            new ObjectKey("", "ConfigMap", "shop", "b"),
            new ObjectKey("apps", "Deployment", "shop", "web"),
            new ObjectKey("apps", "Deployment", "shop", "api"),
            new ObjectKey("orkestra.azure.microsoft.com", "ApplicationGroup", "", "bookinfo"));

    static final List<ObjectKey> HOOKS = List.of(
            new ObjectKey("batch", "Job", "shop", "migrate"),
            new ObjectKey("batch", "Job", "shop", "smoke"),
            new ObjectKey("batch", "Job", "shop", "tell"));

    /** What becomes of one version of a hook. */
    Behaviour behaviour(Hook hook) {
        return Objects.requireNonNull(behaviours.get(hook.digest()));
    }

    static History random(RandomGenerator random) {
        Map<String, Behaviour> behaviours = new HashMap<>();
        for (ObjectKey key : HOOKS) {
            for (int version = 0; version < 3; version++) {
                List<Behaviour> all = List.of(
                        Behaviour.HEALTHY,
                        Behaviour.HEALTHY,
                        Behaviour.HEALTHY,
                        Behaviour.UNHEALTHY,
                        Behaviour.NEVER_HEALTHY,
                        Behaviour.REFUSED_AT_APPLY);
                behaviours.put(
                        key + "@" + version, version == 0 ? Behaviour.HEALTHY : all.get(random.nextInt(all.size())));
            }
        }
        for (ObjectKey key : KEYS) {
            for (int version = 0; version < 3; version++) {
                boolean fine = version == 0 || random.nextInt(100) < 65;
                Behaviour[] all = Behaviour.values();
                behaviours.put(key + "@" + version, fine ? Behaviour.HEALTHY : all[1 + random.nextInt(all.length - 1)]);
            }
        }
        List<Content> contents = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            contents.add(content(random, i));
        }
        List<Script> runs = new ArrayList<>();
        int length = 2 + random.nextInt(4);
        for (int i = 0; i < length; i++) {
            runs.add(script(random, contents.size()));
        }
        return new History(contents, behaviours, runs);
    }

    private static Content content(RandomGenerator random, int index) {
        Map<ObjectKey, Item> items = new TreeMap<>();
        for (ObjectKey key : KEYS) {
            if (random.nextInt(100) < 60) {
                Wave wave = new Wave(random.nextInt(2), Wave.Phase.SYNC, random.nextInt(3));
                items.put(key, new Item(key, wave, key + "@" + random.nextInt(3)));
            }
        }
        return Content.of("sha256:" + index, random.nextInt(100) < 90, new LinkedHashMap<>(items), hooks(random));
    }

    private static List<Hook> hooks(RandomGenerator random) {
        List<Hook> hooks = new ArrayList<>();
        for (ObjectKey key : HOOKS) {
            String version = key + "@" + random.nextInt(3);
            int layer = random.nextInt(3);
            Set<Hook.Removal> removed = Arrays.stream(Hook.Removal.values())
                    .filter(_ -> random.nextBoolean())
                    .collect(Collectors.toUnmodifiableSet());
            boolean onRollback = rarely(random, 40);
            for (Wave.Phase phase : Wave.Phase.values()) {
                if (rarely(random, 20)) {
                    Wave wave = new Wave(layer, phase, random.nextInt(3));
                    hooks.add(new Hook(
                            key,
                            JsonNodeFactory.instance.objectNode().put("apiVersion", "batch/v1"),
                            wave,
                            removed,
                            onRollback,
                            Position.startOf("h.yaml"),
                            version));
                }
            }
        }
        return hooks;
    }

    private static Script script(RandomGenerator random, int contents) {
        int roll = random.nextInt(100);
        Trigger trigger =
                roll < 78 ? Trigger.SCHEDULE : roll < 86 ? Trigger.SYNC : roll < 94 ? Trigger.RETRY : Trigger.ROLLBACK;
        List<Step> steps = List.of(Step.values());
        Set<Step> troubled = IntStream.range(0, random.nextInt(3))
                .mapToObj(i -> steps.get(random.nextInt(steps.size())))
                .filter(step -> step != Step.End && step != Step.RetryWait)
                .collect(Collectors.toUnmodifiableSet());
        Set<ObjectKey> broken =
                rarely(random, 10) ? Set.of(KEYS.get(0), KEYS.get(1 + random.nextInt(KEYS.size() - 1))) : Set.of();
        return new Script(
                random.nextInt(contents),
                trigger,
                rarely(random, 10) ? steps.get(random.nextInt(steps.size())) : Step.End,
                troubled,
                rarely(random, 10) ? 1 + random.nextInt(NO_WAY_BACK) : 0,
                broken,
                rarely(random, 8),
                rarely(random, 5),
                rarely(random, 10),
                rarely(random, 3),
                rarely(random, 50),
                Word.values()[random.nextInt(rarely(random, 15) ? Word.values().length : 2)],
                rarely(random, 25),
                rarely(random, 25) ? Set.of(KEYS.get(random.nextInt(KEYS.size()))) : Set.of(),
                rarely(random, 50));
    }

    private static boolean rarely(RandomGenerator random, int percent) {
        return random.nextInt(100) < percent;
    }
}
