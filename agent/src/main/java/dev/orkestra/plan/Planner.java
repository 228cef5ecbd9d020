package dev.orkestra.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.document.Node;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes plans, in two steps, since only the caller can ask the API server: {@link #triage} says which objects need a
 * dry-run, {@link #plan} takes the answers.
 */
public final class Planner {
    private final Situation situation;
    private final Set<ObjectKey> unchanged;
    private final Map<ObjectKey, DryRun> answers;
    private final Map<ObjectKey, Node.MapNode> sources;
    private final Bringers bringers;

    private Planner(
            Situation situation, Triage triage, Map<ObjectKey, DryRun> answers, Map<ObjectKey, Node.MapNode> sources) {
        this.situation = situation;
        this.unchanged = Set.copyOf(triage.unchanged());
        this.answers = answers;
        this.sources = sources;
        this.bringers = new Bringers(situation.desired(), situation.live());
    }

    /**
     * Sorted by what is known before the API server is asked.
     *
     * @param unchanged nothing is to be done: what we want and what we own are as they were after the last apply
     * @param ask one dry-run each is needed, of {@link #toApply}
     * @param deferred cannot be asked yet: their CRD, namespace or webhook comes with the same commit
     */
    public record Triage(List<ObjectKey> unchanged, List<DesiredObject> ask, List<ObjectKey> deferred) {
        public Triage {
            unchanged = List.copyOf(unchanged);
            ask = List.copyOf(ask);
            deferred = List.copyOf(deferred);
        }
    }

    public static Triage triage(Situation situation) {
        Bringers bringers = new Bringers(situation.desired(), situation.live());
        List<ObjectKey> unchanged = new ArrayList<>();
        List<DesiredObject> ask = new ArrayList<>();
        List<ObjectKey> deferred = new ArrayList<>();
        for (DesiredObject object : situation.desired().objects()) {
            if (situation.isUnchanged(object)) {
                unchanged.add(object.key());
            } else if (bringers.missing(object) != null) {
                deferred.add(object.key());
            } else {
                ask.add(object);
            }
        }
        return new Triage(unchanged, ask, deferred);
    }

    /** What is to be applied for {@code object}, now and in a dry-run: what it wants, but for what is ignored. */
    public static ObjectNode toApply(Situation situation, DesiredObject object) {
        return situation.ignored(object.key()).toApply(object.body(), situation.live(object.key()));
    }

    /**
     * The plan.
     *
     * @param triage what {@link #triage} said of the situation
     * @param answers one for each object that it asks about
     * @param sources the documents of Git, so that each change names the line that causes it; may be empty
     * @param prune what the prune rules say
     */
    public static Plan plan(
            Situation situation,
            Triage triage,
            Map<ObjectKey, DryRun> answers,
            Map<ObjectKey, Node.MapNode> sources,
            PrunePlan prune) {
        Planner planner = new Planner(situation, triage, answers, sources);
        List<PlanStep> steps =
                situation.desired().objects().stream().map(planner::step).toList();
        return new Plan(
                situation.desired().commit(),
                situation.desired().digest(),
                steps,
                PlannedHook.of(situation.desired()),
                prune,
                PlanHash.of(situation, steps, prune));
    }

    private PlanStep step(DesiredObject object) {
        PlanStep step = bareStep(object);
        ObjectNode present = situation.live(object.key());
        return switch (step.action()) {
            case UNCHANGED, REFUSED -> step;
            case CREATE, UPDATE, REPLACE, DEFERRED -> step.with(object, present);
        };
    }

    private PlanStep bareStep(DesiredObject object) {
        ObjectNode present = situation.live(object.key());
        Optional<Diagnostic> foreign = Ownership.refusal(situation.repo(), object, present, situation.inventory());
        if (foreign.isPresent()) {
            return refused(object, foreign.get());
        }
        if (unchanged.contains(object.key())) {
            return step(object, Action.UNCHANGED, List.of(), "");
        }
        DesiredObject missing = bringers.missing(object);
        if (missing != null) {
            return deferred(object, missing);
        }
        DryRun answer = answers.get(object.key());
        if (answer == null) {
            throw new IllegalArgumentException("no dry-run of " + object.key());
        }
        return switch (answer) {
            case DryRun.Accepted(ObjectNode result) -> accepted(object, present, result);
            case DryRun.Conflict(List<DryRun.Owner> owners) -> refused(object, Refusals.conflict(object, owners));
            case DryRun.MissingKind() -> withoutKind(object);
            case DryRun.MissingNamespace() -> refused(object, Refusals.missingNamespace(object));
            case DryRun.Immutable(List<String> fields) -> immutable(object, present, fields);
            case DryRun.Refused(ErrorCode code, String message) ->
                refused(object, Refusals.refused(object, code, message));
        };
    }

    private PlanStep accepted(DesiredObject object, @Nullable ObjectNode present, ObjectNode result) {
        IgnoredFields ignored = situation.ignored(object.key());
        String rewritten = Rewritten.note(ignored.without(object.body()), ignored.without(result));
        if (present == null) {
            return step(object, Action.CREATE, List.of(), rewritten);
        }
        if (Situation.isBeingDeleted(present)) {
            return step(object, Action.CREATE, List.of(), "it is being deleted, and created again when it is gone");
        }
        List<FieldChange> changes =
                shown(object, present, OwnedFields.changes(present, result, OwnedFields.MANAGER, ignored));
        if (!changes.isEmpty()) {
            return step(object, Action.UPDATE, changes, isDrift(object) ? PlanStep.DRIFT : rewritten);
        }
        if (!OwnedFields.sameOwnership(present, result, OwnedFields.MANAGER, ignored)) {
            return step(object, Action.UPDATE, List.of(), "no value changes; fields change hands");
        }
        // Without an entry it would never be pruned: applying it writes one.
        return situation
                        .inventory()
                        .get(object.key())
                        .filter(entry -> !entry.isOnlyIntended())
                        .isPresent()
                ? step(object, Action.UNCHANGED, List.of(), "")
                : step(object, Action.UPDATE, List.of(), "no value changes; it joins the inventory");
    }

    /** Whether Git wants what was applied last, so that all differences come from the cluster. */
    private boolean isDrift(DesiredObject object) {
        return situation
                .inventory()
                .get(object.key())
                .filter(entry -> entry.desiredDigest().equals(object.digest()))
                .isPresent();
    }

    private PlanStep immutable(DesiredObject object, @Nullable ObjectNode present, List<String> fields) {
        boolean ours =
                present != null && Ownership.isMarked(present, situation.repo().label());
        List<FieldChange> changes = present == null
                ? List.of()
                : BodyDiff.ofReplacement(present, object.body(), situation.ignored(object.key()));
        List<String> known = present == null ? List.of() : KnownImmutable.among(object.key(), present, changes);
        // The server says no more than "spec" of a StatefulSet.
        List<String> named = fields.equals(List.of("spec")) && !known.isEmpty() ? known : fields;
        if (present == null || !ours || !Replacement.isAllowed(object)) {
            return refused(object, Refusals.immutable(object, named));
        }
        return step(
                object,
                Action.REPLACE,
                shown(object, present, changes),
                "deleted and created again, as these cannot be changed: " + String.join(", ", named));
    }

    /** As people may see them: with the line that causes each, who wrote the value that goes, and no secret. */
    private List<FieldChange> shown(DesiredObject object, ObjectNode present, List<FieldChange> changes) {
        Node.MapNode source = sources.get(object.key());
        return changes.stream()
                .map(change -> new FieldChange(
                        change.path(),
                        change.before(),
                        change.after(),
                        source == null ? object.origin() : FieldOrigins.of(source, change.path()),
                        FieldOwners.of(present, change.path(), OwnedFields.MANAGER)
                                .map(FieldOwners.Owner::manager)
                                .orElse("")))
                .map(change -> SecretMask.applyTo(object.key(), change))
                .toList();
    }

    /** A served CRD without this version: the commit's own change of the CRD may bring it. */
    private PlanStep withoutKind(DesiredObject object) {
        DesiredObject definition = bringers.ofKind(object);
        return definition == null ? refused(object, Refusals.missingKind(object)) : deferred(object, definition);
    }

    private PlanStep deferred(DesiredObject object, DesiredObject bringer) {
        if (bringer.wave().compareTo(object.wave()) > 0) {
            return refused(object, Refusals.tooEarly(object, bringer));
        }
        return step(object, Action.DEFERRED, List.of(), "until " + bringer.key() + " is there");
    }

    private static PlanStep step(DesiredObject object, Action action, List<FieldChange> changes, String note) {
        return new PlanStep(object.key(), object.wave(), action, object.origin(), changes, note, null);
    }

    private static PlanStep refused(DesiredObject object, Diagnostic reason) {
        return new PlanStep(object.key(), object.wave(), Action.REFUSED, object.origin(), List.of(), "", reason);
    }
}
