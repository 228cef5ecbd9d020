package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.StagedCharts;
import java.util.List;
import java.util.Optional;

/**
 * All that the cluster knows of one group, as read at about one moment.
 *
 * @param workflows those with the group's label; of any generation
 * @param releases HelmReleases with the group's label
 */
public record GroupObjects(ObjectNode group, List<ObjectNode> workflows, List<ObjectNode> releases) {
    public GroupObjects {
        workflows = List.copyOf(workflows);
        releases = List.copyOf(releases);
    }

    /** The labels that Workflows and HelmReleases of {@code group} carry. */
    public static String selector(String group) {
        return GroupNames.HERITAGE + "=" + GroupNames.HERITAGE_VALUE + "," + GroupNames.OWNER + "=" + group;
    }

    /** The group that {@code object} belongs to; empty for none. */
    public static String owner(JsonNode object) {
        return object.path("metadata").path("labels").path(GroupNames.OWNER).asText("");
    }

    /** The selector of the objects of all groups. */
    public static String anyGroup() {
        return GroupNames.HERITAGE + "=" + GroupNames.HERITAGE_VALUE;
    }

    public ApplicationGroup model() {
        return ApplicationGroup.of(group);
    }

    long generation() {
        return GroupStatus.generation(group);
    }

    boolean isDeleting() {
        return group.path("metadata").has("deletionTimestamp");
    }

    String annotation(String key) {
        return group.path("metadata").path("annotations").path(key).asText("");
    }

    /** The Workflow of {@code type} that carries out the group's present generation. */
    Optional<ObjectNode> workflow(WorkflowType type) {
        String generation = Long.toString(generation());
        return workflows.stream()
                .filter(each -> label(each, GroupNames.WORKFLOW_TYPE).equals(type.label()))
                .filter(each -> label(each, GroupNames.GENERATION).equals(generation))
                .findFirst();
    }

    /** What is being carried out, or was last: going back comes after going forward. */
    Optional<WorkflowType> latest() {
        if (isDeleting()) {
            return Optional.of(WorkflowType.REVERSE);
        }
        return List.of(WorkflowType.ROLLBACK, WorkflowType.REVERSE, WorkflowType.FORWARD).stream()
                .filter(type -> workflow(type).isPresent())
                .findFirst();
    }

    /** Which charts stand ready: as the Workflow tells, else as the status does. */
    StagedCharts staged() {
        return workflow(WorkflowType.FORWARD)
                .flatMap(each -> GroupPass.json(each.path("metadata")
                        .path("annotations")
                        .path(GroupNames.CHARTS)
                        .asText("")))
                .map(StagedCharts::of)
                .orElseGet(this::stagedByStatus);
    }

    /** Entries of charts that could not be staged say nothing of what they hold. */
    private StagedCharts stagedByStatus() {
        JsonNode status = group.path("status").deepCopy();
        if (status.path("applications") instanceof ArrayNode applications) {
            for (int i = applications.size() - 1; i >= 0; i--) {
                if (!applications.get(i).path("staged").asBoolean(false)) {
                    applications.remove(i);
                }
            }
        }
        return StagedCharts.ofStatus(status);
    }

    Optional<JsonNode> condition(String type) {
        return Conditions.find(group, type);
    }

    private static String label(JsonNode object, String key) {
        return object.path("metadata").path("labels").path(key).asText("");
    }
}
