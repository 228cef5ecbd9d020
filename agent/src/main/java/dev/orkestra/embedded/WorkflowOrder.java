package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;

/** What people say to a Workflow that is under way, by {@code spec.suspend} and {@code spec.shutdown}. */
enum WorkflowOrder {
    GO,
    /** Begin nothing more until told to go on. */
    SUSPEND,
    /** End it at once. */
    TERMINATE,
    /** In Argo: end it, but run exit handlers. The embedded engine has none, so it is the same. */
    STOP;

    static WorkflowOrder of(JsonNode workflow) {
        JsonNode spec = workflow.path("spec");
        return switch (spec.path("shutdown").asText("")) {
            case "Terminate" -> TERMINATE;
            case "Stop" -> STOP;
            default -> spec.path("suspend").asBoolean() ? SUSPEND : GO;
        };
    }

    boolean isShutdown() {
        return this == TERMINATE || this == STOP;
    }

    /** Argo's word for a shutdown. */
    String strategy() {
        return this == STOP ? "Stop" : "Terminate";
    }
}
