package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.chart.ChartArchive;
import dev.orkestra.chart.ChartTrouble;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.ReadResult;

/**
 * Default values of a subchart that becomes a chart of its own: what its parent sets for it, and the parent's global
 * values, still hold. Azure Orkestra lost them, so the same chart behaved otherwise once it was divided.
 */
final class ChartDefaults {
    private static final String FILE = "values.yaml";
    private static final String GLOBAL = "global";

    private ChartDefaults() {}

    /** {@code subchart}, which {@code parent} embeds as {@code name}, with the defaults that it would have inside. */
    static ChartArchive inherited(ChartArchive subchart, String name, ChartArchive parent) throws ChartTrouble {
        ObjectNode outer = values(parent);
        ObjectNode set = JsonNodeFactory.instance.objectNode();
        if (outer.path(name) instanceof ObjectNode own) {
            set.setAll(own);
        }
        if (outer.path(GLOBAL) instanceof ObjectNode global) {
            set.set(GLOBAL, set.path(GLOBAL) instanceof ObjectNode own ? merged(own, global) : global);
        }
        return set.isEmpty() ? subchart : subchart.with(FILE, ChartMetadata.bytes(merged(values(subchart), set)));
    }

    private static ObjectNode values(ChartArchive chart) throws ChartTrouble {
        byte[] content = chart.files().get(FILE);
        return content == null || isEmpty(content)
                ? JsonNodeFactory.instance.objectNode()
                : ChartMetadata.mapping(chart, FILE);
    }

    /** Nothing but comments; what cannot be read is something. */
    private static boolean isEmpty(byte[] content) {
        ReadResult read = DocumentReader.read(FILE, content);
        return read.documents().isEmpty() && !read.hasErrors();
    }

    /** As Helm lays values over each other: mappings are merged, null takes a key away, all else replaces. */
    private static ObjectNode merged(ObjectNode below, ObjectNode above) {
        ObjectNode result = below.deepCopy();
        above.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            if (value.isNull()) {
                result.remove(entry.getKey());
            } else if (value instanceof ObjectNode over && result.path(entry.getKey()) instanceof ObjectNode under) {
                result.set(entry.getKey(), merged(under, over));
            } else {
                result.set(entry.getKey(), value.deepCopy());
            }
        });
        return result;
    }
}
