package dev.orkestra.release;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Identity;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.group.ExecutorParameters;
import dev.orkestra.group.Naming;
import dev.orkestra.group.ReleaseGraph;
import dev.orkestra.group.StagedCharts;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes the Workflow of a graph as Azure Orkestra did, for Argo as for the embedded engine. The same graph is always
 * the same document.
 */
public final class WorkflowDocument {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String ENTRY = "entry";

    private final Plan plan;
    private final GroupSettings settings;
    private final ReleaseSeal seal;
    private final ExecutorTemplates executors;
    private final ArrayNode templates = JSON.arrayNode();
    private final Set<String> taken = new TreeSet<>();

    /**
     * What a Workflow is made of.
     *
     * @param group name of the ApplicationGroup
     * @param generation the group's generation that it carries out
     * @param uid the group's uid
     * @param identity in whose name it is carried out
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
            String uid,
            Identity identity,
            boolean remediationByRun,
            ReleaseGraph graph,
            ReleaseGraph wanted,
            StagedCharts charts,
            ObjectNode owner) {}

    private WorkflowDocument(Plan plan, GroupSettings settings, ReleaseSeal seal) {
        this.plan = plan;
        this.settings = settings;
        this.seal = seal;
        this.executors = new ExecutorTemplates(plan.graph, settings, plan.identity);
        taken.add(ENTRY);
        plan.graph.applications().keySet().forEach(name -> taken.add(Naming.dns(name)));
    }

    public static ObjectNode of(Plan plan, GroupSettings settings, ReleaseSeal seal) {
        return new WorkflowDocument(plan, settings, seal).document();
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
        spec.put("activeDeadlineSeconds", WorkflowDeadline.seconds(plan.graph, settings.parallelism()));
        spec.putObject("podGC").put("strategy", "OnWorkflowCompletion");
        ArrayNode applications = JSON.arrayNode();
        for (ReleaseGraph.Application application : plan.graph.applications().values()) {
            applicationTemplate(application);
            String name = Naming.dns(application.name());
            applications.add(task(name, name, application.dependencies()));
        }
        executors.all().forEach(templates::add);
        templates.add(dagTemplate(ENTRY, applications));
        spec.set("templates", templates);
        document.withObject("/metadata/annotations").put(GroupNames.SEAL, seal.ofWorkflow(document));
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
        if (!plan.uid.isEmpty()) {
            labels.put(GroupNames.GROUP_UID, plan.uid);
        }
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
                ObjectNode node = task(name, executors.nameOf(only), task.dependencies());
                node.set("arguments", arguments(application, task, only));
                tasks.add(node);
            } else {
                tasks.add(task(name, stepsTemplate(name, application, task), task.dependencies()));
            }
        }
        templates.add(dagTemplate(Naming.dns(application.name()), tasks));
    }

    /** More than one executor for a release: a template of their own. Returns its name. */
    private String stepsTemplate(String name, ReleaseGraph.Application application, ReleaseGraph.Task task) {
        ArrayNode nodes = JSON.arrayNode();
        for (ReleaseGraph.Step step : task.steps().values()) {
            ObjectNode node = task(Naming.dns(step.name()), executors.nameOf(step), step.dependencies());
            node.set("arguments", arguments(application, task, step));
            nodes.add(node);
        }
        // Application "a-b" has a template of the name that task "b" of application "a" would have.
        String free = name;
        for (int i = 2; !taken.add(free); i++) {
            free = name + "-" + i;
        }
        templates.add(dagTemplate(free, nodes));
        return free;
    }

    private ObjectNode arguments(ReleaseGraph.Application application, ReleaseGraph.Task task, ReleaseGraph.Step step) {
        ArrayNode parameters = JSON.arrayNode();
        ObjectNode release = releaseDocument(application, task);
        parameters.addObject().put("name", "helmrelease").put("value", HelmReleaseDocument.encoded(release));
        parameters
                .addObject()
                .put("name", "timeout")
                .put("value", HelmReleaseDocument.timeoutParameter(task.release()));
        ExecutorParameters.of(step.executor())
                .forEach((name, value) ->
                        parameters.addObject().put("name", name).put("value", value));
        ObjectNode arguments = JSON.objectNode();
        arguments.set("parameters", parameters);
        return arguments;
    }

    private ObjectNode releaseDocument(ReleaseGraph.Application application, ReleaseGraph.Task task) {
        for (ReleaseGraph.Application wanted : plan.wanted.applications().values()) {
            for (ReleaseGraph.Task same : wanted.tasks().values()) {
                if (same.release().key().equals(task.release().key())) {
                    return document(wanted, same, task.installs());
                }
            }
        }
        return document(application, task, task.installs());
    }

    /** Sealed only where it is to be installed: what is taken away may have been made of what somebody else wrote. */
    private ObjectNode document(ReleaseGraph.Application application, ReleaseGraph.Task task, boolean sealed) {
        ObjectNode release =
                HelmReleaseDocument.of(plan.group, plan.identity, application, task, plan.remediationByRun, settings);
        if (sealed) {
            release.withObject("/metadata/annotations").put(GroupNames.SEAL, seal.of(release));
        }
        return release;
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
