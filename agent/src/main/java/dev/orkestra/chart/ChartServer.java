package dev.orkestra.chart;

import dev.orkestra.web.Access;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Where charts come from, as one of those who may read it sees it at one time. For one thread. */
public sealed interface ChartServer permits HelmRepository, ChartRegistry {
    /** What the URL of a registry begins with. */
    String OCI = "oci://";

    /** As much of a packed chart as is read: half of what it may unpack to, see {@link ChartArchive}. */
    int MAX_CHART_BYTES = 32 << 20;

    /**
     * The server at {@code url}: {@code http://} or {@code https://} of a Helm repository, or {@code oci://} of the
     * place in a registry that the charts are below of.
     *
     * @param within how long the next request may take, asked before each
     * @throws ChartTrouble when that is no such URL, or one with a user in it
     */
    static ChartServer at(String url, Access access, ChartDownloads downloads, Supplier<Duration> within)
            throws ChartTrouble {
        Optional<? extends ChartServer> found = isOci(url)
                ? ChartRegistry.at(url, access, downloads, within)
                : HelmRepository.at(url, access, downloads, within);
        return found.orElseThrow(() -> new ChartTrouble(
                "this is no plain http://, https:// or oci:// URL",
                "name the base URL of a Helm repository or a registry, without user and password"));
    }

    /** Whether {@code url} is that of a registry. */
    static boolean isOci(String url) {
        return url.toLowerCase(Locale.ROOT).startsWith(OCI);
    }

    /** The best entry of {@code chart} for {@code version}, which may be a range; empty when none fits. */
    Optional<HelmIndex.Entry> find(String chart, String version) throws ChartTrouble, InterruptedException;

    /**
     * The entry with {@code digest}, whatever its version.
     *
     * @param digest hex digits of the archive's SHA-256
     */
    Optional<HelmIndex.Entry> pinned(String chart, String digest) throws ChartTrouble, InterruptedException;

    /** Versions of {@code chart} for people, at most {@code most}. */
    List<String> versions(String chart, int most) throws ChartTrouble, InterruptedException;

    /** The archive of {@code entry}; its digest is the one of the entry, where that has one. */
    byte[] archive(String chart, HelmIndex.Entry entry) throws ChartTrouble, InterruptedException;
}
