package dev.orkestra.imports;

import dev.orkestra.outcome.ErrorCode;
import dev.orkestra.web.WebClient;
import dev.orkestra.web.WebTrouble;
import java.net.URI;

/** HTTP requests within the budget of an import. */
final class Downloads implements AutoCloseable {
    private final WebClient client = new WebClient();

    /** For those who ask with a budget of their own making. */
    WebClient client() {
        return client;
    }

    /**
     * The answer at the end of all redirects, whatever its status.
     *
     * @param mostBytes of the body; at most what the budget has, from which they are not taken here
     */
    WebClient.Answer ask(WebClient.Question question, int mostBytes, Budget budget)
            throws ImportTrouble, InterruptedException {
        try {
            return client.ask(question, mostBytes, budget.timeLeft());
        } catch (WebTrouble e) {
            throw trouble(e, mostBytes, budget);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    /** In the words of who imports. */
    static ImportTrouble trouble(WebTrouble e, int mostBytes, Budget budget) {
        String who = who(e);
        return switch (e.kind()) {
            case TOO_SLOW -> budget.tooSlow(who);
            case TOO_LARGE ->
                mostBytes >= budget.bytesLeft()
                        ? budget.tooLarge()
                        : failed(
                                who + " sends more than the " + mostBytes + " bytes that there may be",
                                "see whether the address is right");
            case NO_CONNECTION ->
                failed(
                        who + " cannot be reached: no connection within " + WebClient.CONNECT.toSeconds() + " s",
                        "see whether it is up and can be reached from here");
            case BAD_REDIRECT -> failed("the server redirects " + e.words(), "name the address that it should lead to");
            case ENDLESS_REDIRECTS -> failed("the server " + e.words(), "name the address that it leads to");
            case UNTRUSTED, UNREACHABLE ->
                failed(
                        who + " cannot be reached: " + e.words(),
                        "see whether the address is right and the server is up");
        };
    }

    private static ImportTrouble failed(String message, String hint) {
        return new ImportTrouble(ErrorCode.ImportFailed, message, hint);
    }

    /** Whoever asked knows the address that was asked, but not one that it redirects to. */
    private static String who(WebTrouble e) {
        return e.isElsewhere() ? shown(e.at()) + ", to which it redirects," : "the server";
    }

    /** {@code uri} for people: without user, query and fragment, which may hold credentials. */
    static String shown(URI uri) {
        return WebClient.shown(uri);
    }
}
