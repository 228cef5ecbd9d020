package dev.orkestra.release;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.chart.ChartArchive;
import dev.orkestra.chart.Charts;
import dev.orkestra.group.Groups;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Azure Orkestra's example: ambassador, and bookinfo with four charts inside. */
final class Bookinfo {
    static final List<String> SUBCHARTS = List.of("details", "productpage", "ratings", "reviews");

    /** The order inside bookinfo. */
    static final Map<String, Set<String>> FORWARD = Map.of(
            "bookinfo-details", Set.of(),
            "bookinfo-ratings", Set.of(),
            "bookinfo-reviews", Set.of("bookinfo-details", "bookinfo-ratings"),
            "bookinfo-productpage", Set.of("bookinfo-reviews"),
            "bookinfo-bookinfo",
                    Set.of("bookinfo-details", "bookinfo-productpage", "bookinfo-ratings", "bookinfo-reviews"));

    /** The order in which it is removed. */
    static final Map<String, Set<String>> REVERSE = Map.of(
            "bookinfo-bookinfo", Set.of(),
            "bookinfo-productpage", Set.of("bookinfo-bookinfo"),
            "bookinfo-reviews", Set.of("bookinfo-bookinfo", "bookinfo-productpage"),
            "bookinfo-details", Set.of("bookinfo-bookinfo", "bookinfo-reviews"),
            "bookinfo-ratings", Set.of("bookinfo-bookinfo", "bookinfo-reviews"));

    private Bookinfo() {}

    /** Publishes the charts of the example, in two versions each, and podinfo. */
    static void publish(Charts charts) {
        for (String version : List.of("1.0.0", "6.6.0", "6.7.9")) {
            charts.publish(Charts.simple("ambassador", version));
        }
        charts.publish(Charts.simple("podinfo", "1.0.0")).publish(Charts.simple("kiali", "1.0.0"));
        for (String version : List.of("v1", "1.0.0", "v2")) {
            charts.publish(umbrella(version));
        }
    }

    /** bookinfo as such, all charts in it of one version. */
    static ChartArchive umbrella(String version) {
        ChartArchive chart = Charts.chart(
                "Chart.yaml", "apiVersion: v2\nname: bookinfo\nversion: " + version + "\n",
                "values.yaml", "reviews: {replicaCount: 3}\n",
                "templates/_dummy.tpl", "{{ define \"parent\" }}bookinfo{{ end }}",
                "templates/NOTES.txt", "Simple Bookstore App",
                "templates/mapping.yaml",
                        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \"{{ .Release.Name }}\"}\n");
        for (String subchart : SUBCHARTS) {
            chart = chart.with(
                            "charts/" + subchart + "/Chart.yaml",
                            bytes("apiVersion: v2\nname: " + subchart + "\nversion: "
                                    + (version.equals("v2") ? "v2" : "v1") + "\n"))
                    .with(
                            "charts/" + subchart + "/templates/config.yaml",
                            bytes("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \"{{ .Release.Name }}\"}\n"));
        }
        return chart;
    }

    /** The example as group {@code name}, which installs into the namespace of that name. */
    static ObjectNode group(GroupWorld world, String name) {
        String text = Groups.text("/group/bookinfo.yaml")
                .replace("https://charts.example.test", world.charts.url())
                .replace("targetNamespace: ambassador", "targetNamespace: " + name)
                .replace("targetNamespace: bookinfo", "targetNamespace: " + name);
        ObjectNode group = Groups.json(text);
        group.putObject("metadata").put("name", name);
        return group;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
