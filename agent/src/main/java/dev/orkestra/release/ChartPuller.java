package dev.orkestra.release;

import dev.orkestra.document.CanonicalJson;
import dev.orkestra.group.ApplicationGroup;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
    private static final int MAX_CHART_BYTES = 32 << 20;

    private final ChartDownloads downloads;
    private final Path cache;
    /** By repository and credentials, since they may decide what an index shows. */
    private final Map<String, HelmIndex> indexes = new HashMap<>();

    /** @param cache folder for archives as they were fetched; exists */
    ChartPuller(ChartDownloads downloads, Path cache) {
        this.downloads = downloads;
        this.cache = cache;
    }

    byte[] pull(ApplicationGroup.Chart chart, Optional<ChartLogin> login)
            throws ChartTrouble, IOException, InterruptedException {
        URI repository = repository(chart.url());
        try {
            Optional<HelmIndex> index = index(chart, repository, login);
            if (index.isEmpty()) {
                return composed(chart, repository, login);
            }
            HelmIndex.Entry entry =
                    index.get().find(chart.name(), chart.version()).orElseThrow(() -> notThere(chart, index.get()));
            return indexed(chart, entry, repository, login);
        } catch (ChartTrouble e) {
            Optional<byte[]> kept = ChartVersions.isExact(chart.version()) && e.isUnreachable()
                    ? StoreFiles.read(kept(chart, ""))
                    : Optional.empty();
            return kept.orElseThrow(() -> e);
        }
    }

    private byte[] indexed(
            ApplicationGroup.Chart chart, HelmIndex.Entry entry, URI repository, Optional<ChartLogin> login)
            throws ChartTrouble, IOException, InterruptedException {
        if (!entry.digest().isEmpty()) {
            Optional<byte[]> kept = StoreFiles.read(kept(chart, entry.digest()));
            if (kept.isPresent() && hex(kept.get()).equals(entry.digest())) {
                return kept.get();
            }
        }
        URI uri = entry.urls().isEmpty()
                ? composedUri(repository, chart.name(), entry.version())
                : resolved(repository, entry.urls().getFirst());
        byte[] archive = downloads
                .get(uri, repository, login, MAX_CHART_BYTES)
                .orElseThrow(() -> new ChartTrouble(
                        ChartDownloads.shown(uri) + " is in the index but not in the repository",
                        "publish the chart again"));
        if (!entry.digest().isEmpty() && !hex(archive).equals(entry.digest())) {
            throw new ChartTrouble(
                    ChartDownloads.shown(uri) + " has another digest than the index says",
                    "publish the chart and the index anew; somebody may have changed one of them");
        }
        keep(chart, hex(archive), archive);
        return archive;
    }

    /** Without an index only an exact version has an address. */
    private byte[] composed(ApplicationGroup.Chart chart, URI repository, Optional<ChartLogin> login)
            throws ChartTrouble, IOException, InterruptedException {
        URI uri = composedUri(repository, chart.name(), chart.version());
        Optional<byte[]> archive = ChartVersions.isExact(chart.version())
                ? downloads.get(uri, repository, login, MAX_CHART_BYTES)
                : Optional.empty();
        byte[] found = archive.orElseThrow(() -> new ChartTrouble(
                "there is no index.yaml at " + ChartDownloads.shown(repository) + " and no chart at "
                        + ChartDownloads.shown(uri),
                "see whether the URL is that of a Helm repository"));
        keep(chart, hex(found), found);
        return found;
    }

    private Optional<HelmIndex> index(ApplicationGroup.Chart chart, URI repository, Optional<ChartLogin> login)
            throws ChartTrouble, InterruptedException {
        String key = chart.url() + "\n" + chart.secretNamespace() + "\n" + chart.secretName();
        HelmIndex known = indexes.get(key);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<byte[]> bytes =
                downloads.get(repository.resolve("index.yaml"), repository, login, HelmIndex.MAX_BYTES);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        HelmIndex index = HelmIndex.read(bytes.get());
        indexes.put(key, index);
        return Optional.of(index);
    }

    private void keep(ApplicationGroup.Chart chart, String digest, byte[] archive) throws IOException {
        StoreFiles.write(kept(chart, digest), archive);
        StoreFiles.write(kept(chart, ""), archive);
    }

    /** The name tells who asked for what: a chart that needs credentials is not handed to a group that has none. */
    private Path kept(ApplicationGroup.Chart chart, String digest) {
        String key = String.join(
                "\n", chart.url(), chart.name(), chart.version(), chart.secretNamespace(), chart.secretName(), digest);
        return cache.resolve(hex(key.getBytes(StandardCharsets.UTF_8)) + ".tgz");
    }

    private static ChartTrouble notThere(ApplicationGroup.Chart chart, HelmIndex index) {
        List<String> known = index.versions(chart.name(), 10);
        return new ChartTrouble(
                known.isEmpty()
                        ? "the repository has no chart '" + chart.name() + "'"
                        : "the repository has no version of it that fits",
                known.isEmpty() ? "see chart.url and chart.name" : "it has: " + String.join(", ", known));
    }

    private static URI repository(String url) throws ChartTrouble {
        try {
            URI uri = new URI(url.endsWith("/") ? url : url + "/");
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (http && uri.getHost() != null && uri.getRawUserInfo() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new ChartTrouble("chart.url is no URL", "name the http:// or https:// base URL of a Helm repository");
        }
        throw new ChartTrouble(
                "chart.url is no plain http:// or https:// URL",
                "name the base URL of a Helm repository; credentials belong into authSecretRef");
    }

    private static URI resolved(URI repository, String url) throws ChartTrouble {
        try {
            URI uri = repository.resolve(new URI(url));
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new ChartTrouble("the index names an address that is no URL", "publish the index anew");
        }
        throw new ChartTrouble("the index names an address that is not http:// or https://", "publish the index anew");
    }

    private static URI composedUri(URI repository, String chart, String version) throws ChartTrouble {
        return resolved(repository, chart + "-" + version + ".tgz");
    }

    private static String hex(byte[] bytes) {
        return CanonicalJson.digest(bytes).substring("sha256:".length());
    }
}
