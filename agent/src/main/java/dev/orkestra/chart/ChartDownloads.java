package dev.orkestra.chart;

import dev.orkestra.web.Access;
import dev.orkestra.web.Login;
import dev.orkestra.web.Origin;
import dev.orkestra.web.Tls;
import dev.orkestra.web.WebClient;
import dev.orkestra.web.WebTrouble;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Downloads over HTTP, with a limit of bytes and of time for the whole answer. Credentials go to the repository's own
 * origin only, never along a redirect to another one.
 */
public final class ChartDownloads implements AutoCloseable {
    private final WebClient client = new WebClient();

    /**
     * The bytes at {@code uri}; empty when the server says that there is nothing.
     *
     * @param origin a URL whose host may see {@code access}
     * @param within redirects included
     */
    Optional<byte[]> get(URI uri, URI origin, Access access, int maxBytes, Duration within)
            throws ChartTrouble, InterruptedException {
        boolean own = Origin.of(uri).equals(Origin.of(origin));
        Optional<String> authorization = own ? access.login().map(Login::header) : Optional.empty();
        Optional<Tls> tls = own ? access.tls() : access.tls().map(Tls::authorityAlone);
        WebClient.Question question = WebClient.Question.get(uri, Map.of(), authorization, tls);
        try {
            WebClient.Answer answer = client.ask(question, maxBytes, within);
            int status = answer.status();
            if (status == 200) {
                return Optional.of(answer.body());
            }
            if (status == 404 || status == 410) {
                return Optional.empty();
            }
            throw refused(answer.from(), status);
        } catch (WebTrouble e) {
            throw trouble(e, maxBytes, within);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    /** For those who speak with registries. */
    WebClient client() {
        return client;
    }

    /** In the words of who asked for a chart. */
    static ChartTrouble trouble(WebTrouble e, int maxBytes, Duration within) {
        String where = WebClient.shown(e.at());
        return switch (e.kind()) {
            case TOO_SLOW ->
                new ChartTrouble(
                        ChartTrouble.Kind.TOO_SLOW,
                        where + " did not answer in full within " + shown(within),
                        "see whether the repository is reachable from here");
            case TOO_LARGE ->
                new ChartTrouble(
                        ChartTrouble.Kind.TOO_LARGE,
                        where + " is larger than " + (maxBytes >> 20) + " MiB, a fixed bound",
                        "use a smaller repository or chart");
            case BAD_REDIRECT ->
                new ChartTrouble(
                        where + " redirects " + e.words(), "name the address that it leads to, or should lead to");
            case ENDLESS_REDIRECTS ->
                new ChartTrouble(
                        WebClient.shown(e.asked()) + " redirects without end", "name the address that it leads to");
            case NO_CONNECTION ->
                unreachable(where + " cannot be reached: no connection within " + WebClient.CONNECT.toSeconds() + " s");
            case UNTRUSTED ->
                new ChartTrouble(
                        ChartTrouble.Kind.UNREACHABLE,
                        where + " cannot be reached: the secure connection failed: " + e.words(),
                        "see whether the server's certificate is for this host and from an authority that is trusted"
                                + " (ca.crt), and whether it wants a certificate of yours (tls.crt, tls.key)");
            case UNREACHABLE -> unreachable(where + " cannot be reached: " + e.words());
        };
    }

    private static ChartTrouble unreachable(String words) {
        return new ChartTrouble(
                ChartTrouble.Kind.UNREACHABLE, words, "see whether the URL is right and the server is up");
    }

    private static String shown(Duration time) {
        return time.toSeconds() > 0 ? time.toSeconds() + " s" : Math.max(0, time.toMillis()) + " ms";
    }

    private static ChartTrouble refused(URI uri, int status) {
        String words = WebClient.shown(uri) + " answered " + status;
        if (status == 429 || status >= 500) {
            return new ChartTrouble(ChartTrouble.Kind.UNREACHABLE, words, "see whether the server is well");
        }
        return status == 401 || status == 403
                ? new ChartTrouble(ChartTrouble.Kind.REFUSED, words, "see whether the credentials are right")
                : new ChartTrouble(words, "see whether the URL is right");
    }
}
