package dev.orkestra.agent;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A few fetches at a time from one Git host, so that many ConfigRepos on one server do not run it over. */
final class FetchTurns {
    private static final int PER_HOST = 8;

    private final Map<String, Turns> byHost = new ConcurrentHashMap<>();

    /** @param url an address that may be anything; what names no host has a turn of its own */
    Turns of(String url) {
        return byHost.computeIfAbsent(host(url), _ -> new Turns(PER_HOST));
    }

    private static String host(String url) {
        try {
            String authority = URI.create(url).getRawAuthority();
            return authority == null ? "" : authority.toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
