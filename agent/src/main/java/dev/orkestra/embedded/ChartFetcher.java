package dev.orkestra.embedded;

import dev.orkestra.chart.ChartDownloads;
import dev.orkestra.chart.ChartServer;
import dev.orkestra.chart.ChartTrouble;
import dev.orkestra.chart.HelmIndex;
import dev.orkestra.chart.SlowServers;
import dev.orkestra.document.CanonicalJson;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import dev.orkestra.release.ChartRepository;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Gets charts for Helm as files, which are kept by digest. A chart that is pinned, and kept or staged by this agent,
 * needs no repository at all; others come from Helm repositories and registries. Sizes and times are bounded.
 */
public final class ChartFetcher implements AutoCloseable {
    private static final Duration WHOLE_FETCH = Duration.ofMinutes(1);
    /** Somebody may be about to push what is not there. */
    private static final Duration SOON = Duration.ofSeconds(2);

    private static final Duration LATER = Duration.ofSeconds(15);
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

    /** Each release has a thread of its own, and each pull up to some ten MiB in memory. */
    private static final int AT_ONCE = 8;

    private static final Duration QUEUE = Duration.ofSeconds(30);

    private final Semaphore atOnce = new Semaphore(AT_ONCE);
    private final SlowServers slow = new SlowServers(System::nanoTime);
    private final ChartCache cache;
    private final ChartRepository staged;
    private final ChartDownloads downloads = new ChartDownloads();

    /** Without charts that this agent has staged. */
    public ChartFetcher(Path folder, InstantSource clock) {
        this(folder, ChartRepository.EMPTY, clock);
    }

    /**
     * @param folder where charts are kept; made when absent, can be lost
     * @param staged what this agent has staged; asked for pinned charts only
     * @param clock tells when a chart was used: those of long ago make room
     */
    public ChartFetcher(Path folder, ChartRepository staged, InstantSource clock) {
        this.cache = new ChartCache(folder, clock);
        this.staged = staged;
    }

    /** The chart that {@code release} is pinned to, where it is on this machine. */
    Optional<ChartArchive> kept(ReleaseSpec release) {
        String digest = release.pin();
        if (!DIGEST.matcher(digest).matches()) {
            return Optional.empty();
        }
        try {
            Optional<Path> file = cache.use(digest);
            if (file.isEmpty()) {
                Optional<byte[]> bytes = staged.chart(digest);
                if (bytes.isEmpty()) {
                    return Optional.empty();
                }
                file = Optional.of(cache.keep(bytes.get(), digest));
            }
            return file.map(kept -> new ChartArchive(kept, release.chart(), release.version(), digest));
        } catch (IOException e) {
            // A cache that cannot be used; the fetch that follows says so if it cannot be written either.
            return Optional.empty();
        }
    }

    /**
     * The chart that {@code release} asks for.
     *
     * @return Retry while it cannot be had
     */
    Outcome<ChartArchive> fetch(ChartSource source, ReleaseSpec release) throws InterruptedException {
        if (!release.pin().isEmpty() && !DIGEST.matcher(release.pin()).matches()) {
            return Outcome.terminal(finding(
                    release, "annotation " + ReleaseSpec.CHART_DIGEST + " is no sha256 digest", "mend the annotation"));
        }
        String host = SlowServers.at(source.url());
        if (!slow.enter(host)) {
            return Outcome.retry(
                    LATER,
                    finding(
                            release,
                            host + " was too slow lately, and is being asked for another release now",
                            "see whether the repository is well; it is asked again later"));
        }
        boolean wasSlow = false;
        try {
            if (!atOnce.tryAcquire(QUEUE.toMillis(), TimeUnit.MILLISECONDS)) {
                return Outcome.retry(SOON, finding(release, "many others are being pulled now", "wait"));
            }
            try {
                return pull(source, release);
            } finally {
                atOnce.release();
            }
        } catch (ChartTrouble e) {
            wasSlow = e.kind() == ChartTrouble.Kind.TOO_SLOW;
            Diagnostic why = finding(release, e.getMessage(), e.hint());
            return Outcome.retry(e.kind() == ChartTrouble.Kind.ABSENT ? SOON : LATER, why);
        } catch (IOException e) {
            return Outcome.retry(
                    LATER, finding(release, "the cache folder cannot be used", "see whether the disk is full"));
        } finally {
            slow.leave(host, wasSlow);
        }
    }

    /** Whether {@code chart} has not had to make room for others since it was fetched. */
    boolean isStillThere(ChartArchive chart) {
        return cache.touch(chart.file());
    }

    private Outcome<ChartArchive> pull(ChartSource source, ReleaseSpec release)
            throws ChartTrouble, IOException, InterruptedException {
        long end = System.nanoTime() + WHOLE_FETCH.toNanos();
        ChartServer server = ChartServer.at(
                source.url(), source.access(), downloads, () -> Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        return fetch(server, release);
    }

    private Outcome<ChartArchive> fetch(ChartServer server, ReleaseSpec release)
            throws ChartTrouble, IOException, InterruptedException {
        Optional<HelmIndex.Entry> pinned = release.pin().isEmpty()
                ? Optional.empty()
                : server.pinned(release.chart(), release.pin().substring("sha256:".length()));
        Optional<HelmIndex.Entry> entry = pinned.isPresent() ? pinned : server.find(release.chart(), release.version());
        if (entry.isEmpty()) {
            return Outcome.retry(
                    SOON,
                    finding(
                            release,
                            "the repository has no such chart or version",
                            "see spec.chart of the HelmRelease and the HelmRepository's URL"));
        }
        String expected = release.pin().isEmpty() ? "sha256:" + entry.get().digest() : release.pin();
        String version = release.pin().isEmpty() ? entry.get().version() : release.version();
        Optional<Path> kept = DIGEST.matcher(expected).matches() ? cache.use(expected) : Optional.empty();
        if (kept.isPresent()) {
            return Outcome.done(new ChartArchive(kept.get(), release.chart(), version, expected));
        }
        byte[] bytes = server.archive(release.chart(), entry.get());
        String digest = CanonicalJson.digest(bytes);
        if (!release.pin().isEmpty() && !digest.equals(expected)) {
            return Outcome.retry(
                    SOON,
                    finding(
                            release,
                            "the repository delivers " + digest + " instead of " + expected,
                            "push the chart that the group was made of again"));
        }
        return Outcome.done(new ChartArchive(cache.keep(bytes, digest), release.chart(), version, digest));
    }

    private static Diagnostic finding(ReleaseSpec release, @org.jspecify.annotations.Nullable String why, String hint) {
        return Diagnostic.error(
                ErrorCode.ChartPullFailed,
                "chart " + release.chart() + " " + release.version() + " cannot be pulled from its repository: " + why,
                null,
                hint);
    }

    /** Ends downloads. */
    @Override
    public void close() {
        downloads.close();
    }
}
