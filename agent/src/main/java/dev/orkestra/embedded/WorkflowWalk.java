package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One walk through a Workflow's templates: begins tasks whose dependencies have succeeded, leaves out those whose
 * dependencies have not, tries steps again, and ends what is over or late. Used once, by one thread.
 */
final class WorkflowWalk {
    /** Argo's words. */
    private static final String OMITTED = "omitted: depends condition not met";

    private static final String LATE = "Step exceeded its deadline";
    private static final String NO_MORE_RETRIES = "No more retries left";

    /**
     * A step to carry out.
     *
     * @param id its node
     * @param name the node's name
     * @param template name of its template
     * @param container what the template runs, references resolved
     * @param token whether its pod gets the token of its service account
     * @param phase how far it is known to be
     * @param started when it began, which a restart does not change
     */
    record Work(
            String id,
            String name,
            String template,
            ObjectNode container,
            boolean token,
            WorkflowNode.Phase phase,
            Instant started) {
        List<String> arguments() {
            return container.path("args").valueStream().map(JsonNode::asText).toList();
        }
    }

    private final WorkflowSpec spec;
    private final WorkflowNodes nodes;
    private final boolean beginNothing;
    /** Why everything is to end now, in Argo's words. */
    private final Optional<String> halt;

    private final Instant now;
    private final Map<String, Work> underWay = new LinkedHashMap<>();
    private final List<Instant> wakes = new ArrayList<>();

    private WorkflowWalk(
            WorkflowSpec spec,
            Map<String, WorkflowNode> nodes,
            boolean beginNothing,
            Optional<String> halt,
            Instant now) {
        this.spec = spec;
        this.nodes = new WorkflowNodes(spec.name(), nodes);
        this.beginNothing = beginNothing;
        this.halt = halt;
        this.now = now;
    }

    /** The nodes after all that can begin or end at {@code now} has. */
    static Map<String, WorkflowNode> advance(
            WorkflowSpec spec,
            Map<String, WorkflowNode> nodes,
            WorkflowOrder order,
            Optional<Instant> started,
            Instant now) {
        boolean late = end(spec, started).filter(end -> !now.isBefore(end)).isPresent();
        Optional<String> halt = order.isShutdown()
                // Two blanks: Argo writes it so.
                ? Optional.of("workflow shutdown with strategy:  " + order.strategy())
                : late ? Optional.of(LATE) : Optional.empty();
        WorkflowWalk walk = new WorkflowWalk(spec, nodes, order != WorkflowOrder.GO || late, halt, now);
        halt.ifPresent(walk::haltSteps);
        walk.fromRoot();
        return walk.nodes.all();
    }

    /** The steps that have begun and not ended, in the order of the templates. */
    static List<Work> underWay(WorkflowSpec spec, Map<String, WorkflowNode> nodes) {
        WorkflowWalk walk = new WorkflowWalk(spec, nodes, true, Optional.empty(), Instant.MIN);
        walk.fromRoot();
        return List.copyOf(walk.underWay.values());
    }

    /** When something is to be done although nobody reports anything: a deadline, or the end of a pause. */
    static Optional<Instant> wake(
            WorkflowSpec spec, Map<String, WorkflowNode> nodes, Optional<Instant> started, Instant now) {
        WorkflowWalk walk = new WorkflowWalk(spec, nodes, true, Optional.empty(), now);
        walk.fromRoot();
        return Stream.concat(walk.wakes.stream(), end(spec, started).stream())
                .filter(at -> at.isAfter(now))
                .min(Instant::compareTo);
    }

    private static Optional<Instant> end(WorkflowSpec spec, Optional<Instant> started) {
        return started.flatMap(begin -> spec.deadline().map(begin::plus));
    }

    private void haltSteps(String why) {
        nodes.underWay()
                .forEach(node -> end(node, WorkflowNode.Phase.Failed, why.equals(LATE) ? late(node.message()) : why));
    }

    /** Argo's words, and what the step waited for, which Argo forgets. */
    static String late(String waitedFor) {
        return waitedFor.isEmpty() ? LATE : LATE + "; it waited: " + waitedFor;
    }

    private void fromRoot() {
        WorkflowSpec.Template template = spec.template(spec.entrypoint());
        Optional<WorkflowNode> known = nodes.find(spec.name());
        if (known.isPresent()) {
            if (!known.get().phase().isEnd()) {
                visit(known.get(), template, Map.of());
            }
        } else if (!beginNothing || halt.isPresent()) {
            begin(spec.name(), spec.name(), "", template, Map.of());
            // Nothing of it was begun: what is not a DAG has to be ended here.
            halt.ifPresent(this::haltSteps);
        }
    }

