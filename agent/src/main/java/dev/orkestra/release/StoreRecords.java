package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.YamlPrinter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which staged charts the last stagings of each group use: a file for each group. The index of the store is made of
 * them. Not thread-safe; {@link ChartStore} has the lock.
 */
final class StoreRecords {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    /** The one that runs, last-good, and some that were tried between them. */
    private static final int KEPT_STAGINGS = 5;

    private final Path folder;

    /** @param folder exists */
    StoreRecords(Path folder) {
        this.folder = folder;
    }

    /** @param entries name, version and digest of each chart */
    void remember(String group, ArrayNode entries) throws IOException {
        List<JsonNode> stagings = new ArrayList<>();
        stagings.add(entries);
        for (JsonNode before : stagings(record(group))) {
            if (!before.equals(entries) && stagings.size() < KEPT_STAGINGS) {
                stagings.add(before);
            }
        }
        ObjectNode record = JsonNodeFactory.instance.objectNode();
        record.put("schemaVersion", 1);
        record.put("group", group);
        stagings.forEach(record.putArray("stagings")::add);
        StoreFiles.write(record(group), CanonicalJson.bytes(record));
    }

    void forget(String group) throws IOException {
        Files.deleteIfExists(record(group));
    }

    /** Hex digests of all charts that a group uses. */
    Set<String> used() throws IOException {
        Set<String> used = new HashSet<>();
        for (Path record : StoreFiles.listed(folder)) {
            stagings(record)
                    .forEach(staging -> staging.forEach(
                            entry -> used.add(entry.path("digest").asText())));
        }
        return used;
    }

    /**
     * The index.yaml of all. Of one version with several contents (two groups, or a version that was published anew) all
     * are listed, the newest first: a pin must be found, and who has none takes the first.
     */
    byte[] index() throws IOException {
        Map<String, Map<String, Set<String>>> charts = new TreeMap<>();
        List<Path> records = new ArrayList<>(StoreFiles.listed(folder));
        records.sort(Comparator.comparing(StoreFiles::modified).reversed());
        for (Path record : records) {
            for (JsonNode staging : stagings(record)) {
                staging.forEach(
                        entry -> charts.computeIfAbsent(entry.path("name").asText(), _ -> new TreeMap<>())
                                .computeIfAbsent(entry.path("version").asText(), _ -> new LinkedHashSet<>())
                                .add(entry.path("digest").asText()));
            }
        }
        return index(charts);
    }

    private static byte[] index(Map<String, Map<String, Set<String>>> charts) {
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        index.put("apiVersion", "v1");
        ObjectNode entries = index.putObject("entries");
        charts.forEach((name, versions) -> {
            ArrayNode list = entries.putArray(name);
            versions.forEach((version, digests) -> digests.forEach(digest -> {
                ObjectNode entry = list.addObject();
                entry.put("apiVersion", "v2")
                        .put("name", name)
                        .put("version", version)
                        .put("digest", digest);
                entry.putArray("urls").add("blobs/" + digest + ".tgz");
            }));
        });
        return YamlPrinter.print(index).getBytes(StandardCharsets.UTF_8);
    }

    /** Newest first. A record that cannot be read counts as none: staging writes it anew. */
    private static List<JsonNode> stagings(Path record) throws IOException {
        Optional<byte[]> content = StoreFiles.read(record);
        List<JsonNode> stagings = new ArrayList<>();
        if (content.isPresent()) {
            try {
                MAPPER.readTree(content.get()).path("stagings").forEach(stagings::add);
            } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
                return List.of();
            }
        }
        return stagings;
    }

    private Path record(String group) {
        String digest = CanonicalJson.digest(group.getBytes(StandardCharsets.UTF_8));
        return folder.resolve(digest.substring(digest.indexOf(':') + 1) + ".json");
    }
}
