package dev.orkestra.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.health.Health;
import dev.orkestra.health.HealthStatus;
import dev.orkestra.health.HealthStatus.State;

/** How far a hook's work is. It is done when it has ended: that a pod is ready is not enough. */
final class HookHealth {
    /** Of an instance that was made and is not there any more. */
    static final HealthStatus GONE = HealthStatus.gone("It was made and is gone, and nobody has seen how it ended:"
            + " something else has removed it. It is not made again, as its work may be done");

    private HookHealth() {}

    /** Whether {@code live} is an instance of a hook. Objects of the environment never say which run made them. */
    static boolean isHook(ObjectNode live) {
        return live.path("metadata").path("labels").has(Labels.RUN);
    }

    static HealthStatus of(ObjectNode live) {
        return of(live, Health.of(live));
    }

    /** @param status how {@code live} is by the rules for all objects */
    static HealthStatus of(ObjectNode live, HealthStatus status) {
        boolean runs = live.path("kind").asText().equals("Pod")
                && status.state() == State.CURRENT
                && !live.path("status").path("phase").asText().equals("Succeeded");
        return runs ? HealthStatus.inProgress("Pod has not ended yet") : status;
    }
}
