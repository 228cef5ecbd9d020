package dev.orkestra.release;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.group.Naming;
import dev.orkestra.group.ReleaseGraph;
import dev.orkestra.group.StagedCharts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes the Workflow of a graph as Azure Orkestra did, for Argo as for the embedded engine. The same graph is always
 * the same document.
 */
public final class WorkflowDocument {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String ENTRY = "entry";
    /** The only kind of executor there is yet; its images and arguments are those of the wire format. */
    private static final String KIND = "helmrelease";

    private final Plan plan;
    private final GroupSettings settings;
    private final ArrayNode templates = JSON.arrayNode();
    private final Set<ReleaseGraph.Action> actions = new TreeSet<>();

    /**
     * What a Workflow is made of.
     *
     * @param group name of the ApplicationGroup
     * @param generation the group's generation that it carries out
     * @param remediationByRun whether HelmReleases must not go back by themselves
     * @param graph what is to be done
     * @param wanted the graph whose order the HelmReleases remember; releases that are not in it remember {@code graph}'s
     * @param charts what was staged, kept on the Workflow
     * @param owner ownerReference, without controller and blockOwnerDeletion
     */
    public record Plan(
            WorkflowType type,
            String group,
            long generation,
            boolean remediationByRun,
            ReleaseGraph graph,
            ReleaseGraph wanted,
            StagedCharts charts,
            ObjectNode owner) {}

    private WorkflowDocument(Plan plan, GroupSettings settings) {
        this.plan = plan;
        this.settings = settings;
    }

    public static ObjectNode of(Plan plan, GroupSettings settings) {
        return new WorkflowDocument(plan, settings).document();
    }

    /** An ownerReference to {@code object}, as {@link Plan#owner} takes it. */
    public static ObjectNode owner(ObjectNode object) {
        return JSON.objectNode()
                .put("apiVersion", object.path("apiVersion").asText())
                .put("kind", object.path("kind").asText())
                .put("name", object.path("metadata").path("name").asText())
                .put("uid", object.path("metadata").path("uid").asText());
    }

    private ObjectNode document() {
        ObjectNode document = JSON.objectNode();
        document.put("apiVersion", GroupNames.WORKFLOW_API);
        document.put("kind", "Workflow");
        document.set("metadata", metadata());
        ObjectNode spec = document.putObject("spec");
        spec.put("entrypoint", ENTRY);
        spec.put("parallelism", settings.parallelism());
        spec.putObject("podGC").put("strategy", "OnWorkflowCompletion");
        ArrayNode applications = JSON.arrayNode();
        for (ReleaseGraph.Application application : plan.graph.applications().values()) {
            applicationTemplate(application);
            String name = Naming.dns(application.name());
            applications.add(task(name, name, application.dependencies()));
        }
        actions.forEach(action -> templates.add(executorTemplate(action)));
        templates.add(dagTemplate(ENTRY, applications));
        spec.set("templates", templates);
        return document;
    }

    private ObjectNode metadata() {
        ObjectNode metadata = JSON.objectNode();
        metadata.put("name", plan.type.workflowName(plan.group));
        metadata.put("namespace", settings.namespace());
        ObjectNode labels = metadata.putObject("labels");
        labels.put(GroupNames.GENERATION, Long.toString(plan.generation));
        labels.put(GroupNames.HERITAGE, GroupNames.HERITAGE_VALUE);
        labels.put(GroupNames.OWNER, plan.group);
        labels.put(GroupNames.WORKFLOW_TYPE, plan.type.label());
        if (!settings.instanceId().isEmpty()) {
            labels.put(GroupNames.INSTANCE_ID, settings.instanceId());
        }
        metadata.putObject("annotations").put(GroupNames.CHARTS, CanonicalJson.text(plan.charts.toJson()));
        metadata.putArray("finalizers").add(GroupNames.FINALIZER);
        ObjectNode owner = plan.owner.deepCopy();
        owner.put("controller", true).put("blockOwnerDeletion", true);
        metadata.putArray("ownerReferences").add(owner);
        return metadata;
    }

