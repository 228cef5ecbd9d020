package dev.orkestra.embedded;

import dev.orkestra.document.CanonicalJson;
import dev.orkestra.outcome.Diagnostic;
import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.outcome.Outcome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Pulls charts from Helm repositories over HTTP, and keeps them by digest. A chart that is pinned and kept needs no
 * network. Sizes and times are bounded.
 */
public final class ChartFetcher {
    /** A chart has to fit into a Secret of 1 MiB together with its release; packages with files of their own may be larger. */
    private static final long MAX_CHART_BYTES = 20L << 20;

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration WHOLE_ANSWER = Duration.ofSeconds(30);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(2);

    private final Path folder;
    private final HttpClient http;

    /** @param folder where charts are kept; made when absent, can be lost */
    public ChartFetcher(Path folder) {
        this.folder = folder;
        this.http = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
    }

    /**
     * The chart that {@code release} asks for.
     *
     * @param repository URL of the Helm repository
     * @return Retry while the repository does not have it: somebody may be about to push it
     */
    Outcome<ChartArchive> fetch(String repository, ReleaseSpec release) throws InterruptedException {
        Path kept = folder.resolve(fileName(release.pin()));
        if (!release.pin().isEmpty() && Files.exists(kept)) {
            return Outcome.done(new ChartArchive(kept, release.chart(), release.version(), release.pin()));
        }
        String base = repository.endsWith("/") ? repository : repository + "/";
        try {
            Optional<ChartIndex> index =
                    ChartIndex.read(get(URI.create(base + "index.yaml"), ChartIndex.LIMITS.maxBytes()));
            if (index.isEmpty()) {
                return retry("its index.yaml is no index of charts", release);
            }
            Optional<ChartIndex.Entry> entry = release.pin().isEmpty()
                    ? index.get().find(release.chart(), release.version())
                    : index.get()
                            .withDigest(release.chart(), release.pin())
                            .or(() -> index.get().find(release.chart(), release.version()));
            return entry.isEmpty()
                    ? retry("it has no version " + release.version(), release)
                    : download(URI.create(base).resolve(entry.get().url()), entry.get(), release);
        } catch (IOException | IllegalArgumentException e) {
            return retry(String.valueOf(e.getMessage()), release);
        }
    }

    private Outcome<ChartArchive> download(URI url, ChartIndex.Entry entry, ReleaseSpec release)
            throws IOException, InterruptedException {
        String expected = release.pin().isEmpty() ? entry.digest() : release.pin();
        String version = release.pin().isEmpty() ? entry.version() : release.version();
        Path file = folder.resolve(fileName(expected));
        if (!expected.isEmpty() && Files.exists(file)) {
            return Outcome.done(new ChartArchive(file, release.chart(), version, expected));
        }
        byte[] bytes = get(url, MAX_CHART_BYTES);
        String digest = CanonicalJson.digest(bytes);
        if (!expected.isEmpty() && !digest.equals(expected)) {
            return retry("it delivers " + digest + " instead of " + expected, release);
        }
        return Outcome.done(new ChartArchive(keep(bytes, digest), release.chart(), version, digest));
    }

    /** Written beside and moved, so that no reader ever sees half a chart. */
    private Path keep(byte[] bytes, String digest) throws IOException {
        Files.createDirectories(folder);
        Path part = Files.createTempFile(folder, "part", ".tgz");
        Files.write(part, bytes);
        return Files.move(
                part,
                folder.resolve(fileName(digest)),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static String fileName(String digest) {
        return digest.replace(':', '-').replace('/', '-') + ".tgz";
    }

    private byte[] get(URI url, long atMostBytes) throws IOException, InterruptedException {
        String scheme = String.valueOf(url.getScheme());
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IOException("only http and https repositories can be read, not " + scheme);
        }
        HttpRequest request = HttpRequest.newBuilder(url).timeout(WHOLE_ANSWER).build();
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), atMostBytes));
        try {
            HttpResponse<byte[]> response = answer.get(WHOLE_ANSWER.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw new IOException("it answers " + response.statusCode() + " for " + url.getPath());
            }
            return response.body();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(
                    cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new IOException("it did not answer within " + WHOLE_ANSWER.toSeconds() + " s", e);
        } finally {
            answer.cancel(true);
        }
    }

    /** The repository's URL is not named: it may carry credentials, and the HelmRepository says it. */
    private static Outcome<ChartArchive> retry(String why, ReleaseSpec release) {
        return Outcome.retry(
                TRY_AGAIN,
                Diagnostic.error(
                        ErrorCode.ChartPullFailed,
                        "chart " + release.chart() + " " + release.version() + " cannot be pulled from its repository: "
                                + why,
                        null,
                        "check the chart's name and version, and the HelmRepository's URL"));
    }
}
