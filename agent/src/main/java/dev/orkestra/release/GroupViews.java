package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.group.GraphLevels;
import dev.orkestra.group.GroupPicture;
import dev.orkestra.group.ReleaseGraph;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Joins what the cluster knows of a group into a {@link GroupView}. Pure, and never fails: what is not there is empty. */
public final class GroupViews {
    private final GroupObjects objects;
    private final ReleaseGraph graph;
    private final Optional<ObjectNode> workflow;
    private final ReleaseViews releases;

    private GroupViews(GroupObjects objects) {
        this.objects = objects;
        WorkflowType latest = objects.latest().orElse(WorkflowType.FORWARD);
        this.graph = GroupGraphs.of(objects).of(latest);
        this.workflow = objects.workflow(latest);
        this.releases = new ReleaseViews(graph, workflow, objects.releases());
    }

    public static GroupView of(GroupObjects objects) {
        return new GroupViews(objects).view();
    }

    private GroupView view() {
        JsonNode group = objects.group();
        JsonNode status = group.path("status");
        return new GroupView(
                objects.model().name(),
                WorkflowNodes.time(group.path("metadata"), "creationTimestamp"),
                objects.isDeleting(),
                objects.generation(),
                GroupStatus.observedGeneration(group),
                status.path("lastSucceededGeneration").asLong(),
                ready(),
                runs(),
                applications());
    }

    private GroupView.Ready ready() {
        Optional<JsonNode> found = objects.condition(GroupStatus.READY);
        JsonNode ready = found.orElse(MissingNode.getInstance());
        // Azure Orkestra wrote no generation into its conditions.
        long spokenOf = ready.path("observedGeneration").asLong(GroupStatus.observedGeneration(objects.group()));
        return new GroupView.Ready(
                ready.path("status").asText("Unknown"),
                ready.path("reason").asText(""),
                ready.path("message").asText(""),
                WorkflowNodes.time(ready, "lastTransitionTime"),
                found.isPresent() && spokenOf == objects.generation());
    }

    private List<GroupView.Run> runs() {
        List<GroupView.Run> runs = new ArrayList<>();
        for (WorkflowType type : WorkflowType.values()) {
            Optional<JsonNode> condition = objects.condition(type.condition());
            Optional<ObjectNode> present = objects.workflow(type);
            if (condition.isEmpty() && present.isEmpty()) {
                continue;
            }
            JsonNode said = condition.orElse(MissingNode.getInstance());
            JsonNode status = present.<JsonNode>map(each -> each.path("status")).orElse(MissingNode.getInstance());
            WorkflowPhase phase = present.map(WorkflowPhase::of)
                    .orElseGet(() -> new WorkflowPhase(
                            said.path("status").asText(""),
                            said.path("reason").asText(""),
                            said.path("message").asText("")));
            String own = status.path("message").asText("");
            runs.add(new GroupView.Run(
                    type,
                    phase.value(),
                    phase.reason(),
                    own.isEmpty() ? phase.message() : own,
                    status.path("progress").asText(""),
                    WorkflowNodes.time(status, "startedAt"),
                    WorkflowNodes.time(status, "finishedAt")));
        }
        return runs;
    }

    private List<GroupView.App> applications() {
        Map<String, String> errors = new HashMap<>();
        objects.group()
                .path("status")
                .path("applications")
                .forEach(each -> errors.put(
                        each.path("name").asText(""), each.path("error").asText("")));
        List<GroupView.App> all = new ArrayList<>();
        // The picture has them in the order that people know from 'ork graph'.
        GroupPicture picture = GroupPicture.of(objects.model().name(), "", graph, Map.of(), List.of());
        for (GroupPicture.Box box : picture.boxes()) {
            ReleaseGraph.Application application = graph.applications().get(box.name());
            if (application == null) {
                continue;
            }
            List<GroupView.Release> parts = new ArrayList<>();
            box.parts().stream()
                    .sorted(Comparator.comparing((GroupPicture.Part part) -> part.level() == GraphLevels.NONE))
                    .forEach(part -> Optional.ofNullable(application.tasks().get(part.task()))
                            .ifPresent(task -> parts.add(releases.view(application, task))));
            List<String> dependencies = new ArrayList<>(box.dependencies());
            dependencies.addAll(box.impossible());
            all.add(new GroupView.App(
                    box.name(), box.chart(), box.version(), dependencies, errors.getOrDefault(box.name(), ""), parts));
        }
        return all;
    }

    /** The Ready condition's time of a HelmRelease. */
    static Optional<Instant> readySince(JsonNode release) {
        return Conditions.find(release, "Ready").flatMap(each -> WorkflowNodes.time(each, "lastTransitionTime"));
    }
}
