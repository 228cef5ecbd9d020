package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.Identity;
import dev.orkestra.executor.ChangeSignal;
import dev.orkestra.executor.Deadline;
import dev.orkestra.executor.HelmReleaseExecutor;
import dev.orkestra.executor.StepArguments;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import dev.orkestra.release.Identities;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the steps of one Workflow: our own executor in this process, where Argo would start a pod; others as pods.
 * Thread-safe.
 */
final class WorkflowStep {
    private static final Logger LOG = LoggerFactory.getLogger(WorkflowStep.class);
    /** Templates whose container is Orkestra's own executor of HelmReleases, whatever image they name. */
    private static final Set<String> OURS = Set.of("helmrelease-forward-executor", "helmrelease-reverse-executor");

    private static final Set<String> KEPTN = Set.of("keptn-forward-executor", "keptn-reverse-executor");
    private static final Duration TO_ASK_WHO = Duration.ofMinutes(5);

    /** How a step ended, or how far it is. */
    record End(WorkflowNode.Phase phase, String message) {}

    private final Cluster cluster;
    private final Identities identities;
    private final Predicate<ObjectNode> planned;
    private final ObjectNode workflow;
    private final String group;
    private final WorkflowPods pods;
    /** To tidy up after a group that nobody answers for any more. */
    private volatile Optional<Identity> lastIdentity = Optional.empty();

    /**
     * @param cluster asked as the agent only for the identity's view of it
     * @param planned whether a Workflow is one that was planned for its group
     * @param workflow whose label names the ApplicationGroup that it belongs to
     */
    WorkflowStep(
            Cluster cluster,
            Identities identities,
            Predicate<ObjectNode> planned,
            ObjectNode workflow,
            InstantSource clock) {
        this.cluster = cluster;
        this.identities = identities;
        this.planned = planned;
        this.workflow = workflow;
        this.group = workflow.path("metadata")
                .path("labels")
                .path(ReleaseEngine.OWNER)
                .asText("");
        this.pods = new WorkflowPods(cluster, workflow, clock);
    }

    /** Whether the steps of {@code template} are pods. */
    static boolean isPod(String template) {
        return !OURS.contains(template) && !isKeptn(template);
    }

    /** Whether the steps of {@code template} are evaluations by Keptn. */
    static boolean isKeptn(String template) {
        return KEPTN.contains(template);
    }

    /**
     * Runs the step; interrupting the thread ends it, but not its pod.
     *
     * @param report told of what a pod says before it ends
     */
    End run(WorkflowWalk.Work work, Consumer<End> report) throws InterruptedException {
        if (isKeptn(work.template())) {
            return new End(
                    WorkflowNode.Phase.Error,
                    "keptn executors are carried out by a later version (template " + work.template() + ")");
        }
        if (isPod(work.template())) {
            if (!planned.test(workflow)) {
                // An image may do anything, so what it runs as must not be a question of labels.
                return new End(
                        WorkflowNode.Phase.Failed,
                        "the Workflow was not planned by the agent, or was changed since; its custom executors are not run");
            }
            return switch (identity(TO_ASK_WHO)) {
                case Outcome.Done<Identity>(Identity identity) -> pods.run(identity, work, report);
                case Outcome.Retry<Identity>(Duration _, Diagnostic reason) -> error(reason);
                case Outcome.Terminal<Identity>(Diagnostic reason) -> failed(reason);
            };
        }
        return switch (StepArguments.parse(work.arguments())) {
            case Outcome.Done<StepArguments>(StepArguments arguments) -> inTheGroupsName(arguments);
            case Outcome.Retry<StepArguments>(Duration _, Diagnostic reason) -> error(reason);
            case Outcome.Terminal<StepArguments>(Diagnostic reason) -> failed(reason);
        };
    }

    private End inTheGroupsName(StepArguments arguments) throws InterruptedException {
        String owner = arguments
                .release()
                .path("metadata")
                .path("labels")
                .path(ReleaseEngine.OWNER)
                .asText("");
        if (!owner.equals(group)) {
            // The label decides in whose name Helm runs: a Workflow must not choose another group's.
            return new End(
                    WorkflowNode.Phase.Failed,
                    "the HelmRelease says that it belongs to group '" + owner + "', its Workflow to '" + group + "'");
        }
        return switch (identity(arguments.timeout())) {
            case Outcome.Done<Identity>(Identity identity) ->
                carryOut(new HelmReleaseExecutor(cluster.as(identity)), arguments);
            case Outcome.Retry<Identity>(Duration _, Diagnostic reason) -> error(reason);
            case Outcome.Terminal<Identity>(Diagnostic reason) -> failed(reason);
        };
    }

    private Outcome<Identity> identity(Duration atMost) throws InterruptedException {
        Deadline deadline = Deadline.in(atMost);
        while (true) {
            Outcome<Identity> answer = identities.ofGroup(group);
            if (answer instanceof Outcome.Done<Identity>(Identity identity)) {
                lastIdentity = Optional.of(identity);
            }
            if (!(answer instanceof Outcome.Retry<Identity>(Duration after, Diagnostic _)) || deadline.passed()) {
                return answer;
            }
            ChangeSignal nothing = new ChangeSignal();
            nothing.awaitAfter(nothing.seen(), deadline.leftAtMost(after));
        }
    }

    /** No settling: the embedded engine checks generation and uid itself (DESIGN.md §5). */
    private static End carryOut(HelmReleaseExecutor executor, StepArguments arguments) throws InterruptedException {
        ObjectNode release = arguments.release();
        return switch (arguments.action()) {
            case INSTALL -> end(executor.install(release, arguments.timeout(), Duration.ZERO));
            case DELETE -> end(executor.delete(release, arguments.timeout()));
        };
    }

    private static <T> End end(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T> _ -> new End(WorkflowNode.Phase.Succeeded, "");
            case Outcome.Retry<T>(Duration _, Diagnostic reason) -> failed(reason);
            case Outcome.Terminal<T>(Diagnostic reason) -> failed(reason);
        };
    }

    /** Failed wants somebody to change something; Error is trouble that may pass, which a retryStrategy is for. */
    static End failed(Diagnostic reason) {
        return reason.code() == ErrorCode.ClusterUnreachable
                ? error(reason)
                : new End(WorkflowNode.Phase.Failed, reason.message());
    }

    private static End error(Diagnostic reason) {
        return new End(WorkflowNode.Phase.Error, reason.message());
    }

    /** Deletes the pods of {@code nodes}; those that are not steps, or not pods, have none. */
    void removePods(Collection<WorkflowNode> nodes) throws InterruptedException {
        Collection<WorkflowNode> withPods = nodes.stream()
                .filter(node -> node.kind() == WorkflowNode.Kind.STEP && isPod(node.template()))
                .toList();
        if (withPods.isEmpty()) {
            return;
        }
        Optional<Identity> known = lastIdentity.isPresent() ? lastIdentity : asked();
        if (known.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("group", group)
                    .log("pods of a workflow not removed: nobody answers for its group");
            return;
        }
        pods.remove(known.get(), withPods.stream().map(WorkflowNode::id).collect(Collectors.toSet()));
    }

    private Optional<Identity> asked() throws InterruptedException {
        return identity(TO_ASK_WHO) instanceof Outcome.Done<Identity>(Identity identity)
                ? Optional.of(identity)
                : Optional.empty();
    }
}
