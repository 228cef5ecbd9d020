package dev.orkestra.embedded;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One walk through a Workflow's templates: begins tasks whose dependencies have succeeded, leaves out those whose
 * dependencies have not, and ends DAGs. Used once, by one thread.
 */
final class WorkflowWalk {
    private static final Pattern REFERENCE = Pattern.compile("\\{\\{\\s*inputs\\.parameters\\.([^\\s}]+)\\s*}}");
    /** Argo's words for a task whose dependencies did not succeed. */
    private static final String OMITTED = "omitted: depends condition not met";

    /**
     * A step to carry out.
     *
     * @param id its node
     * @param template name of its template
     * @param arguments of its container, references resolved
     */
    record Work(String id, String template, List<String> arguments) {}

    private final WorkflowSpec spec;
    private final Map<String, WorkflowNode> nodes;
    private final boolean beginNothing;
    private final Instant now;
    private final Map<String, Work> underWay = new LinkedHashMap<>();

    private WorkflowWalk(WorkflowSpec spec, Map<String, WorkflowNode> nodes, boolean beginNothing, Instant now) {
        this.spec = spec;
        this.nodes = new LinkedHashMap<>(nodes);
        this.beginNothing = beginNothing;
        this.now = now;
    }

    /** The nodes after all that can begin or end at {@code now} has. */
    static Map<String, WorkflowNode> advance(
            WorkflowSpec spec, Map<String, WorkflowNode> nodes, boolean beginNothing, Instant now) {
        WorkflowWalk walk = new WorkflowWalk(spec, nodes, beginNothing, now);
        walk.fromRoot();
        return walk.nodes;
    }

    /** The steps that have begun and not ended, in the order of the templates. */
    static List<Work> underWay(WorkflowSpec spec, Map<String, WorkflowNode> nodes) {
        WorkflowWalk walk = new WorkflowWalk(spec, nodes, true, Instant.EPOCH);
        walk.fromRoot();
        return List.copyOf(walk.underWay.values());
    }

    private void fromRoot() {
        WorkflowSpec.Template template = spec.template(spec.entrypoint());
        WorkflowNode known = nodes.get(spec.name());
        if (known != null) {
            visit(known, template, Map.of());
        } else if (!beginNothing) {
            begin(spec.name(), spec.name(), "", template, Map.of());
        }
    }

    /** Whether the node has come to its end by this visit. */
    private boolean visit(WorkflowNode node, WorkflowSpec.Template template, Map<String, String> arguments) {
        Map<String, String> inputs = inputs(template, arguments);
        switch (template) {
            case WorkflowSpec.Dag dag -> visitTasks(node.id(), dag, inputs);
            case WorkflowSpec.Step step -> {
                List<String> resolved = step.arguments().stream()
                        .map(text -> resolved(text, inputs))
                        .toList();
                underWay.put(node.id(), new Work(node.id(), step.name(), resolved));
            }
            case WorkflowSpec.NotCarriedOut other -> end(node, WorkflowNode.Phase.Error, other.why());
        }
        return isEnded(node.id());
    }

    private void visitTasks(String dagId, WorkflowSpec.Dag dag, Map<String, String> inputs) {
        boolean changed = true;
        while (changed) {
            // What is left out, or ends at once, decides on others: until nothing more follows.
            changed = false;
            for (WorkflowSpec.Task task : dag.tasks()) {
                Optional<WorkflowNode> node = nodeOf(dagId, task.name());
                if (node.isEmpty()) {
                    changed |= consider(dagId, dag, task, inputs);
                } else if (!node.get().phase().isEnd()) {
                    changed |= visit(node.get(), spec.template(task.template()), arguments(task, inputs));
                }
            }
        }
        endIfOver(dagId, dag);
    }

    /** Begins a task, or leaves it out, if it is its turn. Whether there is a node of it now. */
    private boolean consider(String dagId, WorkflowSpec.Dag dag, WorkflowSpec.Task task, Map<String, String> inputs) {
        List<Optional<WorkflowNode>> before =
                task.dependencies().stream().map(name -> nodeOf(dagId, name)).toList();
        boolean decided = before.stream()
                .allMatch(node -> node.filter(each -> each.phase().isEnd()).isPresent());
        if (!decided) {
            return false;
        }
        String name = node(dagId).name() + "." + task.name();
        if (before.stream().anyMatch(node -> node.orElseThrow().phase().isBad())) {
            add(name, task.name(), dagId, WorkflowNode.Kind.SKIPPED, task.template());
            follow(dagId, task);
            end(nodeOf(dagId, task.name()).orElseThrow(), WorkflowNode.Phase.Omitted, OMITTED);
            return true;
        }
        List<WorkflowNode> siblings = tasksOf(dagId, dag);
        boolean stopped = dag.failFast() && siblings.stream().anyMatch(WorkflowWalk::hasFailed);
        long busy = siblings.stream().filter(node -> !node.phase().isEnd()).count();
        boolean step = !(spec.template(task.template()) instanceof WorkflowSpec.Dag);
        if (beginNothing || stopped || busy >= dag.parallelism() || (step && stepsUnderWay() >= spec.parallelism())) {
            return false;
        }
        begin(name, task.name(), dagId, spec.template(task.template()), arguments(task, inputs));
        follow(dagId, task);
        return true;
    }

