package dev.orkestra.group;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.ReadResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Groups to test with. */
public final class Groups {
    private Groups() {}

    /** A group of src/test/resources/group. */
    public static ObjectNode resource(String name) {
        return json(text("/group/" + name));
    }

    public static String text(String resource) {
        try (InputStream in = Groups.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The one document of {@code yaml}, which may be JSON. */
    public static ObjectNode json(String yaml) {
        ReadResult read = DocumentReader.read("test.yaml", yaml.getBytes(StandardCharsets.UTF_8));
        if (read.hasErrors()) {
            throw new IllegalArgumentException(read.findings().toString());
        }
        return (ObjectNode) read.documents().getFirst().root().toJson();
    }

    /** As if the charts of {@code names} stood ready; {@code app=version} or {@code app/subchart=version}. */
    public static StagedCharts staged(String... names) {
        Map<String, StagedCharts.Chart> charts = new TreeMap<>();
        Map<String, Map<String, StagedCharts.Chart>> subcharts = new TreeMap<>();
        for (String name : names) {
            String[] parts = name.split("[/=]", -1);
            StagedCharts.Chart chart = new StagedCharts.Chart(parts[parts.length - 1], "sha256:" + name);
            if (parts.length == 3) {
                subcharts.computeIfAbsent(parts[0], _ -> new TreeMap<>()).put(parts[1], chart);
            } else {
                charts.put(parts[0], chart);
            }
        }
        Map<String, StagedCharts.Application> applications = new TreeMap<>();
        charts.forEach((name, chart) ->
                applications.put(name, new StagedCharts.Application(chart, subcharts.getOrDefault(name, Map.of()))));
        return new StagedCharts(applications);
    }

    /** The edges of {@code graph}, one node a line, as people draw them. */
    public static String drawn(ReleaseGraph graph) {
        StringBuilder text = new StringBuilder();
        graph.applications().values().forEach(application -> {
            text.append(application.name())
                    .append(" <- ")
                    .append(application.dependencies())
                    .append('\n');
            application.tasks().values().forEach(task -> {
                text.append("  ")
                        .append(task.installs() ? "" : "delete ")
                        .append(task.name())
                        .append(" <- ");
                text.append(task.dependencies())
                        .append(' ')
                        .append(task.release().key());
                text.append(' ').append(task.release().version()).append('\n');
            });
        });
        return text.toString();
    }
}
