package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Conditions;
import dev.orkestra.group.GroupPicture;
import dev.orkestra.group.Naming;
import dev.orkestra.group.ReleaseGraph;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How each release of a graph stands, by the Workflow's nodes and the HelmReleases. */
final class ReleaseViews {
    private final Map<String, String> applications;
    /** Of each application. */
    private final Map<String, Map<String, String>> tasks = new HashMap<>();

    private final Optional<ObjectNode> workflow;
    private final WorkflowNodes nodes;
    private final WorkflowPhase phase;
    private final Map<String, ObjectNode> releases = new HashMap<>();

    ReleaseViews(ReleaseGraph graph, Optional<ObjectNode> workflow, List<ObjectNode> releases) {
        this.applications = byLabel(graph.applications().keySet());
        this.workflow = workflow;
        JsonNode document = workflow.<JsonNode>map(each -> each).orElseGet(MissingNode::getInstance);
        this.nodes = new WorkflowNodes(document);
        this.phase = WorkflowPhase.of(document);
        releases.forEach(each -> this.releases.put(InstalledReleases.key(each), each));
    }

    GroupView.Release view(ReleaseGraph.Application application, ReleaseGraph.Task task) {
        Optional<ObjectNode> release =
                Optional.ofNullable(releases.get(task.release().key()));
        Optional<JsonNode> node = nodes.node(application.name(), task.name());
        GroupView.State state = task.installs() ? installed(task, node, release) : removed(node, release);
        boolean waits = state == GroupView.State.WAITING;
        Optional<Instant> started = node.flatMap(each -> WorkflowNodes.time(each, "startedAt"));
        Optional<Instant> ended = node.flatMap(each -> WorkflowNodes.time(each, "finishedAt"));
        return new GroupView.Release(
                GroupPicture.name(application.name(), task.name()),
                task.release().key(),
                task.release().isSubchart(),
                task.release().version(),
                release.map(ReleaseViews::installedVersion).orElse(""),
                !task.installs(),
                state,
                waits ? waitsFor(application, task) : List.of(),
                message(state, application, task, release),
                state == GroupView.State.FAILED ? nodes.messages(application.name(), task.name()) : List.of(),
                since(state, started, ended, release),
                started.flatMap(from -> ended.map(to -> Duration.between(from, to))));
    }

    private boolean goesOn() {
        return workflow.isPresent() && !phase.finished();
    }

    private GroupView.State installed(ReleaseGraph.Task task, Optional<JsonNode> node, Optional<ObjectNode> release) {
        String step = node.map(WorkflowNodes::phase).orElse("");
        if (release.filter(ReleaseViews::isDying).isPresent()) {
            return GroupView.State.REMOVING;
        }
        if (goesOn() && step.isEmpty()) {
            return GroupView.State.WAITING;
        }
        return switch (step) {
            case "Pending", "Running" ->
                goesOn() ? GroupView.State.RUNNING : byItself(release, GroupView.State.SKIPPED);
            case "Failed", "Error" -> GroupView.State.FAILED;
            case "Omitted" -> byItself(release, GroupView.State.SKIPPED);
            case "Succeeded" ->
                byItself(release, task.hasHelmRelease() ? GroupView.State.MISSING : GroupView.State.READY);
            default -> byItself(release, workflow.isPresent() ? GroupView.State.SKIPPED : GroupView.State.WAITING);
        };
    }

    /** What the HelmRelease says of itself; {@code absent} when there is none. */
    private static GroupView.State byItself(Optional<ObjectNode> release, GroupView.State absent) {
        if (release.isEmpty()) {
            return absent;
        }
        ObjectNode object = release.get();
        if (ReleaseState.isReady(object)) {
            return GroupView.State.READY;
        }
        return ReleaseState.hasFailed(object) ? GroupView.State.FAILED : GroupView.State.RUNNING;
    }

