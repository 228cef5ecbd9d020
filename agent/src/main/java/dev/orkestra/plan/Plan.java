package dev.orkestra.plan;

import dev.orkestra.outcome.Diagnostic;
import java.util.List;
import java.util.Objects;

/**
 * What a run would do.
 *
 * @param commit the commit it is for
 * @param desiredDigest digest of the state it is for
 * @param steps one for each wanted object, in the order of the run
 * @param hooks what the run does on its way; empty when there will be no run
 * @param prune what becomes of what nobody wants any more
 * @param hash {@code sha256:…} of what is done to what: a plan that was looked at is known again by it
 */
public record Plan(
        String commit,
        String desiredDigest,
        List<PlanStep> steps,
        List<PlannedHook> hooks,
        PrunePlan prune,
        String hash) {
    public Plan {
        steps = List.copyOf(steps);
        hooks = List.copyOf(hooks);
    }

    /** One without hooks. */
    public Plan(String commit, String desiredDigest, List<PlanStep> steps, PrunePlan prune, String hash) {
        this(commit, desiredDigest, steps, List.of(), prune, hash);
    }

    public int count(Action action) {
        return (int) steps.stream().filter(step -> step.action() == action).count();
    }

    /** Why the run cannot begin; empty when it can. */
    public List<Diagnostic> refusals() {
        return steps.stream().map(PlanStep::refusal).filter(Objects::nonNull).toList();
    }

    /**
     * Whether the cluster already is what the commit wants, and no hook is run. What nobody could look at may change:
     * without the inventory it is not known what is pruned.
     */
    public boolean changesNothing() {
        return hooks.isEmpty()
                && prune.changesNothing()
                && prune.budget() != PrunePlan.Budget.UNKNOWN
                && steps.stream().allMatch(step -> step.action() == Action.UNCHANGED);
    }

    /** The same for content that the environment holds already, whole and healthy: it gets no run, so no hook runs. */
    public Plan withoutHooks() {
        return new Plan(commit, desiredDigest, steps, List.of(), prune, hash);
    }

    /**
     * Whether something is taken away on the way: an object is replaced or pruned, a release is uninstalled, or a point
     * of no return is passed.
     */
    public boolean isDestructive() {
        return !prune.changesNothing()
                || steps.stream().anyMatch(step -> !step.risks().isEmpty());
    }

    /** Whether a rollback cannot bring back what was. */
    public boolean passesPointOfNoReturn() {
        return steps.stream().flatMap(step -> step.risks().stream()).anyMatch(Risk::isPointOfNoReturn);
    }
}
