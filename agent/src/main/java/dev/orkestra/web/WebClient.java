package dev.orkestra.web;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLException;

/**
 * HTTP requests within limits of time and bytes. Redirects are followed, at most five, never from a protected address to
 * an unprotected one; credentials end at the first that leads to another origin and do not come back. Thread-safe.
 */
public final class WebClient implements AutoCloseable {
    /** How long a connection may take, within the time of the whole request. */
    public static final Duration CONNECT = Duration.ofSeconds(10);

    /** How many redirects are followed. */
    public static final int MAX_REDIRECTS = 5;

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    /** Each keeps a thread and connections for servers of one kind of trust; those of long ago are made again. */
    private static final int MAX_CLIENTS = 16;

    private final HttpClient open = builder().build();
    private final ReentrantLock lock = new ReentrantLock();
    /** By the fingerprint of what they trust and show; the one used longest ago first. */
    private final Map<String, HttpClient> trusting = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * What is asked for.
     *
     * @param headers without {@code Authorization}
     * @param authorization the value of that header, for the origin of {@code uri} only
     * @param body what is sent; only what sends nothing is redirected
     * @param tls for the origin of {@code uri}; elsewhere its authority counts, but its certificate is not shown
     */
    public record Question(
            String method,
            URI uri,
            Map<String, String> headers,
            Optional<String> authorization,
            Optional<byte[]> body,
            Optional<Tls> tls) {
        /** Asks for what is at {@code uri}. */
        public static Question get(
                URI uri, Map<String, String> headers, Optional<String> authorization, Optional<Tls> tls) {
            return new Question("GET", uri, headers, authorization, Optional.empty(), tls);
        }

        @Override
        public String toString() {
            return method + " " + shown(uri);
        }
    }

    /**
     * What came.
     *
     * @param from who gave it, after all redirects
     * @param credentialsSent whether it was shown the credentials
     * @param body empty unless the status is 200
     */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    public record Answer(URI from, int status, HttpHeaders headers, boolean credentialsSent, byte[] body) {}

    /**
     * The answer at the end of all redirects, whatever its status.
     *
     * @param mostBytes of the body
     * @param within for all of it, redirects included
     */
    public Answer ask(Question question, int mostBytes, Duration within) throws WebTrouble, InterruptedException {
        long end = System.nanoTime() + within.toNanos();
        URI next = question.uri();
        Optional<String> authorization = question.authorization();
        boolean own = true;
        for (int i = 0; i <= MAX_REDIRECTS; i++) {
            HttpRequest.Builder request = HttpRequest.newBuilder(next)
                    .method(
                            question.method(),
                            question.body()
                                    .map(HttpRequest.BodyPublishers::ofByteArray)
                                    .orElseGet(HttpRequest.BodyPublishers::noBody));
            question.headers().forEach(request::header);
            authorization.ifPresent(value -> request.header("Authorization", value));
            HttpResponse<byte[]> response =
                    send(client(question.tls(), own), request, question.uri(), next, mostBytes, end);
            Optional<String> location = response.headers().firstValue("Location");
            if (!REDIRECTS.contains(response.statusCode())
                    || location.isEmpty()
                    || !question.method().equals("GET")) {
                return new Answer(
                        next, response.statusCode(), response.headers(), authorization.isPresent(), response.body());
            }
            URI target = redirected(next, location.get());
            if (!Origin.of(target).equals(Origin.of(next))) {
                authorization = Optional.empty();
                own = false;
            }
            next = target;
        }
        throw new WebTrouble(
                WebTrouble.Kind.ENDLESS_REDIRECTS,
                question.uri(),
                next,
                "redirects more than " + MAX_REDIRECTS + " times");
    }

    @Override
    public void close() {
        open.shutdownNow();
        lock.lock();
        try {
            trusting.values().forEach(HttpClient::shutdownNow);
            trusting.clear();
        } finally {
            lock.unlock();
        }
    }

