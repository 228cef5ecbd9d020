package dev.orkestra.release;

import dev.orkestra.chart.ChartDownloads;
import dev.orkestra.chart.ChartServer;
import dev.orkestra.chart.ChartTrouble;
import dev.orkestra.chart.ChartVersions;
import dev.orkestra.chart.HelmIndex;
import dev.orkestra.chart.HelmRepository;
import dev.orkestra.chart.SlowServers;
import dev.orkestra.group.ApplicationGroup;
import dev.orkestra.web.Access;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fetches charts from Helm repositories and registries, one index a repository for one pass. What was fetched is kept:
 * under the digest that the index or the manifest names for it, and for an exact version also for days on which the
 * repository is away, so that going back works then too.
 *
 * <p>A server that gives no answer is not asked again in the same pass, and the pass as a whole has an end.
 */
final class ChartPuller {
    private static final String SECRET =
            "see whether authSecretRef names a Secret with the right username and password, or certificate";

    private final ChartDownloads downloads;
    private final SlowServers slow;
    private final Path cache;
    private final Limits limits;
    private final long end;
    /** By URL and credentials, since they may decide what an index shows. Each keeps its index for this pass. */
    private final Map<String, ChartServer> servers = new HashMap<>();
    /** What servers did that gave no answer in this pass. */
    private final Map<String, ChartTrouble> silent = new HashMap<>();

    /**
     * How long it may take.
     *
     * @param download of one file
     * @param pass of all charts of one group together
     */
    record Limits(Duration download, Duration pass) {}

    /**
     * @param slow of all passes together
     * @param cache folder for archives as they were fetched; exists
     */
    ChartPuller(ChartDownloads downloads, SlowServers slow, Path cache, Limits limits) {
        this.downloads = downloads;
        this.slow = slow;
        this.cache = cache;
        this.limits = limits;
        this.end = System.nanoTime() + limits.pass.toNanos();
    }

    byte[] pull(ApplicationGroup.Chart chart, Access access) throws ChartTrouble, IOException, InterruptedException {
        ChartServer server = server(chart, access);
        try {
            return asked(chart, server);
        } catch (ChartTrouble e) {
            Optional<byte[]> kept = ChartVersions.isExact(chart.version()) && e.isUnreachable()
                    ? StoreFiles.read(kept(chart, ""))
                    : Optional.empty();
            return kept.orElseThrow(() -> e.kind() == ChartTrouble.Kind.REFUSED ? e.withHint(SECRET) : e);
        }
    }

    private byte[] asked(ApplicationGroup.Chart chart, ChartServer server)
            throws ChartTrouble, IOException, InterruptedException {
        String host = SlowServers.at(chart.url());
        ChartTrouble before = silent.get(host);
        if (before != null) {
            throw before;
        }
        if (!slow.enter(host)) {
            throw new ChartTrouble(
                    ChartTrouble.Kind.TOO_SLOW,
                    host + " was too slow lately, and is being asked for another group now",
                    "see whether the repository is well; it is asked again later");
        }
        boolean wasSlow = false;
        try {
            Optional<HelmIndex.Entry> entry = server.find(chart.name(), chart.version());
            if (entry.isEmpty()) {
                throw notThere(chart, server);
            }
            return archive(chart, entry.get(), server);
        } catch (ChartTrouble e) {
            if (e.isUnreachable()) {
                silent.put(host, e);
            }
            wasSlow = e.kind() == ChartTrouble.Kind.TOO_SLOW;
            throw e;
        } finally {
            slow.leave(host, wasSlow);
        }
    }

    private byte[] archive(ApplicationGroup.Chart chart, HelmIndex.Entry entry, ChartServer server)
            throws ChartTrouble, IOException, InterruptedException {
        if (!entry.digest().isEmpty()) {
            Optional<byte[]> kept = StoreFiles.read(kept(chart, entry.digest()));
            if (kept.isPresent() && HelmRepository.hex(kept.get()).equals(entry.digest())) {
                return kept.get();
            }
        }
        byte[] archive = server.archive(chart.name(), entry);
        keep(chart, archive);
        return archive;
    }

    private ChartServer server(ApplicationGroup.Chart chart, Access access) throws ChartTrouble {
        String key = chart.url() + "\n" + chart.secretNamespace() + "\n" + chart.secretName();
        ChartServer known = servers.get(key);
        if (known == null) {
            try {
                known = ChartServer.at(chart.url(), access, downloads, this::left);
            } catch (ChartTrouble e) {
                throw new ChartTrouble(
                        "chart.url is no plain http://, https:// or oci:// URL",
                        "name the base URL of a Helm repository or a registry; credentials belong into authSecretRef");
            }
            servers.put(key, known);
        }
        return known;
    }

    /** For the next request: its own time, or what the pass has left. */
    private Duration left() {
        Duration pass = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
        return pass.compareTo(limits.download) < 0 ? pass : limits.download;
    }

    private void keep(ApplicationGroup.Chart chart, byte[] archive) throws IOException {
        StoreFiles.write(kept(chart, HelmRepository.hex(archive)), archive);
        StoreFiles.write(kept(chart, ""), archive);
    }

    /** The name tells who asked for what: a chart that needs credentials is not handed to a group that has none. */
    private Path kept(ApplicationGroup.Chart chart, String digest) {
        String key = String.join(
                "\n", chart.url(), chart.name(), chart.version(), chart.secretNamespace(), chart.secretName(), digest);
        return cache.resolve(HelmRepository.hex(key.getBytes(StandardCharsets.UTF_8)) + ".tgz");
    }

    private static ChartTrouble notThere(ApplicationGroup.Chart chart, ChartServer server)
            throws ChartTrouble, InterruptedException {
        List<String> known = server.versions(chart.name(), 10);
        return new ChartTrouble(
                known.isEmpty()
                        ? "the repository has no chart '" + chart.name() + "'"
                        : "the repository has no version of it that fits",
                known.isEmpty() ? "see chart.url and chart.name" : "it has: " + String.join(", ", known));
    }
}
