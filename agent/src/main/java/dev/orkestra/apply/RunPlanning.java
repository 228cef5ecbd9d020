package dev.orkestra.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.health.HealthRules;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.plan.Action;
import dev.orkestra.plan.IgnoredFields;
import dev.orkestra.plan.Inventory;
import dev.orkestra.plan.InventoryEntry;
import dev.orkestra.plan.Ownership;
import dev.orkestra.plan.Plan;
import dev.orkestra.plan.PlanStep;
import dev.orkestra.plan.Planner;
import dev.orkestra.plan.Situation;
import dev.orkestra.run.Evidence;
import dev.orkestra.run.PlanSummary;
import dev.orkestra.run.RunEvent;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a run learns of the cluster before it changes anything, and what it does with it: its waves leave out what is
 * unchanged, and its verdict must know what was healthy before.
 */
final class RunPlanning {
    private final LivePlan plans;
    private final ConfigRepo repo;
    private final HealthRules health;
    private final Set<ObjectKey> unchanged = new HashSet<>();
    private final Map<ObjectKey, Evidence.Before> before = new HashMap<>();
    /** What the API server was asked about: how it is to be applied. Each counts once; a second try looks again. */
    private final Map<ObjectKey, ApplyOptions> asked = new HashMap<>();

    /** What a dry-run found unchanged although something looked otherwise: the next pass need not ask again. */
    private List<InventoryEntry> confirmed = List.of();

    /** What the API server was asked about in this process. */
    private Set<ObjectKey> answered = Set.of();

    private String planned = "";

    /** @param cluster seen with the environment's identity */
    RunPlanning(Cluster cluster, ConfigRepo repo) {
        this.plans = new LivePlan(cluster, repo);
        this.repo = repo;
        this.health = HealthRules.of(repo);
    }

    /** The run's Plan step. Reads and dry-runs only. */
    RunEvent plan(DesiredState desired, Inventory inventory, Instant now) {
        Map<ObjectKey, ObjectNode> live = plans.live(desired, inventory);
        desired.objects().forEach(object -> before.put(object.key(), look(live.get(object.key()))));
        LivePlan.Made made = plans.make(
                new Situation(repo, desired, inventory, live), Map.of(), plans.prune(desired, inventory, live));
        Plan plan = made.plan();
        List<Evidence> refusals = plan.steps().stream()
                .filter(step -> step.action() == Action.REFUSED)
                .map(this::evidence)
                .toList();
        if (!refusals.isEmpty()) {
            return new RunEvent.PlanRefused(now, refusals);
        }
        planned = desired.digest();
        unchanged.clear();
        plan.steps().stream()
                .filter(step -> step.action() == Action.UNCHANGED)
                .forEach(step -> unchanged.add(step.key()));
        answered = plan.steps().stream()
                .filter(step -> step.action() == Action.CREATE
                        || step.action() == Action.UPDATE
                        || step.action() == Action.REPLACE)
                .map(PlanStep::key)
                .collect(Collectors.toSet());
        asked.clear();
        confirmed = desired.objects().stream()
                .filter(object -> unchanged.contains(object.key()))
                .filter(object -> made.asked().contains(object.key()))
                .map(object -> WaveApplier.entry(repo, object, Objects.requireNonNull(live.get(object.key()))))
                .toList();
        // What is left to others may move until its wave comes: then it is looked at again.
        desired.objects().stream()
                .filter(object -> answered.contains(object.key()))
                .filter(object -> IgnoredFields.of(repo, object.key()).isEmpty())
                .forEach(object -> asked.put(object.key(), plans.options(object, inventory, live)));
        PlanSummary summary = new PlanSummary(
                plan.hash(),
                plan.count(Action.CREATE) + plan.count(Action.DEFERRED),
                plan.count(Action.UPDATE),
                plan.count(Action.REPLACE),
                plan.prune().deleted() + plan.prune().awaitingApproval(),
                plan.count(Action.UNCHANGED),
                plan.hooks().size());
        return new RunEvent.Planned(
                now,
                summary,
                before.entrySet().stream()
                        .filter(each -> each.getValue() == Evidence.Before.UNHEALTHY)
                        .map(Map.Entry::getKey)
                        .sorted()
                        .toList(),
                Cautions.of(repo, plan, summary));
    }

