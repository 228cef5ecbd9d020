package dev.orkestra.group;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which charts stand ready for a group: resolved versions and digests, and all embedded charts of an application that
 * is divided, not only the declared ones. A graph is built from it and the spec, by name, so that the graphs for
 * installing, removing and going back agree (a known leak of Azure Orkestra: they were paired by list index).
 *
 * @param applications by application name
 */
public record StagedCharts(Map<String, Application> applications) {
    public static final StagedCharts NONE = new StagedCharts(Map.of());

    public StagedCharts {
        applications = Collections.unmodifiableMap(new TreeMap<>(applications));
    }

    /**
     * A chart that stands ready.
     *
     * @param version its exact version
     * @param digest {@code sha256:…} of the archive; empty where only removal is planned
     */
    public record Chart(String version, String digest) {}

    /**
     * The charts of one application.
     *
     * @param subcharts by their original chart name; empty when the chart is one release
     */
    public record Application(Chart chart, Map<String, Chart> subcharts) {
        public Application {
            subcharts = Collections.unmodifiableMap(new TreeMap<>(subcharts));
        }
    }

    /** The inverse of {@link #toJson}; whatever is not there is left out. */
    public static StagedCharts of(JsonNode json) {
        Map<String, Application> applications = new TreeMap<>();
        json.properties().forEach(entry -> {
            Map<String, Chart> subcharts = new TreeMap<>();
            entry.getValue()
                    .path("subcharts")
                    .properties()
                    .forEach(each -> subcharts.put(each.getKey(), chart(each.getValue())));
            applications.put(entry.getKey(), new Application(chart(entry.getValue()), subcharts));
        });
        return new StagedCharts(applications);
    }

    /** What {@code status.applications} of a group tells: versions, without digests. */
    public static StagedCharts ofStatus(JsonNode status) {
        Map<String, Application> applications = new TreeMap<>();
        for (JsonNode each : status.path("applications")) {
            Map<String, Chart> subcharts = new TreeMap<>();
            each.path("subcharts")
                    .properties()
                    .forEach(entry -> subcharts.put(entry.getKey(), chart(entry.getValue())));
            applications.put(each.path("name").asText(""), new Application(chart(each), subcharts));
        }
        return new StagedCharts(applications);
    }

    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        applications.forEach((name, application) -> {
            ObjectNode object = json(application.chart);
            ObjectNode subcharts = JsonNodeFactory.instance.objectNode();
            application.subcharts.forEach((subchart, chart) -> subcharts.set(subchart, json(chart)));
            if (!subcharts.isEmpty()) {
                object.set("subcharts", subcharts);
            }
            json.set(name, object);
        });
        return json;
    }

    private static Chart chart(JsonNode json) {
        return new Chart(json.path("version").asText(""), json.path("digest").asText(""));
    }

    private static ObjectNode json(Chart chart) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("version", chart.version)
                .put("digest", chart.digest);
    }
}
