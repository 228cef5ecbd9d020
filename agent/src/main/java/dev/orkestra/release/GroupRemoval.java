package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.cluster.Identity;
import dev.orkestra.group.GroupRules;
import dev.orkestra.group.ReleaseGraph;
import dev.orkestra.group.StagedCharts;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes a deleted group's releases away, in reverse, before the group itself may go. */
final class GroupRemoval {
    private static final String NOT_SUCCEEDED = "reverse workflow did not succeed";
    private static final String MESSAGE = "application group is terminating...";
    /** How long releases that a failed reverse Workflow has left may take to go before the group does. */
    private static final Duration LAST_WAIT = Duration.ofMinutes(5);

    private final GroupTools tools;

    GroupRemoval(GroupTools tools) {
        this.tools = tools;
    }

    /** Returns when to look again at the latest; empty when the group may go or nothing is awaited. */
    Optional<Duration> look(GroupPass pass) {
        if (!GroupCluster.hasFinalizer(pass.group())) {
            return Optional.empty();
        }
        List<ObjectNode> releases = pass.releases();
        Optional<ObjectNode> forward = pass.cluster.workflow(WorkflowType.FORWARD, pass.name());
        Optional<ObjectNode> reverse = pass.cluster.workflow(WorkflowType.REVERSE, pass.name());
        boolean ours = reverse.filter(pass::isOfThisGeneration).isPresent();
        if (releases.isEmpty() && (forward.isEmpty() || ours && isOver(reverse.get()))) {
            if (ours && !WorkflowPhase.of(reverse.get()).succeeded()) {
                tell(pass, "");
            }
            pass.cluster.releaseGroup(pass.group());
            return Optional.empty();
        }
        pass.status().terminating(MESSAGE);
        return switch (tools.identities().ofGroup(pass.name())) {
            case Outcome.Done<Identity>(Identity identity) -> remove(pass, identity, releases, forward, reverse);
            case Outcome.Retry<Identity>(Duration after, Diagnostic reason) -> waiting(pass, reason, after);
            case Outcome.Terminal<Identity>(Diagnostic reason) -> waiting(pass, reason, GroupPass.SAFETY_LOOK);
        };
    }

    private Optional<Duration> remove(
            GroupPass pass,
            Identity identity,
            List<ObjectNode> releases,
            Optional<ObjectNode> forward,
            Optional<ObjectNode> reverse) {
        if (reverse.filter(pass::isOfThisGeneration).isPresent()) {
            return follow(pass, identity, releases, reverse.get());
        }
        if (reverse.isPresent()) {
            // Of an older generation, as after a failure: what it did not reach is in the new one.
            pass.cluster.deleteWorkflow(reverse.get());
            pass.write();
            return Optional.of(GroupPass.SAFETY_LOOK);
        }
        forward.ifPresent(each -> suspend(pass, WorkflowType.FORWARD, each));
        pass.cluster
                .workflow(WorkflowType.ROLLBACK, pass.name())
                .ifPresent(each -> suspend(pass, WorkflowType.ROLLBACK, each));
        StagedCharts staged = pass.staged(forward);
        ReleaseGraph installed = InstalledReleases.graph(releases);
        // Of a spec that breaks the rules nothing was installed; what is there tells by itself, and so does the last
        // success.
        ReleaseGraph wanted =
                Diagnostic.anyError(GroupRules.check(pass.group())) ? pass.lastSuccess() : pass.forward(staged);
        ReleaseGraph all = wanted.plus(installed.minus(wanted));
        if (all.isEmpty()) {
            pass.cluster.releaseGroup(pass.group());
            return Optional.empty();
        }
        ReleaseGraph graph = all.reverse();
        ObjectNode workflow = WorkflowDocument.of(
                new WorkflowDocument.Plan(
                        WorkflowType.REVERSE,
                        pass.name(),
                        pass.generation(),
                        pass.uid(),
                        identity,
                        pass.remediationByRun(),
                        graph,
                        all,
                        staged,
                        WorkflowDocument.owner(forward.orElse(pass.group()))),
                tools.settings(),
                tools.seal());
        Optional<String> tooLarge = WorkflowSize.trouble(workflow, graph);
        if (tooLarge.isPresent()) {
            return withoutWorkflow(pass, identity, releases, tooLarge.get());
        }
        pass.cluster.createWorkflow(workflow);
        pass.write();
        return Optional.of(GroupPass.SAFETY_LOOK);
    }

