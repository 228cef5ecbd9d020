package dev.orkestra.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterException.Reason;
import dev.orkestra.executor.ChangeSignal;
import dev.orkestra.executor.Deadline;
import dev.orkestra.group.Groups;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorkflowDriverTest {
    private final WorkflowServer server = new WorkflowServer();

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"FORBIDDEN", "UNAUTHENTICATED", "INVALID", "STALE", "UNAVAILABLE"})
    void aRefusedStatusIsWrittenLater(Reason reason) throws InterruptedException {
        // One for each state there is to write, so that only another try can bring the end.
        server.refusals.addAll(List.of(reason, reason, reason));
        server.stored = Optional.of(workflow("1"));
        WorkflowDriver driver = drive();
        assertThat(server.written.poll(20, TimeUnit.SECONDS)).isEqualTo("Failed");
        assertThat(driver.isStopped()).isFalse();
    }

    @Test
    void stopsWhenItsWorkflowIsGoneOrIsAnotherOne() throws InterruptedException {
        server.refusals.add(Reason.NOT_FOUND);
        awaitStopped(drive());
        server.refusals.add(Reason.STALE);
        server.stored = Optional.of(workflow("2"));
        awaitStopped(drive());
        assertThat(server.written).isEmpty();
    }

    /** It stops in the turn that its refusal is used up in. */
    private static void awaitStopped(WorkflowDriver driver) throws InterruptedException {
        ChangeSignal never = new ChangeSignal();
        Deadline deadline = Deadline.in(Duration.ofSeconds(10));
        while (!driver.isStopped() && !deadline.passed()) {
            never.awaitAfter(never.seen(), Duration.ofMillis(5));
        }
        assertThat(driver.isStopped()).isTrue();
    }

    private WorkflowDriver drive() {
        ObjectNode workflow = workflow("1");
        WorkflowStep step = new WorkflowStep(
                server.cluster,
                group -> Outcome.terminal(Diagnostic.error(ErrorCode.NoIdentity, "nobody", null, "")),
                _ -> true,
                workflow,
                InstantSource.system());
        WorkflowDriver driver =
                new WorkflowDriver(server.cluster, WorkflowServer.WORKFLOWS, workflow, step, InstantSource.system());
        driver.start();
        driver.saw(workflow);
        return driver;
    }

    /** Its one step ends at once, in a failure. */
    static ObjectNode workflow(String uid) {
        return Groups.json("""
                {apiVersion: argoproj.io/v1alpha1, kind: Workflow,
                 metadata: {name: w, namespace: orkestra, uid: '%s', labels: {orkestra.azure.microsoft.com/owner: shop}},
                 spec: {entrypoint: entry, templates: [
                   {name: entry, dag: {tasks: [{name: a, template: own-executor}]}},
                   {name: own-executor, container: {image: x, args: []}}]}}
                """.formatted(uid));
    }
}
