package dev.orkestra.imports;

import dev.orkestra.chart.BoundedBody;
import dev.orkestra.chart.ChartDownloads;
import dev.orkestra.outcome.ErrorCode;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * HTTP requests within a budget of time and bytes. Redirects are followed, at most five, never from a protected address
 * to an unprotected one; credentials end at the first that leads to another origin and do not come back.
 */
final class Downloads implements AutoCloseable {
    private static final int MAX_REDIRECTS = 5;
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    /** HTTP/1.1 alone: over plain http the offer of HTTP/2 confuses old proxies, and nothing here gains by it. */
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /**
     * What is asked for.
     *
     * @param headers without {@code Authorization}
     * @param authorization the value of that header, for the origin of {@code uri} only
     * @param form sent with POST; empty for GET. A POST is never redirected
     */
    record Question(URI uri, Map<String, String> headers, Optional<String> authorization, Optional<String> form) {
        static Question get(URI uri, Map<String, String> headers, Optional<String> authorization) {
            return new Question(uri, headers, authorization, Optional.empty());
        }

        @Override
        public String toString() {
            return shown(uri);
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
    record Answer(URI from, int status, HttpHeaders headers, boolean credentialsSent, byte[] body) {}

    /**
     * The answer at the end of all redirects, whatever its status.
     *
     * @param mostBytes of the body; at most what the budget has, from which they are not taken here
     */
    Answer ask(Question question, int mostBytes, Budget budget) throws ImportTrouble, InterruptedException {
        URI next = question.uri();
        Optional<String> authorization = question.authorization();
        for (int i = 0; i <= MAX_REDIRECTS; i++) {
            HttpResponse<byte[]> response = send(question, next, authorization, mostBytes, budget);
            Optional<String> location = response.headers().firstValue("Location");
            if (!REDIRECTS.contains(response.statusCode())
                    || location.isEmpty()
                    || question.form().isPresent()) {
                return new Answer(
                        next, response.statusCode(), response.headers(), authorization.isPresent(), response.body());
            }
            URI target = redirected(next, location.get());
            if (!Origin.of(target).equals(Origin.of(next))) {
                authorization = Optional.empty();
            }
            next = target;
        }
        throw new ImportTrouble(
                ErrorCode.ImportFailed,
                "the server redirects more than " + MAX_REDIRECTS + " times",
                "name the address that it leads to");
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private HttpResponse<byte[]> send(
            Question question, URI uri, Optional<String> authorization, int mostBytes, Budget budget)
            throws ImportTrouble, InterruptedException {
        Duration left = budget.timeLeft();
        if (!left.isPositive()) {
            throw budget.tooSlow(who(question, uri));
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(left);
        question.headers().forEach(request::header);
        authorization.ifPresent(value -> request.header("Authorization", value));
        question.form()
                .ifPresent(form -> request.header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form)));
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(request.build(), BoundedBody.ofSuccess(mostBytes));
        try {
            return answer.get(left.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw budget.tooSlow(who(question, uri));
        } catch (ExecutionException e) {
            throw failed(who(question, uri), e.getCause() == null ? e : e.getCause(), mostBytes, budget);
        } finally {
            // Ends the exchange when nobody waits for it any more; nothing if it has ended.
            answer.cancel(true);
        }
    }

    private static ImportTrouble failed(String who, Throwable cause, int mostBytes, Budget budget) {
        return switch (cause) {
            case BoundedBody.TooLarge _ when mostBytes >= budget.bytesLeft() -> budget.tooLarge();
            case BoundedBody.TooLarge _ ->
                new ImportTrouble(
                        ErrorCode.ImportFailed,
                        who + " sends more than the " + mostBytes + " bytes that there may be",
                        "see whether the address is right");
            case java.net.http.HttpConnectTimeoutException _ ->
                new ImportTrouble(
                        ErrorCode.ImportFailed,
                        who + " cannot be reached: no connection within " + CONNECT.toSeconds() + " s",
                        "see whether it is up and can be reached from here");
            case HttpTimeoutException _ -> budget.tooSlow(who);
            default ->
                new ImportTrouble(
                        ErrorCode.ImportFailed,
                        who + " cannot be reached: " + words(cause),
                        "see whether the address is right and the server is up");
        };
    }

    /** The library has no message for an address that nobody listens at, and a class name says enough. */
    private static String words(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each.getMessage() != null) {
                return each.getMessage();
            }
            if (each instanceof java.nio.channels.UnresolvedAddressException) {
                return "its name is not known";
            }
        }
        return cause.getClass().getSimpleName();
    }

    static URI redirected(URI from, String location) throws ImportTrouble {
        URI to;
        try {
            to = from.resolve(new URI(location));
        } catch (URISyntaxException e) {
            throw badRedirect("to what is no URL");
        }
        if (!isWeb(to)) {
            throw badRedirect("to what is neither http:// nor https://");
        }
        if (to.getRawUserInfo() != null) {
            throw badRedirect("to an address with a user in it");
        }
        if (Origin.of(from).isProtected() && !Origin.of(to).isProtected()) {
            throw badRedirect("from https:// to " + shown(to) + ", which is not protected");
        }
        return to;
    }

    private static ImportTrouble badRedirect(String where) {
        return new ImportTrouble(
                ErrorCode.ImportFailed, "the server redirects " + where, "name the address that it should lead to");
    }

    /** Whether {@code uri} is a URL that can be asked. */
    static boolean isWeb(URI uri) {
        return ChartDownloads.isWeb(uri);
    }

    /** Who is spoken of: whoever asked knows the address that was asked, but not one that it redirects to. */
    private static String who(Question question, URI uri) {
        return Origin.of(uri).equals(Origin.of(question.uri()))
                ? "the server"
                : shown(uri) + ", to which it redirects,";
    }

    /** {@code uri} for people: without user, query and fragment, which may hold credentials. */
    static String shown(URI uri) {
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return uri.getScheme() + "://" + uri.getHost() + port + uri.getRawPath();
    }
}
