package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Identity;
import dev.orkestra.cluster.WatchListener.Change;
import dev.orkestra.outcome.Outcome;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkflowControllerTest {
    private final WorkflowServer server = new WorkflowServer();
    private final WorkflowController controller = new WorkflowController(
            server.cluster, _ -> Outcome.done(new Identity("shop", "deployer")), _ -> false, InstantSource.system());

    @BeforeEach
    void start() {
        controller.start("");
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void keepsNothingOfAWorkflowThatIsOverAndNeverBeginsItAgain() throws InterruptedException {
        ObjectNode workflow = WorkflowDriverTest.workflow("1");
        server.tell(Change.PRESENT, workflow);
        assertThat(phaseWritten()).isEqualTo("Failed");
        // The watch may tell late of what was before.
        server.tell(Change.PRESENT, workflow);
        assertThat(controller.driven()).isEqualTo(1);
        server.tell(Change.PRESENT, ended("1"));
        assertThat(controller.driven()).isZero();
        server.tell(Change.PRESENT, ended("1"));
        server.tell(Change.DELETED, ended("1"));
        server.tell(Change.PRESENT, WorkflowDriverTest.workflow("2"));
        assertThat(controller.driven()).isEqualTo(1);
    }

    @Test
    void removesThePodsThatAnEarlierProcessLeftOnceAndOnceMoreWhenTheWorkflowGoes() throws InterruptedException {
        server.tell(Change.PRESENT, ended("1"));
        assertThat(server.podsListed.poll(10, TimeUnit.SECONDS)).isEqualTo("shop");
        server.tell(Change.PRESENT, ended("1"));
        ObjectNode leaving = ended("1");
        leaving.withObject("/metadata").put("deletionTimestamp", "2026-01-02T03:04:05Z");
        server.tell(Change.PRESENT, leaving);
        assertThat(server.podsListed.poll(10, TimeUnit.SECONDS)).isEqualTo("shop");
        server.tell(Change.DELETED, leaving);
        server.tell(Change.PRESENT, ended("2"));
        assertThat(server.podsListed.poll(10, TimeUnit.SECONDS)).isEqualTo("shop");
        assertThat(Optional.ofNullable(server.podsListed.poll(300, TimeUnit.MILLISECONDS)))
                .as("a fourth time")
                .isEmpty();
        assertThat(controller.driven()).isZero();
    }

    private String phaseWritten() throws InterruptedException {
        String last = "";
        while (!last.startsWith("Failed")) {
            last = Optional.ofNullable(server.written.poll(10, TimeUnit.SECONDS))
                    .orElse("Failed too late");
        }
        return last;
    }

    private static ObjectNode ended(String uid) {
        ObjectNode workflow = WorkflowDriverTest.workflow(uid);
        workflow.withObject("/spec/podGC").put("strategy", "OnWorkflowCompletion");
        workflow.set("status", EndedWorkflow.status(workflow));
        return workflow;
    }
}
