package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.group.ReleaseGraph;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether a Workflow fits into the cluster's store, asked before it is submitted: etcd takes 1.5 MiB, and what it says
 * after that names no application. The status grows with each node, so room is left for it.
 */
final class WorkflowSize {
    /** 1.5 MiB, without what the server adds of its own. */
    private static final int MOST = 1_500_000;
    /**
     * A node in the status without its names, and the server's notes on who owns each of its fields. Measured, as is
     * how often the names of the Workflow and of the task stand in both.
     */
    private static final int NODE = 570;

    private static final int WORKFLOW_NAMES = 6;
    private static final int TASK_NAMES = 4;

    private static final int NAMED = 5;

    private WorkflowSize() {}

    /** Why {@code workflow} cannot be submitted; empty when it can. */
    static Optional<String> trouble(ObjectNode workflow, ReleaseGraph graph) {
        long needed = needed(workflow);
        if (needed <= MOST) {
            return Optional.empty();
        }
        return Optional.of("the workflow would need " + kib(needed) + " of the " + kib(MOST)
                + " that the cluster's store takes, " + kib(status(workflow)) + " of it for the status of its steps;"
                + " the largest values: " + largest(graph)
                + ". Let release.valuesFrom name a ConfigMap or Secret for them, or divide the group");
    }

    /** In bytes, with the status that engines write into it. */
    static long needed(ObjectNode workflow) {
        return CanonicalJson.bytes(workflow).length + status(workflow);
    }

    /** What the nodes will take when all are there: one for each task, and one more for a step that may be retried. */
    private static long status(ObjectNode workflow) {
        int name = workflow.path("metadata").path("name").asText().length();
        JsonNode templates = workflow.path("spec").path("templates");
        Set<String> retried = templates
                .valueStream()
                .filter(template -> template.has("retryStrategy"))
                .map(template -> template.path("name").asText())
                .collect(Collectors.toSet());
        return templates
                .valueStream()
                .flatMap(template -> template.path("dag").path("tasks").valueStream())
                .mapToLong(task -> {
                    int nodes = retried.contains(task.path("template").asText()) ? 2 : 1;
                    int own = task.path("name").asText().length();
                    return (long) nodes * (NODE + WORKFLOW_NAMES * name + TASK_NAMES * own);
                })
                .sum();
    }

    private record Part(String name, int bytes) {}

    private static String largest(ReleaseGraph graph) {
        List<Part> parts = graph.applications().values().stream()
                .flatMap(application -> application.tasks().values().stream())
                .map(task -> new Part(
                        task.name(),
                        CanonicalJson.text(task.release().values()).getBytes(StandardCharsets.UTF_8).length))
                .sorted(Comparator.comparingInt(Part::bytes).reversed().thenComparing(Part::name))
                .limit(NAMED)
                .toList();
        return parts.stream().map(part -> part.name + " " + kib(part.bytes)).collect(Collectors.joining(", "));
    }

    private static String kib(long bytes) {
        return (bytes + 1023) / 1024 + " KiB";
    }
}
