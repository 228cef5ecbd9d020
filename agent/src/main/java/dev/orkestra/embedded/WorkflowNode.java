package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The state of one node, as Argo keeps it in {@code status.nodes}.
 *
 * @param id the Workflow's name for the root, else that and the FNV-1a hash of {@code name}
 * @param name path of the node: {@code shop.cart.cart-redis}
 * @param task the task's own name
 * @param kind DAG, Pod (a step, or one try of it), Retry (a step with its tries) or Skipped
 * @param template what it runs
 * @param boundary id of the DAG node that it belongs to; empty for the root
 * @param message why it is as it is; may be empty
 * @param finished when it ended
 * @param children ids of the nodes that follow it; of a Retry: its tries, in order
 * @param outbound of a DAG that has ended: ids of its last nodes, which what comes after it follows
 */
record WorkflowNode(
        String id,
        String name,
        String task,
        Kind kind,
        String template,
        String boundary,
        Phase phase,
        String message,
        Instant started,
        Optional<Instant> finished,
        List<String> children,
        List<String> outbound) {
    /** Types of nodes. */
    enum Kind {
        DAG("DAG"),
        STEP("Pod"),
        RETRY("Retry"),
        SKIPPED("Skipped");

        final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    /** Argo's phases, in its spelling. */
    enum Phase {
        Pending,
        Running,
        Succeeded,
        Failed,
        Error,
        Omitted;

        boolean isEnd() {
            return switch (this) {
                case Pending, Running -> false;
                case Succeeded, Failed, Error, Omitted -> true;
            };
        }

        /** Whether it keeps what depends on it from running. */
        boolean isBad() {
            return switch (this) {
                case Pending, Running, Succeeded -> false;
                case Failed, Error, Omitted -> true;
            };
        }
    }

    WorkflowNode {
        children = List.copyOf(children);
        outbound = List.copyOf(outbound);
    }

    /** The id of the node {@code name}, in the way that Argo makes it. */
    static String idOf(String workflow, String name) {
        if (name.equals(workflow)) {
            return workflow;
        }
        return workflow + "-" + Integer.toUnsignedString(hash(name));
    }

    /** FNV-1a of 32 bits. */
    static int hash(String text) {
        int hash = 0x811c9dc5;
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (each & 0xff)) * 0x01000193;
        }
        return hash;
    }

    WorkflowNode as(Phase newPhase, String newMessage, Instant now) {
        return new WorkflowNode(
                id,
                name,
                task,
                kind,
                template,
                boundary,
                newPhase,
                newMessage,
                started,
                newPhase.isEnd() ? Optional.of(now) : Optional.empty(),
                children,
                outbound);
    }

    WorkflowNode endingWith(List<String> lastNodes) {
        return new WorkflowNode(
                id, name, task, kind, template, boundary, phase, message, started, finished, children, lastNodes);
    }

    /** Whether it is one of several tries of a step; no task has such a name. */
    private boolean isTry() {
        return kind == Kind.STEP && task.endsWith(")");
    }

    WorkflowNode followedBy(String child) {
        return children.contains(child)
                ? this
                : new WorkflowNode(
                        id,
                        name,
                        task,
                        kind,
                        template,
                        boundary,
                        phase,
                        message,
                        started,
                        finished,
                        Stream.concat(children.stream(), Stream.of(child)).toList(),
                        outbound);
    }

    ObjectNode toJson(String workflow) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", id).put("name", name).put("displayName", task).put("type", kind.word);
        json.put("templateName", template).put("templateScope", "local/" + workflow);
        json.put("phase", phase.name()).put("startedAt", time(started));
        if (!boundary.isEmpty()) {
            json.put("boundaryID", boundary);
        }
        // A null takes away what an earlier patch has left.
        if (message.isEmpty()) {
            json.putNull("message");
        } else {
            json.put("message", message);
        }
        if (kind == Kind.STEP) {
            json.put("progress", phase == Phase.Succeeded ? "1/1" : "0/1");
        }
        if (isTry()) {
            json.putObject("nodeFlag").put("retried", true);
        }
        finished.ifPresent(at -> json.put("finishedAt", time(at)));
        if (!children.isEmpty()) {
            children.forEach(json.putArray("children")::add);
        }
        if (!outbound.isEmpty()) {
            outbound.forEach(json.putArray("outboundNodes")::add);
        }
        return json;
    }

    /** The node that {@code json} tells of; empty when it is none of ours. */
    static Optional<WorkflowNode> read(JsonNode json) {
        Optional<Kind> kind = Stream.of(Kind.values())
                .filter(each -> each.word.equals(json.path("type").asText()))
                .findFirst();
        Optional<Phase> phase = Stream.of(Phase.values())
                .filter(each -> each.name().equals(json.path("phase").asText()))
                .findFirst();
        if (kind.isEmpty() || phase.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new WorkflowNode(
                json.path("id").asText(),
                json.path("name").asText(),
                json.path("displayName").asText(),
                kind.get(),
                json.path("templateName").asText(),
                json.path("boundaryID").asText(""),
                phase.get(),
                json.path("message").asText(""),
                Instant.parse(json.path("startedAt").asText()),
                json.hasNonNull("finishedAt")
                        ? Optional.of(Instant.parse(json.path("finishedAt").asText()))
                        : Optional.empty(),
                texts(json.path("children")),
                texts(json.path("outboundNodes"))));
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asText).toList();
    }

    static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** For people: {@code shop.cart Failed: why}. */
    @Override
    public String toString() {
        return name + " " + phase.name().toLowerCase(Locale.ROOT) + (message.isEmpty() ? "" : ": " + message);
    }
}
