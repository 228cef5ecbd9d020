package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.group.Groups;
import org.junit.jupiter.api.Test;

class WorkflowChangesTest {
    @Test
    void onlyWhatHasChangedIsWritten() {
        ObjectNode before = Groups.json(
                "{phase: Running, message: late, nodes: {a: {phase: Running, children: [b]}, b: {phase: Pending}}}");
        ObjectNode after = Groups.json(
                "{phase: Running, nodes: {a: {phase: Succeeded, children: [b]}, b: {phase: Pending}, c: {phase: Pending}}}");
        assertThat(WorkflowDriver.changes(before, after))
                .hasToString(
                        "{\"nodes\":{\"a\":{\"phase\":\"Succeeded\"},\"c\":{\"phase\":\"Pending\"}},\"message\":null}");
        assertThat(WorkflowDriver.changes(after, after)).isEmpty();
        assertThat(WorkflowDriver.changes(Groups.json("{}"), after)).isEqualTo(after);
    }
}
