package dev.orkestra.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.orkestra.chart.ChartArchive;
import dev.orkestra.chart.ChartTrouble;
import dev.orkestra.chart.UnpackRoom;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks for references that lead out of a chart's values.schema.json. Helm follows them, to other servers and to files
 * of this machine (seen with Helm 3.22), and says in its errors what it found there.
 */
final class ChartSchemas {
    private static final String FILE = "values.schema.json";
    private static final Set<String> REFERENCES = Set.of("$ref", "$dynamicRef", "$recursiveRef", "$schema");
    /** The drafts that Helm carries within itself. */
    private static final String DRAFTS = "https?://json-schema\\.org/.*";
    /** Charts in charts in charts: deeper than any that was seen. */
    private static final int MAX_DEPTH = 5;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ChartSchemas() {}

    /**
     * The first reference that leads out of a schema in these files, as {@code file: reference}.
     *
     * @throws ChartTrouble when a schema or a packed subchart cannot be read
     */
    static Optional<String> leadingOut(Map<String, byte[]> chart) throws ChartTrouble {
        return leadingOut(chart, "", 0, new UnpackRoom(ChartArchive.MAX_BYTES));
    }

    /** @param room for what all packed charts unpack to, on all levels */
    private static Optional<String> leadingOut(Map<String, byte[]> chart, String prefix, int depth, UnpackRoom room)
            throws ChartTrouble {
        for (Map.Entry<String, byte[]> file : chart.entrySet()) {
            String path = file.getKey();
            Optional<String> found = Optional.empty();
            if (path.equals(FILE) || path.endsWith("/" + FILE)) {
                found = inSchema(prefix + path, file.getValue()).map(reference -> prefix + path + ": " + reference);
            } else if (path.matches("(.*/)?charts/[^/]*\\.tgz")) {
                found = packed(file.getValue(), prefix + path, depth + 1, room);
            }
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> packed(byte[] tgz, String path, int depth, UnpackRoom room) throws ChartTrouble {
        if (depth > MAX_DEPTH) {
            throw new ChartTrouble(
                    path + " lies too deep in other charts: at most " + MAX_DEPTH + " in each other, a fixed bound",
                    "unpack it into the charts/ folder");
        }
        return leadingOut(ChartArchive.read(tgz, room).files(), path + "/", depth, room);
    }

    /** A schema that we cannot read might be read by Helm, so it is refused. */
    private static Optional<String> inSchema(String path, byte[] content) throws ChartTrouble {
        try {
            return in(MAPPER.readTree(content));
        } catch (JsonProcessingException e) {
            throw new ChartTrouble(path + " is not JSON: " + e.getOriginalMessage(), "mend it");
        } catch (IOException e) {
            // Bytes that are no text, such as a character beyond Unicode in UTF-32.
            throw new ChartTrouble(path + " is not JSON: it is no text", "mend it");
        }
    }

    private static Optional<String> in(JsonNode node) {
        for (String key : REFERENCES) {
            String reference = node.path(key).asText("");
            if (node.path(key).isTextual() && !reference.startsWith("#") && !reference.matches(DRAFTS)) {
                return Optional.of(reference);
            }
        }
        for (JsonNode child : node) {
            Optional<String> found = in(child);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }
}
