package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.GoDuration;
import dev.orkestra.executor.StepArguments;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import java.time.Duration;
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

    private static final List<String> NOT_OF_TEMPLATE = List.of(
            "timeout", "synchronization", "memoize", "daemon", "initContainers", "sidecars", "volumes", "podSpecPatch");

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
                    seconds(spec, "spec"),
                    podGc(spec),
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

    /** The namespaces of the HelmReleases that {@code workflow} hands to its steps. */
    static Set<String> releaseNamespaces(ObjectNode workflow) {
        Set<String> namespaces = new HashSet<>();
        for (JsonNode value : workflow.path("spec").path("templates").findValues("parameters")) {
            for (JsonNode parameter : value) {
                if (parameter.path("name").asText().equals("helmrelease") && parameter.has("value")) {
                    StepArguments.namespace(parameter.path("value").asText()).ifPresent(namespaces::add);
                }
            }
        }
        return namespaces;
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
        refuseAny(template, NOT_OF_TEMPLATE, "templates." + name);
        Map<String, Optional<String>> inputs = new HashMap<>();
        template.path("inputs").path("parameters").forEach(parameter -> {
            JsonNode value = parameter.hasNonNull("value") ? parameter.path("value") : parameter.path("default");
            inputs.put(
                    parameter.path("name").asText(),
                    value.isValueNode() && !value.isNull() ? Optional.of(value.asText()) : Optional.empty());
        });
        if (template.has("dag")) {
            refuseAny(template, List.of("retryStrategy"), "templates." + name);
            JsonNode dag = template.path("dag");
            List<WorkflowSpec.Task> tasks = new ArrayList<>();
            for (JsonNode task : dag.path("tasks")) {
                tasks.add(task(name, task));
            }
            return new WorkflowSpec.Dag(
                    name, inputs, tasks, limit(template), dag.path("failFast").asBoolean(true));
        }
        if (template.path("container") instanceof ObjectNode container) {
            return new WorkflowSpec.Step(
                    name,
                    inputs,
                    container,
                    // What is never carried out need not be tried thrice.
                    WorkflowStep.isKeptn(name) ? Optional.empty() : retry(name, template),
                    seconds(template, "templates." + name),
                    // Unlike Argo, not unless it says so: the image is somebody else's.
                    template.path("automountServiceAccountToken").asBoolean(false));
        }
        return new WorkflowSpec.NotCarriedOut(
                name,
                inputs,
                "template " + name + " is neither a dag nor a container; the embedded engine knows no other");
    }

    private static Optional<Duration> seconds(JsonNode owner, String where) throws Wrong {
        JsonNode written = owner.path("activeDeadlineSeconds");
        if (written.isMissingNode() || written.isNull()) {
            return Optional.empty();
        }
        // Argo allows text here, for parameters.
        String text = written.asText();
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw new Wrong(where + ".activeDeadlineSeconds must be a number of seconds, not '" + text + "'");
        }
        return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }

    private static WorkflowSpec.PodGc podGc(JsonNode spec) {
        return switch (spec.path("podGC").path("strategy").asText("")) {
            case "OnWorkflowCompletion", "OnPodCompletion" -> WorkflowSpec.PodGc.WHEN_OVER;
            case "OnWorkflowSuccess", "OnPodSuccess" -> WorkflowSpec.PodGc.WHEN_SUCCEEDED;
            default -> WorkflowSpec.PodGc.NEVER;
        };
    }

    private static Optional<WorkflowSpec.Retry> retry(String template, JsonNode owner) throws Wrong {
        if (!owner.hasNonNull("retryStrategy")) {
            return Optional.empty();
        }
        String where = "templates." + template + ".retryStrategy";
        JsonNode strategy = owner.path("retryStrategy");
        refuseAny(strategy, List.of("expression", "affinity"), where);
        String limit = strategy.path("limit").asText("");
        if (!limit.matches("\\d{1,4}")) {
            throw new Wrong(where + ".limit must be a number up to 9999, not '" + limit + "'");
        }
        // Argo's default; its list of transient errors is its own, and ours end as Error.
        String policy = strategy.path("retryPolicy").asText("OnFailure");
        if (!Set.of("Always", "OnFailure", "OnError", "OnTransientError").contains(policy)) {
            throw new Wrong(where + ".retryPolicy " + policy + " is not known");
        }
        JsonNode backoff = strategy.path("backoff");
        double factor = backoff.path("factor").asDouble(1);
        return Optional.of(new WorkflowSpec.Retry(
                Integer.parseInt(limit),
                policy.equals("Always") || policy.equals("OnFailure"),
                !policy.equals("OnFailure"),
                pause(backoff.path("duration").asText(""), where),
                Double.isFinite(factor) && factor >= 1 ? factor : 1));
    }

    private static Duration pause(String written, String where) throws Wrong {
        if (written.isEmpty()) {
            return Duration.ZERO;
        }
        // Argo takes a bare number for seconds.
        String text = written.matches("\\d{1,9}") ? written + "s" : written;
        return GoDuration.parse(text)
                .filter(pause -> !pause.isNegative())
                .orElseThrow(() -> new Wrong(where + ".backoff.duration '" + written + "' is no duration"));
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