    private void begin(
            String name, String task, String dagId, WorkflowSpec.Template template, Map<String, String> arguments) {
        boolean dag = template instanceof WorkflowSpec.Dag;
        WorkflowNode node =
                add(name, task, dagId, dag ? WorkflowNode.Kind.DAG : WorkflowNode.Kind.STEP, template.name());
        Optional<String> missing = template.inputs().entrySet().stream()
                .filter(input -> input.getValue().isEmpty() && !arguments.containsKey(input.getKey()))
                .map(Map.Entry::getKey)
                .sorted()
                .findFirst();
        if (missing.isPresent()) {
            end(
                    node,
                    WorkflowNode.Phase.Error,
                    "parameter " + missing.get() + " of template " + template.name() + " has no value");
        } else {
            visit(node, template, arguments);
        }
    }

    private WorkflowNode add(String name, String task, String dagId, WorkflowNode.Kind kind, String template) {
        WorkflowNode node = new WorkflowNode(
                WorkflowNode.idOf(spec.name(), name),
                name,
                task,
                kind,
                template,
                dagId,
                WorkflowNode.Phase.Running,
                "",
                now,
                Optional.empty(),
                List.of());
        nodes.put(node.id(), node);
        return node;
    }

    /** Draws the edges to a new node: from its dependencies, else from its DAG. */
    private void follow(String dagId, WorkflowSpec.Task task) {
        String child = WorkflowNode.idOf(spec.name(), node(dagId).name() + "." + task.name());
        List<WorkflowNode> from = task.dependencies().isEmpty()
                ? List.of(node(dagId))
                : task.dependencies().stream()
                        .map(name -> nodeOf(dagId, name).orElseThrow())
                        .toList();
        from.forEach(node -> nodes.put(node.id(), node.followedBy(child)));
    }

    /** A DAG is over when all its tasks are, or when one failed and those under way have ended. */
    private void endIfOver(String dagId, WorkflowSpec.Dag dag) {
        List<WorkflowNode> tasks = tasksOf(dagId, dag);
        boolean busy = tasks.stream().anyMatch(node -> !node.phase().isEnd());
        Optional<WorkflowNode> failed =
                tasks.stream().filter(WorkflowWalk::hasFailed).findFirst();
        boolean all = tasks.size() == dag.tasks().size();
        if (busy || !(all || (dag.failFast() && failed.isPresent()))) {
            return;
        }
        boolean error = tasks.stream().anyMatch(node -> node.phase() == WorkflowNode.Phase.Error);
        WorkflowNode.Phase phase = error
                ? WorkflowNode.Phase.Error
                : failed.isPresent() ? WorkflowNode.Phase.Failed : WorkflowNode.Phase.Succeeded;
        String message = failed.map(node -> node.task() + ": " + node.message()).orElse("");
        end(node(dagId), phase, message);
    }

    private static boolean hasFailed(WorkflowNode node) {
        return node.phase() == WorkflowNode.Phase.Failed || node.phase() == WorkflowNode.Phase.Error;
    }

    private void end(WorkflowNode node, WorkflowNode.Phase phase, String message) {
        nodes.put(node.id(), node(node.id()).as(phase, message, now));
    }

    private boolean isEnded(String id) {
        return node(id).phase().isEnd();
    }

    private long stepsUnderWay() {
        return nodes.values().stream()
                .filter(node ->
                        node.kind() == WorkflowNode.Kind.STEP && !node.phase().isEnd())
                .count();
    }

    private List<WorkflowNode> tasksOf(String dagId, WorkflowSpec.Dag dag) {
        return dag.tasks().stream()
                .flatMap(task -> nodeOf(dagId, task.name()).stream())
                .toList();
    }

    private WorkflowNode node(String id) {
        WorkflowNode node = nodes.get(id);
        if (node == null) {
            throw new IllegalStateException("no node " + id);
        }
        return node;
    }

    private Optional<WorkflowNode> nodeOf(String dagId, String task) {
        return Optional.ofNullable(
                nodes.get(WorkflowNode.idOf(spec.name(), node(dagId).name() + "." + task)));
    }

    private static Map<String, String> inputs(WorkflowSpec.Template template, Map<String, String> arguments) {
        Map<String, String> inputs = new HashMap<>();
        template.inputs().forEach((name, value) -> inputs.put(name, value.orElse("")));
        inputs.putAll(arguments);
        return inputs;
    }

    private static Map<String, String> arguments(WorkflowSpec.Task task, Map<String, String> inputs) {
        Map<String, String> arguments = new HashMap<>();
        task.arguments().forEach((name, value) -> arguments.put(name, resolved(value, inputs)));
        return arguments;
    }

    /** References to inputs that are not there stay as they are, and the step refuses them. */
    private static String resolved(String text, Map<String, String> inputs) {
        return REFERENCE
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(inputs.getOrDefault(found.group(1), found.group())));
    }
}
