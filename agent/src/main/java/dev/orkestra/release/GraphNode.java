package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.group.ReleaseGraph;
import java.util.Set;
import java.util.TreeSet;

/**
 * A release's place in its group's graph, kept on the HelmRelease itself. So what is installed can be taken away in
 * order although neither the group nor any Workflow tells of it any more.
 *
 * @param application the application's name
 * @param applicationDependencies what the application came after
 * @param task the task's name
 * @param taskDependencies what the task came after, in the same application
 */
record GraphNode(String application, Set<String> applicationDependencies, String task, Set<String> taskDependencies) {
    static GraphNode of(ReleaseGraph.Application application, ReleaseGraph.Task task) {
        return new GraphNode(application.name(), application.dependencies(), task.name(), task.dependencies());
    }

    /** Empty names where {@code json} does not tell. */
    static GraphNode of(JsonNode json) {
        return new GraphNode(
                json.path("application").asText(""),
                texts(json.path("applicationAfter")),
                json.path("task").asText(""),
                texts(json.path("taskAfter")));
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("application", application);
        applicationDependencies.forEach(json.putArray("applicationAfter")::add);
        json.put("task", task);
        taskDependencies.forEach(json.putArray("taskAfter")::add);
        return json;
    }

    private static Set<String> texts(JsonNode list) {
        Set<String> texts = new TreeSet<>();
        list.forEach(each -> texts.add(each.asText()));
        return texts;
    }
}
