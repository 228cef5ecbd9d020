package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.chart.ChartArchive;
import dev.orkestra.chart.ChartTrouble;
import dev.orkestra.chart.ChartVersions;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Node;
import dev.orkestra.document.ReadResult;
import dev.orkestra.document.YamlPrinter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Chart.yaml. Fields that the agent does not know are kept.
 *
 * @param json the whole file; treated as immutable
 */
record ChartMetadata(ObjectNode json) {
    static final String FILE = ChartArchive.METADATA;
    /** Where charts of apiVersion v1 list their dependencies. */
    static final String REQUIREMENTS = "requirements.yaml";
    /** As Helm has it. */
    private static final int LONGEST_NAME = 250;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*");
    /** Fields that are text even where they were written like numbers. */
    private static final Set<String> TEXTS = Set.of("name", "version", "appVersion", "kubeVersion", "description");

    static ChartMetadata read(ChartArchive archive) throws ChartTrouble {
        ObjectNode json = mapping(archive, FILE);
        ChartMetadata metadata = new ChartMetadata(json);
        if (metadata.name().isEmpty() || metadata.version().isEmpty()) {
            throw new ChartTrouble(FILE + " has no name or no version", "set both");
        }
        if (metadata.name().length() > LONGEST_NAME
                || !NAME.matcher(metadata.name()).matches()) {
            // Paths in the staged archive are made of it.
            throw new ChartTrouble(
                    FILE + " has a name that no chart may have",
                    "use letters, digits, '-', '_' and '.', at most " + LONGEST_NAME + " of them");
        }
        if (!ChartVersions.isExact(metadata.version())) {
            throw new ChartTrouble(
                    FILE + " has a version that is none: '" + metadata.version() + "'", "use one like 1.2.3");
        }
        return metadata;
    }

    String name() {
        return json.path("name").asText("");
    }

    String version() {
        return json.path("version").asText("");
    }

    /** Empty and {@code application} can be installed, {@code library} can't. */
    String type() {
        return json.path("type").asText("");
    }

    /** {@code archive} under another name. */
    static ChartArchive renamed(ChartArchive archive, String name) throws ChartTrouble {
        ObjectNode json = mapping(archive, FILE);
        json.put("name", name);
        return archive.with(FILE, bytes(json));
    }

    /**
     * {@code archive} in which each of {@code subcharts} is switched off by the value {@code <subchart>.enabled}. Helm
     * knows that only from a condition; without one the subchart would be installed twice, inside and separately.
     */
    static ChartArchive withConditions(ChartArchive archive, List<ChartMetadata> subcharts) throws ChartTrouble {
        boolean old = read(archive).json.path("apiVersion").asText().equals("v1");
        String file = old ? REQUIREMENTS : FILE;
        ObjectNode json = old && !archive.files().containsKey(file)
                ? com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode()
                : mapping(archive, file);
        ArrayNode dependencies =
                json.path("dependencies") instanceof ArrayNode present ? present : json.putArray("dependencies");
        for (ChartMetadata subchart : subcharts) {
            String path = subchart.name() + ".enabled";
            boolean listed = false;
            for (JsonNode dependency : dependencies) {
                if (dependency instanceof ObjectNode object
                        && object.path("name").asText().equals(subchart.name())) {
                    // Helm takes the first path of the list that is set.
                    String condition = object.path("condition").asText("");
                    boolean first = condition.equals(path) || condition.startsWith(path + ",");
                    object.put("condition", first ? condition : condition.isEmpty() ? path : path + "," + condition);
                    listed = true;
                }
            }
            if (!listed) {
                dependencies
                        .addObject()
                        .put("name", subchart.name())
                        .put("version", subchart.version())
                        .put("repository", "")
                        .put("condition", path);
            }
        }
        return archive.with(file, bytes(json));
    }

    static ObjectNode mapping(ChartArchive archive, String file) throws ChartTrouble {
        byte[] content = archive.files().get(file);
        if (content == null) {
            throw new ChartTrouble("the chart has no " + file, "repack the chart with 'helm package'");
        }
        ReadResult read = DocumentReader.read(file, content);
        if (!read.hasErrors()
                && read.documents().size() == 1
                && read.documents().getFirst().root() instanceof Node.MapNode map
                && map.toJson() instanceof ObjectNode json) {
            for (String key : TEXTS) {
                if (map.get(key).orElse(null) instanceof Node.ScalarNode scalar && scalar.value() != null) {
                    json.put(key, scalar.value().toString());
                }
            }
            return json;
        }
        String why = read.findings().isEmpty()
                ? file + " is no mapping"
                : read.findings().getFirst().toString();
        throw new ChartTrouble(why, "mend " + file + " of the chart");
    }

    static byte[] bytes(ObjectNode json) {
        return YamlPrinter.print(json).getBytes(StandardCharsets.UTF_8);
    }
}
