package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Cluster;
import dev.orkestra.cluster.Identity;
import dev.orkestra.executor.ChangeSignal;
import dev.orkestra.executor.Deadline;
import dev.orkestra.executor.HelmReleaseExecutor;
import dev.orkestra.executor.StepArguments;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Outcome;
import dev.orkestra.release.Identities;
import java.time.Duration;
import java.util.Set;

/** Carries out one step of a Workflow in this process, where Argo would start a pod. */
final class WorkflowStep {
    /** Templates whose container is Orkestra's own executor of HelmReleases. */
    private static final Set<String> OURS = Set.of("helmrelease-forward-executor", "helmrelease-reverse-executor");

    /** How a step ended. */
    record End(WorkflowNode.Phase phase, String message) {}

    private final Cluster cluster;
    private final Identities identities;
    private final String group;

    /**
     * @param cluster asked as the agent only for the identity's view of it
     * @param group the ApplicationGroup that the Workflow belongs to
     */
    WorkflowStep(Cluster cluster, Identities identities, String group) {
        this.cluster = cluster;
        this.identities = identities;
        this.group = group;
    }

    /** Runs the step; interrupting the thread ends it. */
    End run(WorkflowWalk.Work work) throws InterruptedException {
        if (!OURS.contains(work.template())) {
            return new End(
                    WorkflowNode.Phase.Error,
                    "custom executors are not carried out by this version (template " + work.template() + ")");
        }
        return switch (StepArguments.parse(work.arguments())) {
            case Outcome.Done<StepArguments>(StepArguments arguments) -> inTheGroupsName(arguments);
            case Outcome.Retry<StepArguments>(Duration _, Diagnostic reason) -> error(reason);
            case Outcome.Terminal<StepArguments>(Diagnostic reason) -> error(reason);
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
                    WorkflowNode.Phase.Error,
                    "the HelmRelease says that it belongs to group '" + owner + "', its Workflow to '" + group + "'");
        }
        Deadline deadline = Deadline.in(arguments.timeout());
        while (true) {
            switch (identities.ofGroup(group)) {
                case Outcome.Done<Identity>(Identity identity) -> {
                    return carryOut(new HelmReleaseExecutor(cluster.as(identity)), arguments);
                }
                case Outcome.Terminal<Identity>(Diagnostic reason) -> {
                    return error(reason);
                }
                case Outcome.Retry<Identity>(Duration after, Diagnostic reason) -> {
                    if (deadline.passed()) {
                        return error(reason);
                    }
                    ChangeSignal nothing = new ChangeSignal();
                    nothing.awaitAfter(nothing.seen(), deadline.leftAtMost(after));
                }
            }
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
            case Outcome.Retry<T>(Duration _, Diagnostic reason) ->
                new End(WorkflowNode.Phase.Failed, reason.message());
            case Outcome.Terminal<T>(Diagnostic reason) -> new End(WorkflowNode.Phase.Failed, reason.message());
        };
    }

    private static End error(Diagnostic reason) {
        return new End(WorkflowNode.Phase.Error, reason.message());
    }
}
