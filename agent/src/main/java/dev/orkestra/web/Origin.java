package dev.orkestra.web;

import java.net.URI;
import java.util.Locale;

/**
 * Who answers at a URL. Credentials for one origin are never sent to another.
 *
 * @param port as it is used, so that {@code https://a} and {@code https://a:443} are one
 */
public record Origin(String scheme, String host, int port) {
    /** @param uri http or https, with a host */
    public static Origin of(URI uri) {
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        return new Origin(scheme, uri.getHost().toLowerCase(Locale.ROOT), port);
    }

    /** Whether what is sent there is encrypted. */
    public boolean isProtected() {
        return scheme.equals("https");
    }

    /** Whether it is this machine, by its name or number; no name is looked up. */
    public boolean isLoopback() {
        return isLoopback(host);
    }

    /** @param host as in a URL, an IPv6 address in brackets */
    public static boolean isLoopback(String host) {
        return host.equals("localhost")
                || host.equals("[::1]")
                || host.matches("127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");
    }
}
