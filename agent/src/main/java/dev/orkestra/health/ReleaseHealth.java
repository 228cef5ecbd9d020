package dev.orkestra.health;

import static dev.orkestra.health.Health.because;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** ApplicationGroups and the two kinds that carry them out. */
final class ReleaseHealth {
    /** Reasons of trouble that comes before observedGeneration moves, so they speak of the newest generation. */
    private static final Set<String> BEFORE_WORKFLOW = Set.of("ChartPullFailed", "WorkflowTemplateGenerationFailed");

    private static final Set<String> TRIED_AGAIN = Set.of("ChartPullFailed", "Progressing");

    private ReleaseHealth() {}

    /**
     * The group's conditions carry no generation of their own, and its {@code status.observedGeneration} moves only
     * when a workflow was submitted: so nothing is believed before both generations agree. A chart that can't be
     * pulled is tried again by the controller, so it is trouble but not the end.
     */
    static HealthStatus applicationGroup(ObjectNode group) {
        JsonNode ready = Conditions.find(group, "Ready");
        String reason = ready.path("reason").asText("Progressing");
        if (reason.equals("Terminating")) {
            return HealthStatus.terminating(Conditions.words(ready));
        }
        Optional<HealthStatus> unobserved = Conditions.unobserved(group, true);
        if (unobserved.isPresent()) {
            return BEFORE_WORKFLOW.contains(reason)
                    ? HealthStatus.inProgress(Conditions.words(ready))
                    : unobserved.get();
        }
        if (Conditions.isTrue(ready)) {
            return HealthStatus.current(Conditions.words(ready));
        }
        boolean terminal = Conditions.isFalse(ready) && !TRIED_AGAIN.contains(reason);
        return terminal
                ? HealthStatus.failed(Conditions.words(ready))
                : HealthStatus.inProgress(
                        ready.isMissingNode() ? "Its workflow has not begun" : Conditions.words(ready));
    }

    static HealthStatus workflow(ObjectNode workflow) {
        JsonNode status = workflow.path("status");
        String phase = status.path("phase").asText("");
        return switch (phase) {
            case "Succeeded" -> HealthStatus.current("Workflow succeeded");
            case "Failed", "Error" ->
                HealthStatus.failed("Workflow ended as " + phase + because(status.path("message")));
            default -> {
                if (workflow.path("spec").path("suspend").asBoolean(false)) {
                    yield HealthStatus.inProgress("Workflow is suspended");
                }
                yield HealthStatus.inProgress("Workflow is "
                        + (phase.isEmpty() ? "not started" : phase.toLowerCase(Locale.ROOT))
                        + nodeWords(status));
            }
        };
    }

    /** A step that can't go on says so only in its node: a missing image stays Pending without end. */
    private static String nodeWords(JsonNode status) {
        for (JsonNode node : status.path("nodes")) {
            String phase = node.path("phase").asText();
            boolean open = phase.equals("Pending") || phase.equals("Running");
            if (open && node.hasNonNull("message")) {
                return ": " + node.path("displayName").asText() + because(node.path("message"));
            }
        }
        return "";
    }

    /**
     * While a new generation is worked on, Ready still says True of the old one, and {@code status.observedGeneration}
     * moves last; so success is both together. Stalled is the only end: Ready False alone is tried again.
     */
    static HealthStatus helmRelease(ObjectNode release) {
        JsonNode stalled = Conditions.find(release, "Stalled");
        if (Conditions.isTrue(stalled) && !Conditions.isStale(release, stalled)) {
            return HealthStatus.failed("Stalled: " + Conditions.words(stalled));
        }
        JsonNode ready = Conditions.find(release, "Ready");
        Optional<HealthStatus> unobserved = Conditions.unobserved(release, true);
        if (unobserved.isEmpty() && Conditions.isTrue(ready) && !Conditions.isStale(release, ready)) {
            return HealthStatus.current(Conditions.words(ready));
        }
        if (release.path("spec").path("suspend").asBoolean(false)) {
            return HealthStatus.inProgress("HelmRelease is suspended");
        }
        if (Conditions.isFalse(ready) && !Conditions.isStale(release, ready)) {
            return HealthStatus.inProgress(Conditions.words(ready));
        }
        return unobserved.orElseGet(() -> HealthStatus.inProgress("Not ready yet" + because(ready.path("message"))));
    }
}
