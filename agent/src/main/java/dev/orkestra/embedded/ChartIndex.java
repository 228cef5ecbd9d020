package dev.orkestra.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Limits;
import dev.orkestra.document.ReadResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.semver4j.Semver;

/** The index.yaml of a Helm repository. Pure. */
final class ChartIndex {
    /** The largest public repositories have indexes of about 20 MB. */
    static final Limits LIMITS = new Limits(32 << 20, 50, 0, 1, 4_000_000);

    /**
     * One version of a chart.
     *
     * @param digest {@code sha256:<hex>}, or empty where the repository names none
     * @param url absolute, or relative to the repository
     */
    record Entry(String version, String digest, String url) {}

    private final JsonNode entries;

    private ChartIndex(JsonNode entries) {
        this.entries = entries;
    }

    /** Empty when {@code yaml} is no index. */
    static Optional<ChartIndex> read(byte[] yaml) {
        ReadResult read = DocumentReader.read("index.yaml", yaml, LIMITS);
        if (read.hasErrors() || read.documents().size() != 1) {
            return Optional.empty();
        }
        JsonNode root = read.documents().getFirst().root().toJson();
        return root.path("entries").isObject() ? Optional.of(new ChartIndex(root.path("entries"))) : Optional.empty();
    }

    /** The version that is {@code wanted} to the letter, else the newest one in the range {@code wanted}. */
    Optional<Entry> find(String chart, String wanted) {
        List<Entry> all = versions(chart);
        Optional<Entry> exact =
                all.stream().filter(entry -> entry.version().equals(wanted)).findFirst();
        if (exact.isPresent()) {
            return exact;
        }
        record Ranked(Semver version, Entry entry) {}
        return all.stream()
                .flatMap(entry -> Optional.ofNullable(Semver.coerce(entry.version())).stream()
                        .map(version -> new Ranked(version, entry)))
                .filter(ranked -> ranked.version().satisfies(wanted))
                .max(Comparator.comparing(Ranked::version))
                .map(Ranked::entry);
    }

    Optional<Entry> withDigest(String chart, String digest) {
        return versions(chart).stream()
                .filter(entry -> entry.digest().equals(digest))
                .findFirst();
    }

    private List<Entry> versions(String chart) {
        List<Entry> versions = new ArrayList<>();
        for (JsonNode entry : entries.path(chart)) {
            String digest = entry.path("digest").asText("");
            String url = entry.path("urls").path(0).asText("");
            if (!url.isEmpty()) {
                versions.add(new Entry(
                        entry.path("version").asText(),
                        digest.isEmpty() || digest.startsWith("sha256:") ? digest : "sha256:" + digest,
                        url));
            }
        }
        return versions;
    }
}
