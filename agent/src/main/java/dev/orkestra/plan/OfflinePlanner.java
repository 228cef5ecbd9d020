package dev.orkestra.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.document.Node;
import dev.orkestra.document.ObjectKey;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares what two commits want, without a cluster. It knows neither what the cluster holds nor what the API server
 * adds or refuses, so such a plan has no hash: nobody can approve it.
 */
public final class OfflinePlanner {
    private OfflinePlanner() {}

    /**
     * The plan from {@code before} to {@code after}.
     *
     * @param sources the documents of {@code after}
     * @param prune what the prune rules say, were all of {@code before} in the cluster
     */
    public static Plan plan(
            DesiredState before, DesiredState after, Map<ObjectKey, Node.MapNode> sources, PrunePlan prune) {
        Map<ObjectKey, DesiredObject> old =
                before.objects().stream().collect(Collectors.toMap(DesiredObject::key, object -> object));
        List<PlanStep> steps = after.objects().stream()
                .map(object -> step(old.get(object.key()), object, sources.get(object.key())))
                .toList();
        boolean runs = !before.digest().equals(after.digest());
        List<PlannedHook> hooks = runs ? PlannedHook.of(after) : List.of();
        return new Plan(after.commit(), after.digest(), steps, hooks, prune, "");
    }

    private static PlanStep step(@Nullable DesiredObject before, DesiredObject after, Node.@Nullable MapNode source) {
        if (before == null) {
            return step(after, Action.CREATE, List.of(), "", null);
        }
        if (before.digest().equals(after.digest())) {
            String moved = before.wave().equals(after.wave()) ? "" : "moves here from wave " + before.wave();
            return step(after, Action.UNCHANGED, List.of(), moved, null);
        }
        List<FieldChange> changes = BodyDiff.between(before.body(), after.body()).stream()
                .map(change -> new FieldChange(
                        change.path(),
                        change.before(),
                        change.after(),
                        source == null ? after.origin() : FieldOrigins.of(source, change.path())))
                .toList();
        List<String> immutable = KnownImmutable.among(after.key(), before.body(), changes);
        List<FieldChange> shown = changes.stream()
                .map(change -> SecretMask.applyTo(after.key(), change))
                .toList();
        if (immutable.isEmpty()) {
            return step(after, Action.UPDATE, shown, "", before.body());
        }
        String fields = String.join(", ", immutable);
        return Replacement.isAllowed(after)
                ? step(
                        after,
                        Action.REPLACE,
                        shown,
                        "deleted and created again, as these cannot be changed: " + fields,
                        before.body())
                : step(
                        after,
                        Action.UPDATE,
                        shown,
                        "the API server will refuse it, as these cannot be changed: " + fields,
                        before.body());
    }

    private static PlanStep step(
            DesiredObject object, Action action, List<FieldChange> changes, String note, @Nullable ObjectNode before) {
        PlanStep step = new PlanStep(object.key(), object.wave(), action, object.origin(), changes, note, null);
        return action == Action.UNCHANGED ? step : step.with(object, before);
    }
}
