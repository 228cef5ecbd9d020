package dev.orkestra.release;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.group.ReleaseGraph;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether a Workflow fits into the cluster's store, asked before it is submitted: etcd takes 1.5 MiB, and what it says
 * after that names no application. The status grows with each node, so room is left for it.
 */
final class WorkflowSize {
    /** 1.5 MiB, without what the server adds of its own. */
    private static final int MOST = 1_500_000;
    /** A node in the status, twice: the server notes who owns each of its fields. Measured. */
    private static final int NODE = 900;

    private static final int NAMED = 5;

    private WorkflowSize() {}

    /** Why {@code workflow} cannot be submitted; empty when it can. */
    static Optional<String> trouble(ObjectNode workflow, ReleaseGraph graph) {
        int document = CanonicalJson.bytes(workflow).length;
        long nodes = graph.applications().values().stream()
                .mapToLong(application -> 1
                        + application.tasks().values().stream()
                                .mapToLong(task -> task.steps().size() == 1
                                        ? 1
                                        : 1 + task.steps().size())
                                .sum())
                .sum();
        long needed = document + nodes * NODE;
        if (needed <= MOST) {
            return Optional.empty();
        }
        return Optional.of("the workflow would need " + kib(needed) + " of the " + kib(MOST)
                + " that the cluster's store takes; the largest values: " + largest(graph)
                + ". Let release.valuesFrom name a ConfigMap or Secret for them, or divide the group");
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
