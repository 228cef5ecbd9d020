package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.cluster.Identity;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.GoDuration;
import dev.orkestra.document.YamlPrinter;
import dev.orkestra.group.PlannedRelease;
import dev.orkestra.group.ReleaseGraph;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Writes the HelmRelease of one node of a graph: Flux v2, with Azure Orkestra's names, labels and annotations. */
public final class HelmReleaseDocument {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private HelmReleaseDocument() {}

    /**
     * The HelmRelease of {@code task}.
     *
     * @param group name of the ApplicationGroup
     * @param identity in whose name it is carried out
     * @param remediationByRun whether a run goes back by itself, so that the engine must not (DESIGN.md §5)
     */
    public static ObjectNode of(
            String group,
            Identity identity,
            ReleaseGraph.Application application,
            ReleaseGraph.Task task,
            boolean remediationByRun,
            GroupSettings settings) {
        PlannedRelease release = task.release();
        ObjectNode document = JSON.objectNode();
        document.put("apiVersion", GroupNames.HELM_RELEASE_API);
        document.put("kind", "HelmRelease");
        ObjectNode metadata = document.putObject("metadata");
        metadata.put("name", release.name());
        metadata.put("namespace", release.namespace());
        metadata.putObject("labels")
                .put(GroupNames.CHART, release.chart())
                .put(GroupNames.HERITAGE, GroupNames.HERITAGE_VALUE)
                .put(GroupNames.OWNER, group);
        ObjectNode annotations = metadata.putObject("annotations");
        if (!release.digest().isEmpty()) {
            annotations.put(GroupNames.CHART_DIGEST, release.digest());
        }
        annotations.put(
                GroupNames.GRAPH_NODE,
                CanonicalJson.text(GraphNode.of(application, task).toJson()));
        if (release.isSubchart()) {
            annotations.put(GroupNames.PARENT_CHART, release.application());
        }
        ObjectNode spec = spec(release, remediationByRun, settings);
        if (settings.flux()) {
            spec.put("serviceAccountName", identity.serviceAccount());
        }
        document.set("spec", spec);
        return document;
    }

    /** {@code document} as the parameter {@code helmrelease} carries it: YAML with sorted keys, in Base64. */
    public static String encoded(ObjectNode document) {
        byte[] yaml = YamlPrinter.printSorted(document).getBytes(StandardCharsets.UTF_8);
        return Base64.getEncoder().encodeToString(yaml);
    }

    private static ObjectNode spec(PlannedRelease release, boolean remediationByRun, GroupSettings settings) {
        ObjectNode spec = JSON.objectNode();
        ObjectNode chart = spec.putObject("chart").putObject("spec");
        chart.put("chart", release.name());
        chart.put("version", release.version());
        chart.putObject("sourceRef")
                .put("kind", "HelmRepository")
                .put("name", settings.repositoryName())
                .put("namespace", settings.namespace());
        spec.put("interval", duration(release.settings().interval()));
        spec.put("releaseName", release.name());
        spec.put("targetNamespace", release.namespace());
        release.settings().timeoutDuration().map(GoDuration::text).ifPresent(text -> spec.put("timeout", text));
        spec.setAll(actions(release.settings().actions(), remediationByRun));
        spec.set("values", release.values().deepCopy());
        if (!release.valuesFrom().isEmpty()) {
            ArrayNode sources = spec.putArray("valuesFrom");
            release.valuesFrom().forEach(each -> sources.add(each.reference().deepCopy()));
        }
        return spec;
    }

    /** An interval that can't be read is left to the rules, which have refused it before anything is installed. */
    private static String duration(String written) {
        return GoDuration.parse(written)
                .or(() -> GoDuration.parse("5m"))
                .map(GoDuration::text)
                .orElse(written);
    }

    private static ObjectNode actions(ObjectNode written, boolean remediationByRun) {
        ObjectNode actions = written.deepCopy();
        for (JsonNode action : actions) {
            if (action instanceof ObjectNode object && object.has("timeout")) {
                String text = object.path("timeout").asText();
                object.put(
                        "timeout", GoDuration.parse(text).map(GoDuration::text).orElse(text));
            }
        }
        if (remediationByRun) {
            for (String action : List.of("install", "upgrade")) {
                ObjectNode object =
                        actions.path(action) instanceof ObjectNode present ? present : actions.putObject(action);
                ObjectNode remediation = object.path("remediation") instanceof ObjectNode present
                        ? present
                        : object.putObject("remediation");
                remediation.put("retries", 0);
                if (remediation.has("remediateLastFailure")) {
                    remediation.put("remediateLastFailure", false);
                }
            }
        }
        return actions;
    }

    /** What the parameter {@code timeout} carries: a Go duration, five minutes when the group names none. */
    static String timeoutParameter(PlannedRelease release) {
        return release.settings().timeoutDuration().map(GoDuration::text).orElse("5m");
    }
}
