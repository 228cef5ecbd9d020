package dev.orkestra.source;

import java.time.Duration;

/**
 * A version whose files are wanted, not its history.
 *
 * @param url http, https or file URL without user name, password, query or fragment
 * @param version a branch or a tag, the branch before the tag; a full ref name; {@code HEAD}; a commit, with at least
 *     seven digits of its object name
 * @param credentials for http and https
 * @param deadline how long the whole fetch may take; a silent server can add one read time-out of at most 10 s
 */
public record VersionRequest(String url, String version, Credentials credentials, Duration deadline) {}
