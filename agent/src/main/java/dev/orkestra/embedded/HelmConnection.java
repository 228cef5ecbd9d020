package dev.orkestra.embedded;

import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * How Helm reaches the API server.
 *
 * @param server URL, for example {@code https://10.96.0.1:443}
 * @param caFile the certificates to trust, PEM
 * @param token the agent's own token, asked for before each child, since tokens in a pod are renewed
 */
public record HelmConnection(String server, Path caFile, Supplier<String> token) {
    /** Without the token. */
    @Override
    public String toString() {
        return server;
    }
}