    /** What was and what was to be may be more than a Workflow holds; the group must be able to go all the same. */
    private static Optional<Duration> withoutWorkflow(
            GroupPass pass, Identity identity, List<ObjectNode> releases, String why) {
        if (releases.isEmpty()) {
            pass.cluster.releaseGroup(pass.group());
            return Optional.empty();
        }
        String left = keys(releases) + deleteAll(pass, identity, releases);
        pass.status().terminating("waiting for " + left + " to go");
        pass.write();
        pass.cluster.event(
                pass.group(),
                true,
                "ReconcileError",
                "no reverse workflow: " + why + "; deleted without order: " + left);
        return Optional.of(GroupPass.SAFETY_LOOK);
    }

    private static Optional<Duration> follow(
            GroupPass pass, Identity identity, List<ObjectNode> releases, ObjectNode reverse) {
        WorkflowPhase phase = WorkflowPhase.of(reverse);
        pass.status().workflow(WorkflowType.REVERSE, phase);
        if (!isOver(reverse)) {
            pass.write();
            return Optional.of(GroupPass.SAFETY_LOOK);
        }
        // Whatever the Workflow left is taken away without order: better than a release that nobody owns.
        String refused = deleteAll(pass, identity, releases);
        if (!phase.failed() && !isDying(reverse)) {
            pass.status().terminating("reverse workflow succeeded; waiting for " + keys(releases) + " to go" + refused);
            pass.write();
            return Optional.of(GroupPass.SAFETY_LOOK);
        }
        tell(pass, releases.isEmpty() ? "" : "; deleted without order: " + keys(releases) + refused);
        if (!releases.isEmpty() && !isDying(reverse) && hasTime(pass, reverse)) {
            // An engine carries them out in the group's name, so the group stays for a while.
            pass.status().terminating(NOT_SUCCEEDED + "; waiting for " + keys(releases) + " to go" + refused);
            pass.write();
            return Optional.of(GroupPass.SAFETY_LOOK);
        }
        pass.write();
        pass.cluster.releaseGroup(pass.group());
        return Optional.empty();
    }

    /** Once: the next look finds it in the status. */
    private static void tell(GroupPass pass, String left) {
        boolean said = Conditions.find(pass.group(), GroupStatus.READY)
                .filter(ready -> ready.path("message").asText().startsWith(NOT_SUCCEEDED))
                .isPresent();
        if (!said) {
            pass.cluster.event(pass.group(), true, "ReconcileError", NOT_SUCCEEDED + left);
        }
    }

    /** What could not be deleted, for people; empty when all could. One that is refused does not keep the others. */
    private static String deleteAll(GroupPass pass, Identity identity, List<ObjectNode> releases) {
        List<String> refused = new ArrayList<>();
        for (ObjectNode release : releases) {
            try {
                pass.cluster.deleteRelease(release, identity);
            } catch (ClusterException e) {
                if (e.isTransient()) {
                    throw e;
                }
                refused.add(InstalledReleases.key(release) + " (" + e.getMessage() + ")");
            }
        }
        return refused.isEmpty() ? "" : "; not deleted: " + String.join(", ", refused);
    }

    private static boolean hasTime(GroupPass pass, JsonNode reverse) {
        try {
            Instant end =
                    Instant.parse(reverse.path("status").path("finishedAt").asText(""));
            return pass.now().isBefore(end.plus(LAST_WAIT));
        } catch (DateTimeParseException notThere) {
            return false;
        }
    }

    private static void suspend(GroupPass pass, WorkflowType type, ObjectNode workflow) {
        if (!WorkflowPhase.of(workflow).finished()) {
            pass.cluster.suspendWorkflow(workflow);
            ObjectNode suspended = workflow.deepCopy();
            suspended.withObject("/spec").put("suspend", true);
            pass.status().workflow(type, WorkflowPhase.of(suspended));
        }
    }

    private static Optional<Duration> waiting(GroupPass pass, Diagnostic reason, Duration after) {
        pass.status().terminating("cannot remove its releases: " + GroupSubmission.words(reason));
        pass.write();
        return Optional.of(after);
    }

    /** Finished, or removed by hand, which means the same. */
    private static boolean isOver(JsonNode workflow) {
        return isDying(workflow) || WorkflowPhase.of(workflow).finished();
    }

    private static boolean isDying(JsonNode object) {
        return object.path("metadata").has("deletionTimestamp");
    }

    private static String keys(List<ObjectNode> releases) {
        return String.join(", ", releases.stream().map(InstalledReleases::key).toList());
    }
}
