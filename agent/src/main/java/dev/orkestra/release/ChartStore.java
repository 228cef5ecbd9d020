package dev.orkestra.release;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orkestra.chart.ChartDownloads;
import dev.orkestra.chart.ChartTrouble;
import dev.orkestra.chart.SlowServers;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.group.StagedCharts;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import dev.orkestra.web.Access;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
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
    private static final Pattern BLOB = Pattern.compile("blobs/([0-9a-f]{64})\\.tgz");
    private static final String DIGEST_PREFIX = "sha256:";
    /** Fetched archives that are kept for going back and for days without network; each fetch keeps two. */
    private static final int KEPT_ARCHIVES = 400;

    private static final long KEPT_BYTES = 1L << 30;

    /** How many downloads of full length all charts of a group may take together. */
    private static final int PASS = 5;

    private final Path cache;
    private final Path blobs;
    private final StoreRecords records;
    private final ChartDownloads downloads = new ChartDownloads();
    private final SlowServers slow = new SlowServers(System::nanoTime);
    private final ChartPuller.Limits limits;
    private final ChartDestination destination;
    /** One chart is unpacked and divided at a time: each may take some hundred MiB for a moment. */
    private final ReentrantLock unpacking = new ReentrantLock();
    /** Guards groups/, the removal of blobs, and passes. */
    private final ReentrantLock lock = new ReentrantLock();
    /** Digests of stagings that go on, so that nobody removes a blob before it is remembered. */
    private final List<Set<String>> passes = new ArrayList<>();

    private ChartStore(Path folder, Duration deadline, ChartDestination destination) {
        this.cache = folder.resolve("pulled");
        this.blobs = folder.resolve("blobs");
        this.records = new StoreRecords(folder.resolve("groups"));
        this.limits = new ChartPuller.Limits(deadline, deadline.multipliedBy(PASS));
        this.destination = destination;
    }

    /** As {@link #open(Path, Duration, ChartDestination)}, for engines that read this store alone. */
    public static ChartStore open(Path folder, Duration deadline) throws IOException {
        return open(folder, deadline, ChartDestination.NONE);
    }

    /**
     * Opens the store in {@code folder}, which is made when it is not there. Nobody else may have it open.
     *
     * @param deadline for the download of one file; all charts of a group together have five times as long
     * @param destination where staged charts are put beside
     * @throws IOException when the folder cannot be made
     */
    public static ChartStore open(Path folder, Duration deadline, ChartDestination destination) throws IOException {
        for (String each : List.of("pulled", "blobs", "groups")) {
            StoreFiles.tidy(Files.createDirectories(folder.resolve(each)));
        }
        return new ChartStore(folder, deadline, destination);
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
        ChartPuller puller = new ChartPuller(downloads, slow, cache, limits);
        Map<String, StagedCharts.Application> staged = new TreeMap<>();
        Map<String, Diagnostic> failures = new TreeMap<>();
        ArrayNode entries = JsonNodeFactory.instance.arrayNode();
        for (ApplicationGroup.Application application : group.applications()) {
            switch (logins.of(application.chart())) {
                case Outcome.Done<Access>(Access access) -> {
                    try {
                        byte[] archive = puller.pull(application.chart(), access);
                        List<Blob> parts = divided(application, archive, pass);
                        for (Blob part : parts) {
                            destination.put(part.staged(StoreFiles.read(part.file)
                                    .orElseThrow(() -> new IOException("a chart that was staged is gone"))));
                            entries.add(part.entry());
                        }
                        staged.put(application.name(), application(parts));
                    } catch (ChartTrouble e) {
                        failures.put(application.name(), finding(application, e));
                    }
                }
                case Outcome.Retry<Access>(Duration _, Diagnostic reason) -> failures.put(application.name(), reason);
                case Outcome.Terminal<Access>(Diagnostic reason) -> failures.put(application.name(), reason);
            }
        }
        lock.lock();
        try {
            if (failures.isEmpty()) {
                records.remember(group.name(), entries);
            }
            // After a failure as well: a group that fails for ever must not fill the disk.
            sweep();
        } finally {
            lock.unlock();
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
            records.forget(group);
            sweep();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        if (path.equals("index.yaml")) {
            lock.lock();
            try {
                return Optional.of(records.index());
            } finally {
                lock.unlock();
            }
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

    /**
     * A part of an application's chart, written to its place.
     *
     * @param subchart its original name; empty for the application's own chart
     */
    private record Blob(String subchart, String name, String version, String digest, ObjectNode metadata, Path file) {
        ChartDestination.Staged staged(byte[] archive) {
            return new ChartDestination.Staged(name, version, metadata, archive);
        }

        ObjectNode entry() {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("name", name)
                    .put("version", version)
                    .put("digest", hex(digest));
        }
    }

    private List<Blob> divided(ApplicationGroup.Application application, byte[] archive, Set<String> pass)
            throws ChartTrouble, IOException, InterruptedException {
        unpacking.lockInterruptibly();
        try {
            ChartSplit split = ChartSplit.of(application, archive);
            List<Blob> parts = new ArrayList<>();
            for (Map.Entry<String, ChartSplit.Part> each : split.subcharts().entrySet()) {
                parts.add(written(each.getKey(), each.getValue(), pass));
            }
            parts.add(written("", split.chart(), pass));
            return parts;
        } finally {
            unpacking.unlock();
        }
    }

    private Blob written(String subchart, ChartSplit.Part part, Set<String> pass) throws ChartTrouble, IOException {
        byte[] archive = part.bytes();
        String digest = CanonicalJson.digest(archive);
        locked(() -> pass.add(hex(digest)));
        Path file = blob(hex(digest));
        if (!Files.exists(file)) {
            StoreFiles.write(file, archive);
        }
        ObjectNode metadata = ChartMetadata.read(part.archive()).json();
        return new Blob(subchart, part.name(), part.version(), digest, metadata, file);
    }

    private static StagedCharts.Application application(List<Blob> parts) {
        Map<String, StagedCharts.Chart> subcharts = new TreeMap<>();
        parts.subList(0, parts.size() - 1)
                .forEach(part -> subcharts.put(part.subchart, new StagedCharts.Chart(part.version, part.digest)));
        Blob own = parts.getLast();
        return new StagedCharts.Application(new StagedCharts.Chart(own.version, own.digest), subcharts);
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

    /** Removes what no group needs. Called under the lock. */
    private void sweep() throws IOException {
        Set<String> used = records.used();
        passes.forEach(used::addAll);
        for (Path blob : StoreFiles.listed(blobs)) {
            if (!used.contains(blob.getFileName().toString().replace(".tgz", ""))) {
                Files.deleteIfExists(blob);
            }
        }
        tidyCache();
    }

    /** The oldest go first; what is there once for its digest and once for its version counts twice. */
    private void tidyCache() throws IOException {
        List<Path> pulled = new ArrayList<>(StoreFiles.listed(cache));
        pulled.sort(Comparator.comparing(StoreFiles::modified).reversed());
        long bytes = 0;
        for (int i = 0; i < pulled.size(); i++) {
            bytes += Files.size(pulled.get(i));
            if (i >= KEPT_ARCHIVES || bytes > KEPT_BYTES) {
                Files.deleteIfExists(pulled.get(i));
            }
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

    private static String hex(String digest) {
        return digest.startsWith(DIGEST_PREFIX) ? digest.substring(DIGEST_PREFIX.length()) : digest;
    }
}
