package dev.orkestra.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.chart.ChartArchive;
import dev.orkestra.chart.ChartDownloads;
import dev.orkestra.chart.ChartTrouble;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.document.YamlPrinter;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.StagedCharts;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import dev.orkestra.web.Access;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Charts of groups: pulled, divided and staged in a folder, which is a Helm repository of its own.
 *
 * <p>A staged archive is a blob named by its digest and never changes. {@code groups/} remembers which blobs the last
 * stagings of each group use; whatever none of them uses is removed. The index is made of that.
 *
 * <p>All can be lost: staging again makes it again, byte by byte. Thread-safe.
 */
public final class ChartStore implements ChartRepository, AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern BLOB = Pattern.compile("blobs/([0-9a-f]{64})\\.tgz");
    private static final String DIGEST_PREFIX = "sha256:";
    /** The one that runs, last-good, and some that were tried between them. */
    private static final int KEPT_STAGINGS = 5;
    /** Fetched archives that are kept for going back and for days without network; each fetch keeps two. */
    private static final int KEPT_ARCHIVES = 400;

    private final Path cache;
    private final Path blobs;
    private final Path groups;
    private final ChartDownloads downloads;
    private final Duration deadline;
    /** Guards groups/, the removal of blobs, and passes. */
    private final ReentrantLock lock = new ReentrantLock();
    /** Digests of stagings that go on, so that nobody removes a blob before it is remembered. */
    private final List<Set<String>> passes = new ArrayList<>();

    private ChartStore(Path folder, Duration deadline) {
        this.cache = folder.resolve("pulled");
        this.blobs = folder.resolve("blobs");
        this.groups = folder.resolve("groups");
        this.downloads = new ChartDownloads();
        this.deadline = deadline;
    }

    /**
     * Opens the store in {@code folder}, which is made when it is not there.
     *
     * @param deadline for the download of one file
     * @throws IOException when the folder cannot be made
     */
    public static ChartStore open(Path folder, Duration deadline) throws IOException {
        ChartStore store = new ChartStore(folder, deadline);
        for (Path each : List.of(store.cache, store.blobs, store.groups)) {
            Files.createDirectories(each);
        }
        return store;
    }

    /**
     * What a pass of staging came to.
     *
     * @param charts the applications that stand ready
     * @param failures by application, why the others do not
     */
    public record Staging(StagedCharts charts, Map<String, Diagnostic> failures) {
        public Staging {
            failures = Collections.unmodifiableMap(new TreeMap<>(failures));
        }
    }

    /**
     * Pulls, divides and stages all charts of {@code group}. Trouble with one application does not stop the others, so
     * that all findings come at once.
     *
     * @throws IOException when the store itself cannot be written
     */
    public Staging stage(ApplicationGroup group, ChartLogins logins) throws IOException, InterruptedException {
        Set<String> pass = ConcurrentHashMap.newKeySet();
        locked(() -> passes.add(pass));
        try {
            return stage(group, logins, pass);
        } finally {
            // Sets are told apart by identity: two passes may be equal.
            locked(() -> passes.removeIf(each -> each == pass));
        }
    }

    private Staging stage(ApplicationGroup group, ChartLogins logins, Set<String> pass)
            throws IOException, InterruptedException {
        ChartPuller puller = new ChartPuller(downloads, cache, deadline);
        Map<String, StagedCharts.Application> staged = new TreeMap<>();
        Map<String, Diagnostic> failures = new TreeMap<>();
        ArrayNode entries = JsonNodeFactory.instance.arrayNode();
        for (ApplicationGroup.Application application : group.applications()) {
            switch (logins.of(application.chart())) {
                case Outcome.Done<Access>(Access access) -> {
                    try {
                        byte[] archive = puller.pull(application.chart(), access);
                        staged.put(
                                application.name(),
                                stage(ChartSplit.of(application, ChartArchive.read(archive)), entries, pass));
                    } catch (ChartTrouble e) {
                        failures.put(application.name(), finding(application, e));
                    }
                }
                case Outcome.Retry<Access>(Duration _, Diagnostic reason) -> failures.put(application.name(), reason);
                case Outcome.Terminal<Access>(Diagnostic reason) -> failures.put(application.name(), reason);
            }
        }
        if (failures.isEmpty()) {
            remember(group.name(), entries);
        }
        return new Staging(new StagedCharts(staged), failures);
    }

    /** Whether all of {@code charts} lie here. */
    public boolean holds(StagedCharts charts) {
        return charts.applications().values().stream()
                .flatMap(application ->
                        Stream.concat(Stream.of(application.chart()), application.subcharts().values().stream()))
                .allMatch(chart -> Files.exists(blob(hex(chart.digest()))));
    }

    /** Forgets a group that is gone. */
    public void forget(String group) throws IOException {
        lock.lock();
        try {
            Files.deleteIfExists(record(group));
            sweep();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        if (path.equals("index.yaml")) {
            return Optional.of(index());
        }
        Matcher name = BLOB.matcher(path);
        return name.matches() ? StoreFiles.read(blob(name.group(1))) : Optional.empty();
    }

    @Override
    public Optional<byte[]> chart(String digest) throws IOException {
        if (!BLOB.matcher("blobs/" + hex(digest) + ".tgz").matches()) {
            return Optional.empty();
        }
        return StoreFiles.read(blob(hex(digest)))
                .filter(content -> CanonicalJson.digest(content).equals(digest));
    }

    /** Ends downloads. */
    @Override
    public void close() {
        downloads.close();
    }

    private StagedCharts.Application stage(ChartSplit split, ArrayNode entries, Set<String> pass) throws IOException {
        Map<String, StagedCharts.Chart> subcharts = new TreeMap<>();
        for (Map.Entry<String, ChartSplit.Part> each : split.subcharts().entrySet()) {
            subcharts.put(each.getKey(), stage(each.getValue(), entries, pass));
        }
        return new StagedCharts.Application(stage(split.chart(), entries, pass), subcharts);
    }

    private StagedCharts.Chart stage(ChartSplit.Part part, ArrayNode entries, Set<String> pass) throws IOException {
        byte[] archive = part.bytes();
        String digest = CanonicalJson.digest(archive);
        locked(() -> pass.add(hex(digest)));
        Path blob = blob(hex(digest));
        if (!Files.exists(blob)) {
            StoreFiles.write(blob, archive);
        }
        entries.addObject()
                .put("name", part.name())
                .put("version", part.version())
                .put("digest", hex(digest));
        return new StagedCharts.Chart(part.version(), digest);
    }

    private static Diagnostic finding(ApplicationGroup.Application application, ChartTrouble trouble) {
        ApplicationGroup.Chart chart = application.chart();
        return Diagnostic.error(
                ErrorCode.ChartPullFailed,
                "failed to pull application chart " + application.name() + "/" + chart.name() + ":" + chart.version()
                        + ": " + trouble.getMessage(),
                null,
                trouble.hint());
    }

    private void remember(String group, ArrayNode entries) throws IOException {
        lock.lock();
        try {
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
            sweep();
        } finally {
            lock.unlock();
        }
    }

    /** Removes what no group needs. Called under the lock. */
    private void sweep() throws IOException {
        Set<String> used = new HashSet<>();
        passes.forEach(used::addAll);
        for (Path record : listed(groups)) {
            stagings(record)
                    .forEach(staging -> staging.forEach(
                            entry -> used.add(entry.path("digest").asText())));
        }
        for (Path blob : listed(blobs)) {
            if (!used.contains(blob.getFileName().toString().replace(".tgz", ""))) {
                Files.deleteIfExists(blob);
            }
        }
        List<Path> pulled = new ArrayList<>(listed(cache));
        pulled.sort(Comparator.comparing(ChartStore::modified).reversed());
        for (Path old : pulled.subList(Math.min(KEPT_ARCHIVES, pulled.size()), pulled.size())) {
            Files.deleteIfExists(old);
        }
    }

    /**
     * Of one version with several contents (two groups, or a version that was published anew) all are listed, the
     * newest first: a pin must be found, and who has none takes the first.
     */
    private byte[] index() throws IOException {
        Map<String, Map<String, Set<String>>> charts = new TreeMap<>();
        lock.lock();
        try {
            List<Path> records = new ArrayList<>(listed(groups));
            records.sort(Comparator.comparing(ChartStore::modified).reversed());
            for (Path record : records) {
                for (JsonNode staging : stagings(record)) {
                    staging.forEach(
                            entry -> charts.computeIfAbsent(entry.path("name").asText(), _ -> new TreeMap<>())
                                    .computeIfAbsent(entry.path("version").asText(), _ -> new LinkedHashSet<>())
                                    .add(entry.path("digest").asText()));
                }
            }
        } finally {
            lock.unlock();
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

    private static List<Path> listed(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private static long modified(Path file) {
        try {
            return Files.getLastModifiedTime(file).toMillis();
        } catch (IOException e) {
            return 0;
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }

    private Path blob(String hex) {
        return blobs.resolve(hex + ".tgz");
    }

    private Path record(String group) {
        return groups.resolve(hex(CanonicalJson.digest(group.getBytes(StandardCharsets.UTF_8))) + ".json");
    }

    private static String hex(String digest) {
        return digest.startsWith(DIGEST_PREFIX) ? digest.substring(DIGEST_PREFIX.length()) : digest;
    }
}
