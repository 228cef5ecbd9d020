package dev.orkestra.chart;

import dev.orkestra.document.DocumentReader;
import dev.orkestra.document.Limits;
import dev.orkestra.document.Node;
import dev.orkestra.document.ReadResult;
import dev.orkestra.outcome.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** index.yaml of a Helm repository, as far as a chart has to be found in it. */
public final class HelmIndex {
    /**
     * As much as is read up to its 500,000th value within a heap of 128 MiB; the agent has 540 MiB for all that it does,
     * which may be several indexes at once.
     */
    static final int MAX_BYTES = 8 << 20;

    private static final ReentrantLock READING = new ReentrantLock();
    private static final int MAX_NODES = 500_000;
    private static final Limits LIMITS = new Limits(MAX_BYTES, 100, 200, 1, MAX_NODES);

    /**
     * One chart of the index.
     *
     * @param version as written
     * @param digest hex digits of its SHA-256; empty where the index has none
     * @param urls absolute or relative to the repository
     */
    public record Entry(String version, String digest, List<String> urls) {
        public Entry {
            urls = List.copyOf(urls);
        }
    }

    private final Map<String, List<Entry>> entries;

    private HelmIndex(Map<String, List<Entry>> entries) {
        this.entries = entries;
    }

    /** One at a time: a large index takes some hundred MiB while it is read, and little when it has been. */
    public static HelmIndex read(byte[] bytes) throws ChartTrouble {
        READING.lock();
        try {
            return readAlone(bytes);
        } finally {
            READING.unlock();
        }
    }

    private static HelmIndex readAlone(byte[] bytes) throws ChartTrouble {
        ReadResult read = DocumentReader.read("index.yaml", bytes, LIMITS);
        if (read.hasErrors()
                || read.documents().isEmpty()
                || !(read.documents().getFirst().root() instanceof Node.MapNode root)) {
            String why = read.findings().isEmpty()
                    ? "it is no mapping"
                    // Without the hint: the limits of an index are not those that people can raise.
                    : read.findings().getFirst().message();
            boolean tooLarge = read.findings().stream()
                    .anyMatch(finding ->
                            finding.code() == ErrorCode.LimitExceeded || finding.code() == ErrorCode.TooLarge);
            if (tooLarge) {
                throw new ChartTrouble(
                        ChartTrouble.Kind.TOO_LARGE,
                        "index.yaml of the repository is too large: "
                                + why.replaceFirst(" \\(limit \\w+\\)$", ", a fixed bound"),
                        "publish a smaller index: at most " + (MAX_BYTES >> 20) + " MiB with " + MAX_NODES
                                + " keys and values");
            }
            throw new ChartTrouble(
                    "index.yaml of the repository cannot be read: " + why,
                    "see whether the URL is that of a Helm repository");
        }
        Map<String, List<Entry>> entries = new LinkedHashMap<>();
        root.map("entries")
                .ifPresent(charts -> charts.entries().forEach((name, entry) -> {
                    if (entry.value() instanceof Node.ListNode list) {
                        entries.put(name, entries(list));
                    }
                }));
        return new HelmIndex(entries);
    }

    /** The best entry of {@code chart} for {@code version}, which may be a range. */
    public Optional<Entry> find(String chart, String version) {
        Map<String, Entry> byVersion = new LinkedHashMap<>();
        entries.getOrDefault(chart, List.of()).forEach(entry -> byVersion.putIfAbsent(entry.version, entry));
        return ChartVersions.choose(version, byVersion.keySet()).map(byVersion::get);
    }

    /** The first entry of {@code chart} with {@code digest}, of whatever version. */
    Optional<Entry> withDigest(String chart, String digest) {
        return entries.getOrDefault(chart, List.of()).stream()
                .filter(entry -> entry.digest().equals(digest))
                .findFirst();
    }

    /** Versions of {@code chart}, newest first as indexes list them, at most {@code most}. */
    public List<String> versions(String chart, int most) {
        return entries.getOrDefault(chart, List.of()).stream()
                .map(Entry::version)
                .limit(most)
                .toList();
    }

    private static List<Entry> entries(Node.ListNode list) {
        List<Entry> found = new ArrayList<>();
        for (Node item : list.items()) {
            if (item instanceof Node.MapNode map) {
                List<String> urls = map.list("urls").stream()
                        .flatMap(each -> each.items().stream())
                        .map(HelmIndex::text)
                        .toList();
                String digest =
                        map.get("digest").map(HelmIndex::text).orElse("").replace("sha256:", "");
                found.add(new Entry(map.get("version").map(HelmIndex::text).orElse(""), digest, urls));
            }
        }
        return found;
    }

    private static String text(Node node) {
        return node instanceof Node.ScalarNode scalar && scalar.value() != null
                ? scalar.value().toString()
                : "";
    }
}
