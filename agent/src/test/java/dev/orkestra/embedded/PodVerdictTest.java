package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.embedded.WorkflowNode.Phase;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodVerdictTest {
    @Test
    void waitsWithTheContainersReasonInArgosForm() throws JsonProcessingException {
        assertThat(of("{'phase': 'Pending', 'containerStatuses': [{'state': {'waiting': {'reason': 'ErrImageNeverPull',"
                        + " 'message': 'Container image is not present'}}}]}"))
                .isEqualTo(new PodVerdict.Waiting("ErrImageNeverPull: Container image is not present"));
        assertThat(of("{'phase': 'Pending', 'containerStatuses': [{'state': {'waiting': {'reason':"
                        + " 'ContainerCreating'}}}]}"))
                .isEqualTo(new PodVerdict.Waiting("ContainerCreating"));
        assertThat(of("{'phase': 'Pending', 'conditions': [{'type': 'PodScheduled', 'status': 'False', 'reason':"
                        + " 'Unschedulable', 'message': 'no room'}]}"))
                .isEqualTo(new PodVerdict.Waiting("Unschedulable: no room"));
        assertThat(of("{}")).isEqualTo(new PodVerdict.Waiting(""));
    }

    @Test
    void endsWithTheExitCode() throws JsonProcessingException {
        assertThat(of("{'phase': 'Running', 'containerStatuses': [{'state': {'running': {}}}]}"))
                .isEqualTo(new PodVerdict.Running());
        assertThat(of("{'phase': 'Succeeded'}")).isEqualTo(new PodVerdict.Ended(Phase.Succeeded, "", false));
        assertThat(of("{'phase': 'Failed', 'containerStatuses': [{'state': {'terminated': {'exitCode': 137, 'reason':"
                        + " 'OOMKilled'}}}]}"))
                .isEqualTo(new PodVerdict.Ended(Phase.Failed, "main: OOMKilled (exit code 137)", true));
    }

    @Test
    void isTheStepsFaultOrTheClusters() throws JsonProcessingException {
        assertThat(of("{'phase': 'Failed', 'reason': 'Evicted', 'message': 'The node was low on resource: memory.'}"))
                .isEqualTo(new PodVerdict.Ended(Phase.Error, "The node was low on resource: memory.", false));
        assertThat(of("{'phase': 'Failed', 'reason': 'DeadlineExceeded', 'message': 'Pod was active on the node longer"
                        + " than the specified deadline'}"))
                .isEqualTo(new PodVerdict.Ended(
                        Phase.Failed, "Pod was active on the node longer than the specified deadline", false));
        assertThat(of("{'phase': 'Failed'}"))
                .isEqualTo(new PodVerdict.Ended(Phase.Error, "pod failed before its container ran", false));
    }

    /** Real Argo 4.1.2 reported Succeeded of a pod that was deleted under it. */
    @Test
    void believesNoEndOfAPodThatWasDeletedWhileItRan() throws JsonProcessingException {
        ObjectNode pod = pod("{'phase': 'Succeeded', 'containerStatuses': [{'state': {'terminated': {'exitCode': 0,"
                + " 'finishedAt': '2026-01-01T00:00:40Z'}}}]}");
        ObjectNode metadata = pod.withObjectProperty("metadata");
        metadata.put("deletionTimestamp", "2026-01-01T00:01:00Z").put("deletionGracePeriodSeconds", 30);
        assertThat(PodVerdict.of("p", Optional.of(pod), "u")).isEqualTo(PodVerdict.lost("p"));
        metadata.put("deletionTimestamp", "2026-01-01T00:01:20Z");
        assertThat(PodVerdict.of("p", Optional.of(pod), "u"))
                .isEqualTo(new PodVerdict.Ended(Phase.Succeeded, "", false));
        assertThat(PodVerdict.of("p", Optional.of(pod), "another")).isEqualTo(PodVerdict.lost("p"));
        assertThat(PodVerdict.of("p", Optional.empty(), "u")).isEqualTo(PodVerdict.lost("p"));
        assertThat(PodVerdict.lost("p").phase()).isEqualTo(Phase.Error);
    }

    private static PodVerdict of(String status) throws JsonProcessingException {
        return PodVerdict.of("p", Optional.of(pod(status)), "u");
    }

    private static ObjectNode pod(String status) throws JsonProcessingException {
        return (ObjectNode) new ObjectMapper()
                .readTree(("{'metadata': {'uid': 'u'}, 'status': " + status + "}").replace('\'', '"'));
    }
}