    /** Entries of the inventory as they should be, of objects that need no apply. */
    List<InventoryEntry> confirmed() {
        return confirmed;
    }

    /**
     * An object of a wave that must be applied.
     *
     * @param body what to apply: all that is wanted but for what is left to others
     * @param options by force or not
     * @param asked whether a dry-run has been accepted
     * @param isNew whether it was just seen to be gone
     * @param foreign why it may not be applied: since the plan it has become somebody else's
     */
    record ToApply(
            DesiredObject object,
            ObjectNode body,
            ApplyOptions options,
            boolean asked,
            boolean isNew,
            Optional<Diagnostic> foreign) {
        /** The same once the one before is gone: there is nobody to leave anything to. */
        ToApply asNew() {
            return new ToApply(object, object.body(), options, asked, true, foreign);
        }
    }

    /**
     * Which objects of {@code wave} must be applied. What the plan of this very state found unchanged is believed, and
     * what it found to differ is applied without another look; deferred objects, a second try, a restart and a rollback
     * look at the live objects again, and whose they are.
     */
    List<ToApply> changed(DesiredState state, List<DesiredObject> wave, Inventory inventory) {
        boolean own = state.digest().equals(planned);
        List<DesiredObject> candidates = own
                ? wave.stream()
                        .filter(object -> !unchanged.contains(object.key()))
                        .toList()
                : wave;
        Map<ObjectKey, ApplyOptions> known = own ? take(candidates) : Map.of();
        List<DesiredObject> unknown = candidates.stream()
                .filter(object -> !known.containsKey(object.key()))
                .toList();
        DesiredState part = new DesiredState(state.commit(), unknown, state.digest());
        Map<ObjectKey, ObjectNode> live = unknown.isEmpty() ? Map.of() : plans.live(part, Inventory.EMPTY);
        Situation situation = new Situation(repo, part, inventory, live);
        Set<ObjectKey> asBefore = Set.copyOf(Planner.triage(situation).unchanged());
        // A state that was good is not asked about once more: going back must not take longer for it.
        boolean asked = !own && !planned.isEmpty();
        return candidates.stream()
                .filter(object -> !asBefore.contains(object.key()))
                .map(object -> {
                    ApplyOptions options = known.get(object.key());
                    return options != null
                            ? new ToApply(object, object.body(), options, true, false, Optional.empty())
                            : new ToApply(
                                    object,
                                    Planner.toApply(situation, object),
                                    plans.options(object, inventory, live),
                                    asked || own && answered.contains(object.key()),
                                    false,
                                    Ownership.refusal(repo, object, live.get(object.key()), inventory));
                })
                .toList();
    }

    /** How the plan wants {@code objects} applied, as far as it could ask; it does not count a second time. */
    private Map<ObjectKey, ApplyOptions> take(List<DesiredObject> objects) {
        Map<ObjectKey, ApplyOptions> taken = new HashMap<>();
        for (DesiredObject object : objects) {
            ApplyOptions options = asked.remove(object.key());
            if (options != null) {
                taken.put(object.key(), options);
            }
        }
        return taken;
    }

    private Evidence.Before look(@Nullable ObjectNode live) {
        if (live == null) {
            return Evidence.Before.ABSENT;
        }
        return health.of(live).isCurrent() ? Evidence.Before.HEALTHY : Evidence.Before.UNHEALTHY;
    }

    private Evidence evidence(PlanStep step) {
        Diagnostic refusal = step.refusal();
        if (refusal == null) {
            throw new IllegalStateException("a refused step has a reason");
        }
        Evidence.Kind kind = switch (refusal.code()) {
            case Forbidden -> Evidence.Kind.REFUSED_FORBIDDEN;
            case FieldConflict -> Evidence.Kind.FIELD_CONFLICT;
            case OwnedElsewhere -> Evidence.Kind.OWNED_ELSEWHERE;
            case MissingKind -> Evidence.Kind.MISSING_KIND;
            case NotFound -> Evidence.Kind.MISSING_NAMESPACE;
            default -> Evidence.Kind.REFUSED_INVALID;
        };
        return new Evidence(
                step.key(),
                kind,
                before.getOrDefault(step.key(), Evidence.Before.NOT_KNOWN),
                true,
                Evidences.message(refusal));
    }
}
