package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.ClusterException;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.cluster.Identity;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.ReleaseGraph;
import dev.orkestra.group.StagedCharts;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * What happens after a forward Workflow failed. A group that a run applied: nothing, the run decides (DESIGN.md §5, one
 * remediator). A group applied by hand: back to the last spec that succeeded, or, where there is none, everything is
 * taken away. Once for a generation.
 */
final class GroupRemediation {
    private static final String STUCK = "; the group cannot go back: ";

    private final GroupTools tools;

    GroupRemediation(GroupTools tools) {
        this.tools = tools;
    }

    Optional<Duration> look(GroupPass pass, ObjectNode forward, StagedCharts staged)
            throws IOException, InterruptedException {
        if (pass.remediationByRun() || !tools.settings().remediation()) {
            pass.write();
            return Optional.empty();
        }
        String last = pass.annotation(GroupNames.LAST_SUCCESSFUL);
        if (last.isEmpty()
                && pass.group().path("status").path("lastSucceededGeneration").asLong() > 0) {
            // Taking it for a group that never worked would remove all that works.
            return stuck(pass, "its last success is not remembered; it may have been too large for an annotation");
        }
        WorkflowType type = last.isEmpty() ? WorkflowType.REVERSE : WorkflowType.ROLLBACK;
        Optional<ObjectNode> present = pass.cluster.workflow(type, pass.name());
        if (present.filter(pass::isOfThisGeneration).isPresent()) {
            WorkflowPhase phase = WorkflowPhase.of(present.get());
            pass.status().workflow(type, phase);
            pass.write();
            return phase.finished() ? Optional.empty() : Optional.of(GroupPass.SAFETY_LOOK);
        }
        if (pass.status().speaksOfThisGeneration(type.condition())) {
            // It has been there and somebody removed it.
            pass.write();
            return Optional.empty();
        }
        if (present.isPresent()) {
            pass.cluster.deleteWorkflow(present.get());
            return Optional.of(GroupPass.SAFETY_LOOK);
        }
        if (!(tools.identities().ofGroup(pass.name()) instanceof Outcome.Done<Identity>(Identity identity))) {
            stuck(pass, "nobody answers for it now");
            return Optional.of(GroupPass.SAFETY_LOOK);
        }
        ReleaseGraph installed = InstalledReleases.graph(pass.releases());
        ReleaseGraph wanted = pass.forward(staged);
        ReleaseGraph current = wanted.plus(installed.minus(wanted));
        if (type == WorkflowType.REVERSE) {
            return submit(pass, identity, type, current.reverse(), current, staged, WorkflowDocument.owner(forward));
        }
        return rollback(pass, identity, last, current);
    }

    private Optional<Duration> rollback(GroupPass pass, Identity identity, String lastText, ReleaseGraph current)
            throws IOException, InterruptedException {
        Optional<JsonNode> spec = GroupPass.json(lastText);
        Optional<StagedCharts> known = GroupPass.json(pass.annotation(GroupNames.LAST_SUCCESSFUL_CHARTS))
                .map(StagedCharts::of);
        if (spec.isEmpty()) {
            // Taking it for an empty spec, as Azure Orkestra did, would remove everything.
            return stuck(pass, "the annotation " + GroupNames.LAST_SUCCESSFUL + " cannot be read");
        }
        ApplicationGroup lastGroup = ApplicationGroup.of(pass.name(), spec.get());
        StagedCharts lastCharts = known.orElse(StagedCharts.NONE);
        if (known.isEmpty() || !tools.charts().holds(lastCharts)) {
            ChartStore.Staging again = tools.charts().stage(lastGroup, new SecretLogins(pass.cluster, identity));
            if (!again.failures().isEmpty()) {
                Diagnostic first = again.failures().values().iterator().next();
                stuck(pass, GroupSubmission.words(first));
                return Optional.of(GroupPass.SAFETY_LOOK);
            }
            lastCharts = again.charts();
        }
        ReleaseGraph last = ReleaseGraph.forward(lastGroup, lastCharts);
        return submit(
                pass,
                identity,
                WorkflowType.ROLLBACK,
                ReleaseGraph.rollback(current, last),
                last,
                lastCharts,
                WorkflowDocument.owner(pass.group()));
    }

    private Optional<Duration> submit(
            GroupPass pass,
            Identity identity,
            WorkflowType type,
            ReleaseGraph graph,
            ReleaseGraph wanted,
            StagedCharts staged,
            ObjectNode owner) {
        if (graph.isEmpty()) {
            pass.write();
            return Optional.empty();
        }
        ObjectNode workflow = WorkflowDocument.of(
                new WorkflowDocument.Plan(
                        type,
                        pass.name(),
                        pass.generation(),
                        pass.uid(),
                        identity,
                        false,
                        graph,
                        wanted,
                        staged,
                        owner),
                tools.settings(),
                tools.seal());
        Optional<String> tooLarge = WorkflowSize.trouble(workflow, graph);
        if (tooLarge.isPresent()) {
            return stuck(pass, tooLarge.get());
        }
        try {
            pass.cluster.createWorkflow(workflow);
        } catch (ClusterException e) {
            if (e.reason() != ClusterException.Reason.ALREADY_EXISTS) {
                throw e;
            }
        }
        pass.status().ready("False", GroupStatus.WORKFLOW_FAILED, failure(pass));
        pass.status().workflow(type, WorkflowPhase.of(workflow));
        pass.write();
        return Optional.of(GroupPass.SAFETY_LOOK);
    }

    /** Says beside why it failed why nothing is done about it. */
    private static Optional<Duration> stuck(GroupPass pass, String why) {
        pass.status().ready("False", GroupStatus.WORKFLOW_FAILED, failure(pass) + STUCK + why);
        pass.write();
        return Optional.empty();
    }

    private static String failure(GroupPass pass) {
        String said = Conditions.find(pass.group(), GroupStatus.READY)
                .map(ready -> ready.path("message").asText())
                .orElse("workflow in failed state");
        int before = said.indexOf(STUCK);
        return before < 0 ? said : said.substring(0, before);
    }
}
