package dev.orkestra.embedded;

import dev.orkestra.process.Ended;
import java.util.List;
import java.util.Locale;

/**
 * How a Helm child ended.
 *
 * @param succeeded exit code 0
 * @param output what it printed
 * @param trouble why not, as one line for people; empty when it succeeded
 * @param retry whether the trouble was the API server's or the network's, so that the same call may succeed later
 */
record HelmResult(boolean succeeded, String output, String trouble, boolean retry) {
    private static final int MAX_TROUBLE = 2_000;

    /** What Helm says when it did not get through; everything else is about the release. */
    private static final List<String> UNREACHABLE = List.of(
            "kubernetes cluster unreachable",
            "connection refused",
            "connection reset",
            "no route to host",
            "i/o timeout",
            "tls handshake timeout",
            "etcdserver:",
            "the server is currently unable to handle the request",
            "too many requests",
            "failed calling webhook");

    static HelmResult of(Ended ended) {
        return switch (ended.how()) {
            case DEADLINE -> new HelmResult(false, "", "Helm did not end within its deadline and was stopped", false);
            case TOO_MUCH_OUTPUT ->
                new HelmResult(false, "", "Helm printed more than is allowed and was stopped", false);
            case EXITED ->
                ended.succeeded()
                        ? new HelmResult(true, ended.standardOutput(), "", false)
                        : failed(words(ended.standardError()));
        };
    }

    static HelmResult failed(String words) {
        String lower = words.toLowerCase(Locale.ROOT);
        return new HelmResult(false, "", words, UNREACHABLE.stream().anyMatch(lower::contains));
    }

    /** Helm's error without its warnings, on one line. */
    private static String words(String standardError) {
        String text = String.join(
                        " ",
                        standardError
                                .lines()
                                .filter(line -> !line.startsWith("WARNING:")
                                        && !line.matches("^[IWE]\\d{4} .*")
                                        && !line.contains("warnings.go:"))
                                .map(String::strip)
                                .toList())
                .replaceFirst("^Error: ", "")
                .strip();
        return text.length() > MAX_TROUBLE ? text.substring(0, MAX_TROUBLE) + "…" : text;
    }
}
