package dev.orkestra.source;

import java.time.Duration;

/**
 * What is fetched.
 *
 * @param url http, https or file URL without user name, password, query or fragment
 * @param ref full ref name, for example {@code refs/heads/main}
 * @param credentials for http and https
 * @param deadline how long the whole fetch may take; a silent server can add one read time-out of at most 10 s
 */
public record SourceRequest(String url, String ref, Credentials credentials, Duration deadline) {}
