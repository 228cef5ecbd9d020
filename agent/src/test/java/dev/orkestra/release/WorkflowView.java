package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.group.Groups;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads a Workflow as people do. */
record WorkflowView(ObjectNode workflow) {
    /** The template {@code name}; there is exactly one. */
    JsonNode template(String name) {
        List<JsonNode> found = new ArrayList<>();
        workflow.at("/spec/templates").forEach(each -> {
            if (each.path("name").asText().equals(name)) {
                found.add(each);
            }
        });
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " templates are called " + name + "; there are " + templates());
        }
        return found.getFirst();
    }

    List<String> templates() {
        return workflow.at("/spec/templates")
                .valueStream()
                .map(each -> each.path("name").asText())
                .toList();
    }

    /** The tasks of the DAG template {@code name}, each with what it comes after. */
    Map<String, Set<String>> dag(String name) {
        Map<String, Set<String>> tasks = new TreeMap<>();
        template(name).at("/dag/tasks").forEach(task -> {
            Set<String> dependencies = new TreeSet<>();
            task.path("dependencies").forEach(each -> dependencies.add(each.asText()));
            tasks.put(task.path("name").asText(), dependencies);
        });
        return tasks;
    }

    JsonNode task(String template, String name) {
        for (JsonNode task : template(template).at("/dag/tasks")) {
            if (task.path("name").asText().equals(name)) {
                return task;
            }
        }
        throw new AssertionError("no task " + name + " in " + dag(template).keySet());
    }

    String executor(String template, String task) {
        return task(template, task).path("template").asText();
    }

    String parameter(String template, String task, String name) {
        for (JsonNode parameter : task(template, task).at("/arguments/parameters")) {
            if (parameter.path("name").asText().equals(name)) {
                return parameter.path("value").asText();
            }
        }
        throw new AssertionError("no parameter " + name + " of " + task);
    }

    /** The HelmRelease that the task is given. */
    ObjectNode release(String template, String task) {
        return Groups.json(GroupWorld.decoded(parameter(template, task, "helmrelease")));
    }

    String annotation(String key) {
        return workflow.path("metadata").path("annotations").path(key).asText("");
    }

    String label(String key) {
        return workflow.path("metadata").path("labels").path(key).asText("");
    }

    String uid() {
        return uid(workflow);
    }

    static String uid(JsonNode object) {
        return object.path("metadata").path("uid").asText();
    }
}