    /** Whether the node has come to its end by this visit. */
    private boolean visit(WorkflowNode node, WorkflowSpec.Template template, Map<String, String> arguments) {
        Map<String, String> inputs = inputs(template, arguments);
        switch (template) {
            case WorkflowSpec.Dag dag -> visitTasks(node.id(), dag, inputs);
            case WorkflowSpec.Step step when node.kind() == WorkflowNode.Kind.RETRY -> visitTries(node, step, inputs);
            case WorkflowSpec.Step step -> visitStep(node, step, inputs);
            case WorkflowSpec.NotCarriedOut other -> end(node, WorkflowNode.Phase.Error, other.why());
        }
        return nodes.isEnded(node.id());
    }

    private void visitStep(WorkflowNode node, WorkflowSpec.Step step, Map<String, String> inputs) {
        Optional<Instant> end = step.deadline().map(node.started()::plus);
        if (end.filter(at -> !now.isBefore(at)).isPresent()) {
            end(node, WorkflowNode.Phase.Failed, late(node.message()));
            return;
        }
        end.ifPresent(wakes::add);
        if (WorkflowSpec.resolved(step.container(), inputs) instanceof ObjectNode container) {
            underWay.put(
                    node.id(),
                    new Work(
                            node.id(),
                            node.name(),
                            step.name(),
                            container,
                            step.token(),
                            node.phase(),
                            node.started()));
        }
    }

    /** A step with a retryStrategy: the last of its tries decides. */
    private void visitTries(WorkflowNode retry, WorkflowSpec.Step step, Map<String, String> inputs) {
        if (retry.children().isEmpty()) {
            halt.ifPresentOrElse(
                    why -> end(retry, WorkflowNode.Phase.Failed, why), () -> beginTry(retry, step, inputs));
            return;
        }
        WorkflowNode last = nodes.get(retry.children().getLast());
        if (!last.phase().isEnd()) {
            visitStep(last, step, inputs);
            last = nodes.get(last.id());
        }
        if (!last.phase().isEnd()) {
            return;
        }
        WorkflowSpec.Retry strategy = step.retry().orElseThrow();
        int tries = retry.children().size();
        if (last.phase() == WorkflowNode.Phase.Succeeded) {
            end(retry, WorkflowNode.Phase.Succeeded, "");
        } else if (halt.isPresent() || !strategy.covers(last.phase())) {
            end(retry, last.phase(), last.message());
        } else if (tries > strategy.limit()) {
            end(retry, last.phase(), NO_MORE_RETRIES);
        } else {
            Instant next = strategy.next(tries, last.finished().orElse(now));
            wakes.add(next);
            if (!now.isBefore(next)) {
                beginTry(retry, step, inputs);
            }
        }
    }

    private void beginTry(WorkflowNode retry, WorkflowSpec.Step step, Map<String, String> inputs) {
        if (beginNothing || nodes.stepsUnderWay() >= spec.parallelism()) {
            return;
        }
        String number = "(" + retry.children().size() + ")";
        WorkflowNode begun = nodes.add(
                retry.name() + number,
                retry.task() + number,
                retry.boundary(),
                WorkflowNode.Kind.STEP,
                step.name(),
                now);
        nodes.put(nodes.get(retry.id()).followedBy(begun.id()));
        visitStep(begun, step, inputs);
    }

    private void visitTasks(String dagId, WorkflowSpec.Dag dag, Map<String, String> inputs) {
        WorkflowNodes.Tally siblings = new WorkflowNodes.Tally(nodes.ofTasks(dagId, dag));
        boolean changed = true;
        while (changed) {
            // What is left out, or ends at once, decides on others: until nothing more follows.
            changed = false;
            for (WorkflowSpec.Task task : dag.tasks()) {
                Optional<WorkflowNode> node = nodes.ofTask(dagId, task.name());
                if (node.isEmpty()) {
                    changed |= consider(dagId, dag, task, inputs, siblings);
                } else if (!node.get().phase().isEnd()) {
                    changed |= visit(node.get(), spec.template(task.template()), arguments(task, inputs));
                }
                siblings.changed(node, nodes.ofTask(dagId, task.name()));
            }
        }
        endIfOver(dagId, dag);
    }

