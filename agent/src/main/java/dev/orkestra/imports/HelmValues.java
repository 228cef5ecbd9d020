package dev.orkestra.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.katalog.Need;
import java.util.Optional;

/**
 * The values that a chart is rendered with, before Helm lays them over the chart's own. Pure.
 *
 * <p>Value files are merged as {@code helm --values} does it: mappings are merged, all else replaces. A null stays a
 * null: it is what makes Helm take the key away from the chart's defaults. Then {@code values} replaces whole top-level
 * keys, as upstream does it (pkg/merger/helm.go).
 */
final class HelmValues {
    private HelmValues() {}

    /** Empty when one of the layers is neither a mapping nor nothing. */
    static Optional<ObjectNode> of(Need.Rendering need) {
        ObjectNode merged = JsonNodeFactory.instance.objectNode();
        for (JsonNode file : need.valueFiles()) {
            if (!isLayer(file)) {
                return Optional.empty();
            }
            if (file instanceof ObjectNode layer) {
                merged = merged(merged, layer);
            }
        }
        if (need.values() instanceof ObjectNode values) {
            merged.setAll(values);
        }
        return isLayer(need.values()) ? Optional.of(merged) : Optional.empty();
    }

    /** An empty file is a layer without keys. */
    private static boolean isLayer(JsonNode node) {
        return node.isObject() || node.isNull() || node.isMissingNode();
    }

    private static ObjectNode merged(ObjectNode below, ObjectNode above) {
        ObjectNode result = below.deepCopy();
        above.properties().forEach(entry -> {
            boolean both =
                    entry.getValue().isObject() && result.path(entry.getKey()).isObject();
            result.set(
                    entry.getKey(),
                    both
                            ? merged((ObjectNode) result.path(entry.getKey()), (ObjectNode) entry.getValue())
                            : entry.getValue());
        });
        return result;
    }
}
