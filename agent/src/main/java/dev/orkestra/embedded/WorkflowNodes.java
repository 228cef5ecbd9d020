package dev.orkestra.embedded;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The nodes of one walk, by id, in the order in which they came to be. How many steps are under way is counted as they
 * change: each task asks, and a group may have a thousand.
 */
final class WorkflowNodes {
    private final String workflow;
    private final Map<String, WorkflowNode> nodes;
    private long stepsUnderWay;

    WorkflowNodes(String workflow, Map<String, WorkflowNode> nodes) {
        this.workflow = workflow;
        this.nodes = new LinkedHashMap<>(nodes);
        this.stepsUnderWay =
                nodes.values().stream().filter(WorkflowNodes::isUnderWay).count();
    }

    Map<String, WorkflowNode> all() {
        return nodes;
    }

    WorkflowNode get(String id) {
        return find(id).orElseThrow(() -> new IllegalStateException("no node " + id));
    }

    Optional<WorkflowNode> find(String id) {
        return Optional.ofNullable(nodes.get(id));
    }

    void put(WorkflowNode node) {
        WorkflowNode before = nodes.put(node.id(), node);
        stepsUnderWay += (isUnderWay(node) ? 1 : 0) - (before != null && isUnderWay(before) ? 1 : 0);
    }

    void end(WorkflowNode node, WorkflowNode.Phase phase, String message, Instant now) {
        put(get(node.id()).as(phase, message, now));
    }

    boolean isEnded(String id) {
        return get(id).phase().isEnd();
    }

    long stepsUnderWay() {
        return stepsUnderWay;
    }

    List<WorkflowNode> underWay() {
        return nodes.values().stream().filter(WorkflowNodes::isUnderWay).toList();
    }

    private static boolean isUnderWay(WorkflowNode node) {
        return node.kind() == WorkflowNode.Kind.STEP && !node.phase().isEnd();
    }

    /** The node of a task, if it has begun or was left out. */
    Optional<WorkflowNode> ofTask(String dagId, String task) {
        return find(WorkflowNode.idOf(workflow, get(dagId).name() + "." + task));
    }

    List<WorkflowNode> ofTasks(String dagId, WorkflowSpec.Dag dag) {
        return dag.tasks().stream()
                .flatMap(task -> ofTask(dagId, task.name()).stream())
                .toList();
    }

    /** A new node, begun {@code now}. */
    WorkflowNode add(String name, String task, String dagId, WorkflowNode.Kind kind, String template, Instant now) {
        WorkflowNode node = new WorkflowNode(
                WorkflowNode.idOf(workflow, name),
                name,
                task,
                kind,
                template,
                dagId,
                kind == WorkflowNode.Kind.STEP ? WorkflowNode.Phase.Pending : WorkflowNode.Phase.Running,
                "",
                now,
                Optional.empty(),
                List.of(),
                List.of());
        put(node);
        return node;
    }

    /** Draws the edges to a new node: from the last nodes of its dependencies, else from its DAG. */
    void follow(String dagId, WorkflowSpec.Task task) {
        String child = WorkflowNode.idOf(workflow, get(dagId).name() + "." + task.name());
        Stream<String> from = task.dependencies().isEmpty()
                ? Stream.of(dagId)
                : task.dependencies().stream()
                        .map(name -> ofTask(dagId, name).orElseThrow())
                        .flatMap(node -> lastOf(node).stream());
        from.toList().forEach(id -> put(get(id).followedBy(child)));
    }

    /** What comes after {@code node} follows these; a DAG that ended early may have none but itself. */
    static List<String> lastOf(WorkflowNode node) {
        return switch (node.kind()) {
            case STEP, SKIPPED -> List.of(node.id());
            case RETRY ->
                node.children().isEmpty()
                        ? List.of(node.id())
                        : List.of(node.children().getLast());
            case DAG -> node.outbound().isEmpty() ? List.of(node.id()) : node.outbound();
        };
    }

    static boolean hasFailed(WorkflowNode node) {
        return node.phase() == WorkflowNode.Phase.Failed || node.phase() == WorkflowNode.Phase.Error;
    }

    /** How the tasks of one DAG stand, kept up to date while it is walked through. */
    static final class Tally {
        private long busy;
        private long failed;

        Tally(List<WorkflowNode> tasks) {
            tasks.forEach(node -> count(node, 1));
        }

        void changed(Optional<WorkflowNode> before, Optional<WorkflowNode> after) {
            before.ifPresent(node -> count(node, -1));
            after.ifPresent(node -> count(node, 1));
        }

        private void count(WorkflowNode node, int by) {
            busy += node.phase().isEnd() ? 0 : by;
            failed += hasFailed(node) ? by : 0;
        }

        long busy() {
            return busy;
        }

        boolean anyFailed() {
            return failed > 0;
        }
    }
}
