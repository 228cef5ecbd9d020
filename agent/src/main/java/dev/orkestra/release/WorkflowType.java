package dev.orkestra.release;

import java.util.Arrays;
import java.util.Optional;

/** What a group's Workflow is for. */
public enum WorkflowType {
    FORWARD("forward", "", "ForwardWorkflowSucceeded"),
    REVERSE("reverse", "-reverse", "ReverseWorkflowSucceeded"),
    ROLLBACK("rollback", "-rollback", "RollbackWorkflowSucceeded");

    private final String label;
    private final String suffix;
    private final String condition;

    WorkflowType(String label, String suffix, String condition) {
        this.label = label;
        this.suffix = suffix;
        this.condition = condition;
    }

    /** Value of the label {@link GroupNames#WORKFLOW_TYPE}. */
    public String label() {
        return label;
    }

    /** The group's condition that tells how the Workflow went. */
    public String condition() {
        return condition;
    }

    /** Name of this Workflow of {@code group}. */
    public String workflowName(String group) {
        return group + suffix;
    }

    static Optional<WorkflowType> ofLabel(String label) {
        return Arrays.stream(values()).filter(type -> type.label.equals(label)).findFirst();
    }
}
