package dev.orkestra.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.desired.DesiredObject;
import dev.orkestra.desired.DesiredState;
import dev.orkestra.document.ObjectKey;
import dev.orkestra.plan.Inventory;
import dev.orkestra.plan.Plan;
import dev.orkestra.run.Caution;
import dev.orkestra.run.PlanSummary;
import dev.orkestra.run.PointOfNoReturn;
import dev.orkestra.run.PruneRules;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a ConfigRepo's policies ask for, given a plan. */
final class Cautions {
    private Cautions() {}

    /** @param live the objects of the plan, as far as they are there */
    static Caution of(
            ConfigRepo repo,
            DesiredState desired,
            Inventory inventory,
            Map<ObjectKey, ObjectNode> live,
            Plan plan,
            PlanSummary summary) {
        // What stays by itself is no reason to ask somebody, this time and each time after.
        int pruned = PruneRules.afterGood(
                        inventory,
                        desired.objects().stream().map(DesiredObject::key).collect(Collectors.toSet()),
                        live,
                        repo.prune(),
                        true)
                .delete()
                .size();
        PlanSummary counted = new PlanSummary(
                summary.hash(), summary.create(), summary.update(), summary.replace(), pruned, summary.unchanged());
        return Caution.of(repo.policies().approval(), repo.rollback(), counted, points(plan));
    }

    private static List<PointOfNoReturn> points(Plan plan) {
        return List.of();
    }
}