    /** Begins a task, or leaves it out, if it is its turn. Whether there is a node of it now. */
    private boolean consider(
            String dagId,
            WorkflowSpec.Dag dag,
            WorkflowSpec.Task task,
            Map<String, String> inputs,
            WorkflowNodes.Tally siblings) {
        List<Optional<WorkflowNode>> before = task.dependencies().stream()
                .map(name -> nodes.ofTask(dagId, name))
                .toList();
        boolean decided = before.stream()
                .allMatch(node -> node.filter(each -> each.phase().isEnd()).isPresent());
        if (!decided) {
            return false;
        }
        String name = nodes.get(dagId).name() + "." + task.name();
        if (before.stream().anyMatch(node -> node.orElseThrow().phase().isBad())) {
            nodes.add(name, task.name(), dagId, WorkflowNode.Kind.SKIPPED, task.template(), now);
            nodes.follow(dagId, task);
            end(nodes.ofTask(dagId, task.name()).orElseThrow(), WorkflowNode.Phase.Omitted, OMITTED);
            return true;
        }
        boolean stopped = dag.failFast() && siblings.anyFailed();
        boolean step = !(spec.template(task.template()) instanceof WorkflowSpec.Dag);
        if (beginNothing
                || stopped
                || siblings.busy() >= dag.parallelism()
                || (step && nodes.stepsUnderWay() >= spec.parallelism())) {
            return false;
        }
        begin(name, task.name(), dagId, spec.template(task.template()), arguments(task, inputs));
        nodes.follow(dagId, task);
        return true;
    }

    private void begin(
            String name, String task, String dagId, WorkflowSpec.Template template, Map<String, String> arguments) {
        WorkflowNode.Kind kind = switch (template) {
            case WorkflowSpec.Dag _ -> WorkflowNode.Kind.DAG;
            case WorkflowSpec.Step step when step.retry().isPresent() -> WorkflowNode.Kind.RETRY;
            default -> WorkflowNode.Kind.STEP;
        };
        WorkflowNode node = nodes.add(name, task, dagId, kind, template.name(), now);
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

    /** A DAG is over when all its tasks are, or when no more may begin and those under way have ended. */
    private void endIfOver(String dagId, WorkflowSpec.Dag dag) {
        List<WorkflowNode> tasks = nodes.ofTasks(dagId, dag);
        boolean busy = tasks.stream().anyMatch(node -> !node.phase().isEnd());
        boolean failed = tasks.stream().anyMatch(WorkflowNodes::hasFailed);
        boolean all = tasks.size() == dag.tasks().size();
        if (busy || !(all || (dag.failFast() && failed) || halt.isPresent())) {
            return;
        }
        boolean error = tasks.stream().anyMatch(node -> node.phase() == WorkflowNode.Phase.Error);
        WorkflowNode.Phase phase = error
                ? WorkflowNode.Phase.Error
                : failed || !all ? WorkflowNode.Phase.Failed : WorkflowNode.Phase.Succeeded;
        nodes.put(nodes.get(dagId).endingWith(lastOf(dagId, dag)));
        end(nodes.get(dagId), phase, "");
    }

    private List<String> lastOf(String dagId, WorkflowSpec.Dag dag) {
        Set<String> followed = dag.tasks().stream()
                .flatMap(task -> task.dependencies().stream())
                .collect(Collectors.toSet());
        return dag.tasks().stream()
                .filter(task -> !followed.contains(task.name()))
                .flatMap(task -> nodes.ofTask(dagId, task.name()).stream())
                .flatMap(node -> WorkflowNodes.lastOf(node).stream())
                .toList();
    }

    private void end(WorkflowNode node, WorkflowNode.Phase phase, String message) {
        nodes.end(node, phase, message, now);
    }

    private static Map<String, String> inputs(WorkflowSpec.Template template, Map<String, String> arguments) {
        Map<String, String> inputs = new HashMap<>();
        template.inputs().forEach((name, value) -> inputs.put(name, value.orElse("")));
        inputs.putAll(arguments);
        return inputs;
    }

    private static Map<String, String> arguments(WorkflowSpec.Task task, Map<String, String> inputs) {
        Map<String, String> arguments = new HashMap<>();
        task.arguments().forEach((name, value) -> arguments.put(name, WorkflowSpec.resolved(value, inputs)));
        return arguments;
    }
}
