package dev.orkestra.health;

import static dev.orkestra.health.Health.because;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The kinds of Argo CD, Argo Rollouts and Argo Workflows that live in {@code argoproj.io}, but the Workflow. */
final class ArgoHealth {
    private ArgoHealth() {}

    static Optional<HealthStatus> of(String kind, ObjectNode object) {
        return switch (kind) {
            case "Application" -> Optional.of(application(object));
            case "ApplicationSet" -> Optional.of(applicationSet(object));
            case "Rollout" -> Optional.of(rollout(object));
            default -> Optional.empty();
        };
    }

    /**
     * An Application has no observed generation. What it was last compared with says whether its status speaks of this
     * spec; only then do its sync and health count. Healthy alone means nothing: resources that are not there yet, or
     * of the commit before, can be healthy too.
     */
    private static HealthStatus application(ObjectNode application) {
        JsonNode status = application.path("status");
        String sync = status.path("sync").path("status").asText("");
        if (sync.isEmpty()) {
            return HealthStatus.inProgress("Argo CD has not looked at it yet");
        }
        if (!isCompared(application)) {
            return HealthStatus.inProgress("Argo CD has compared it with an older source");
        }
        JsonNode operation = status.path("operationState");
        String phase = operation.path("phase").asText("");
        if (phase.equals("Running") || phase.equals("Terminating")) {
            return HealthStatus.inProgress(
                    "Its sync is " + phase.toLowerCase(Locale.ROOT) + because(operation.path("message")));
        }
        boolean synced = sync.equals("Synced");
        if (!synced && (phase.equals("Failed") || phase.equals("Error")) && speaksOfThisRevision(status)) {
            return HealthStatus.failed("Its sync ended as " + phase + because(operation.path("message")));
        }
        String health = status.path("health").path("status").asText("Unknown");
        if (synced && health.equals("Healthy")) {
            return HealthStatus.current("Synced and healthy");
        }
        // Degraded is not the end: some resources are so for the first seconds of their lives.
        return HealthStatus.inProgress(
                sync + ", " + health + because(status.path("health").path("message")) + trouble(status));
    }

    /** Whether {@code comparedTo} has the sources of this spec, values and all. */
    private static boolean isCompared(JsonNode application) {
        JsonNode spec = application.path("spec");
        JsonNode compared = application.path("status").path("sync").path("comparedTo");
        // What a hydrated Application is compared with is made by Argo CD and stands nowhere in the spec.
        return spec.has("sourceHydrator")
                || (same(spec.path("source"), compared.path("source"))
                        && same(spec.path("sources"), compared.path("sources")));
    }

    /** Empty and missing are the same: Argo CD drops the one for the other when it copies. */
    private static boolean same(JsonNode one, JsonNode other) {
        if (isEmpty(one) && isEmpty(other)) {
            return true;
        }
        if (one.isObject() && other.isObject()) {
            Set<String> names = new TreeSet<>();
            one.fieldNames().forEachRemaining(names::add);
            other.fieldNames().forEachRemaining(names::add);
            return names.stream().allMatch(name -> same(one.path(name), other.path(name)));
        }
        if (one.isArray() && other.isArray() && one.size() == other.size()) {
            return IntStream.range(0, one.size()).allMatch(i -> same(one.get(i), other.get(i)));
        }
        return one.equals(other);
    }

    private static boolean isEmpty(JsonNode value) {
        if (value.isObject()) {
            return value.valueStream().allMatch(ArgoHealth::isEmpty);
        }
        return value.isMissingNode()
                || value.isNull()
                || (value.isArray() && value.isEmpty())
                || (value.isTextual() && value.textValue().isEmpty())
                || (value.isBoolean() && !value.booleanValue());
    }

    private static boolean speaksOfThisRevision(JsonNode status) {
        JsonNode result = status.path("operationState").path("syncResult");
        JsonNode sync = status.path("sync");
        return result.path("revision").asText("").equals(sync.path("revision").asText(""))
                && result.path("revisions").equals(sync.path("revisions"));
    }

    /** Such as ComparisonError: why it can't even be compared. */
    private static String trouble(JsonNode status) {
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText().endsWith("Error")) {
                return "; " + condition.path("type").asText() + because(condition.path("message"));
            }
        }
        return "";
    }

    /** An error may be that a generator's source did not answer, so it is waited for. */
    private static HealthStatus applicationSet(ObjectNode set) {
        JsonNode error = Conditions.find(set, "ErrorOccurred");
        if (Conditions.isTrue(error)) {
            return HealthStatus.inProgress(Conditions.words(error));
        }
        JsonNode done = Conditions.find(set, "ResourcesUpToDate");
        return Conditions.isTrue(done)
                ? HealthStatus.current(Conditions.words(done))
                : HealthStatus.inProgress("Its Applications are not up to date" + because(done.path("message")));
    }

    /** Argo Rollouts writes the observed generation as text, and a verdict into {@code status.phase}. */
    private static HealthStatus rollout(ObjectNode rollout) {
        Optional<HealthStatus> unobserved = Conditions.unobserved(rollout, true);
        if (unobserved.isPresent()) {
            return unobserved.get();
        }
        JsonNode status = rollout.path("status");
        String words = because(status.path("message"));
        return switch (status.path("phase").asText("")) {
            case "Healthy" -> HealthStatus.current("Rollout is healthy");
            case "Degraded" -> HealthStatus.failed("Rollout is degraded" + words);
            case "Paused" -> HealthStatus.inProgress("Rollout is paused" + words);
            default -> HealthStatus.inProgress("Rollout is progressing" + words);
        };
    }
}
