package dev.orkestra.health;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Kinds that act on workloads. */
final class ScalingHealth {
    private ScalingHealth() {}

    /**
     * Metrics may be missing for a while, or for ever in a small cluster, and the workload runs all the same: so only a
     * target that can't be scaled is waited for. Generations are known since Kubernetes 1.37.
     */
    static HealthStatus autoscaler(ObjectNode autoscaler) {
        return Conditions.unobserved(autoscaler, false).orElseGet(() -> {
            JsonNode able = Conditions.find(autoscaler, "AbleToScale");
            return Conditions.isFalse(able)
                    ? HealthStatus.inProgress(Conditions.words(able))
                    : HealthStatus.current("");
        });
    }

    /** Whether a disruption is allowed now is no health: the budget is in force once its controller has counted. */
    static HealthStatus disruptionBudget(ObjectNode budget) {
        return Conditions.unobserved(budget, true).orElseGet(() -> HealthStatus.current("The budget is in force"));
    }
}
