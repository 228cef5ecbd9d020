package dev.orkestra.cel;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An absolute address, or an absolute path.
 *
 * @param uri as Java reads it, after what Go takes in a path or query and Java does not was escaped
 */
record Url(URI uri) {
    private static final int LONGEST = 10_000;
    private static final String ESCAPED = " \"<>\\^`{|}[]";

    static Optional<Url> parse(String text) {
        if (text.isEmpty() || text.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            URI uri = new URI(forgiving(text));
            boolean isOpaque = uri.isOpaque() && uri.getSchemeSpecificPart().isEmpty();
            return !isOpaque && (uri.isAbsolute() || text.startsWith("/"))
                    ? Optional.of(new Url(uri))
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static String forgiving(String text) {
        int authority = text.indexOf("://");
        int start = 0;
        if (authority >= 0) {
            start = authority + 3;
            while (start < text.length() && "/?#".indexOf(text.charAt(start)) < 0) {
                start++;
            }
        }
        StringBuilder escaped = new StringBuilder(text.substring(0, start));
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (ESCAPED.indexOf(c) >= 0) {
                escaped.append('%').append(Integer.toHexString(c).toUpperCase(java.util.Locale.ROOT));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    String scheme() {
        return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(java.util.Locale.ROOT);
    }

    /** With the port, without user and password. */
    String host() {
        String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        return authority.substring(authority.lastIndexOf('@') + 1);
    }

    String hostName() {
        String host = host();
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            return end < 0 ? host : host.substring(1, end);
        }
        int colon = host.lastIndexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }

    String port() {
        String host = host();
        int colon = host.lastIndexOf(':');
        return colon < 0 || colon < host.lastIndexOf(']') ? "" : host.substring(colon + 1);
    }

    String path() {
        return uri.getRawPath() == null ? "" : uri.getRawPath();
    }

    Map<String, List<String>> query() {
        Map<String, List<String>> query = new LinkedHashMap<>();
        String text = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        for (String pair : text.split("&", -1)) {
            if (pair.isEmpty() || pair.indexOf(';') >= 0) {
                continue;
            }
            int equals = pair.indexOf('=');
            String key = decoded(equals < 0 ? pair : pair.substring(0, equals));
            query.computeIfAbsent(key, _ -> new ArrayList<>())
                    .add(equals < 0 ? "" : decoded(pair.substring(equals + 1)));
        }
        return query;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
