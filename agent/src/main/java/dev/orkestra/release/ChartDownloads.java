package dev.orkestra.release;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Downloads over HTTP, with a limit of bytes and of time for the whole answer. Credentials go to the repository's own
 * origin only, never along a redirect to another one.
 */
final class ChartDownloads implements AutoCloseable {
    private static final int MAX_REDIRECTS = 5;

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(10))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final Duration deadline;

    /** @param deadline for one file, redirects included */
    ChartDownloads(Duration deadline) {
        this.deadline = deadline;
    }

    /**
     * The bytes at {@code uri}; empty when the server says that there is nothing.
     *
     * @param origin a URL whose host may see {@code login}
     */
    Optional<byte[]> get(URI uri, URI origin, Optional<ChartLogin> login, int maxBytes)
            throws ChartTrouble, InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        URI next = uri;
        for (int i = 0; i <= MAX_REDIRECTS; i++) {
            HttpResponse<byte[]> response =
                    send(next, sameOrigin(next, origin) ? login : Optional.empty(), maxBytes, end);
            int status = response.statusCode();
            if (status == 200) {
                return Optional.of(response.body());
            }
            if (status == 404 || status == 410) {
                return Optional.empty();
            }
            Optional<String> location = response.headers().firstValue("Location");
            if (status < 300 || status > 399 || location.isEmpty()) {
                throw refused(next, status);
            }
            next = redirected(next, location.get());
        }
        throw new ChartTrouble(shown(uri) + " redirects without end", "name the address that it leads to");
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private HttpResponse<byte[]> send(URI uri, Optional<ChartLogin> login, int maxBytes, long end)
            throws ChartTrouble, InterruptedException {
        long left = end - System.nanoTime();
        if (left <= 0) {
            throw tooSlow(uri);
        }
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(Duration.ofNanos(left)).GET();
        login.ifPresent(known -> request.header("Authorization", basic(known)));
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(
                request.build(), HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), maxBytes));
        try {
            return answer.get(left, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw tooSlow(uri);
        } catch (ExecutionException e) {
            throw failed(uri, e.getCause() == null ? e : e.getCause(), maxBytes);
        } finally {
            // Ends the exchange when we do not wait any more; nothing if it has ended.
            answer.cancel(true);
        }
    }

    private ChartTrouble tooSlow(URI uri) {
        return ChartTrouble.unreachable(
                shown(uri) + " did not answer in full within " + deadline.toSeconds() + " s",
                "see whether the repository is reachable from the agent");
    }

    private ChartTrouble failed(URI uri, Throwable cause, int maxBytes) {
        if (cause instanceof java.net.http.HttpTimeoutException) {
            return tooSlow(uri);
        }
        String words = cause instanceof IOException && cause.getMessage() != null
                ? cause.getMessage()
                : cause.getClass().getSimpleName();
        if (words.contains("imit")) {
            return new ChartTrouble(
                    shown(uri) + " is larger than " + (maxBytes >> 20) + " MiB", "use a smaller repository or chart");
        }
        return ChartTrouble.unreachable(
                shown(uri) + " cannot be reached: " + words, "see whether the URL is right and the server is up");
    }

    private static ChartTrouble refused(URI uri, int status) {
        String words = shown(uri) + " answered " + status;
        if (status == 429 || status >= 500) {
            return ChartTrouble.unreachable(words, "see whether the server is well");
        }
        return new ChartTrouble(
                words,
                status == 401 || status == 403
                        ? "see whether authSecretRef names a Secret with the right username and password"
                        : "see whether the URL is right");
    }

    private static URI redirected(URI from, String location) throws ChartTrouble {
        URI to;
        try {
            to = from.resolve(new URI(location));
        } catch (URISyntaxException e) {
            throw new ChartTrouble(shown(from) + " redirects to what is no URL", "name the address that it leads to");
        }
        boolean known =
                "https".equals(to.getScheme()) || "http".equals(to.getScheme()) && "http".equals(from.getScheme());
        if (!known) {
            throw new ChartTrouble(
                    shown(from) + " redirects to " + shown(to) + ", which is not protected as it is itself",
                    "name the address that it leads to");
        }
        return to;
    }

    private static boolean sameOrigin(URI one, URI other) {
        return String.valueOf(one.getScheme()).equalsIgnoreCase(String.valueOf(other.getScheme()))
                && String.valueOf(one.getHost()).equalsIgnoreCase(String.valueOf(other.getHost()))
                && one.getPort() == other.getPort();
    }

    private static String basic(ChartLogin login) {
        String pair = login.username() + ":" + login.password();
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    /** {@code uri} for people: without user, query and fragment, which may hold credentials. */
    static String shown(URI uri) {
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return uri.getScheme() + "://" + uri.getHost() + port + uri.getRawPath();
    }
}
