package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How far a Workflow is. Pure: time comes in, a new state goes out; steps are carried out elsewhere. Its JSON is the
 * Workflow's status, and a run that is read from there goes on where the last one was.
 *
 * @param spec what is to be done
 * @param nodes by id, in the order in which they came to be
 * @param started when the first node came to be
 * @param invalid why nothing can be done at all; empty otherwise
 * @param message that it was shut down, once it was; empty otherwise
 */
record WorkflowRun(
        WorkflowSpec spec, Map<String, WorkflowNode> nodes, Optional<Instant> started, String invalid, String message) {
    private static final String SHUT_DOWN = "Stopped with strategy";

    WorkflowRun {
        nodes = Collections.unmodifiableMap(new LinkedHashMap<>(nodes));
    }

    /** Reads what is known from the Workflow's status, which is empty at first. */
    static WorkflowRun resume(WorkflowSpec spec, JsonNode status) {
        Map<String, WorkflowNode> nodes = new LinkedHashMap<>();
        status.path("nodes").forEach(json -> WorkflowNode.read(json).ifPresent(node -> nodes.put(node.id(), node)));
        return new WorkflowRun(
                spec,
                nodes,
                status.hasNonNull("startedAt")
                        ? Optional.of(Instant.parse(status.path("startedAt").asText()))
                        : Optional.empty(),
                "",
                Optional.of(status.path("message").asText(""))
                        .filter(text -> text.startsWith(SHUT_DOWN))
                        .orElse(""));
    }

    /** A Workflow whose spec cannot be carried out: Failed, without nodes. */
    static WorkflowRun refused(String name, String why, Instant now) {
        WorkflowSpec nothing = new WorkflowSpec(name, "", 0, Optional.empty(), WorkflowSpec.PodGc.NEVER, Map.of());
        return new WorkflowRun(nothing, Map.of(), Optional.of(now), why, "");
    }

    /** Begins all that may begin by now and ends what has ended or is late. Doing it twice changes nothing more. */
    WorkflowRun advance(WorkflowOrder order, Instant now) {
        if (isOver()) {
            return this;
        }
        return new WorkflowRun(
                spec,
                WorkflowWalk.advance(spec, nodes, order, started, now),
                Optional.of(started.orElse(now)),
                "",
                order.isShutdown() ? SHUT_DOWN + " '" + order.strategy() + "'" : message);
    }

    /** When to advance again even if nothing happens: at a deadline, or after a pause between two tries. */
    Optional<Instant> wake(Instant now) {
        return isOver() ? Optional.empty() : WorkflowWalk.wake(spec, nodes, started, now);
    }

    /** What became of step {@code id}; Pending: it was stopped and is to be run again. An end is final. */
    WorkflowRun stepIs(String id, WorkflowNode.Phase phase, String message, Instant now) {
        WorkflowNode node = nodes.get(id);
        if (node == null || node.phase().isEnd()) {
            return this;
        }
        Map<String, WorkflowNode> changed = new LinkedHashMap<>(nodes);
        changed.put(id, node.as(phase, message, now));
        return new WorkflowRun(spec, changed, started, invalid, this.message);
    }

    /** The steps that should be under way: begun and not ended. After a restart these are run again. */
    List<WorkflowWalk.Work> underWay() {
        return isOver() ? List.of() : WorkflowWalk.underWay(spec, nodes);
    }

    WorkflowNode.Phase phase() {
        if (!invalid.isEmpty()) {
            return WorkflowNode.Phase.Failed;
        }
        WorkflowNode root = nodes.get(spec.name());
        return root == null ? WorkflowNode.Phase.Pending : root.phase();
    }

    boolean isOver() {
        return phase().isEnd();
    }

    ObjectNode toStatus(Instant now) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        WorkflowNode root = nodes.get(spec.name());
        status.put("phase", phase().name()).put("progress", progress());
        Stream.of(invalid, message, root == null ? "" : root.message())
                .filter(text -> !text.isEmpty())
                .findFirst()
                // A null takes away what an earlier patch has left.
                .ifPresentOrElse(text -> status.put("message", text), () -> status.putNull("message"));
        status.put("startedAt", WorkflowNode.time(started.orElse(now)));
        if (isOver()) {
            Instant end = root == null ? started.orElse(now) : root.finished().orElse(now);
            status.put("finishedAt", WorkflowNode.time(end));
            status.putArray("conditions").addObject().put("type", "Completed").put("status", "True");
        }
        if (!nodes.isEmpty()) {
            ObjectNode all = status.putObject("nodes");
            nodes.values().forEach(node -> all.set(node.id(), node.toJson(spec.name())));
            Optional.ofNullable(root)
                    .ifPresent(node -> all.withObjectProperty(node.id()).put("progress", progress()));
        }
        return status;
    }

    /** Steps that succeeded / steps begun, as Argo counts. */
    private String progress() {
        List<WorkflowNode> steps = nodes.values().stream()
                .filter(node -> node.kind() == WorkflowNode.Kind.STEP)
                .toList();
        long done = steps.stream()
                .filter(node -> node.phase() == WorkflowNode.Phase.Succeeded)
                .count();
        return done + "/" + steps.size();
    }
}
