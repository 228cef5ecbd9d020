package dev.orkestra.group;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.cel.CelCompilation;
import dev.orkestra.cel.CelLibrary;
import dev.orkestra.cel.CelShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Something that must be true of the cluster before a group's workflow begins.
 *
 * @param name unique in the group
 * @param objects what the expression speaks of
 * @param expression in CEL; true or false
 * @param message what people are told where it is not true; empty: the expression itself
 */
public record GroupCondition(String name, List<Named> objects, String expression, String message) {
    public GroupCondition {
        objects = List.copyOf(objects);
    }

    /**
     * An object of the cluster.
     *
     * @param as what the expression calls it
     * @param namespace empty for objects that lie in none
     */
    public record Named(String as, String apiVersion, String kind, String namespace, String name) {
        static Named of(JsonNode node) {
            return new Named(
                    node.path("as").asText(""),
                    node.path("apiVersion").asText(""),
                    node.path("kind").asText(""),
                    node.path("namespace").asText(""),
                    node.path("name").asText(""));
        }

        /** For people: {@code Deployment db/postgres}. */
        @Override
        public String toString() {
            return kind + " " + (namespace.isEmpty() ? "" : namespace + "/") + name;
        }
    }

    static GroupCondition of(JsonNode node) {
        List<Named> objects = new ArrayList<>();
        node.path("objects").forEach(each -> objects.add(Named.of(each)));
        return new GroupCondition(
                node.path("name").asText(""),
                objects,
                node.path("expression").asText(""),
                node.path("message").asText(""));
    }

    /** Reads the expression. Nothing is known of the objects' fields beforehand. */
    public CelCompilation compile() {
        Map<String, CelShape> variables = new TreeMap<>();
        objects.forEach(object -> variables.put(object.as, CelShape.Scalar.ANY));
        return CelLibrary.kubernetes().with(variables).compile(expression);
    }
}
