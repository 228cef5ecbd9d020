package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a Workflow's spec, and refuses as a whole what could not end well: a spec is valid or nothing of it is run. */
final class WorkflowReader {
    /** Argo's default where no limit is written. */
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    /** Parts of a spec and of a task that would change what happens, and that are not carried out. */
    private static final List<String> NOT_OF_SPEC =
            List.of("onExit", "hooks", "templateDefaults", "workflowTemplateRef");

    private static final List<String> NOT_OF_TASK = List.of(
            "depends",
            "when",
            "withItems",
            "withParam",
            "withSequence",
            "continueOn",
            "onExit",
            "templateRef",
            "inline");

    /** The spec does not make sense. */
    private static final class Wrong extends Exception {
        private static final long serialVersionUID = 1L;

        Wrong(String message) {
            super(message);
        }
    }

    private WorkflowReader() {}

    static Outcome<WorkflowSpec> read(ObjectNode workflow) {
        JsonNode spec = workflow.path("spec");
        try {
            refuseAny(spec, NOT_OF_SPEC, "spec");
            Map<String, WorkflowSpec.Template> templates = new LinkedHashMap<>();
            for (JsonNode template : spec.path("templates")) {
                WorkflowSpec.Template read = template(template);
                if (templates.put(read.name(), read) != null) {
                    throw new Wrong("template " + read.name() + " is there twice");
                }
            }
            WorkflowSpec read = new WorkflowSpec(
                    workflow.path("metadata").path("name").asText(),
                    spec.path("entrypoint").asText(),
                    limit(spec),
                    templates);
            if (!templates.containsKey(read.entrypoint())) {
                throw new Wrong("entrypoint " + read.entrypoint() + " is no template");
            }
            for (WorkflowSpec.Template template : templates.values()) {
                if (template instanceof WorkflowSpec.Dag dag) {
                    checkTasks(dag, templates.keySet());
                }
            }
            checkNesting(read, read.entrypoint(), new ArrayList<>());
            return Outcome.done(read);
        } catch (Wrong wrong) {
            return Outcome.terminal(Diagnostic.error(
                    ErrorCode.WorkflowFailed, "invalid spec: " + wrong.getMessage(), null, "change the Workflow"));
        }
    }

    private static int limit(JsonNode owner) {
        int written = owner.path("parallelism").asInt(0);
        return written > 0 ? written : NO_LIMIT;
    }

    private static void refuseAny(JsonNode owner, List<String> fields, String where) throws Wrong {
        for (String field : fields) {
            if (owner.hasNonNull(field)) {
                throw new Wrong(where + "." + field + " is not carried out by the embedded engine");
            }
        }
    }

    private static WorkflowSpec.Template template(JsonNode template) throws Wrong {
        String name = template.path("name").asText();
        Map<String, Optional<String>> inputs = new HashMap<>();
        template.path("inputs").path("parameters").forEach(parameter -> {
            JsonNode value = parameter.hasNonNull("value") ? parameter.path("value") : parameter.path("default");
            inputs.put(
                    parameter.path("name").asText(),
                    value.isValueNode() && !value.isNull() ? Optional.of(value.asText()) : Optional.empty());
        });
        if (template.has("dag")) {
            JsonNode dag = template.path("dag");
            List<WorkflowSpec.Task> tasks = new ArrayList<>();
            for (JsonNode task : dag.path("tasks")) {
                tasks.add(task(name, task));
            }
            return new WorkflowSpec.Dag(
                    name, inputs, tasks, limit(template), dag.path("failFast").asBoolean(true));
        }
        if (template.has("container")) {
            return new WorkflowSpec.Step(
                    name, inputs, texts(template.path("container").path("args")));
        }
        return new WorkflowSpec.NotCarriedOut(
                name,
                inputs,
                "template " + name + " is neither a dag nor a container; the embedded engine knows no other");
    }

    private static WorkflowSpec.Task task(String dag, JsonNode task) throws Wrong {
        String name = task.path("name").asText();
        refuseAny(task, NOT_OF_TASK, "templates." + dag + ".tasks." + name);
        Map<String, String> arguments = new HashMap<>();
        task.path("arguments")
                .path("parameters")
                .forEach(parameter -> arguments.put(
                        parameter.path("name").asText(), parameter.path("value").asText()));
        return new WorkflowSpec.Task(name, task.path("template").asText(), texts(task.path("dependencies")), arguments);
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asText).toList();
    }

    private static void checkTasks(WorkflowSpec.Dag dag, Set<String> templates) throws Wrong {
        Map<String, WorkflowSpec.Task> tasks = new LinkedHashMap<>();
        for (WorkflowSpec.Task task : dag.tasks()) {
            if (tasks.put(task.name(), task) != null) {
                throw new Wrong("templates." + dag.name() + ": task " + task.name() + " is there twice");
            }
            if (!templates.contains(task.template())) {
                throw new Wrong(
                        "templates." + dag.name() + ".tasks." + task.name() + ": no template " + task.template());
            }
        }
        Set<String> sorted = new HashSet<>();
        for (WorkflowSpec.Task task : dag.tasks()) {
            sort(dag, task, tasks, new ArrayList<>(), sorted);
        }
    }

    private static void sort(
            WorkflowSpec.Dag dag,
            WorkflowSpec.Task task,
            Map<String, WorkflowSpec.Task> tasks,
            List<String> path,
            Set<String> sorted)
            throws Wrong {
        if (path.contains(task.name())) {
            throw new Wrong("templates." + dag.name() + " sorting failed: cycle "
                    + String.join(" <- ", path.subList(path.indexOf(task.name()), path.size())));
        }
        if (!sorted.contains(task.name())) {
            path.add(task.name());
            for (String dependency : task.dependencies()) {
                WorkflowSpec.Task before = tasks.get(dependency);
                if (before == null) {
                    throw new Wrong("templates." + dag.name() + " sorting failed: invalid dependency " + dependency);
                }
                sort(dag, before, tasks, path, sorted);
            }
            path.removeLast();
            sorted.add(task.name());
        }
    }

    /** A template that leads back to itself would never end. */
    private static void checkNesting(WorkflowSpec spec, String template, List<String> path) throws Wrong {
        if (path.contains(template)) {
            throw new Wrong("template " + template + " leads back to itself");
        }
        if (spec.template(template) instanceof WorkflowSpec.Dag dag) {
            path.add(template);
            for (WorkflowSpec.Task task : dag.tasks()) {
                checkNesting(spec, task.template(), path);
            }
            path.removeLast();
        }
    }
}
