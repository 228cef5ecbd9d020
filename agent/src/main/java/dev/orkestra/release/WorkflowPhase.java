package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * How a Workflow goes, in the words of a group's conditions. Argo's phase {@code Error} is a failure too; Azure
 * Orkestra took it for progress without end.
 *
 * @param value status of the condition
 * @param reason its reason
 * @param message its message
 */
record WorkflowPhase(String value, String reason, String message) {
    private static final WorkflowPhase SUCCEEDED = new WorkflowPhase("True", "Succeeded", "workflow succeeded");
    private static final WorkflowPhase FAILED =
            new WorkflowPhase("False", "Failed", "workflow node is in failed state");
    private static final WorkflowPhase SUSPENDED = new WorkflowPhase("False", "Suspended", "workflow is suspended");
    private static final WorkflowPhase PROGRESSING =
            new WorkflowPhase("Unknown", "Progressing", "workflow is progressing...");

    static WorkflowPhase of(JsonNode workflow) {
        return switch (workflow.path("status").path("phase").asText("")) {
            case "Succeeded" -> SUCCEEDED;
            case "Failed", "Error" -> FAILED;
            default -> workflow.path("spec").path("suspend").asBoolean(false) ? SUSPENDED : PROGRESSING;
        };
    }

    boolean succeeded() {
        return value.equals("True");
    }

    boolean failed() {
        return reason.equals("Failed");
    }

    boolean finished() {
        return succeeded() || failed();
    }
}
