package dev.orkestra.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ApplyOptions;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.desired.AllowRules;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.document.Node;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.plan.DryRun;
import dev.orkestra.plan.Inventory;
import dev.orkestra.plan.Ownership;
import dev.orkestra.plan.Plan;
import dev.orkestra.plan.Planner;
import dev.orkestra.plan.PrunePlan;
import dev.orkestra.plan.Situation;
import dev.orkestra.run.PruneRules;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes a plan against a live cluster: few reads, and one server-side dry-run for each object that is not plainly
 * unchanged (DESIGN.md §4.7). Nothing is written. A run and {@code ork plan} use the same code.
 */
public final class LivePlan {
    private final Cluster cluster;
    private final ConfigRepo repo;

    /** @param cluster seen with the environment's identity, or with a person's own rights */
    public LivePlan(Cluster cluster, ConfigRepo repo) {
        this.cluster = cluster;
        this.repo = repo;
    }

    /** The live objects that a plan for {@code desired} looks at, as far as they are there. */
    public Map<ObjectKey, ObjectNode> live(DesiredState desired, Inventory inventory) {
        Set<ObjectKey> keys = desired.objects().stream().map(DesiredObject::key).collect(Collectors.toSet());
        Stream<LiveObjects.Wanted> wanted =
                desired.objects().stream().map(object -> new LiveObjects.Wanted(object.key(), object.apiVersion()));
        Stream<LiveObjects.Wanted> unwanted = inventory.entries().values().stream()
                .filter(entry -> !keys.contains(entry.key()))
                .map(entry -> new LiveObjects.Wanted(entry.key(), entry.apiVersion()));
        return new LiveObjects(cluster, repo.label())
                .read(Stream.concat(wanted, unwanted).toList());
    }

    /**
     * @param live what {@link #live} found
     * @param sources the documents of Git, where they are at hand: changes then name their lines
     * @throws ClusterException when the API server could not be asked; a refusal is part of the plan
     */
    public Plan make(
            DesiredState desired,
            Inventory inventory,
            Map<ObjectKey, ObjectNode> live,
            Map<ObjectKey, Node.MapNode> sources) {
        return make(new Situation(repo, desired, inventory, live), sources, prune(desired, inventory, live))
                .plan();
    }

    /** A plan, and which objects the API server was asked about for it. */
    public record Made(Plan plan, Set<ObjectKey> asked) {}

    /** As above, with the word of whoever knows on the pruning. */
    public Made make(Situation situation, Map<ObjectKey, Node.MapNode> sources, PrunePlan prune) {
        Planner.Triage triage = Planner.triage(situation);
        Map<ObjectKey, DryRun> answers = new ConcurrentSkipListMap<>();
        Parallel.forEach(
                triage.ask(),
                object -> answers.put(
                        object.key(),
                        ask(
                                object,
                                Planner.toApply(situation, object),
                                options(object, situation.inventory(), situation.live()))));
        return new Made(Planner.plan(situation, triage, answers, sources, prune), Set.copyOf(answers.keySet()));
    }

    /** What the prune rules say when nobody has approved anything. */
    PrunePlan prune(DesiredState desired, Inventory inventory, Map<ObjectKey, ObjectNode> live) {
        Set<ObjectKey> wanted =
                desired.objects().stream().map(DesiredObject::key).collect(Collectors.toSet());
        return PrunePlans.of(
                PruneRules.afterGood(inventory, wanted, live, repo.prune(), false, new AllowRules(repo)::allows),
                inventory,
                wanted,
                live);
    }

    /** How {@code object} is applied: by force only where the object or the ConfigRepo says so. */
    ApplyOptions options(DesiredObject object, Inventory inventory, Map<ObjectKey, ObjectNode> live) {
        ApplyOptions options = ApplyOptions.of(Labels.MANAGER);
        return Ownership.mayForce(repo, object, live.get(object.key()), inventory) ? options.forced() : options;
    }

    /** What the API server says to {@code body}; trouble that passes is thrown. */
    private DryRun ask(DesiredObject object, ObjectNode body, ApplyOptions options) {
        try {
            return new DryRun.Accepted(cluster.apply(ServedKind.of(cluster, object), body, options.asDryRun()));
        } catch (ClusterException e) {
            return switch (e.reason()) {
                case MISSING_KIND -> new DryRun.MissingKind();
                case FIELD_CONFLICT ->
                    new DryRun.Conflict(e.causes().stream()
                            .map(cause -> new DryRun.Owner(cause.field(), cause.manager()))
                            .toList());
                case NOT_FOUND -> new DryRun.MissingNamespace();
                case INVALID, ALREADY_EXISTS -> refused(e);
                case FORBIDDEN -> new DryRun.Refused(ErrorCode.Forbidden, e.getMessage());
                case STALE, UNAUTHENTICATED, EXPIRED, UNAVAILABLE, STILL_THERE, UNREACHABLE -> throw e;
            };
        }
    }

    private static DryRun refused(ClusterException e) {
        List<String> immutable = ImmutableFields.of(e);
        return immutable.isEmpty()
                ? new DryRun.Refused(ErrorCode.Refused, e.getMessage())
                : new DryRun.Immutable(immutable);
    }
}
