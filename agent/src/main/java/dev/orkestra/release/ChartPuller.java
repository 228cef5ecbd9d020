package dev.orkestra.release;

import dev.orkestra.chart.ChartDownloads;
import dev.orkestra.chart.ChartServer;
import dev.orkestra.chart.ChartTrouble;
import dev.orkestra.chart.ChartVersions;
import dev.orkestra.chart.HelmIndex;
import dev.orkestra.chart.HelmRepository;
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
 * under the digest that the index or the manifest names for it, and for an exact version also for days on which the repository is away, so that
 * going back works then too.
 */
final class ChartPuller {
    private static final String SECRET =
            "see whether authSecretRef names a Secret with the right username and password, or certificate";

    private final ChartDownloads downloads;
    private final Path cache;
    private final Duration deadline;
    /** By URL and credentials, since they may decide what an index shows. Each keeps its index for this pass. */
    private final Map<String, ChartServer> servers = new HashMap<>();

    /**
     * @param cache folder for archives as they were fetched; exists
     * @param deadline for the download of one file
     */
    ChartPuller(ChartDownloads downloads, Path cache, Duration deadline) {
        this.downloads = downloads;
        this.cache = cache;
        this.deadline = deadline;
    }

    byte[] pull(ApplicationGroup.Chart chart, Access access) throws ChartTrouble, IOException, InterruptedException {
        ChartServer server = server(chart, access);
        try {
            Optional<HelmIndex.Entry> entry = server.find(chart.name(), chart.version());
            if (entry.isEmpty()) {
                throw notThere(chart, server);
            }
            return archive(chart, entry.get(), server);
        } catch (ChartTrouble e) {
            Optional<byte[]> kept = ChartVersions.isExact(chart.version()) && e.isUnreachable()
                    ? StoreFiles.read(kept(chart, ""))
                    : Optional.empty();
            return kept.orElseThrow(() -> e.kind() == ChartTrouble.Kind.REFUSED ? e.withHint(SECRET) : e);
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
                known = ChartServer.at(chart.url(), access, downloads, () -> deadline);
            } catch (ChartTrouble e) {
                throw new ChartTrouble(
                        "chart.url is no plain http://, https:// or oci:// URL",
                        "name the base URL of a Helm repository or a registry; credentials belong into authSecretRef");
            }
            servers.put(key, known);
        }
        return known;
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
