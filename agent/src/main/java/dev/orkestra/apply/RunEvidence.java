package dev.orkestra.apply;

import dev.orkestra.cluster.ClusterException;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.desired.Hook;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.health.HealthStatus;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.run.Evidence;
import dev.orkestra.run.HookInstance;
import dev.orkestra.run.RunState;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was seen of objects and hooks, as the run's verdict takes it (DESIGN.md §4.11).
 *
 * @param state the run
 * @param desired what its commit wants
 * @param lastGood what last-good wants; empty without one
 * @param hooks the hooks of the wave that is looked at
 * @param words the words of a hook's pods
 */
record RunEvidence(
        RunState state,
        DesiredState desired,
        Optional<DesiredState> lastGood,
        List<HookInstance> hooks,
        HookWords words) {

    Evidence refused(ObjectKey key, ClusterException failure) {
        return of(key, Evidences.kind(failure), Evidences.message(key, failure));
    }

    /** @param why whose it is */
    Evidence elsewhere(ObjectKey key, Diagnostic why) {
        return of(key, Evidence.Kind.OWNED_ELSEWHERE, Evidences.message(why));
    }

    /** @param late what an object is blamed for that may still become healthy */
    List<Evidence> unhealthy(Map<ObjectKey, HealthStatus> unhealthy, Evidence.Kind late) {
        return unhealthy.entrySet().stream()
                .map(each -> seen(each.getKey(), each.getValue(), late))
                .toList();
    }

    private Evidence seen(ObjectKey key, HealthStatus status, Evidence.Kind late) {
        Evidence.Kind kind = Evidences.kind(status, late);
        String message = hook(key).isPresent() ? words.added(key, status.message()) : status.message();
        return of(key, kind, message);
    }

    private Evidence of(ObjectKey key, Evidence.Kind kind, String message) {
        return hook(key)
                .map(hook -> of(hook, kind, message))
                .orElseGet(() -> new Evidence(key, kind, before(key), isChanged(key), message));
    }

    /** A hook that did the same work for last-good is not at fault because of the commit. */
    private Evidence of(HookInstance hook, Evidence.Kind kind, String message) {
        Optional<String> was = lastGood.stream()
                .flatMap(good -> good.hooks().stream())
                .filter(each -> each.key().equals(hook.hook().key())
                        && each.wave().phase() == hook.hook().wave().phase())
                .map(Hook::digest)
                .findFirst();
        return new Evidence(
                hook.key(),
                kind,
                was.isPresent() ? Evidence.Before.HEALTHY : Evidence.Before.ABSENT,
                !was.equals(Optional.of(hook.hook().digest())),
                message);
    }

    private Optional<HookInstance> hook(ObjectKey key) {
        return hooks.stream().filter(each -> each.key().equals(key)).findFirst();
    }

    private Evidence.Before before(ObjectKey key) {
        return state.before(key, lastGood.flatMap(good -> good.find(key)).isPresent());
    }

    /** Compared with last-good's state, not with the inventory: a crash may have come after the object was applied. */
    private boolean isChanged(ObjectKey key) {
        Optional<String> was = lastGood.flatMap(good -> good.find(key)).map(DesiredObject::digest);
        Optional<String> is = desired.find(key).map(DesiredObject::digest);
        return !was.equals(is);
    }
}
