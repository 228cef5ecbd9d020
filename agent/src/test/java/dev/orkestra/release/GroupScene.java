package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.DeclaredCharts;
import dev.orkestra.group.Groups;
import dev.orkestra.group.Naming;
import dev.orkestra.group.ReleaseGraph;
import dev.orkestra.group.StagedCharts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A group with a Workflow and HelmReleases as a cluster holds them, put together by hand: no controller is needed. */
public final class GroupScene {
    /** When the Workflow began; other times are seconds after it. */
    public static final Instant BEGIN = Instant.parse("2026-11-21T08:00:00Z");

    private final ObjectNode group;
    private final List<ObjectNode> workflows = new ArrayList<>();
    private final List<ObjectNode> releases = new ArrayList<>();
    private final String namespace;

    /** @param namespace of the Workflows */
    public GroupScene(ObjectNode group, String namespace) {
        this.group = group;
        this.namespace = namespace;
        if (!group.path("metadata").has("generation")) {
            group.withObject("/metadata").put("generation", 1);
        }
        if (!group.path("metadata").has("creationTimestamp")) {
            group.withObject("/metadata").put("creationTimestamp", at(-3600));
        }
    }

    public static GroupScene bookinfo() {
        return new GroupScene(Groups.resource("bookinfo.yaml"), "orkestra");
    }

    /** The time so many seconds after the beginning. */
    public static String at(long seconds) {
        return BEGIN.plusSeconds(seconds).toString();
    }

    private long generation() {
        return group.path("metadata").path("generation").asLong();
    }

    private String name() {
        return group.path("metadata").path("name").asText();
    }

    public GroupScene observed(long observed, long succeeded) {
        group.withObject("/status").put("observedGeneration", observed).put("lastSucceededGeneration", succeeded);
        return this;
    }

    public GroupScene deleting(long seconds) {
        group.withObject("/metadata").put("deletionTimestamp", at(seconds));
        return this;
    }

    public GroupScene annotation(String key, String value) {
        group.withObject("/metadata/annotations").put(key, value);
        return this;
    }

    public GroupScene condition(String type, String status, String reason, String message, long seconds) {
        ArrayNode conditions = group.withObject("/status").withArray("/conditions");
        for (int i = conditions.size() - 1; i >= 0; i--) {
            if (conditions.get(i).path("type").asText().equals(type)) {
                conditions.remove(i);
            }
        }
        conditions
                .addObject()
                .put("type", type)
                .put("status", status)
                .put("reason", reason)
                .put("message", message)
                .put("observedGeneration", generation())
                .put("lastTransitionTime", at(seconds));
        return this;
    }

    /** As if each declared subchart had been found, in version {@code 1.0.0}. */
    public GroupScene staged() {
        ArrayNode list = group.withObject("/status").putArray("applications");
        for (ApplicationGroup.Application each : ApplicationGroup.of(group).applications()) {
            ObjectNode entry = list.addObject().put("name", each.name());
            entry.put("version", each.chart().version()).put("staged", true);
            each.subcharts()
                    .forEach(subchart -> entry.withObject("/subcharts")
                            .putObject(subchart.name())
                            .put("version", "1.0.0")
                            .put("staged", true));
        }
        return this;
    }

    public GroupScene stagingFailed(String application, String error) {
        group.withObject("/status")
                .putArray("applications")
                .addObject()
                .put("name", application)
                .put("error", error);
        return this;
    }

    private ReleaseGraph graph() {
        ApplicationGroup model = ApplicationGroup.of(group);
        return ReleaseGraph.forward(
                model,
                DeclaredCharts.complete(model, StagedCharts.ofStatus(group.path("status")))
                        .charts());
    }