    private void applicationTemplate(ReleaseGraph.Application application) {
        ArrayNode tasks = JSON.arrayNode();
        for (ReleaseGraph.Task task : application.tasks().values()) {
            String name = Naming.dns(task.name());
            if (task.steps().size() == 1) {
                ReleaseGraph.Step only = task.steps().values().iterator().next();
                ObjectNode node = task(name, executor(only.action()), task.dependencies());
                node.set("arguments", arguments(application, task));
                tasks.add(node);
            } else {
                stepsTemplate(name, application, task);
                tasks.add(task(name, name, task.dependencies()));
            }
        }
        templates.add(dagTemplate(Naming.dns(application.name()), tasks));
    }

    /** More than one executor for a release: a template of their own. */
    private void stepsTemplate(String name, ReleaseGraph.Application application, ReleaseGraph.Task task) {
        ArrayNode nodes = JSON.arrayNode();
        for (ReleaseGraph.Step step : task.steps().values()) {
            ObjectNode node = task(Naming.dns(step.name()), executor(step.action()), step.dependencies());
            node.set("arguments", arguments(application, task));
            nodes.add(node);
        }
        templates.add(dagTemplate(name, nodes));
    }

    private ObjectNode arguments(ReleaseGraph.Application application, ReleaseGraph.Task task) {
        ArrayNode parameters = JSON.arrayNode();
        ObjectNode release = releaseDocument(application, task);
        parameters.addObject().put("name", KIND).put("value", HelmReleaseDocument.encoded(release));
        parameters
                .addObject()
                .put("name", "timeout")
                .put("value", HelmReleaseDocument.timeoutParameter(task.release()));
        ObjectNode arguments = JSON.objectNode();
        arguments.set("parameters", parameters);
        return arguments;
    }

    private ObjectNode releaseDocument(ReleaseGraph.Application application, ReleaseGraph.Task task) {
        for (ReleaseGraph.Application wanted : plan.wanted.applications().values()) {
            for (ReleaseGraph.Task same : wanted.tasks().values()) {
                if (same.release().key().equals(task.release().key())) {
                    return HelmReleaseDocument.of(plan.group, wanted, same, plan.remediationByRun, settings);
                }
            }
        }
        return HelmReleaseDocument.of(plan.group, application, task, plan.remediationByRun, settings);
    }

    /** Only the executors that are used become templates. */
    private String executor(ReleaseGraph.Action action) {
        actions.add(action);
        return executorName(action);
    }

    private static String executorName(ReleaseGraph.Action action) {
        return switch (action) {
            case INSTALL -> KIND + "-forward-executor";
            case DELETE -> KIND + "-reverse-executor";
        };
    }

    private ObjectNode executorTemplate(ReleaseGraph.Action action) {
        ObjectNode template = JSON.objectNode();
        template.put("name", executorName(action));
        template.put("serviceAccountName", settings.serviceAccount());
        template.putObject("executor").put("serviceAccountName", settings.serviceAccount());
        ArrayNode parameters = template.putObject("inputs").putArray("parameters");
        parameters.addObject().put("name", KIND);
        parameters.addObject().put("name", "timeout").put("default", "5m");
        ObjectNode container = template.putObject("container");
        container.put("name", "executor");
        container.put("image", settings.executorImage());
        List<String> arguments = new ArrayList<>(List.of("--spec", "{{inputs.parameters.helmrelease}}"));
        arguments.addAll(List.of("--action", action == ReleaseGraph.Action.INSTALL ? "install" : "delete"));
        arguments.addAll(List.of("--timeout", "{{inputs.parameters.timeout}}", "--interval", "1s"));
        arguments.forEach(container.putArray("args")::add);
        return template;
    }

    private ObjectNode dagTemplate(String name, ArrayNode tasks) {
        ObjectNode template = JSON.objectNode();
        template.put("name", name);
        template.put("parallelism", settings.parallelism());
        template.putObject("dag").set("tasks", tasks);
        return template;
    }

    /** Dependencies become DNS labels like the nodes that they name. */
    private static ObjectNode task(String name, String template, Collection<String> dependencies) {
        ObjectNode task = JSON.objectNode();
        task.put("name", name);
        task.put("template", template);
        ArrayNode list = task.putArray("dependencies");
        dependencies.stream().map(Naming::dns).sorted().forEach(list::add);
        return task;
    }
}
