package dev.orkestra.chart;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Downloads over HTTP, with a limit of bytes and of time for the whole answer. Credentials go to the repository's own
 * origin only, never along a redirect to another one.
 */
public final class ChartDownloads implements AutoCloseable {
    private static final int MAX_REDIRECTS = 5;

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(10))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    /**
     * The bytes at {@code uri}; empty when the server says that there is nothing.
     *
     * @param origin a URL whose host may see {@code login}
     * @param within redirects included
     */
    Optional<byte[]> get(URI uri, URI origin, Optional<ChartLogin> login, int maxBytes, Duration within)
            throws ChartTrouble, InterruptedException {
        Limits limits = new Limits(maxBytes, within, System.nanoTime() + within.toNanos());
        URI next = uri;
        for (int i = 0; i <= MAX_REDIRECTS; i++) {
            HttpResponse<byte[]> response = send(next, sameOrigin(next, origin) ? login : Optional.empty(), limits);
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

    /** @param end as {@link System#nanoTime()} counts */
    private record Limits(int maxBytes, Duration within, long end) {}

    private HttpResponse<byte[]> send(URI uri, Optional<ChartLogin> login, Limits limits)
            throws ChartTrouble, InterruptedException {
        long left = limits.end() - System.nanoTime();
        if (left <= 0) {
            throw tooSlow(uri, limits);
        }
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(Duration.ofNanos(left)).GET();
        login.ifPresent(known -> request.header("Authorization", known.authorization()));
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(request.build(), BoundedBody.ofSuccess(limits.maxBytes()));
        try {
            return answer.get(left, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw tooSlow(uri, limits);
        } catch (ExecutionException e) {
            throw failed(uri, e.getCause() == null ? e : e.getCause(), limits);
        } finally {
            // Ends the exchange when we do not wait any more; nothing if it has ended.
            answer.cancel(true);
        }
    }

    private static ChartTrouble tooSlow(URI uri, Limits limits) {
        return new ChartTrouble(
                ChartTrouble.Kind.TOO_SLOW,
                shown(uri) + " did not answer in full within " + limits.within().toSeconds() + " s",
                "see whether the repository is reachable from here");
    }

    private static ChartTrouble failed(URI uri, Throwable cause, Limits limits) {
        if (cause instanceof java.net.http.HttpTimeoutException) {
            return tooSlow(uri, limits);
        }
        if (cause instanceof BoundedBody.TooLarge) {
            return new ChartTrouble(
                    ChartTrouble.Kind.TOO_LARGE,
                    shown(uri) + " is larger than " + (limits.maxBytes() >> 20) + " MiB, a fixed bound",
                    "use a smaller repository or chart");
        }
        String words = cause instanceof IOException && cause.getMessage() != null
                ? cause.getMessage()
                : cause.getClass().getSimpleName();
        return new ChartTrouble(
                ChartTrouble.Kind.UNREACHABLE,
                shown(uri) + " cannot be reached: " + words,
                "see whether the URL is right and the server is up");
    }

    private static ChartTrouble refused(URI uri, int status) {
        String words = shown(uri) + " answered " + status;
        if (status == 429 || status >= 500) {
            return new ChartTrouble(ChartTrouble.Kind.UNREACHABLE, words, "see whether the server is well");
        }
        return status == 401 || status == 403
                ? new ChartTrouble(ChartTrouble.Kind.REFUSED, words, "see whether the credentials are right")
                : new ChartTrouble(words, "see whether the URL is right");
    }

    static URI redirected(URI from, String location) throws ChartTrouble {
        URI to;
        try {
            to = from.resolve(new URI(location));
        } catch (URISyntaxException e) {
            throw new ChartTrouble(shown(from) + " redirects to what is no URL", "name the address that it leads to");
        }
        if (!isWeb(to)) {
            throw new ChartTrouble(
                    shown(from) + " redirects to what is no http:// or https:// URL of a server",
                    "name the address that it should lead to");
        }
        if (to.getRawUserInfo() != null) {
            throw new ChartTrouble(
                    shown(from) + " redirects to an address with a user in it",
                    "name the address that it should lead to");
        }
        if ("https".equalsIgnoreCase(from.getScheme()) && !"https".equalsIgnoreCase(to.getScheme())) {
            throw new ChartTrouble(
                    shown(from) + " redirects to " + shown(to) + ", which is not protected as it is itself",
                    "name the address that it leads to");
        }
        return to;
    }

    /** Whether {@code uri} is a URL that can be asked: http or https, with a host and a possible port. */
    public static boolean isWeb(URI uri) {
        return ("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme()))
                && uri.getHost() != null
                && uri.getPort() <= 65_535;
    }

    private static boolean sameOrigin(URI one, URI other) {
        return String.valueOf(one.getScheme()).equalsIgnoreCase(String.valueOf(other.getScheme()))
                && String.valueOf(one.getHost()).equalsIgnoreCase(String.valueOf(other.getHost()))
                && one.getPort() == other.getPort();
    }

    /** {@code uri} for people: without user, query and fragment, which may hold credentials. */
    public static String shown(URI uri) {
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return uri.getScheme() + "://" + uri.getHost() + port + uri.getRawPath();
    }
}
