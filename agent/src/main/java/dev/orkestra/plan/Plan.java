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
 * @param prune what becomes of what nobody wants any more
 * @param hash {@code sha256:…} of what is done to what: a plan that was looked at is known again by it
 */
public record Plan(String commit, String desiredDigest, List<PlanStep> steps, PrunePlan prune, String hash) {
    public Plan {
        steps = List.copyOf(steps);
    }

    public int count(Action action) {
        return (int) steps.stream().filter(step -> step.action() == action).count();
    }

    /** Why the run cannot begin; empty when it can. */
    public List<Diagnostic> refusals() {
        return steps.stream().map(PlanStep::refusal).filter(Objects::nonNull).toList();
    }

    /** Whether the cluster already is what the commit wants. */
    public boolean changesNothing() {
        return prune.changesNothing() && steps.stream().allMatch(step -> step.action() == Action.UNCHANGED);
    }

    /**
     * Whether something is lost that applying the old commit does not simply bring back: an object is replaced or
     * pruned, or a point of no return is passed.
     */
    public boolean isDestructive() {
        return count(Action.REPLACE) > 0 || !prune.changesNothing() || passesPointOfNoReturn();
    }

    /** Whether a rollback cannot bring back what was. */
    public boolean passesPointOfNoReturn() {
        return steps.stream().flatMap(step -> step.risks().stream()).anyMatch(Risk::isPointOfNoReturn);
    }
}
