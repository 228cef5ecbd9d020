package dev.orkestra.apply;

import dev.orkestra.desired.ConfigRepo;
import dev.orkestra.plan.Plan;
import dev.orkestra.plan.PlanStep;
import dev.orkestra.plan.Risk;
import dev.orkestra.run.Caution;
import dev.orkestra.run.PlanSummary;
import dev.orkestra.run.PointOfNoReturn;
import java.util.List;
import java.util.stream.Collectors;

/** What a ConfigRepo's policies ask for, given a plan. */
final class Cautions {
    /** Of those that can't be undone; a condition shows the first few only. */
    private static final int MOST_POINTS = 100;

    private Cautions() {}

    static Caution of(ConfigRepo repo, Plan plan, PlanSummary summary) {
        return Caution.of(repo.policies().approval(), repo.rollback(), summary, plan.isDestructive(), points(plan));
    }

    private static List<PointOfNoReturn> points(Plan plan) {
        return plan.steps().stream()
                .filter(step -> step.risks().stream().anyMatch(Risk::isPointOfNoReturn))
                .limit(MOST_POINTS)
                .map(step -> PointOfNoReturn.ahead(step.wave(), step.key(), words(step)))
                .toList();
    }

    private static String words(PlanStep step) {
        return step.risks().stream()
                .filter(Risk::isPointOfNoReturn)
                .map(Risk::text)
                .collect(Collectors.joining("; "));
    }
}