    /** A Workflow that carries out the graph, as both engines keep it; nothing has begun. */
    public GroupScene workflow(WorkflowType type, String phase) {
        ReleaseGraph graph = type == WorkflowType.REVERSE ? graph().reverse() : graph();
        ObjectNode workflow = JsonNodeFactory.instance.objectNode();
        workflow.put("apiVersion", "argoproj.io/v1alpha1").put("kind", "Workflow");
        ObjectNode metadata = workflow.putObject("metadata");
        metadata.put("name", type.workflowName(name())).put("namespace", namespace);
        metadata.putObject("labels")
                .put(GroupNames.GENERATION, Long.toString(generation()))
                .put(GroupNames.HERITAGE, GroupNames.HERITAGE_VALUE)
                .put(GroupNames.OWNER, name())
                .put(GroupNames.WORKFLOW_TYPE, type.label());
        ObjectNode spec = workflow.putObject("spec").put("entrypoint", "entry");
        ArrayNode templates = spec.putArray("templates");
        ArrayNode entry = JsonNodeFactory.instance.arrayNode();
        graph.applications().values().forEach(application -> {
            String label = Naming.dns(application.name());
            ArrayNode tasks = JsonNodeFactory.instance.arrayNode();
            application.tasks().values().forEach(task -> {
                ObjectNode node = tasks.addObject().put("name", Naming.dns(task.name()));
                node.put("template", "helmrelease-forward-executor");
                task.dependencies()
                        .forEach(each -> node.withArray("/dependencies").add(Naming.dns(each)));
            });
            templates.addObject().put("name", label).putObject("dag").set("tasks", tasks);
            ObjectNode node = entry.addObject().put("name", label).put("template", label);
            application
                    .dependencies()
                    .forEach(each -> node.withArray("/dependencies").add(Naming.dns(each)));
        });
        templates.addObject().put("name", "entry").putObject("dag").set("tasks", entry);
        ObjectNode status = workflow.putObject("status").put("phase", phase).put("startedAt", at(0));
        status.putObject("nodes");
        workflows.add(workflow);
        return this;
    }

    public GroupScene workflowEnded(String phase, String message, long seconds) {
        ObjectNode status = workflows.getLast().withObject("/status");
        status.put("phase", phase).put("finishedAt", at(seconds));
        if (!message.isEmpty()) {
            status.put("message", message);
        }
        return this;
    }

    public GroupScene progress(String progress) {
        workflows.getLast().withObject("/status").put("progress", progress);
        return this;
    }

    /**
     * A node of the Workflow.
     *
     * @param way the application, or application and task, as the Workflow names them
     * @param to when it ended; negative: it goes on
     */
    public GroupScene node(String way, String phase, long from, long to, String message) {
        ObjectNode workflow = workflows.getLast();
        String name = workflow.path("metadata").path("name").asText() + "." + way;
        ObjectNode node = workflow.withObject("/status/nodes").putObject("id-" + name.replaceAll("[^a-z0-9]", "-"));
        node.put("id", "id-" + name.replaceAll("[^a-z0-9]", "-")).put("name", name);
        node.put("displayName", way).put("type", way.contains(".") ? "Pod" : "DAG");
        node.put("phase", phase).put("startedAt", at(from));
        if (to >= 0) {
            node.put("finishedAt", at(to));
        }
        if (!message.isEmpty()) {
            node.put("message", message);
        }
        return this;
    }

    /** A HelmRelease and what it says of itself. */
    public GroupScene release(
            String releaseNamespace, String name, String version, String status, String reason, String message) {
        ObjectNode release = JsonNodeFactory.instance.objectNode();
        release.put("apiVersion", "helm.toolkit.fluxcd.io/v2").put("kind", "HelmRelease");
        ObjectNode metadata = release.putObject("metadata");
        metadata.put("name", name).put("namespace", releaseNamespace).put("generation", 1);
        metadata.putObject("labels")
                .put(GroupNames.HERITAGE, GroupNames.HERITAGE_VALUE)
                .put(GroupNames.OWNER, name());
        ObjectNode spec = release.putObject("spec");
        ObjectNode chart = spec.putObject("chart").putObject("spec");
        chart.put("chart", name).put("version", version);
        chart.putObject("sourceRef").put("kind", "HelmRepository").put("name", "chartmuseum");
        spec.put("interval", "5m0s");
        boolean ended = !status.equals("Unknown");
        ObjectNode own = release.putObject("status").put("observedGeneration", ended ? 1 : -1);
        own.putArray("conditions")
                .addObject()
                .put("type", "Ready")
                .put("status", status)
                .put("reason", reason)
                .put("message", message)
                .put("lastTransitionTime", at(30));
        releases.add(release);
        return this;
    }

    public GroupScene releaseReady(String releaseNamespace, String name, String version) {
        return release(releaseNamespace, name, version, "True", "InstallSucceeded", "Helm install succeeded");
    }

    public ObjectNode group() {
        return group;
    }

    public List<ObjectNode> workflows() {
        return workflows;
    }

    public List<ObjectNode> releases() {
        return releases;
    }

    public GroupObjects objects() {
        return new GroupObjects(group, workflows, releases);
    }

    public GroupView view() {
        return GroupViews.of(objects());
    }

    /** The status of {@code object} alone, for a patch. */
    public static JsonNode status(ObjectNode object) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.set("status", object.path("status").deepCopy());
        return patch;
    }
}
