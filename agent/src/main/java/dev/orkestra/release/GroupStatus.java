package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.Naming;
import dev.orkestra.group.StagedCharts;
import dev.orkestra.outcome.ErrorCode;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A group's next status: the words of Azure Orkestra, and no change where nothing changed. Pure. */
final class GroupStatus {
    static final String READY = "Ready";
    static final String PROGRESSING = "Progressing";
    static final String TERMINATING = "Terminating";
    /** Azure Orkestra's words of a group under way. */
    static final String RECONCILING = "workflow is reconciling...";

    static final String WORKFLOW_FAILED = "WorkflowFailed";
    static final String CHART_PULL_FAILED = "ChartPullFailed";
    static final String GENERATION_FAILED = "WorkflowTemplateGenerationFailed";

    /** Troubles that end when something else in the cluster changes, so that the group is looked at again. */
    static final Set<String> LOOKED_AT_AGAIN = Set.of(
            ErrorCode.NoIdentity.name(),
            ErrorCode.ConditionFailed.name(),
            ErrorCode.OwnedElsewhere.name(),
            CHART_PULL_FAILED,
            GENERATION_FAILED);

    private static final List<String> CONDITION_FIELDS =
            List.of("type", "status", "reason", "message", "lastTransitionTime");

    private final JsonNode before;
    private final ObjectNode status;
    private final long generation;
    private final Instant now;

    GroupStatus(ObjectNode group, Instant now) {
        this.before = group.path("status");
        this.status = before instanceof ObjectNode object ? object.deepCopy() : JsonNodeFactory.instance.objectNode();
        this.generation = generation(group);
        this.now = now;
    }

    static long generation(JsonNode object) {
        return object.path("metadata").path("generation").asLong();
    }

    static long observedGeneration(JsonNode group) {
        return group.path("status").path("observedGeneration").asLong();
    }

    /** The reason of Ready, if it speaks of the present generation; else empty. */
    static String readyReason(JsonNode group) {
        return Conditions.find(group, READY)
                .filter(ready -> ready.path("observedGeneration").asLong() == generation(group))
                .map(ready -> ready.path("reason").asText())
                .orElse("");
    }

    /** Work begins on a generation: what was said of another one is dropped. */
    void begin() {
        status.remove("conditions");
        ready("Unknown", PROGRESSING, RECONCILING);
    }

    /** As {@link #begin}, for a group that is being deleted. */
    void terminating(String message) {
        for (WorkflowType type : WorkflowType.values()) {
            if (!speaksOfThisGeneration(type.condition())) {
                Conditions.remove(status, type.condition());
            }
        }
        ready("False", TERMINATING, message);
        observed();
    }

    void ready(String value, String reason, String message) {
        Conditions.set(status, READY, value, reason, message, generation, now);
    }

    /** Says of a Workflow how it goes. */
    void workflow(WorkflowType type, WorkflowPhase phase) {
        Conditions.set(status, type.condition(), phase.value(), phase.reason(), phase.message(), generation, now);
    }

    boolean speaksOfThisGeneration(String condition) {
        for (JsonNode each : status.path("conditions")) {
            if (each.path("type").asText().equals(condition)) {
                return each.path("observedGeneration").asLong() == generation;
            }
        }
        return false;
    }

    void observed() {
        status.put("observedGeneration", generation);
    }

    void succeeded() {
        status.put("lastSucceededGeneration", generation);
    }

    /** What was staged, and what the HelmReleases say of themselves. */
    void applications(
            ApplicationGroup group, StagedCharts staged, Map<String, String> errors, List<ObjectNode> releases) {
        Map<String, ArrayNode> conditions = new HashMap<>();
        releases.forEach(release -> conditions.put(InstalledReleases.key(release), conditions(release)));
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (ApplicationGroup.Application application : group.applications()) {
            ObjectNode entry = list.addObject();
            entry.put("name", application.name());
            entry.put("version", application.chart().version());
            StagedCharts.Application charts = staged.applications().get(application.name());
            String error = errors.getOrDefault(application.name(), "");
            if (!error.isEmpty()) {
                entry.put("error", error);
            }
            if (charts == null) {
                continue;
            }
            entry.put("staged", true);
            String namespace = application.release().targetNamespace() + "/";
            setUnlessEmpty(
                    entry,
                    conditions.get(namespace + Naming.dns(application.chart().name())));
            charts.subcharts().forEach((name, chart) -> {
                ObjectNode subchart = entry.withObject("/subcharts").putObject(name);
                subchart.put("version", chart.version()).put("staged", true);
                setUnlessEmpty(subchart, conditions.get(namespace + Naming.subchart(application.name(), name)));
            });
        }
        status.set("applications", list);
    }

    boolean isChanged() {
        return !CanonicalJson.same(status, before);
    }

    ObjectNode json() {
        return status;
    }

    private static void setUnlessEmpty(ObjectNode entry, @org.jspecify.annotations.Nullable ArrayNode conditions) {
        if (conditions != null && !conditions.isEmpty()) {
            entry.set("conditions", conditions);
        }
    }

    private static ArrayNode conditions(ObjectNode release) {
        ArrayNode copied = JsonNodeFactory.instance.arrayNode();
        for (JsonNode each : release.path("status").path("conditions")) {
            if (CONDITION_FIELDS.stream().allMatch(each::hasNonNull)) {
                ObjectNode copy = copied.addObject();
                CONDITION_FIELDS.forEach(field -> copy.set(field, each.get(field)));
            }
        }
        return copied;
    }
}
