package dev.orkestra.run;

import dev.orkestra.desired.ConfigRepo;
import java.util.List;

/**
 * What the policies ask for, given a plan.
 *
 * @param needsApproval whether a person must approve the plan before anything is changed
 * @param holds whether a commit that fails past a point of no return is held, and not rolled back
 * @param points what in the plan can't be undone
 */
public record Caution(boolean needsApproval, boolean holds, List<PointOfNoReturn> points) {
    public static final Caution NONE = new Caution(false, false, List.of());

    public Caution {
        points = List.copyOf(points);
    }

    /**
     * What {@code approval} and {@code rollback} ask for.
     *
     * @param plan its {@code prune} counts what would be deleted once it is approved
     * @param destructive whether the plan calls itself so: releases that are uninstalled are in no count
     */
    public static Caution of(
            ConfigRepo.Approval approval,
            ConfigRepo.RollbackPolicy rollback,
            PlanSummary plan,
            boolean destructive,
            List<PointOfNoReturn> points) {
        boolean destroys = destructive || plan.replace() > 0 || plan.prune() > 0 || !points.isEmpty();
        boolean needed = switch (approval) {
            case NONE -> false;
            case DESTRUCTIVE -> destroys;
            case REQUIRED -> destroys || plan.create() > 0 || plan.update() > 0 || plan.hooks() > 0;
        };
        return new Caution(needed, rollback == ConfigRepo.RollbackPolicy.HOLD, points);
    }
}
