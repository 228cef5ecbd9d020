package dev.orkestra.release;

import dev.orkestra.chart.ChartDownloads;
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
 * Fetches charts from Helm repositories, one index a repository for one pass. What was fetched is kept: under the
 * digest that the index names for it, and for an exact version also for days on which the repository is away, so that
 * going back works then too.
 */
final class ChartPuller {
    private static final String SECRET =
            "see whether authSecretRef names a Secret with the right username and password, or certificate";

    private final ChartDownloads downloads;
    private final Path cache;
    private final Duration deadline;
    /** By repository and credentials, since they may decide what an index shows. */
    private final Map<String, HelmIndex> indexes = new HashMap<>();

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
        HelmRepository repository = repository(chart.url(), access);
        try {
            Optional<HelmIndex> index = index(chart, repository);
            if (index.isEmpty()) {
                return composed(chart, repository);
            }
            HelmIndex.Entry entry =
                    index.get().find(chart.name(), chart.version()).orElseThrow(() -> notThere(chart, index.get()));
            return indexed(chart, entry, repository);
        } catch (ChartTrouble e) {
            Optional<byte[]> kept = ChartVersions.isExact(chart.version()) && e.isUnreachable()
                    ? StoreFiles.read(kept(chart, ""))
                    : Optional.empty();
            return kept.orElseThrow(() -> e.kind() == ChartTrouble.Kind.REFUSED ? e.withHint(SECRET) : e);
        }
    }

    private byte[] indexed(ApplicationGroup.Chart chart, HelmIndex.Entry entry, HelmRepository repository)
            throws ChartTrouble, IOException, InterruptedException {
        if (!entry.digest().isEmpty()) {
            Optional<byte[]> kept = StoreFiles.read(kept(chart, entry.digest()));
            if (kept.isPresent() && HelmRepository.hex(kept.get()).equals(entry.digest())) {
                return kept.get();
            }
        }
        byte[] archive = repository.archive(chart.name(), entry);
        keep(chart, archive);
        return archive;
    }

    private byte[] composed(ApplicationGroup.Chart chart, HelmRepository repository)
            throws ChartTrouble, IOException, InterruptedException {
        byte[] archive = repository.unindexed(chart.name(), chart.version());
        keep(chart, archive);
        return archive;
    }

    private Optional<HelmIndex> index(ApplicationGroup.Chart chart, HelmRepository repository)
            throws ChartTrouble, InterruptedException {
        String key = chart.url() + "\n" + chart.secretNamespace() + "\n" + chart.secretName();
        HelmIndex known = indexes.get(key);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<HelmIndex> index = repository.index();
        index.ifPresent(found -> indexes.put(key, found));
        return index;
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

    private static ChartTrouble notThere(ApplicationGroup.Chart chart, HelmIndex index) {
        List<String> known = index.versions(chart.name(), 10);
        return new ChartTrouble(
                known.isEmpty()
                        ? "the repository has no chart '" + chart.name() + "'"
                        : "the repository has no version of it that fits",
                known.isEmpty() ? "see chart.url and chart.name" : "it has: " + String.join(", ", known));
    }

    private HelmRepository repository(String url, Access access) throws ChartTrouble {
        return HelmRepository.at(url, access, downloads, () -> deadline)
                .orElseThrow(() -> new ChartTrouble(
                        "chart.url is no plain http:// or https:// URL",
                        "name the base URL of a Helm repository; credentials belong into authSecretRef"));
    }
}
