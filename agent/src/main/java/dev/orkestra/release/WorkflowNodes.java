package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.group.Naming;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a Workflow says of its nodes, by the names of the spec: Argo and the embedded engine name a node by the way to
 * it, {@code bookinfo.bookinfo.bookinfo-ratings}.
 */
final class WorkflowNodes {
    private final String workflow;
    private final Map<String, JsonNode> nodes = new HashMap<>();
    /** What each task of the Workflow waits for, as its document says it: by the task's way. */
    private final Map<String, List<String>> dependencies = new HashMap<>();

    WorkflowNodes(JsonNode workflow) {
        this.workflow = workflow.path("metadata").path("name").asText("");
        workflow.path("status")
                .path("nodes")
                .forEach(node -> nodes.put(node.path("name").asText(""), node));
        Map<String, JsonNode> templates = new HashMap<>();
        workflow.path("spec")
                .path("templates")
                .forEach(template -> templates.put(template.path("name").asText(""), template));
        JsonNode entry = templates.get(workflow.path("spec").path("entrypoint").asText(""));
        if (entry != null) {
            for (JsonNode task : entry.path("dag").path("tasks")) {
                String way = this.workflow + "." + task.path("name").asText("");
                dependencies.put(way, texts(task.path("dependencies")));
                JsonNode inner = templates.get(task.path("template").asText(""));
                if (inner != null) {
                    inner.path("dag")
                            .path("tasks")
                            .forEach(each -> dependencies.put(
                                    way + "." + each.path("name").asText(""), texts(each.path("dependencies"))));
                }
            }
        }
    }

    private String way(String application) {
        return workflow + "." + Naming.dns(application);
    }

    private String way(String application, String task) {
        return way(application) + "." + Naming.dns(task);
    }

    Optional<JsonNode> node(String application, String task) {
        return Optional.ofNullable(nodes.get(way(application, task)));
    }

    boolean succeeded(String application) {
        return isSucceeded(nodes.get(way(application)));
    }

    boolean succeeded(String application, String task) {
        return isSucceeded(nodes.get(way(application, task)));
    }

    /** DNS labels of the applications that {@code application} comes after; empty when the document does not tell. */
    Optional<List<String>> dependencies(String application) {
        return Optional.ofNullable(dependencies.get(way(application)));
    }

    Optional<List<String>> dependencies(String application, String task) {
        return Optional.ofNullable(dependencies.get(way(application, task)));
    }

    /** What the task's node and its steps have to say of a failure: messages with the last lines of a log. */
    List<String> messages(String application, String task) {
        String way = way(application, task);
        List<String> messages = new ArrayList<>();
        nodes.entrySet().stream()
                .filter(each ->
                        each.getKey().startsWith(way + ".") || each.getKey().equals(way))
                .filter(each -> isFailed(each.getValue()))
                .filter(each -> !each.getValue().path("type").asText("").equals("DAG"))
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> {
                    String message = each.getValue().path("message").asText("");
                    boolean own = each.getKey().equals(way);
                    if (!message.isEmpty()) {
                        messages.add((own ? "" : "step " + each.getKey().substring(way.length() + 1) + ": ") + message);
                    }
                });
        return messages;
    }

    static boolean isFailed(JsonNode node) {
        String phase = phase(node);
        return phase.equals("Failed") || phase.equals("Error");
    }

    static String phase(JsonNode node) {
        return node.path("phase").asText("");
    }

    static Optional<Instant> time(JsonNode object, String field) {
        String text = object.path(field).asText("");
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static boolean isSucceeded(@Nullable JsonNode node) {
        return node != null && phase(node).equals("Succeeded");
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(each -> each.asText("")).toList();
    }
}