    private static HttpResponse<byte[]> send(
            HttpClient client, HttpRequest.Builder request, URI asked, URI uri, int mostBytes, long end)
            throws WebTrouble, InterruptedException {
        long left = end - System.nanoTime();
        if (left <= 0) {
            throw new WebTrouble(WebTrouble.Kind.TOO_SLOW, asked, uri, "too slow");
        }
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(request.timeout(Duration.ofNanos(left)).build(), BoundedBody.ofSuccess(mostBytes));
        try {
            return answer.get(left, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new WebTrouble(WebTrouble.Kind.TOO_SLOW, asked, uri, "too slow");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new WebTrouble(kind(cause), asked, uri, words(cause));
        } finally {
            // Ends the exchange when nobody waits for it any more; nothing if it has ended.
            answer.cancel(true);
        }
    }

    private static WebTrouble.Kind kind(Throwable cause) {
        return switch (cause) {
            case BoundedBody.TooLarge _ -> WebTrouble.Kind.TOO_LARGE;
            case HttpConnectTimeoutException _ -> WebTrouble.Kind.NO_CONNECTION;
            case HttpTimeoutException _ -> WebTrouble.Kind.TOO_SLOW;
            case SSLException _ -> WebTrouble.Kind.UNTRUSTED;
            default -> WebTrouble.Kind.UNREACHABLE;
        };
    }

    /** The library has no message for an address that nobody listens at, and a class name says enough. */
    private static String words(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each.getMessage() != null) {
                return each instanceof SSLException
                        ? each.getMessage().replaceAll("[A-Za-z.]+Exception: ", "")
                        : each.getMessage();
            }
            if (each instanceof java.nio.channels.UnresolvedAddressException) {
                return "its name is not known";
            }
        }
        return cause.getClass().getSimpleName();
    }

    private HttpClient client(Optional<Tls> tls, boolean own) {
        if (tls.isEmpty()) {
            return open;
        }
        String key = tls.get().fingerprint() + own;
        lock.lock();
        try {
            HttpClient known = trusting.get(key);
            if (known == null) {
                known = builder().sslContext(tls.get().context(own)).build();
                trusting.put(key, known);
                if (trusting.size() > MAX_CLIENTS) {
                    // Not shut down: somebody may be about to use it. The library ends what nobody holds any more.
                    trusting.remove(trusting.keySet().iterator().next());
                }
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    /** HTTP/1.1 alone: over plain http the offer of HTTP/2 confuses old proxies, and nothing here gains by it. */
    private static HttpClient.Builder builder() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER);
    }

    /** Where a redirect from {@code from} leads, if it may be followed. */
    public static URI redirected(URI from, String location) throws WebTrouble {
        URI to;
        try {
            to = from.resolve(new URI(location));
        } catch (URISyntaxException e) {
            throw badRedirect(from, "to what is no URL");
        }
        if (!isWeb(to)) {
            throw badRedirect(from, "to what is neither http:// nor https://");
        }
        if (to.getRawUserInfo() != null) {
            throw badRedirect(from, "to an address with a user in it");
        }
        if (Origin.of(from).isProtected() && !Origin.of(to).isProtected()) {
            throw badRedirect(from, "from https:// to " + shown(to) + ", which is not protected");
        }
        return to;
    }

    private static WebTrouble badRedirect(URI from, String words) {
        return new WebTrouble(WebTrouble.Kind.BAD_REDIRECT, from, from, words);
    }

    /** Whether {@code uri} is a URL that can be asked: http or https, with a host and a possible port. */
    public static boolean isWeb(URI uri) {
        return ("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme()))
                && uri.getHost() != null
                && uri.getPort() <= 65_535;
    }

    /** {@code uri} for people: without user, query and fragment, which may hold credentials. */
    public static String shown(URI uri) {
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return uri.getScheme() + "://" + uri.getHost() + port + uri.getRawPath();
    }
}
