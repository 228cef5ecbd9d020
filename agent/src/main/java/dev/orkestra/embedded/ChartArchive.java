package dev.orkestra.embedded;

import java.nio.file.Path;

/**
 * A chart as a file on this machine.
 *
 * @param file the packaged chart; its name is its digest, so its content never changes
 * @param name name of the chart
 * @param version its version
 * @param digest {@code sha256:<hex>} of the file
 */
record ChartArchive(Path file, String name, String version, String digest) {
    /** {@code name@version}, as Flux writes it. */
    @Override
    public String toString() {
        return name + "@" + version;
    }
}