    private GroupView.State removed(Optional<JsonNode> node, Optional<ObjectNode> release) {
        String step = node.map(WorkflowNodes::phase).orElse("");
        if (step.equals("Failed") || step.equals("Error")) {
            return GroupView.State.FAILED;
        }
        boolean runs = goesOn() && (step.equals("Running") || step.equals("Pending"));
        if (runs || release.filter(ReleaseViews::isDying).isPresent()) {
            return GroupView.State.REMOVING;
        }
        if (release.isEmpty()) {
            return goesOn() && step.isEmpty() ? GroupView.State.WAITING : GroupView.State.REMOVED;
        }
        return workflow.isPresent() && phase.finished() ? GroupView.State.SKIPPED : GroupView.State.WAITING;
    }

    /** What comes first and is not done, by the Workflow's own document where that knows the release. */
    private List<String> waitsFor(ReleaseGraph.Application application, ReleaseGraph.Task task) {
        if (workflow.isEmpty()) {
            return List.of();
        }
        List<String> waits = new ArrayList<>();
        String name = application.name();
        Collection<String> before =
                nodes.dependencies(name).<Collection<String>>map(each -> each).orElse(application.dependencies());
        for (String each : before) {
            if (!nodes.succeeded(each)) {
                waits.add(applications.getOrDefault(each, each));
            }
        }
        if (waits.isEmpty()) {
            Map<String, String> labels =
                    tasks.computeIfAbsent(name, _ -> byLabel(application.tasks().keySet()));
            Collection<String> earlier = nodes.dependencies(name, task.name())
                    .<Collection<String>>map(each -> each)
                    .orElse(task.dependencies());
            for (String each : earlier) {
                if (!nodes.succeeded(name, each)) {
                    waits.add(GroupPicture.name(name, labels.getOrDefault(each, each)));
                }
            }
        }
        return waits;
    }

    /** Names by the DNS labels that they have in a Workflow. */
    private static Map<String, String> byLabel(Collection<String> names) {
        Map<String, String> labels = new HashMap<>();
        names.forEach(each -> labels.put(Naming.dns(each), each));
        return labels;
    }

    private String message(
            GroupView.State state,
            ReleaseGraph.Application application,
            ReleaseGraph.Task task,
            Optional<ObjectNode> release) {
        return switch (state) {
            case READY, REMOVED, SKIPPED -> "";
            case WAITING -> phase.reason().equals("Suspended") ? "the workflow is suspended" : "";
            case MISSING ->
                "the workflow is done with it, but there is no HelmRelease "
                        + task.release().key();
            case RUNNING, REMOVING ->
                release.filter(each -> !ReleaseState.isReady(each) && !is(each, "Ready", "True"))
                        .map(ReleaseViews::words)
                        .or(() -> nodes.node(application.name(), task.name())
                                .map(node -> node.path("message").asText("")))
                        .orElse("");
            case FAILED ->
                release.filter(each -> !ReleaseState.isReady(each))
                        .map(ReleaseViews::words)
                        .orElse("");
        };
    }

    private Optional<Instant> since(
            GroupView.State state, Optional<Instant> started, Optional<Instant> ended, Optional<ObjectNode> release) {
        return switch (state) {
            case RUNNING, REMOVING -> started.filter(_ -> goesOn()).or(() -> release.flatMap(GroupViews::readySince));
            case READY, FAILED -> ended.or(() -> release.flatMap(GroupViews::readySince));
            case REMOVED, MISSING, SKIPPED -> ended;
            case WAITING -> workflow.flatMap(each -> WorkflowNodes.time(each.path("status"), "startedAt"));
        };
    }

    private static boolean isDying(JsonNode release) {
        return release.path("metadata").has("deletionTimestamp");
    }

    private static boolean is(JsonNode release, String type, String value) {
        return Conditions.find(release, type)
                .filter(condition -> condition.path("status").asText().equals(value))
                .isPresent();
    }

    private static String words(JsonNode release) {
        return Conditions.find(release, "Ready")
                .map(ready -> ready.path("reason").asText("") + ": "
                        + ready.path("message").asText(""))
                .orElse("");
    }

    private static String installedVersion(JsonNode release) {
        return release.path("status")
                .path("history")
                .path(0)
                .path("chartVersion")
                .asText("");
    }
}
