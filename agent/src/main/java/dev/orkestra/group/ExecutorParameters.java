package dev.orkestra.group;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.group.ApplicationGroup.Executor;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a step of a Workflow is told beside its HelmRelease and its timeout, under the names that Azure Orkestra's
 * executors read. Keys of {@code params} are matched without regard to case, as its own reader did: its examples write
 * {@code configmapRef}.
 */
public final class ExecutorParameters {
    private static final String CONFIG_MAP_REF = "configMapRef";

    private ExecutorParameters() {}

    /** By parameter name; empty for {@code helmrelease}, which ignores {@code params}. */
    public static Map<String, String> of(Executor executor) {
        return switch (executor.type()) {
            case Executor.KEPTN -> {
                JsonNode reference = field(executor.params(), CONFIG_MAP_REF);
                yield new TreeMap<>(Map.of(
                        "configMapName", field(reference, "name").asText(""),
                        "configMapNamespace", field(reference, "namespace").asText("")));
            }
            case Executor.CUSTOM -> {
                JsonNode data = field(executor.params(), "data");
                yield new TreeMap<>(Map.of(
                        "data",
                        data.isMissingNode() ? "" : Base64.getEncoder().encodeToString(CanonicalJson.bytes(data))));
            }
            default -> Map.of();
        };
    }

    /** What keeps the Workflow from being made, in Azure Orkestra's words where it had some; empty when nothing does. */
    static Optional<String> missing(Executor executor) {
        if (executor.type().equals(Executor.HELM_RELEASE)) {
            return Optional.empty();
        }
        JsonNode params = executor.params();
        if (params.isMissingNode() || params.isNull()) {
            return Optional.of("task parameters are required for the " + executor.type() + " executor task");
        }
        if (!params.isObject()) {
            return Optional.of("params of the " + executor.type() + " executor is no mapping");
        }
        boolean named = of(executor).values().stream().noneMatch(String::isEmpty);
        return executor.type().equals(Executor.KEPTN) && !named
                ? Optional.of("params.configMapRef of the keptn executor needs a name and a namespace")
                : Optional.empty();
    }

    private static JsonNode field(JsonNode object, String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        return object.properties().stream()
                .filter(each -> each.getKey().toLowerCase(Locale.ROOT).equals(wanted))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(com.fasterxml.jackson.databind.node.MissingNode.getInstance());
    }
}
