package dev.orkestra.release;

import java.io.IOException;
import java.util.Optional;

/**
 * The agent's own read-only Helm repository of staged charts, as it is served under {@code /charts/}. Files are found
 * by name only; nothing outside the store can be reached.
 */
public interface ChartRepository {
    /** Has nothing. */
    ChartRepository EMPTY = new ChartRepository() {
        @Override
        public Optional<byte[]> read(String path) {
            return Optional.empty();
        }

        @Override
        public Optional<byte[]> chart(String digest) {
            return Optional.empty();
        }
    };

    /**
     * A file of the repository: {@code index.yaml}, or {@code blobs/<64 hex digits>.tgz}, which never changes.
     *
     * @param path relative path, without a leading slash
     * @return empty when there is no such file
     */
    Optional<byte[]> read(String path) throws IOException;

    /**
     * The archive with {@code digest} ({@code sha256:…}, the annotation {@link GroupNames#CHART_DIGEST}); its bytes have
     * been checked against it.
     */
    Optional<byte[]> chart(String digest) throws IOException;
}
