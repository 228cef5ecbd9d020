package dev.orkestra.chart;

import dev.orkestra.document.CanonicalJson;
import dev.orkestra.web.Access;
import dev.orkestra.web.WebClient;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A Helm repository over HTTP(S), as one of those who may read it sees it. */
public final class HelmRepository implements ChartServer {
    private static final String PUBLISH = "publish the index anew";

    private final URI base;
    private final Access access;
    private final ChartDownloads downloads;
    private final Supplier<Duration> within;
    /** Fetched at most once; {@code isIndexed} is only known then. */
    private Optional<HelmIndex> fetched = Optional.empty();

    private boolean isIndexed = true;

    private HelmRepository(URI base, Access access, ChartDownloads downloads, Supplier<Duration> within) {
        this.base = base;
        this.access = access;
        this.downloads = downloads;
        this.within = within;
    }

    /**
     * The repository at {@code url}; empty when that is no plain http or https URL, such as one with a user in it.
     *
     * @param within how long the next download may take, asked before each
     */
    public static Optional<HelmRepository> at(
            String url, Access access, ChartDownloads downloads, Supplier<Duration> within) {
        try {
            URI base = new URI(url.endsWith("/") ? url : url + "/");
            boolean plain = WebClient.isWeb(base) && base.getRawUserInfo() == null;
            return plain ? Optional.of(new HelmRepository(base, access, downloads, within)) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** The repository's index; empty when it has none. */
    public Optional<HelmIndex> index() throws ChartTrouble, InterruptedException {
        Optional<byte[]> bytes = get(base.resolve("index.yaml"), HelmIndex.MAX_BYTES);
        return bytes.isEmpty() ? Optional.empty() : Optional.of(HelmIndex.read(bytes.get()));
    }

    /** A repository without an index has an entry for each exact version: whether there is a chart is seen later. */
    @Override
    public Optional<HelmIndex.Entry> find(String chart, String version) throws ChartTrouble, InterruptedException {
        Optional<HelmIndex> index = fetchedIndex();
        return index.isPresent()
                ? index.get().find(chart, version)
                : Optional.of(new HelmIndex.Entry(version, "", List.of()));
    }

    @Override
    public Optional<HelmIndex.Entry> pinned(String chart, String digest) throws ChartTrouble, InterruptedException {
        return fetchedIndex().flatMap(index -> index.withDigest(chart, digest));
    }

    @Override
    public List<String> versions(String chart, int most) throws ChartTrouble, InterruptedException {
        return fetchedIndex().map(index -> index.versions(chart, most)).orElse(List.of());
    }

    private Optional<HelmIndex> fetchedIndex() throws ChartTrouble, InterruptedException {
        if (fetched.isEmpty() && isIndexed) {
            fetched = index();
            isIndexed = fetched.isPresent();
        }
        return fetched;
    }

    @Override
    public byte[] archive(String chart, HelmIndex.Entry entry) throws ChartTrouble, InterruptedException {
        if (!isIndexed) {
            return unindexed(chart, entry.version());
        }
        URI uri = entry.urls().isEmpty()
                ? composed(chart, entry.version())
                : resolved(entry.urls().getFirst());
        byte[] archive = get(uri, MAX_CHART_BYTES)
                .orElseThrow(() -> new ChartTrouble(
                        WebClient.shown(uri) + " is in the index but not in the repository",
                        "publish the chart again"));
        if (!entry.digest().isEmpty() && !hex(archive).equals(entry.digest())) {
            throw new ChartTrouble(
                    WebClient.shown(uri) + " has another digest than the index says",
                    "publish the chart and the index anew; somebody may have changed one of them");
        }
        return archive;
    }

    /**
     * The archive of a repository without an index, which has an address only for an exact version.
     *
     * @throws ChartTrouble also when nothing is there
     */
    public byte[] unindexed(String chart, String version) throws ChartTrouble, InterruptedException {
        URI uri = composed(chart, version);
        Optional<byte[]> archive = ChartVersions.isExact(version) ? get(uri, MAX_CHART_BYTES) : Optional.empty();
        return archive.orElseThrow(() -> new ChartTrouble(
                ChartTrouble.Kind.ABSENT,
                "there is no index.yaml at " + WebClient.shown(base) + " and no chart at " + WebClient.shown(uri),
                "see whether the URL is that of a Helm repository"));
    }

    private Optional<byte[]> get(URI uri, int maxBytes) throws ChartTrouble, InterruptedException {
        return downloads.get(uri, base, access, maxBytes, within.get());
    }

    private URI composed(String chart, String version) throws ChartTrouble {
        return resolved(chart + "-" + version + ".tgz");
    }

    private URI resolved(String url) throws ChartTrouble {
        try {
            URI uri = base.resolve(new URI(url));
            if (WebClient.isWeb(uri)) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new ChartTrouble("the index names an address that is no URL", PUBLISH);
        }
        throw new ChartTrouble("the index names an address that is not http:// or https://", PUBLISH);
    }

    /** The hex digits of the SHA-256 of {@code bytes}, as an index writes it. */
    public static String hex(byte[] bytes) {
        return CanonicalJson.digest(bytes).substring("sha256:".length());
    }
}
