package dev.orkestra.desired;

import dev.orkestra.document.ObjectKey;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * All that a commit wants in one environment.
 *
 * @param commit full object name of the commit, for people; not part of the digest
 * @param objects in wave order, then by key; no two with one key
 * @param hooks what is done on the way, in wave order, then by key. They are no objects that the environment is made of:
 *     nobody misses them afterwards
 * @param digest {@code sha256:…} over waves, objects and hooks: the identity of the content (DESIGN.md §4.5)
 */
public record DesiredState(String commit, List<DesiredObject> objects, List<Hook> hooks, String digest) {
    /** The order of {@link #objects}. */
    public static final Comparator<DesiredObject> ORDER =
            Comparator.comparing(DesiredObject::wave).thenComparing(DesiredObject::key);

    /** The order of {@link #hooks}. */
    static final Comparator<Hook> HOOK_ORDER = Comparator.comparing(Hook::wave).thenComparing(Hook::key);

    public DesiredState {
        objects = objects.stream().sorted(ORDER).toList();
        hooks = hooks.stream().sorted(HOOK_ORDER).toList();
    }

    /** A state without hooks. */
    public DesiredState(String commit, List<DesiredObject> objects, String digest) {
        this(commit, objects, List.of(), digest);
    }

    /** The waves that hold objects or hooks, in order; those of failure are not among them. */
    public List<Wave> waves() {
        return waves(hook -> true);
    }

    /** The same for a run that goes back to this state: most hooks have no place in it. */
    public List<Wave> rollbackWaves() {
        return waves(Hook::onRollback);
    }

    /** The same as a run goes back to it: with those hooks only that ask for it. */
    public DesiredState forRollback() {
        return new DesiredState(
                commit, objects, hooks.stream().filter(Hook::onRollback).toList(), digest);
    }

    private List<Wave> waves(Predicate<Hook> counts) {
        return Stream.concat(
                        objects.stream().map(DesiredObject::wave),
                        hooks.stream()
                                .filter(hook -> !hook.isForFailure() && counts.test(hook))
                                .map(Hook::wave))
                .distinct()
                .sorted()
                .toList();
    }

    public List<DesiredObject> inWave(Wave wave) {
        return objects.stream().filter(object -> object.wave().equals(wave)).toList();
    }

    public List<Hook> hooksIn(Wave wave) {
        return hooks.stream().filter(hook -> hook.wave().equals(wave)).toList();
    }

    public Optional<DesiredObject> find(ObjectKey key) {
        return objects.stream().filter(object -> object.key().equals(key)).findFirst();
    }
}
