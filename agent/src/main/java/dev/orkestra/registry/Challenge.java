package dev.orkestra.registry;

import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a server wants to be shown credentials: one challenge of {@code WWW-Authenticate} (RFC 9110, 11.6.1).
 *
 * @param scheme in small letters
 * @param parameters by name in small letters
 */
record Challenge(String scheme, Map<String, String> parameters) {
    /** A scheme, or a parameter with a quoted or a bare value; possessive, so that it takes linear time. */
    private static final Pattern PART = Pattern.compile("\\G[\\s,]*+(?<name>[A-Za-z0-9._~+/-]++)"
            + "(?:\\s*+=\\s*+(?:\"(?<quoted>(?:[^\"\\\\]|\\\\.)*+)\"|(?<bare>[^\\s,\"]++)))?+");

    private static final int MAX_HEADER = 8_192;

    /** The one of the server's offers that has {@code scheme}. */
    static Optional<Challenge> of(String scheme, HttpHeaders headers) {
        return headers.allValues("WWW-Authenticate").stream()
                .filter(header -> header.length() <= MAX_HEADER)
                .flatMap(header -> read(header).stream())
                .filter(each -> each.scheme.equals(scheme))
                .findFirst();
    }

    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    private static List<Challenge> read(String header) {
        List<Challenge> found = new ArrayList<>();
        Matcher part = PART.matcher(header);
        while (part.find()) {
            String name = part.group("name").toLowerCase(Locale.ROOT);
            String quoted = part.group("quoted");
            String bare = part.group("bare");
            if (quoted == null && bare == null) {
                found.add(new Challenge(name, new LinkedHashMap<>()));
            } else if (!found.isEmpty()) {
                found.getLast()
                        .parameters
                        .putIfAbsent(name, quoted == null ? bare : quoted.replaceAll("\\\\(.)", "$1"));
            }
        }
        return found;
    }
}
