package dev.orkestra.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WorkflowSealTest {
    private static final ReleaseSeal SEAL = new ReleaseSeal(new byte[32]);

    @Test
    void fitsTheWorkflowThatWasPlannedWhateverPeopleMayChangeInIt() throws JsonProcessingException {
        ObjectNode workflow = sealed();
        assertThat(SEAL.fitsWorkflow(workflow)).isTrue();
        workflow.withObject("/spec").put("suspend", true).put("shutdown", "Stop");
        workflow.withObject("/status").put("phase", "Running");
        workflow.withObject("/metadata/labels").put("workflows.argoproj.io/phase", "Running");
        assertThat(SEAL.fitsWorkflow(workflow)).isTrue();
    }

    @Test
    void doesNotFitAnotherGroupImageOrKey() throws JsonProcessingException {
        ObjectNode other = sealed();
        other.withObject("/metadata/labels").put(GroupNames.OWNER, "bank");
        assertThat(SEAL.fitsWorkflow(other)).isFalse();
        ObjectNode image = sealed();
        ((ObjectNode) image.path("spec").path("templates").path(0).path("container")).put("image", "evil");
        assertThat(SEAL.fitsWorkflow(image)).isFalse();
        assertThat(new ReleaseSeal("k".repeat(32).getBytes(StandardCharsets.US_ASCII)).fitsWorkflow(sealed()))
                .isFalse();
        ObjectNode none = sealed();
        none.withObject("/metadata").remove("annotations");
        assertThat(SEAL.fitsWorkflow(none)).isFalse();
    }

    private static ObjectNode sealed() throws JsonProcessingException {
        ObjectNode workflow = (ObjectNode) new ObjectMapper().readTree("""
                {"metadata": {"name": "shop", "namespace": "orkestra",
                  "labels": {"orkestra.azure.microsoft.com/owner": "shop"}},
                 "spec": {"entrypoint": "entry", "templates": [{"name": "x", "container": {"image": "i"}}]}}""");
        workflow.withObject("/metadata/annotations").put(GroupNames.SEAL, SEAL.ofWorkflow(workflow));
        return workflow;
    }
}
