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
 * @param prune what the inventory holds, the cluster has and the commit does not want, last wave first; the prune rules
 *     of the run decide which of it goes
 * @param hash {@code sha256:…} of what is done to what: a plan that was looked at is known again by it
 */
public record Plan(String commit, String desiredDigest, List<PlanStep> steps, List<InventoryEntry> prune, String hash) {
    public Plan {
        steps = List.copyOf(steps);
        prune = List.copyOf(prune);
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
        return prune.isEmpty() && steps.stream().allMatch(step -> step.action() == Action.UNCHANGED);
    }
}
