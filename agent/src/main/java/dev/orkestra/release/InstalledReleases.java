package dev.orkestra.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.Naming;
import dev.orkestra.group.PlannedRelease;
import dev.orkestra.group.ReleaseGraph;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The graph of what a group has in the cluster, made of its HelmReleases alone. What a spec does not name any more, or
 * a failed generation left behind, is found here and nowhere else.
 */
final class InstalledReleases {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private InstalledReleases() {}

    /** The graph that would have installed {@code releases}. */
    static ReleaseGraph graph(List<ObjectNode> releases) {
        Map<String, Set<String>> dependencies = new TreeMap<>();
        Map<String, Map<String, ReleaseGraph.Task>> tasks = new TreeMap<>();
        for (ObjectNode release : releases) {
            GraphNode node = node(release);
            dependencies
                    .computeIfAbsent(node.application(), _ -> new TreeSet<>())
                    .addAll(node.applicationDependencies());
            Map<String, ReleaseGraph.Task> known = tasks.computeIfAbsent(node.application(), _ -> new TreeMap<>());
            PlannedRelease planned = planned(release, node);
            // Two of one name: the release moved to another namespace.
            String name = known.containsKey(node.task()) ? node.task() + "-" + planned.namespace() : node.task();
            ReleaseGraph.Step step = new ReleaseGraph.Step(
                    ApplicationGroup.Executor.HELM_RELEASE,
                    ApplicationGroup.Executor.STANDARD,
                    ReleaseGraph.Action.INSTALL,
                    Set.of());
            known.put(name, new ReleaseGraph.Task(name, planned, node.taskDependencies(), Map.of(step.name(), step)));
        }
        Map<String, ReleaseGraph.Application> applications = new TreeMap<>();
        tasks.forEach((name, each) -> applications.put(
                name, new ReleaseGraph.Application(name, dependencies.getOrDefault(name, Set.of()), each)));
        return new ReleaseGraph(applications);
    }

    /** Whether {@code group} installs a release of this place: an application's own, or one of its subcharts'. */
    static boolean isNamedBy(ApplicationGroup group, JsonNode release) {
        JsonNode metadata = release.path("metadata");
        String namespace = metadata.path("namespace").asText();
        String name = metadata.path("name").asText();
        return group.applications().stream()
                .filter(application -> application.release().targetNamespace().equals(namespace))
                .anyMatch(application -> Naming.dns(application.chart().name()).equals(name)
                        || !application.subcharts().isEmpty()
                                && name.startsWith(Naming.subchart(application.name(), "")));
    }

    /** {@code namespace/name}. */
    static String key(JsonNode release) {
        JsonNode metadata = release.path("metadata");
        return metadata.path("namespace").asText() + "/" + metadata.path("name").asText();
    }

    private static GraphNode node(ObjectNode release) {
        JsonNode metadata = release.path("metadata");
        GraphNode node = GraphNode.of(
                parsed(metadata.path("annotations").path(GroupNames.GRAPH_NODE).asText("{}")));
        if (!node.application().isEmpty() && !node.task().isEmpty()) {
            return node;
        }
        // Made by Azure Orkestra itself, which kept no order.
        String chart = metadata.path("labels")
                .path(GroupNames.CHART)
                .asText(metadata.path("name").asText());
        String parent =
                metadata.path("annotations").path(GroupNames.PARENT_CHART).asText("");
        String application = parent.isEmpty() ? chart : parent;
        return new GraphNode(application, Set.of(), application + "-" + chart, Set.of());
    }

    private static PlannedRelease planned(ObjectNode release, GraphNode node) {
        JsonNode metadata = release.path("metadata");
        JsonNode spec = release.path("spec");
        String name = metadata.path("name").asText();
        String label = metadata.path("labels").path(GroupNames.CHART).asText("");
        ObjectNode values = spec.path("values") instanceof ObjectNode object
                ? object.deepCopy()
                : JsonNodeFactory.instance.objectNode();
        boolean subchart = metadata.path("annotations").has(GroupNames.PARENT_CHART);
        return new PlannedRelease(
                node.application(),
                subchart ? name : "",
                Naming.dns(label).equals(name) ? label : name,
                spec.path("chart").path("spec").path("version").asText(""),
                metadata.path("annotations").path(GroupNames.CHART_DIGEST).asText(""),
                new ApplicationGroup.Release(
                        metadata.path("namespace").asText(),
                        spec.path("interval").asText(ApplicationGroup.DEFAULT_INTERVAL),
                        spec.path("timeout").asText(""),
                        values,
                        List.of(),
                        JsonNodeFactory.instance.objectNode()),
                values,
                List.of());
    }

    private static JsonNode parsed(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            return JsonNodeFactory.instance.objectNode();
        }
    }
}
